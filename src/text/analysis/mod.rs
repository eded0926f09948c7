//! Analysis of texts for search. A text has terms, a query word has alternative terms: it finds the texts with one of them.
//!
//! Letters are folded. Arabic words lose the article and light suffixes; the terms of a query cover the single-letter prefixes, because
//! only a known word shows whether its first letter is one. English and French words have Snowball stems. Any other word is its own
//! term.

mod arabic;
mod consonant;
mod latin;
pub mod query;
mod token;

pub(super) use arabic::is_arabic;
pub use consonant::consonant_key;
pub use token::{Token, each_word, tokens};

/// The version of the rules. An index that was made by others must be built again, so whoever changes which terms a word has, in
/// [`super::fold`] or here, or which keys a spelling has, adds 1.
pub const VERSION: i32 = 1;

/// The language whose rules apply to Latin words of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextLanguage {
    /// English; also where the language is not known, and for Latin words in Arabic texts.
    English,
    /// French.
    French,
    /// A language without rules.
    Other,
}

impl TextLanguage {
    /// By a BCP 47 tag.
    #[must_use]
    pub fn of(tag: &str) -> Self {
        let primary = tag.split('-').next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "en" | "ar" | "und" => Self::English,
            "fr" => Self::French,
            _ => Self::Other,
        }
    }
}

/// The terms of a word of a text: mostly one.
#[must_use]
pub fn index_terms(form: &str, language: TextLanguage) -> Vec<String> {
    if arabic::is_arabic(form) { arabic::index_terms(form) } else { vec![latin::index_term(form, language)] }
}

/// The alternative terms of a word of a query.
#[must_use]
pub fn query_terms(form: &str) -> Vec<String> {
    if arabic::is_arabic(form) { arabic::query_terms(form) } else { latin::query_terms(form) }
}

/// The beginnings of words that a prefix of a query finds: an Arabic word may begin with the article and single letters.
#[must_use]
pub fn prefixes(form: &str) -> Vec<String> {
    if arabic::is_arabic(form) { arabic::prefixes(form) } else { vec![form.to_owned()] }
}

#[cfg(test)]
mod tests;
