//! The light stem of an Arabic word.

use std::{collections::HashMap, sync::LazyLock};

use super::{
    country, exception, plural,
    word::{count, folded, without_article},
};

/// The article with what may stand before it, longest first.
const ARTICLES: [&str; 9] = ["وبال", "وكال", "فبال", "ولل", "فلل", "وال", "فال", "بال", "كال"];
const POSSESSIVES: [&str; 6] = ["هما", "هم", "هن", "كم", "نا", "ها"];
const ENDINGS: [&str; 9] = ["تين", "تان", "ات", "ون", "ين", "ان", "وا", "ته", "تي"];
/// Letters that may stand alone before a word.
const PREFIXES: [char; 5] = ['و', 'ف', 'ب', 'ل', 'ك'];

/// Words with terms of their own, by their folded forms: countries with their demonyms, and words that look like forms of others.
static WORDS: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let mut words: HashMap<String, String> = HashMap::new();
    for (form, term) in exception::words().chain(country::words()) {
        words.entry(form).or_insert(term);
    }
    words
});

/// The stems of broken plurals, by the whole folded word.
static PLURALS: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let pairs = plural::PLURALS.iter().map(|(plural, singular)| (folded(plural), strip(&folded(singular))));
    pairs.collect()
});

/// The stem of a folded word.
pub(super) fn stem(form: &str) -> String {
    if form.chars().any(|letter| letter.is_ascii_digit()) {
        return form.to_owned();
    }
    if let Some(term) = known(form) {
        return term.clone();
    }
    let bare = strip_article(form);
    if let Some(term) = known(bare) {
        return term.clone();
    }
    let without_possessive = POSSESSIVES.iter().find_map(|ending| bare.strip_suffix(ending));
    for word in std::iter::once(bare).chain(without_possessive.filter(|rest| count(rest) >= 4)) {
        let without_prefix = word.strip_prefix(PREFIXES).filter(|rest| bare.len() == form.len() && count(rest) >= 4);
        // A known plural is longer than most words, so that its first letter is not mistaken for a prefix.
        if let Some(term) = PLURALS.get(word).or_else(|| PLURALS.get(without_prefix?)) {
            return term.clone();
        }
    }
    let stem = strip(bare);
    PLURALS.get(&stem).cloned().unwrap_or(stem)
}

fn known(form: &str) -> Option<&'static String> {
    WORDS.get(form).or_else(|| PLURALS.get(form))
}

fn strip_article(form: &str) -> &str {
    let long = ARTICLES.iter().find_map(|article| form.strip_prefix(article).filter(|rest| count(rest) >= 3));
    long.or_else(|| without_article(form))
        .or_else(|| form.strip_prefix("لل").filter(|rest| count(rest) >= 3))
        .unwrap_or(form)
}

/// Removes one possessive, one ending of number or gender, and the ending of an adjective.
fn strip(word: &str) -> String {
    let mut rest = word;
    let without = |word: &'_ str, ending: &str, least: usize| -> Option<usize> {
        word.strip_suffix(ending).filter(|rest| count(rest) >= least).map(str::len)
    };
    if let Some(length) = POSSESSIVES.iter().find_map(|ending| without(rest, ending, 4)) {
        rest = &rest[..length];
        // The ta marbuta before a possessive: مؤسستها.
        if let Some(length) = without(rest, "ت", 3)
            && !rest[..length].ends_with('ا')
        {
            rest = &rest[..length];
        }
    }
    if let Some(length) = ENDINGS.iter().find_map(|ending| without(rest, ending, 3)) {
        rest = &rest[..length];
    }
    if let Some(length) = ["ه", "ا"].iter().find_map(|ending| without(rest, ending, 3)) {
        rest = &rest[..length];
    }
    if let Some(length) = without(rest, "ي", 3) {
        rest = &rest[..length];
    }
    rest.to_owned()
}
