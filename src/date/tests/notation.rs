//! Dates in other notations, and how they are written in EDTF.

use crate::date::{foreign_sign, in_edtf};

#[test]
fn usual_notations_are_told_in_edtf() {
    for (text, expected) in [
        ("17/02/2015", "2015-02-17"),
        ("17.2.2015", "2015-02-17"),
        ("17-02-2015", "2015-02-17"),
        ("02/17/2015", "2015-02-17"),
        ("2015/02/17", "2015-02-17"),
        ("2015-2-17", "2015-02-17"),
        ("20150217", "2015-02-17"),
        ("02/2015", "2015-02"),
        ("2015/02", "2015-02"),
        ("2015–02–17", "2015-02-17"),
        ("٢٠١٥-٠٢-١٧", "2015-02-17"),
        ("١٧/٠٢/٢٠١٥", "2015-02-17"),
        ("۲۰۱۵", "2015"),
        ("\u{200f}2015-02-17", "2015-02-17"),
        (" 2015-02-17 ", "2015-02-17"),
        ("2011–2014", "2011/2014"),
        ("2011-2014", "2011/2014"),
        ("17/02/2015 – 20/02/2015", "2015-02-17/2015-02-20"),
        ("05.05.2015", "2015-05-05"),
    ] {
        assert_eq!(in_edtf(text), [expected], "{text}");
    }
}

#[test]
fn a_day_and_a_month_that_may_be_either_give_both() {
    assert_eq!(in_edtf("02/03/2015"), ["2015-03-02", "2015-02-03"]);
}

#[test]
fn what_is_a_date_or_none_is_not_told() {
    for text in
        ["2015-02-17", "2015-02-17~", "2015-02-30", "30/02/2015", "yesterday", "", "1/2/15", "2015-13", "1.2.3.4"]
    {
        assert_eq!(in_edtf(text), [] as [&str; 0], "{text}");
    }
}

#[test]
fn digits_and_dashes_of_other_scripts_are_explained() {
    let explained = |text: &str| foreign_sign(text).map(|reason| reason.to_string());
    assert_eq!(explained("2015–02").as_deref(), Some("the parts of a date are joined by the hyphen -, not –"));
    assert_eq!(explained("٢٠١٥").as_deref(), Some("digits are written 0 to 9, not ٢"));
    assert_eq!(explained("2015-02-17"), None);
}
