//! Conditions on dates: `DateFilter` on a fuzzy date, `DayFilter` on a plain day.

use super::{
    operand::{FilterProblem, is_true},
    operator::{Operator, Takes, operator},
};
use crate::{
    date::{self, DayRanks},
    store::read::{
        declare::{FuzzyDateColumns, Key, KeyColumn, RankColumns, Scalar},
        filter::{Bound, Predicate, Test},
    },
};
use chrono::NaiveDate;
use serde_json::{Map, Value as Json};

/// What an operator of fuzzy dates means.
#[derive(Clone, Copy)]
pub(super) enum OfFuzzyDate {
    Overlaps,
    Within,
    IsNull,
    IsApproximate,
    IsUncertain,
}

pub(super) static FUZZY_DATE: [Operator<OfFuzzyDate>; 5] = [
    operator(
        "overlaps",
        "The date may be in the range: some day from its earliest to its latest day is. `{}` matches every date.",
        Takes::DateRange,
        OfFuzzyDate::Overlaps,
    ),
    operator(
        "within",
        "The earliest and the latest day of the date are known, and both are in the range. An approximate or uncertain date counts \
                     as if it were exact. `{}` matches every date with both days.",
        Takes::DateRange,
        OfFuzzyDate::Within,
    ),
    operator("isNull", "Whether the date is absent.", Takes::Boolean, OfFuzzyDate::IsNull),
    operator(
        "isApproximate",
        "Whether the date is approximate (`~` or `%` in EDTF), as its field `isApproximate` says.",
        Takes::Boolean,
        OfFuzzyDate::IsApproximate,
    ),
    operator(
        "isUncertain",
        "Whether the date is uncertain (`?` or `%` in EDTF), as its field `isUncertain` says.",
        Takes::Boolean,
        OfFuzzyDate::IsUncertain,
    ),
];

type Range = (Option<NaiveDate>, Option<NaiveDate>);

/// The condition of an operator on a fuzzy date, with its value: see `date::overlaps` for the truth table.
pub(super) fn fuzzy_date_condition(
    columns: FuzzyDateColumns,
    order: &[Key],
    (meaning, value): (OfFuzzyDate, &Json),
    path: &str,
) -> Result<Predicate, FilterProblem> {
    let dated = || Predicate::Test(columns.edtf, Test::IsNull(false));
    let flag = |test: fn(Bound) -> Test, bits: i16| Predicate::Test(columns.flags, test(Bound::Int(bits.into())));
    let is_within = match meaning {
        OfFuzzyDate::Overlaps => false,
        OfFuzzyDate::Within => true,
        OfFuzzyDate::IsNull => return Ok(dated().when(!is_true(value))),
        OfFuzzyDate::IsApproximate => {
            // the bit of uncertain dates is the highest one, and that of approximate dates the next
            let without_uncertain =
                Predicate::All(vec![flag(Test::AtLeast, date::APPROXIMATE), flag(Test::Below, date::UNCERTAIN)]);
            let with_uncertain = flag(Test::AtLeast, date::UNCERTAIN + date::APPROXIMATE);
            let is = Predicate::Any(vec![without_uncertain, with_uncertain]);
            return Ok(Predicate::All(vec![dated(), is.when(is_true(value))]));
        }
        OfFuzzyDate::IsUncertain => {
            let is = flag(Test::AtLeast, date::UNCERTAIN);
            return Ok(Predicate::All(vec![dated(), is.when(is_true(value))]));
        }
    };
    let range = range(value, path)?;
    Ok(match columns.ranks {
        Some(ranks) => by_ranks(ranks, is_within, range, order),
        None => by_bounds(columns, is_within, range),
    })
}

/// The conditions on a plain day.
pub(super) fn day_condition(
    (asc, desc): (&'static str, &'static str),
    order: &[Key],
    given: &Map<String, Json>,
    path: &str,
) -> Result<Vec<Predicate>, FilterProblem> {
    let (from, to) = range(&Json::Object(given.clone()), path)?;
    let mut all = vec![];
    if from.is_some() || to.is_some() {
        let days = date::days(from, to);
        all.push(between(indexed_column(order, asc, desc), *days.start(), *days.end()));
    }
    if let Some(wanted) = given.get("isNull").and_then(Json::as_bool) {
        all.push(Predicate::Test(asc, Test::Equals(Bound::Int(DayRanks::UNDATED.asc.into()))).when(wanted));
    }
    Ok(all)
}

/// One day.
pub(super) fn on_day(value: &Json, path: &str) -> Result<NaiveDate, FilterProblem> {
    super::scalar::check(Scalar::Date, value, path)?;
    let day = value.as_str().and_then(|text| text.parse().ok());
    day.ok_or_else(|| format!("{path} is not a Date, such as 2015-02-24.").into())
}

fn range(value: &Json, path: &str) -> Result<Range, FilterProblem> {
    let day = |name: &str| {
        let given = value.get(name).filter(|day| !day.is_null());
        given.map(|day| on_day(day, &format!("{path}.{name}"))).transpose()
    };
    Ok((day("from")?, day("to")?))
}

/// The two rank columns of an order are equal where there is a day. The filter uses the one of the order, so that one index
/// serves both.
fn indexed_column(order: &[Key], asc: &'static str, desc: &'static str) -> &'static str {
    if order.first().is_some_and(|key| key.column == KeyColumn::Own(desc)) { desc } else { asc }
}

fn between(column: &'static str, least: i32, most: i32) -> Predicate {
    let least = Predicate::Test(column, Test::AtLeast(Bound::Int(least.into())));
    Predicate::All(vec![least, Predicate::Test(column, Test::AtMost(Bound::Int(most.into())))])
}

fn by_ranks(columns: RankColumns, is_within: bool, (from, to): Range, order: &[Key]) -> Predicate {
    let ranks = if is_within { date::within(from, to) } else { date::overlaps(from, to) };
    let mut all = vec![
        between(columns.start, ranks.start_min, ranks.start_max),
        between(columns.end, ranks.end_min, ranks.end_max),
    ];
    if is_within {
        // such a date has a first day, which is its place in the order
        all.push(between(indexed_column(order, columns.asc, columns.desc), ranks.start_min, ranks.start_max));
    }
    Predicate::All(all)
}

/// The same by the bounds of a date without ranks.
fn by_bounds(columns: FuzzyDateColumns, is_within: bool, (from, to): Range) -> Predicate {
    let FuzzyDateColumns { edtf, earliest, latest, .. } = columns;
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        return Predicate::Any(vec![]);
    }
    let known = |column, test: Option<Test>| Predicate::Test(column, test.unwrap_or(Test::IsNull(false)));
    if is_within {
        let from = from.map(|from| Test::AtLeast(Bound::Date(from)));
        let to = to.map(|to| Test::AtMost(Bound::Date(to)));
        let mut all = vec![known(earliest, from), known(latest, to.clone())];
        // the earliest day is not after the latest one, and an index has it
        all.extend(to.map(|to| Predicate::Test(earliest, to)));
        return Predicate::All(all);
    }
    let unless_null =
        |column, test| Predicate::Any(vec![Predicate::Test(column, Test::IsNull(true)), Predicate::Test(column, test)]);
    let mut all = vec![Predicate::Test(edtf, Test::IsNull(false))];
    all.extend(to.map(|to| unless_null(earliest, Test::AtMost(Bound::Date(to)))));
    all.extend(from.map(|from| unless_null(latest, Test::AtLeast(Bound::Date(from)))));
    Predicate::All(all)
}
