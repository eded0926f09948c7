//! A date's name for people.

use super::edtf::Edtf;

/// The date in words, in the language of a BCP 47 tag.
#[must_use]
pub fn label(date: &Edtf, _language: &str) -> String {
    date.to_string()
}
