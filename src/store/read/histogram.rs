//! Histograms: how many records each day, month or century has. The database counts the records of each date. The bars are made here, so
//! that they are the same on both databases.

use super::scalar::Arguments;
use crate::date::{Ranks, day_number};
use chrono::{Datelike as _, NaiveDate};
use entity::vocabulary::{HistogramInterval as Interval, Vocabulary as _};
use serde_json::{Map, Value as Json, json};

/// The highest number of bars.
const MAX_BARS: i64 = 400;
/// The highest number of bars of AUTO.
const MAX_AUTOMATIC_BARS: i64 = 60;

/// What a request wants of a histogram.
pub struct HistogramRequest {
    /// The length of the bars.
    pub interval: Interval,
    /// The first day of the filter by date.
    pub from: Option<NaiveDate>,
    /// The last day of the filter by date.
    pub to: Option<NaiveDate>,
    /// The response keys that lead to the histogram.
    pub path: String,
    /// The selected fields, each with its response key and name, and `buckets` with the selected fields of a bar as well.
    pub fields: Json,
}

impl HistogramRequest {
    /// The usual size of the JSON: so many bars with their response keys and values.
    #[must_use]
    pub fn usual_bytes(&self) -> u64 {
        let bars = if self.interval == Interval::Auto { MAX_AUTOMATIC_BARS } else { MAX_BARS };
        let fields = self.fields.to_string().len() as u64;
        fields.saturating_mul(bars.unsigned_abs())
    }

    /// The arguments of [`histogram`].
    #[must_use]
    pub fn arguments(self) -> Arguments {
        let Self { interval, from, to, path, fields } = self;
        let all = json!({ "interval": interval.as_str(), "from": from, "to": to, "path": path, "fields": fields });
        if let Json::Object(all) = all { all } else { Map::new() }
    }
}

/// The records of one date.
struct Dated {
    /// The number of the first day; less than all others where there is none.
    start: i64,
    /// The number of the last day; greater than all others where there is none.
    end: i64,
    count: i64,
}

/// The bars, each with the numbers of its first and its last day.
struct Bars {
    interval: Interval,
    days: Vec<(i64, i64)>,
}

/// The histogram of `[[start, end, count], ...]`: the ranks of each date, and how many records have it.
///
/// # Errors
/// What the client must change, where there would be too many bars.
pub(super) fn histogram(inputs: &[Json], arguments: &Arguments) -> Result<Json, String> {
    let (mut undated, mut dates) = (0, vec![]);
    for row in inputs.first().and_then(Json::as_array).into_iter().flatten() {
        let number = |at: usize| row.get(at).and_then(Json::as_i64).unwrap_or_default();
        let date = Dated { start: number(0), end: number(1), count: number(2) };
        if date.start == i64::from(Ranks::NO_DATE) || date.starts().is_none() && date.ends().is_none() {
            undated += date.count;
        } else {
            dates.push(date);
        }
    }
    let text = |name: &str| arguments.get(name).and_then(Json::as_str);
    let day = |name: &str| text(name).and_then(|day| day.parse().ok()).map(|day| i64::from(day_number(day)));
    let interval = text("interval").and_then(Interval::parse).unwrap_or(Interval::Auto);
    let bars = bars(interval, range(&dates, day("from"), day("to")))
        .map_err(|problem| format!("{}: {problem}", text("path").unwrap_or_default()))?;
    let buckets = bars.counted(&dates);
    let interval = bars.interval.as_str();
    let whole = json!({ "__typename": "Histogram", "interval": interval, "undated": undated, "buckets": buckets });
    Ok(selected(&whole, &arguments["fields"]))
}

impl Dated {
    fn starts(&self) -> Option<i64> {
        Some(self.start).filter(|start| *start != i64::from(Ranks::NO_START))
    }
    fn ends(&self) -> Option<i64> {
        Some(self.end).filter(|end| *end != i64::from(Ranks::NO_END))
    }
}

/// The days that the bars cover: those of the filter, else from the first to the last known day.
fn range(dates: &[Dated], from: Option<i64>, to: Option<i64>) -> Option<(i64, i64)> {
    if let Some(both) = from.zip(to) {
        return Some(both);
    }
    let first = dates.iter().filter_map(|date| date.starts().or(date.ends())).min()?;
    let last = dates.iter().filter_map(|date| date.ends().or(date.starts())).max()?;
    Some(match (from, to) {
        (Some(from), _) => (from, last.max(from)),
        (_, Some(to)) => (first.min(to), to),
        _ => (first, last),
    })
}

fn bars(interval: Interval, range: Option<(i64, i64)>) -> Result<Bars, String> {
    let Some((first, last)) = range.filter(|(first, last)| first <= last) else {
        return Ok(Bars { interval, days: vec![] });
    };
    let (first, last) = (calendar_day(first), calendar_day(last));
    let number = |interval| index(interval, last) - index(interval, first) + 1;
    let interval = match interval {
        Interval::Auto => {
            let mut from_shortest = Interval::ALL.iter().copied();
            from_shortest.find(|interval| number(*interval) <= MAX_AUTOMATIC_BARS).unwrap_or(Interval::Century)
        }
        interval => interval,
    };
    if number(interval) > MAX_BARS {
        return Err(format!(
            "{} would give {} bars from {first} to {last}; the limit is {MAX_BARS}. Use AUTO or a longer interval, or filter by date.",
            interval.as_str(),
            number(interval),
        ));
    }
    let (earliest, latest) = (first_day(Interval::Year, 0), first_day(Interval::Year, 10_000) - 1);
    let bar = |at| (first_day(interval, at).max(earliest), (first_day(interval, at + 1) - 1).min(latest));
    Ok(Bars { interval, days: (index(interval, first)..=index(interval, last)).map(bar).collect() })
}

impl Bars {
    /// The bars as objects, each with the number of records whose days are all in it, and of those that may be in it.
    fn counted(&self, dates: &[Dated]) -> Vec<Json> {
        let mut certain = vec![0; self.days.len()];
        // how many more or less may be in a bar than in the one before it
        let mut changes = vec![0; self.days.len() + 1];
        for date in dates {
            let first = self.days.partition_point(|(_, to)| *to < date.start);
            let after_last = self.days.partition_point(|(from, _)| *from <= date.end);
            if first >= after_last {
                continue;
            }
            changes[first] += date.count;
            changes[after_last] -= date.count;
            let (from, to) = self.days[first];
            if from <= date.start && date.end <= to {
                certain[first] += date.count;
            }
        }
        let mut possible = 0;
        let mut bars = vec![];
        for (((from, to), certain), change) in self.days.iter().zip(certain).zip(changes) {
            possible += change;
            bars.push(json!({ "__typename": "HistogramBucket", "from": calendar_day(*from), "to": calendar_day(*to),
                "count": certain, "possibleCount": possible }));
        }
        bars
    }
}

/// The day with this number: the inverse of `day_number`. A number beyond the calendar gives its last day.
fn calendar_day(number: i64) -> NaiveDate {
    let days = i32::try_from(number - 365).ok();
    days.and_then(NaiveDate::from_num_days_from_ce_opt).unwrap_or(NaiveDate::MAX)
}

/// The number of the interval that contains a day, counted from the year 0; of weeks, from the first one of the year 1.
fn index(interval: Interval, day: NaiveDate) -> i64 {
    let (year, month) = (i64::from(day.year()), i64::from(day.month0()));
    match interval {
        Interval::Day | Interval::Auto => i64::from(day_number(day)),
        // 0001-01-01 is a Monday
        Interval::Week => i64::from(day.num_days_from_ce() - 1).div_euclid(7),
        Interval::Month => year * 12 + month,
        Interval::Quarter => (year * 12 + month).div_euclid(3),
        Interval::Year => year,
        Interval::Decade => year.div_euclid(10),
        Interval::Century => year.div_euclid(100),
    }
}

/// The number of the first day of an interval.
fn first_day(interval: Interval, index: i64) -> i64 {
    let month = |months: i64| {
        let year = i32::try_from(months.div_euclid(12)).unwrap_or(i32::MAX);
        let month = u32::try_from(months.rem_euclid(12) + 1).unwrap_or(1);
        i64::from(day_number(NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(NaiveDate::MAX)))
    };
    match interval {
        Interval::Day | Interval::Auto => index,
        Interval::Week => index * 7 + 1 + 365,
        Interval::Month => month(index),
        Interval::Quarter => month(index * 3),
        Interval::Year => month(index * 12),
        Interval::Decade => month(index * 120),
        Interval::Century => month(index * 1_200),
    }
}

/// The selected fields of an object, by response key.
fn selected(object: &Json, fields: &Json) -> Json {
    let mut all = Map::new();
    for field in fields.as_array().into_iter().flatten() {
        let value = &object[field[1].as_str().unwrap_or_default()];
        let value = match value {
            Json::Array(items) => items.iter().map(|item| selected(item, &field[2])).collect(),
            value => value.clone(),
        };
        all.insert(field[0].as_str().unwrap_or_default().to_owned(), value);
    }
    Json::Object(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn bars_of(interval: Interval, from: &str, to: &str) -> Result<(Interval, Vec<(String, String)>), String> {
        let range = (i64::from(day_number(day(from))), i64::from(day_number(day(to))));
        let found = bars(interval, Some(range))?;
        let text = |number: &i64| calendar_day(*number).to_string();
        Ok((found.interval, found.days.iter().map(|(from, to)| (text(from), text(to))).collect()))
    }

    #[test]
    fn bars_are_whole_intervals_of_the_calendar() {
        for (interval, first, last, number) in [
            (Interval::Day, ("2015-02-17", "2015-02-17"), ("2015-03-02", "2015-03-02"), 14),
            (Interval::Week, ("2015-02-16", "2015-02-22"), ("2015-03-02", "2015-03-08"), 3),
            (Interval::Month, ("2015-02-01", "2015-02-28"), ("2015-03-01", "2015-03-31"), 2),
            (Interval::Quarter, ("2015-01-01", "2015-03-31"), ("2015-01-01", "2015-03-31"), 1),
            (Interval::Year, ("2015-01-01", "2015-12-31"), ("2015-01-01", "2015-12-31"), 1),
            (Interval::Decade, ("2010-01-01", "2019-12-31"), ("2010-01-01", "2019-12-31"), 1),
            (Interval::Century, ("2000-01-01", "2099-12-31"), ("2000-01-01", "2099-12-31"), 1),
        ] {
            let (_, bars) = bars_of(interval, "2015-02-17", "2015-03-02").expect("few bars");
            let owned = |(from, to): (&str, &str)| (from.to_owned(), to.to_owned());
            assert_eq!((&bars[0], bars.last().expect("a bar"), bars.len()), (&owned(first), &owned(last), number));
        }
    }

    #[test]
    fn bars_follow_one_another_without_gaps() {
        for interval in Interval::ALL {
            let range = Some((0, i64::from(day_number(day("9999-12-31")))));
            let long = bars(*interval, range);
            let short = bars(*interval, Some((730_000, 730_399)));
            let all = [long, short].into_iter().filter_map(Result::ok);
            for Bars { days, .. } in all {
                assert!(days.windows(2).all(|pair| pair[0].1 + 1 == pair[1].0), "{interval}");
            }
        }
    }

    #[test]
    fn the_ends_of_the_calendar_cut_the_bars() {
        let (_, bars) = bars_of(Interval::Week, "0000-01-01", "0000-01-09").expect("few bars");
        assert_eq!(bars[0], ("0000-01-01".to_owned(), "0000-01-02".to_owned()));
        let (_, bars) = bars_of(Interval::Week, "9999-12-31", "9999-12-31").expect("few bars");
        assert_eq!(bars[0], ("9999-12-27".to_owned(), "9999-12-31".to_owned()));
    }

    #[test]
    fn automatic_bars_are_10_to_60_where_an_interval_has_so_many() {
        for (to, interval, number) in [
            ("2015-01-01", Interval::Day, 1),
            ("2015-01-10", Interval::Day, 10),
            ("2015-03-01", Interval::Day, 60),
            ("2015-03-02", Interval::Week, 10),
            ("2016-12-31", Interval::Month, 24),
            ("2024-12-31", Interval::Quarter, 40),
            ("2060-01-01", Interval::Year, 46),
            ("2200-01-01", Interval::Decade, 20),
            ("9999-12-31", Interval::Century, 80),
        ] {
            let (chosen, bars) = bars_of(Interval::Auto, "2015-01-01", to).expect("few bars");
            assert_eq!((chosen, bars.len()), (interval, number), "to {to}");
        }
    }

    #[test]
    fn more_than_400_bars_are_refused() {
        assert_eq!(bars_of(Interval::Day, "2014-11-28", "2016-01-01").map(|(_, bars)| bars.len()), Ok(400));
        let message = bars_of(Interval::Day, "1815-01-01", "2015-01-01").expect_err("too many bars");
        assert_eq!(
            message,
            "DAY would give 73050 bars from 1815-01-01 to 2015-01-01; the limit is 400. Use AUTO or a longer interval, or filter by date."
        );
    }
}
