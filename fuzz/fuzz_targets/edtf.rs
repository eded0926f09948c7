//! For any text: nothing panics, a parsed date is printed as the same date, and all answers about it are consistent.
#![no_main]

use dateline::date::{Duration, Edtf, TemporalRelation, label, overlaps, resolve, within};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    // One line each: a date, a second date as a range of days, and a duration.
    let mut lines = input.lines();
    let mut line = || lines.next().unwrap_or_default();
    let (text, other, duration) = (line(), line(), line());
    let approximate = text.len().is_multiple_of(2);
    let date = match text.parse::<Edtf>() {
        Ok(date) => date,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    assert_eq!(date.to_string(), text);
    if let Some((earliest, latest)) = date.earliest().zip(date.latest()) {
        assert!(earliest <= latest);
    }
    for language in ["ar", "en", "fr"] {
        assert!(!label(&date, language).is_empty());
    }
    let duration = duration.parse::<Duration>().ok();
    if let Some(duration) = &duration {
        assert_eq!(duration.to_string().parse(), Ok(*duration));
    }
    if let Ok(window) = other.parse::<Edtf>() {
        let (from, to) = (window.earliest(), window.latest());
        assert_eq!(
            overlaps(from, to).contains(date.ranks()),
            date.possibly_within(from, to)
        );
        assert_eq!(
            within(from, to).contains(date.ranks()),
            date.certainly_within(from, to)
        );
    }
    use TemporalRelation::{After, AfterOrAt, Before, BeforeOrAt, During, Since, Until};
    for relation in [Before, BeforeOrAt, After, AfterOrAt, During, Since, Until] {
        let derived = resolve(Some(&date), relation, duration.as_ref(), approximate);
        assert_eq!(derived.to_string().parse(), Ok(derived));
    }
});
