//! Which dates lie in a range.

use super::{day, optional_day, read};
use crate::date::{Ranks, days, overlaps, within};

/// Date, from, to (empty where open), possibly, certainly.
const CASES: &[(&str, &str, &str, bool, bool)] = &[
    ("1952-07-23", "1952-07-23", "1952-07-23", true, true),
    ("1952-07-23", "1952-07-24", "", false, false),
    ("1952-07-23", "", "1952-07-22", false, false),
    ("1952-07-23", "", "", true, true),
    ("1952-07", "1952-07-23", "1952-07-23", true, false),
    ("1952-07", "1952-07-01", "", true, true),
    ("1952-07", "", "1952-07-30", true, false),
    ("1952-07~", "1952-06-01", "1952-06-30", false, false),
    ("1952-24", "1953-02-28", "1953-03-31", true, false),
    ("195X", "1950-01-01", "1959-12-31", true, true),
    ("1952/..", "1990-01-01", "1990-12-31", true, false),
    ("1952/", "", "1951-12-31", false, false),
    ("1952/", "1940-01-01", "", true, false),
    ("../1952", "1953-01-01", "", false, false),
    ("../1952", "", "1700-01-01", true, false),
    ("[..1952]", "1900-01-01", "1952-12-31", true, false),
    ("[1952,1967]", "1955-01-01", "1956-01-01", true, false),
    ("[1952,1967]", "1952-01-01", "1967-12-31", true, true),
    ("../..", "1952-01-01", "1952-01-01", true, false),
    ("../..", "", "", true, false),
    ("../..", "9999-12-31", "9999-12-31", true, false),
    ("1952", "1952-12-31", "1952-01-01", false, false),
    ("../..", "1952-12-31", "1952-01-01", false, false),
    ("../1952", "", "-0044-03-15", true, false),
    ("0000", "", "-0044-03-15", false, false),
    ("0000", "-0044-03-15", "", true, true),
    ("9999", "9999-01-01", "+10000-01-01", true, true),
];

#[test]
fn possibly_and_certainly_follow_the_table() {
    for (text, from, to, possibly, certainly) in CASES {
        let (date, from, to) = (read(text), optional_day(from), optional_day(to));
        assert_eq!(date.possibly_within(from, to), *possibly, "{text} possibly in {from:?}..{to:?}");
        assert_eq!(date.certainly_within(from, to), *certainly, "{text} certainly in {from:?}..{to:?}");
    }
}

#[test]
fn ranges_of_ranks_say_the_same() {
    for (text, from, to, possibly, certainly) in CASES {
        let (date, from, to) = (read(text), optional_day(from), optional_day(to));
        assert_eq!(overlaps(from, to).contains(date.ranks()), *possibly, "{text} possibly in {from:?}..{to:?}");
        assert_eq!(within(from, to).contains(date.ranks()), *certainly, "{text} certainly in {from:?}..{to:?}");
    }
}

#[test]
fn what_has_no_date_lies_in_no_range() {
    for (_, from, to, ..) in CASES {
        let (from, to) = (optional_day(from), optional_day(to));
        assert!(!overlaps(from, to).contains(Ranks::UNDATED));
        assert!(!within(from, to).contains(Ranks::UNDATED));
    }
}

#[test]
fn plain_days_lie_in_a_range_of_days_and_missing_ones_do_not() {
    let range = days(Some(day("1952-07-23")), None);
    assert!(range.contains(&crate::date::day_number(day("1952-07-23"))));
    assert!(!range.contains(&crate::date::day_number(day("1952-07-22"))));
    let all = days(None, None);
    assert!(!all.contains(&i32::MIN) && !all.contains(&i32::MAX));
}
