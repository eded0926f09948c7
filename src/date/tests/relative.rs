//! Dates told by another date, and durations.

use super::{day, read};
use crate::date::{Duration, DurationError, Edtf, TemporalRelation, resolve};

fn resolved(anchor: &str, relation: TemporalRelation, duration: &str) -> String {
    let duration = (!duration.is_empty()).then(|| duration.parse::<Duration>().expect("a duration"));
    resolve(Some(&read(anchor)), relation, duration.as_ref(), false).to_string()
}

#[test]
fn a_date_follows_from_its_anchor() {
    use TemporalRelation::{After, AfterOrAt, Before, BeforeOrAt, During, Since, Until};
    let expected = [
        // By a distance.
        ("1967-06-05", After, "P6D", "1967-06-11"),
        ("1967-06-05~", After, "P1W", "1967-06-12~"),
        ("1967-06-05?", Before, "P1D", "1967-06-04?"),
        ("1967-06", After, "P1M", "1967-07"),
        ("1967-01", After, "P1M", "1967-02"),
        ("1967-03", Before, "P1M", "1967-02"),
        ("1967-01-31", After, "P1M", "1967-02-28"),
        ("1967", After, "P2Y", "1969"),
        ("1967", After, "P6M", "[1967-07-01..1968-06-30]"),
        ("1967-06", After, "P7D", "[1967-06-08..1967-07-07]"),
        ("1967-21", After, "P1Y", "1968-21"),
        ("1967-23", After, "P3M", "1967-24"),
        ("1967-33", Before, "P3M", "1966-36"),
        ("1967-40", After, "P6M", "1967-41"),
        ("196X", After, "P10Y", "197X"),
        ("19XX", Before, "P100Y", "18XX"),
        ("1967-06-05T07:45:00+02:00", After, "P1D", "1967-06-06"),
        ("1967-06-05", After, "PT6H", "[1967-06-05..1967-06-06]"),
        ("1967-06-05", After, "PT48H", "1967-06-07"),
        ("[1967-06-05,1967-06-10]", After, "P1D", "[1967-06-06..1967-06-11]"),
        ("[..1967-06-05]", After, "P1D", "[..1967-06-06]"),
        ("1954-11-01/1962-07-05", After, "P1D", "1962-07-06"),
        ("1954-11-01/1962-07-05", Before, "P1D", "1954-10-31"),
        ("1954~/1962", After, "P1Y", "1963"),
        ("{1948,1967-06}", After, "P1Y", "1968-06"),
        // Without one.
        ("1967-06", Before, "", "[..1967-06-29]"),
        ("1967-06-05~", BeforeOrAt, "", "[..1967-06-05~]"),
        ("1967-06", After, "", "[1967-06-02..]"),
        ("1967-06-05", AfterOrAt, "", "[1967-06-05..]"),
        ("1954-11-01/1962-07-05", Before, "", "[..1954-10-31]"),
        ("1954-11-01/1962-07-05", After, "", "[1962-07-06..]"),
        ("1954/..", After, "", "[1954-01-02..]"),
        ("../1962", Before, "", "[..1962-12-30]"),
        // At most so far.
        ("1967-06-05", BeforeOrAt, "P1W", "[1967-05-29..1967-06-05]"),
        ("1967-06-05", AfterOrAt, "P1W", "[1967-06-05..1967-06-12]"),
        // Spans.
        ("1967-06~", During, "", "1967-06~"),
        ("1954-11-01/1962-07-05", During, "P1D", "1954-11-01/1962-07-05"),
        ("1969", Since, "", "1969/.."),
        ("1969-09-01~", Since, "P1D", "1969-09-02~/.."),
        ("196X", Since, "", "1960/.."),
        ("1969-09-XX", Since, "", "1969-09/.."),
        ("1969-09/1977-03-02", Since, "", "1969-09/.."),
        ("1969-09/1977-03-02", Until, "", "../1977-03-02"),
        ("196X", Until, "", "../1969"),
        ("1977", Until, "P1Y", "../1976"),
        // Nothing follows.
        ("../1962", Since, "", "../.."),
        ("1954/", Until, "", "../.."),
        ("../..", After, "P1D", "../.."),
        ("../..", During, "", "../.."),
        ("9999", After, "P1Y", "../.."),
        ("9999-12-31", After, "", "../.."),
        ("0000-01-01", Before, "", "../.."),
        ("0000", Before, "P999999Y", "../.."),
    ];
    for (anchor, relation, duration, date) in expected {
        assert_eq!(resolved(anchor, relation, duration), date, "{relation:?} {duration} of {anchor}");
    }
}

#[test]
fn without_an_anchors_date_nothing_is_known() {
    assert_eq!(resolve(None, TemporalRelation::After, Some(&Duration::from_days(7)), true), Edtf::UNRESOLVED);
}

#[test]
fn an_approximate_relation_makes_an_approximate_date() {
    let about = |anchor: &str, relation, days| {
        resolve(Some(&read(anchor)), relation, Some(&Duration::from_days(days)), true).to_string()
    };
    assert_eq!(about("1967-06-05", TemporalRelation::After, 7), "1967-06-12~");
    assert_eq!(about("1967-06-05?", TemporalRelation::After, 7), "1967-06-12%");
    assert_eq!(about("1967-06", TemporalRelation::Before, 1), "[1967-05-31~..1967-06-29~]");
    assert_eq!(about("1954/1962?", TemporalRelation::During, 0), "1954~/1962%");
    assert_eq!(about("[1954,1962]", TemporalRelation::During, 0), "[1954~,1962~]");
    assert_eq!(about("1967-06-05T07:45:00", TemporalRelation::During, 0), "1967-06-05~");
}

#[test]
fn durations_are_read_and_given_back() {
    for (text, shown) in [
        ("P7D", "P7D"),
        ("P1Y2M3W4DT5H6M7S", "P1Y2M3W4DT5H6M7S"),
        ("P0Y1M", "P1M"),
        ("PT0S", "P0D"),
        ("P007D", "P7D"),
        ("PT36H", "PT36H"),
    ] {
        let duration: Duration = text.parse().expect(text);
        assert_eq!(duration.to_string(), shown);
        assert_eq!(shown.parse(), Ok(duration));
    }
}

#[test]
fn what_is_no_duration_is_refused_with_its_reason() {
    let expected = [
        ("", DurationError::NoP),
        ("7D", DurationError::NoP),
        ("-P7D", DurationError::Sign),
        ("P-7D", DurationError::Sign),
        ("P", DurationError::Empty),
        ("PT", DurationError::Empty),
        ("P1DT", DurationError::Empty),
        ("P7", DurationError::NoUnit),
        ("PD", DurationError::NoNumber('D')),
        ("P7X", DurationError::Misplaced('X')),
        ("P7H", DurationError::Misplaced('H')),
        ("P7D1M", DurationError::Misplaced('M')),
        ("P1D1D", DurationError::Misplaced('D')),
        ("P1.5D", DurationError::Fraction),
        ("P1000000D", DurationError::TooLarge),
        ("P99999999999999999999D", DurationError::TooLarge),
        ("P٧D", DurationError::Misplaced('٧')),
    ];
    for (text, error) in expected {
        assert_eq!(text.parse::<Duration>(), Err(error), "{text}");
    }
}

#[test]
fn a_duration_counts_months_before_days_and_rounds_hours_both_ways() {
    let duration: Duration = "P1M1DT1H".parse().expect("a duration");
    assert_eq!(duration.after(day("2015-01-31")), Some((day("2015-03-01"), day("2015-03-02"))));
    assert_eq!(duration.before(day("2015-03-31")), Some((day("2015-02-26"), day("2015-02-27"))));
}
