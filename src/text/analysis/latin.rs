//! English and French stems.

use rust_stemmers::{Algorithm, Stemmer};

use super::TextLanguage;

/// Marks a stem of a language, so that stems of two languages do not match. No word has a dot.
const ENGLISH: &str = ".en";
const FRENCH: &str = ".fr";

/// The term of a word in a text of a language.
pub(super) fn index_term(form: &str, language: TextLanguage) -> String {
    match language {
        TextLanguage::English => stem(form, Algorithm::English, ENGLISH),
        TextLanguage::French => stem(form, Algorithm::French, FRENCH),
        TextLanguage::Other => form.to_owned(),
    }
}

/// The terms that a word of a query finds: it may be of any language.
pub(super) fn query_terms(form: &str) -> Vec<String> {
    vec![stem(form, Algorithm::English, ENGLISH), stem(form, Algorithm::French, FRENCH), form.to_owned()]
}

fn stem(form: &str, algorithm: Algorithm, mark: &str) -> String {
    format!("{}{mark}", Stemmer::create(algorithm).stem(form))
}
