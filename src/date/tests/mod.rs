//! Tests of dates.

mod filter;
mod label;
mod notation;
mod order;
mod property;
mod reading;
mod refusal;
mod relative;

use chrono::NaiveDate;

use super::Edtf;

fn read(text: &str) -> Edtf {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn optional_day(text: &str) -> Option<NaiveDate> {
    (!text.is_empty()).then(|| day(text))
}
