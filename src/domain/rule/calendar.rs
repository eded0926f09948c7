//! The rules for dates and times.

use chrono::{DateTime, Datelike, NaiveDate, SubsecRound, Utc};

use crate::date::{self, Edtf};

use super::Checked;

/// A day: `YYYY-MM-DD`. The parser of dates also accepts signs and blanks, so the form is checked first.
pub fn day(text: &str) -> Checked<NaiveDate> {
    let has_form = text.len() == 10
        && text.bytes().enumerate().all(
            |(index, byte)| {
                if index == 4 || index == 7 { byte == b'-' } else { byte.is_ascii_digit() }
            },
        );
    has_form.then(|| text.parse().ok()).flatten().ok_or_else(|| {
        let is_day = |way: &str| way.len() == 10 && day(way).is_ok();
        format!("is not a day of the form 2015-02-24{}", advice(text, is_day).unwrap_or_default())
    })
}

/// A date in EDTF, in its canonical form.
pub fn edtf(text: &str) -> Checked<String> {
    text.parse::<Edtf>().map(|date| date.to_string()).map_err(|error| {
        let advice = advice(text, |_| true).unwrap_or_else(|| format!(": {error}"));
        format!("is not a date in EDTF{advice}")
    })
}

/// What is foreign in a text that should be a date, and how the date is written; nothing if the date is not known.
pub fn advice(text: &str, is_allowed: impl Fn(&str) -> bool) -> Option<String> {
    let mut ways = date::in_edtf(text);
    ways.retain(|way| is_allowed(way));
    let foreign = date::foreign_sign(text).map(|reason| format!(": {reason}"));
    match ways.as_slice() {
        [] => foreign,
        ways => Some(format!("{}: write {}", foreign.unwrap_or_default(), ways.join(" or "))),
    }
}

/// A point in time in the form of RFC 3339, in UTC and cut to milliseconds.
pub fn time(text: &str) -> Checked<DateTime<Utc>> {
    let time =
        DateTime::parse_from_rfc3339(text).map(|time| time.with_timezone(&Utc).trunc_subsecs(3)).map_err(|_| {
            let foreign = date::foreign_sign(text).map(|reason| format!(": {reason}")).unwrap_or_default();
            format!("is not a time of the form 2015-02-24T10:30:00Z{foreign}")
        })?;
    if (0..=9999).contains(&time.year()) { Ok(time) } else { Err("is outside of the years 0000 to 9999 in UTC".into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_in_another_notation_is_told_in_the_right_one() {
        let refused = |text: &str| day(text).unwrap_err();
        assert_eq!(refused("17/02/2015"), "is not a day of the form 2015-02-24: write 2015-02-17");
        assert_eq!(refused("02/03/2015"), "is not a day of the form 2015-02-24: write 2015-03-02 or 2015-02-03");
        assert_eq!(
            refused("٢٠١٥-٠٢-١٧"),
            "is not a day of the form 2015-02-24: digits are written 0 to 9, not ٢: write 2015-02-17"
        );
        assert_eq!(refused("02/2015"), "is not a day of the form 2015-02-24", "a month is not a day");
        assert_eq!(edtf("02/2015").unwrap_err(), "is not a date in EDTF: write 2015-02");
    }

    #[test]
    fn days_and_times_have_one_form() {
        assert!(day("2015-02-24").is_ok());
        for bad in ["2015-2-24", "2015-02-29", "24.02.2015", "+2015-02-24", "2015-02-24T00:00"] {
            assert!(day(bad).is_err(), "{bad}");
        }
        assert_eq!(
            time("2015-02-24T12:30:00.123456+02:00").map(|time| time.to_rfc3339()).as_deref(),
            Ok("2015-02-24T10:30:00.123+00:00")
        );
        assert!(time("2015-02-24").is_err());
    }

    #[test]
    fn a_time_has_a_year_of_four_digits_in_utc_too() {
        assert!(time("0000-01-01T00:00:00Z").is_ok() && time("9999-12-31T23:59:59Z").is_ok());
        for bad in ["0000-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"] {
            assert!(time(bad).is_err_and(|message| message.contains("0000 to 9999")), "{bad}");
        }
    }
}
