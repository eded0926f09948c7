//! Arabic words: a light stemmer with tables of countries, broken plurals and words that look like forms of another word.

mod country;
mod exception;
mod plural;
mod stem;
mod word;

use stem::stem;
use word::{count, without_article};

/// Single letters before a word: a conjunction, then a preposition.
const CONJUNCTIONS: [&str; 3] = ["", "و", "ف"];
const PREPOSITIONS: [&str; 4] = ["", "ب", "ل", "ك"];

/// A shorter word has no alternatives in a query: it would match parts of other words.
const MIN_LETTERS: usize = 3;

/// Whether a folded word is written in Arabic letters. Numbers are not.
pub(in crate::text) fn is_arabic(form: &str) -> bool {
    form.chars().any(|letter| ('\u{621}'..='\u{64a}').contains(&letter))
}

/// The terms of a word of a text. After لل the word may begin with a lam or not (للبنان, للجزائر), so it has two.
pub(super) fn index_terms(form: &str) -> Vec<String> {
    let mut terms = vec![stem(form)];
    if form.starts_with("لل") && count(form) >= 5 {
        let other = stem(&form["ل".len()..]);
        if !terms.contains(&other) {
            terms.push(other);
        }
    }
    terms
}

/// The terms that a word of a query finds: its own, and those of the word after single-letter prefixes.
pub(super) fn query_terms(form: &str) -> Vec<String> {
    let base = stem(form);
    let mut terms = vec![base.clone()];
    if count(form) < MIN_LETTERS {
        return terms;
    }
    let mut add = |term: String| {
        if !terms.contains(&term) {
            terms.push(term);
        }
    };
    let bare = without_article(form).unwrap_or(form);
    for conjunction in CONJUNCTIONS {
        for preposition in PREPOSITIONS {
            let prefix = format!("{conjunction}{preposition}");
            if prefix.is_empty() {
                continue;
            }
            for word in [form, bare] {
                let prefixed = format!("{prefix}{word}");
                // لل is the article; `index_terms` gives such a word both of its terms.
                if !["لل", "ولل", "فلل"].iter().any(|article| prefixed.starts_with(article)) {
                    add(stem(&prefixed));
                }
            }
            if !country::is_key(&base) && count(&base) >= MIN_LETTERS {
                add(format!("{prefix}{base}"));
            }
        }
    }
    terms
}

/// The beginnings of words that begin with this, behind the article or letters that are written with a word.
pub(super) fn prefixes(form: &str) -> Vec<String> {
    const BEFORE: [&str; 12] = ["", "ال", "و", "وال", "ب", "بال", "ل", "لل", "ف", "فال", "ك", "كال"];
    let bare = without_article(form).unwrap_or(form);
    BEFORE.iter().map(|before| format!("{before}{bare}")).collect()
}
