//! What valid texts mean.

use super::{day, optional_day, read};
use crate::date::{BoundState, Edtf, Precision};

/// Text, first and last day (empty where there is none).
const BOUNDS: &[(&str, &str, &str)] = &[
    ("1999", "1999-01-01", "1999-12-31"),
    ("0000", "0000-01-01", "0000-12-31"),
    ("9999", "9999-01-01", "9999-12-31"),
    ("1996-02", "1996-02-01", "1996-02-29"),
    ("1900-02", "1900-02-01", "1900-02-28"),
    ("0000-02-29", "0000-02-29", "0000-02-29"),
    ("1956-07-26", "1956-07-26", "1956-07-26"),
    ("1956-07-26T19:41:00+02:00", "1956-07-26", "1956-07-26"),
    ("1956-07-26T00:00:00+14", "1956-07-26", "1956-07-26"),
    ("1956-07-26T23:59:59Z", "1956-07-26", "1956-07-26"),
    ("2016-12-31T23:59:60Z", "2016-12-31", "2016-12-31"),
    ("2017-01-01T05:29:60+05:30", "2017-01-01", "2017-01-01"),
    ("1973-21", "1973-03-01", "1973-05-31"),
    ("1973-22", "1973-06-01", "1973-08-31"),
    ("1973-23", "1973-09-01", "1973-11-30"),
    ("1973-24", "1973-12-01", "1974-02-28"),
    ("1995-24", "1995-12-01", "1996-02-29"),
    ("9999-24", "9999-12-01", "9999-12-31"),
    ("1973-33", "1973-01-01", "1973-03-31"),
    ("1973-34", "1973-04-01", "1973-06-30"),
    ("1973-35", "1973-07-01", "1973-09-30"),
    ("1973-36", "1973-10-01", "1973-12-31"),
    ("1973-40", "1973-01-01", "1973-06-30"),
    ("1973-41", "1973-07-01", "1973-12-31"),
    ("195X", "1950-01-01", "1959-12-31"),
    ("19XX", "1900-01-01", "1999-12-31"),
    ("00XX", "0000-01-01", "0099-12-31"),
    ("1952-07-XX", "1952-07-01", "1952-07-31"),
    ("1952-XX", "1952-01-01", "1952-12-31"),
    ("1952-XX-XX", "1952-01-01", "1952-12-31"),
    ("1952~", "1952-01-01", "1952-12-31"),
    ("1952-07-23%", "1952-07-23", "1952-07-23"),
    ("195X?", "1950-01-01", "1959-12-31"),
    ("1973-21~", "1973-03-01", "1973-05-31"),
    ("1954-11-01/1962-07", "1954-11-01", "1962-07-31"),
    ("1954-11/1954", "1954-11-01", "1954-12-31"),
    ("1954/1954-03", "1954-01-01", "1954-03-31"),
    ("1973-21/1973-24", "1973-03-01", "1974-02-28"),
    ("1951-12-24/..", "1951-12-24", ""),
    ("1951-12-24/", "1951-12-24", ""),
    ("../1969-09-01", "", "1969-09-01"),
    ("/1969-09~", "", "1969-09-30"),
    ("../..", "", ""),
    ("[1948,1956..1958,1967-06]", "1948-01-01", "1967-06-30"),
    ("[1967,1948]", "1948-01-01", "1967-12-31"),
    ("[..1951-12-24]", "", "1951-12-24"),
    ("[1951-12-24..]", "1951-12-24", ""),
    ("[..1951,1969..]", "", ""),
    ("{1948,1967}", "1948-01-01", "1967-12-31"),
    ("{..1951,1969-09-01..1969-09-07}", "", "1969-09-07"),
    ("[1952-07~..1953?]", "1952-07-01", "1953-12-31"),
    ("[1973-22,1973-36]", "1973-06-01", "1973-12-31"),
    ("[195X]", "1950-01-01", "1959-12-31"),
];

#[test]
fn every_form_has_its_first_and_last_day() {
    for (text, earliest, latest) in BOUNDS {
        let date = read(text);
        assert_eq!(date.earliest(), optional_day(earliest), "earliest of {text}");
        assert_eq!(date.latest(), optional_day(latest), "latest of {text}");
    }
}

#[test]
fn a_text_is_given_back_as_it_stood() {
    for (text, ..) in BOUNDS {
        assert_eq!(read(text).to_string(), *text);
    }
}

#[test]
fn an_offset_is_given_back_as_it_was_written() {
    for text in
        ["", "Z", "+00", "+00:00", "-04", "-00:30", "+05:30", "-23:59"].map(|zone| format!("2011-02-17T08:05:09{zone}"))
    {
        assert_eq!(read(&text).to_string(), text);
    }
}

#[test]
fn qualifiers_are_told_from_each_other() {
    let expected = [
        ("1952", false, false),
        ("1952~", true, false),
        ("1952?", false, true),
        ("1952%", true, true),
        ("1952~/1953?", true, true),
        ("1952/1953~", true, false),
        ("[1952,1953?]", false, true),
        ("{1952~..1953}", true, false),
        ("../1953?", false, true),
        ("1952-07-23T10:00:00", false, false),
    ];
    for (text, approximate, uncertain) in expected {
        let date = read(text);
        assert_eq!((date.is_approximate(), date.is_uncertain()), (approximate, uncertain), "{text}");
    }
}

#[test]
fn open_and_unknown_ends_are_told_from_each_other() {
    use BoundState::{Known, Open, Unknown};
    let expected = [
        ("1952", Known, Known),
        ("1952/..", Known, Open),
        ("1952/", Known, Unknown),
        ("../1952", Open, Known),
        ("/1952", Unknown, Known),
        ("../..", Unknown, Unknown),
        ("[..1952]", Unknown, Known),
        ("[1952..]", Known, Unknown),
        ("[..1952,1954..]", Unknown, Unknown),
        ("{..1952,1954..}", Open, Open),
        ("{1952,1954}", Known, Known),
    ];
    for (text, start, end) in expected {
        let date = read(text);
        assert_eq!((date.start_state(), date.end_state()), (start, end), "{text}");
    }
}

#[test]
fn flags_hold_both_states_and_both_qualifiers() {
    for (text, flags) in [
        ("1952", 0),
        ("../1952", 1),
        ("/1952", 2),
        ("1952/..", 4),
        ("1952/", 8),
        ("../..", 10),
        ("[..1952]", 2),
        ("[1952..]", 8),
        ("1952~", 16),
        ("1952?", 32),
        ("1952%/..", 52),
    ] {
        assert_eq!(read(text).flags(), flags, "{text}");
    }
}

#[test]
fn the_precision_is_what_is_known() {
    use Precision::{Century, Day, Decade, HalfYear, Interval, Month, Quarter, Season, Set, Unknown, Year};
    let expected = [
        ("1952-07-23", Day),
        ("1952-07-23T10:00:00Z", Day),
        ("1952-07", Month),
        ("1952-07-XX", Month),
        ("1952-22", Season),
        ("1952-35", Quarter),
        ("1952-41", HalfYear),
        ("1952~", Year),
        ("1952-XX", Year),
        ("1952-XX-XX", Year),
        ("195X", Decade),
        ("19XX", Century),
        ("1952/1953", Interval),
        ("1952/", Interval),
        ("[1952]", Set),
        ("{1952,1953}", Set),
        ("../..", Unknown),
    ];
    for (text, precision) in expected {
        assert_eq!(read(text).precision(), precision, "{text}");
    }
}

#[test]
fn a_day_becomes_a_date_only_within_the_profile() {
    let beyond = day("9999-12-31").succ_opt();
    assert_eq!(Edtf::from_day(day("1952-07-23")), Some(read("1952-07-23")));
    assert_eq!(beyond.and_then(Edtf::from_day), None);
    assert_eq!(day("0000-01-01").pred_opt().and_then(Edtf::from_day), None);
}
