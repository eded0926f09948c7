//! What is no date, and what is said about it.

use crate::date::{Edtf, Reason};

fn refusal(text: &str) -> crate::date::EdtfError {
    text.parse::<Edtf>().expect_err(text)
}

/// Text, what is said of it.
const REFUSALS: &[(&str, &str)] = &[
    ("", "a date may not be empty"),
    ("2016-14", "2016-14: 14 is neither a month, a season, a quarter nor a half-year"),
    ("2016-00", "2016-00: 00 is neither a month, a season, a quarter nor a half-year"),
    ("2016-42", "2016-42: 42 is neither a month, a season, a quarter nor a half-year"),
    ("2017-02-29", "2017-02-29: 2017-02 has no day 29"),
    ("2016-11-00", "2016-11-00: 2016-11 has no day 00"),
    ("XXXX-02-30", "XXXX-02-30: XXXX-02 has no day 30"),
    ("2016-22-10", "2016-22-10: 22 is not a month, so no day may follow"),
    ("2016-9", "2016-9: months and days have two digits, not 9"),
    ("816", "816: a year has four digits, not 816"),
    ("20161109", "20161109: year, month and day are parted by hyphens, as in 2015-02-24"),
    ("2016-314", "2016-314: days of the year are not part of EDTF: write month and day"),
    ("2016-W45-3", "2016-W45-3: weeks are not part of EDTF: write the days, as in 2015-02-16/2015-02-22"),
    ("2016-11-09-01", "2016-11-09-01: nothing may follow the day but a time, as in 2015-02-24T10:30:00"),
    ("2016-", "2016-: a date is missing"),
    ("2016--11", "2016--11: a date is missing"),
    ("~", "~: ~ qualifies nothing"),
    ("2016-11-09%?", "2016-11-09%?: only one of ?, ~ and % may stand there (% means both)"),
    ("20xx", "20xx: `x` is of the draft of 2012: write X for an unspecified digit"),
    ("2016-uu", "2016-uu: `uu` is of the draft of 2012: write XX for unspecified digits"),
    ("2016–11", "2016–11: the parts of a date are joined by the hyphen -, not –"),
    ("۲۰۱۶", "۲۰۱۶: digits are written 0 to 9, not ۲"),
    (" 2016", " 2016: blanks have no place in a date"),
    ("2016\u{7}", "2016\u{FFFD}: U+0007 has no place there"),
    ("last week", "last week: `l` has no place there"),
    ("Y0002016", "Y0002016: Y stands only before a year of more than four digits"),
    ("2016-11-09T25:00:00", "2016-11-09T25:00:00: hours run from 00 to 23"),
    ("2016-11-09T24:00:00", "2016-11-09T24:00:00: hours run from 00 to 23"),
    ("2016-11-09T23:59:60", "2016-11-09T23:59:60: seconds run from 00 to 59"),
    ("2016-11-09T10:30", "2016-11-09T10:30: a time of day is written hh:mm:ss, as in 10:30:00"),
    ("2016-11-09T10:30:00.5", "2016-11-09T10:30:00.5: fractions of a second are not part of EDTF"),
    (
        "2016-11-09T10:30:00+24:00",
        "2016-11-09T10:30:00+24:00: an offset from UTC has hours from 00 to 23 and minutes from 00 to 59",
    ),
    ("2016-11-09T10:30:00-00:00", "2016-11-09T10:30:00-00:00: no offset from UTC is written +00:00 or Z"),
    (
        "2016-11T10:30:00",
        "2016-11T10:30:00: a time of day must follow a full day without a qualifier, as in 2015-02-24T10:30:00",
    ),
    ("2016..2017", "2016..2017: `..` joins dates only inside [ ] or { }: an interval is written with a slash"),
    ("2017/2016-13", "2017/2016-13: 13 is neither a month, a season, a quarter nor a half-year (at character 11)"),
    ("2017-03/2017-02", "2017-03/2017-02: 2017-02 lies before 2017-03 (at character 9)"),
    ("2017/P1Y", "2017/P1Y: an interval has two dates: durations are not part of EDTF (at character 6)"),
    (
        "2016-11-09T10:30:00Z/2017",
        "2016-11-09T10:30:00Z/2017: a time of day may not stand in an interval or a set (at character 11)",
    ),
    ("2016//2017", "2016//2017: an interval has two parts, with one slash between them (at character 6)"),
    ("/", "/: an interval needs a date: write `../..` where nothing is known (at character 1)"),
    ("/..", "/..: an interval needs a date: write `../..` where nothing is known (at character 1)"),
    ("../", "../: an interval needs a date: write `../..` where nothing is known (at character 1)"),
    ("[]", "[]: a set needs at least one date (at character 2)"),
    ("[2016", "[2016: ] is missing at the end (at character 6)"),
    (
        "{2016,2017]",
        "{2016,2017]: a set that begins with [ ends with ], one that begins with { ends with } (at character 11)",
    ),
    ("[2016,,2017]", "[2016,,2017]: a date is missing (at character 7)"),
    ("[2016,]", "[2016,]: a date is missing (at character 7)"),
    ("[..]", "[..]: a date is missing (at character 2)"),
    ("[2016, 2017]", "[2016, 2017]: blanks have no place in a date (at character 7)"),
    (
        "[2016/2017]",
        "[2016/2017]: an interval may not stand in a set: write its dates with `..` between them (at character 6)",
    ),
    (
        "[2016,..2017]",
        "[2016,..2017]: `..` may stand only before the first and after the last date of a set (at character 7)",
    ),
    ("[2017..2016]", "[2017..2016]: 2016 lies before 2017 (at character 8)"),
];

#[test]
fn a_refusal_says_what_is_wrong() {
    for (text, message) in REFUSALS {
        let error = refusal(text);
        assert_eq!(error.to_string(), *message);
        assert!(!error.is_outside_profile(), "{text}");
    }
}

#[test]
fn what_only_level_2_or_longer_years_allow_is_refused_as_outside_the_profile() {
    let valid_elsewhere = [
        "Y20160",
        "Y-20160",
        "Y2E5",
        "Y201600000S3",
        "-0044",
        "-0044-03-15",
        "-0044-03~",
        "1950S2",
        "2016?-11",
        "2016-~11-09",
        "?2016-11-09~",
        "2016-11~-09",
        "XXXX",
        "2XXX",
        "201X-11",
        "XXXX-11-XX",
        "2016-1X",
        "2016-XX-09",
        "2016-11-0X",
        "2016-25",
        "2016-32",
        "2016-37",
        "2016-39",
        "2016-11-XX/2017",
        "201X/2020",
        "2016~-11/2017",
        "[2016-1X,2017]",
        "[-0044..2017]",
    ];
    for text in valid_elsewhere {
        let error = refusal(text);
        assert!(error.is_outside_profile(), "{error}");
        assert!(error.to_string().contains("valid EDTF, but not supported: "), "{error}");
    }
}

#[test]
fn level_2_does_not_excuse_a_date_that_cannot_be() {
    for text in [
        "-0044-13",
        "-0043-02-29",
        "2016-~13-09",
        "2016-1X-32",
        "2016-2X",
        "2016-3X-01",
        "2017~-02-29",
        "Y-2016",
        "1950S0",
        "-0000-01",
    ] {
        let error = refusal(text);
        assert!(!error.is_outside_profile(), "{error}");
    }
}

#[test]
fn a_refusal_tells_the_character_also_after_letters_of_more_than_one_byte() {
    let error = refusal("[2016,é]");
    assert_eq!(error.position(), 7);
    assert_eq!(error.reason(), &Reason::Unexpected('é'));
}

#[test]
fn a_refusal_repeats_only_the_beginning_of_a_long_text() {
    let error = refusal(&"9".repeat(5_000));
    assert_eq!(error.to_string(), format!("{}…: a date may have at most 1200 bytes", "9".repeat(60)));
}
