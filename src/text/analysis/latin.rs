//! English and French stems.

use rust_stemmers::{Algorithm, Stemmer};

use super::TextLanguage;

/// Marks a stem of a language, so that stems of two languages do not match. No word has a dot.
const ENGLISH: &str = ".en";
const FRENCH: &str = ".fr";

/// The term of a word in a text of a language.
pub(super) fn index_term(form: &str, language: TextLanguage) -> String {
    match language {
        _ if has_digit(form) => form.to_owned(),
        TextLanguage::English => stem(form, Algorithm::English, ENGLISH),
        TextLanguage::French => stem(form, Algorithm::French, FRENCH),
        TextLanguage::Other => form.to_owned(),
    }
}

/// The terms that a word of a query finds: it may be of any language.
pub(super) fn query_terms(form: &str) -> Vec<String> {
    if has_digit(form) {
        return vec![form.to_owned()];
    }
    vec![stem(form, Algorithm::English, ENGLISH), stem(form, Algorithm::French, FRENCH), form.to_owned()]
}

/// Numbers and names with numbers have no other forms.
fn has_digit(form: &str) -> bool {
    form.bytes().any(|byte| byte.is_ascii_digit())
}

fn stem(form: &str, algorithm: Algorithm, mark: &str) -> String {
    format!("{}{mark}", Stemmer::create(algorithm).stem(form))
}
