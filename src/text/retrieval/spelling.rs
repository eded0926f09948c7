//! Other spellings of a word that no text has: words of names with few differences, or with the same consonants in another script.

use std::collections::BTreeSet;

use crate::text::{
    analysis::{consonant_key, tokens},
    fold::fold,
};

/// Letters of a word at least: shorter words are near too many others.
const MIN_LETTERS: usize = 3;
/// From this length on, a word may differ in two letters.
const LONG: usize = 5;
/// Letters at the beginning and at the end, one of which a similar word shares.
const ENDS: usize = 3;

/// A word of a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spelling {
    /// What similar spellings share.
    pub key: String,
    /// The folded word.
    pub form: String,
    /// The word as it is written.
    pub text: String,
}

/// The keys of a folded word: similar spellings share at least one of them.
#[must_use]
pub fn spelling_keys(form: &str) -> Vec<String> {
    let letters: Vec<char> = form.chars().collect();
    if letters.len() < MIN_LETTERS || letters.iter().any(char::is_ascii_digit) {
        return vec![];
    }
    let bare = form.strip_prefix("ال").filter(|rest| rest.chars().count() >= MIN_LETTERS).unwrap_or(form);
    let first: String = bare.chars().take(ENDS).collect();
    let last: String = letters[letters.len() - ENDS..].iter().collect();
    let mut keys = vec![format!("<{first}"), format!(">{last}")];
    keys.extend(consonant_key(form).map(|key| format!("={key}")));
    keys
}

/// The words of a name with their keys.
#[must_use]
pub fn spellings(name: &str) -> BTreeSet<Spelling> {
    let letters: Vec<char> = name.chars().collect();
    let mut all = BTreeSet::new();
    for token in tokens(name) {
        let text: String = letters[token.start..token.end].iter().collect();
        for key in spelling_keys(&token.form) {
            all.insert(Spelling { key, form: token.form.clone(), text: text.clone() });
        }
    }
    all
}

/// The best of other spellings of a folded word; each has its frequency. Fewest differences first, then the most frequent.
#[must_use]
pub fn closest<'a>(form: &str, candidates: &'a [(String, u64)]) -> Option<&'a str> {
    let most = if form.chars().count() < LONG { 1 } else { 2 };
    let key = consonant_key(form);
    let ranked = candidates.iter().filter_map(|(text, frequency)| {
        let other: String = fold(text).into_iter().map(|folded| folded.letter).collect();
        let distance = distance(form, &other);
        let sounds_alike = key.is_some() && key == consonant_key(&other);
        let rank = if distance <= most { distance } else { sounds_alike.then_some(most + 1)? };
        (other != form).then_some((rank, std::cmp::Reverse(*frequency), text.as_str()))
    });
    ranked.min().map(|(_, _, text)| text)
}

/// The number of letters that are inserted, deleted, replaced or exchanged with their neighbour.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut rows = vec![vec![0; other.len() + 1]; one.len() + 1];
    for i in 0..=one.len() {
        for j in 0..=other.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let replaced = rows[i - 1][j - 1] + usize::from(one[i - 1] != other[j - 1]);
                let mut least = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                    least = least.min(rows[i - 2][j - 2] + 1);
                }
                least
            };
        }
    }
    rows[one.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_counted_in_letters() {
        for (one, other, expected) in
            [("libya", "libya", 0), ("libia", "libya", 1), ("lybia", "libya", 2), ("lbiya", "libya", 1), ("", "ab", 2)]
        {
            assert_eq!(distance(one, other), expected, "{one} and {other}");
        }
    }

    #[test]
    fn the_nearest_and_most_frequent_spelling_is_best() {
        let candidates = |all: &[(&str, u64)]| -> Vec<(String, u64)> {
            all.iter().map(|(text, frequency)| ((*text).to_owned(), *frequency)).collect()
        };
        let names = candidates(&[("Derna", 5), ("Dernah", 9), ("Sirte", 50)]);
        assert_eq!(closest("derma", &names), Some("Derna"));
        assert_eq!(closest("القذافي", &candidates(&[("Qaddafi", 1), ("Gaddafi", 7), ("Obama", 9)])), Some("Gaddafi"));
        assert_eq!(closest("cairo", &names), None);
    }

    #[test]
    fn similar_words_share_a_key() {
        for (one, other) in [("libya", "lybia"), ("qaddafi", "القذافي"), ("benghazi", "bengazi"), ("طرابلس", "طربلس")]
        {
            let other = spelling_keys(other);
            assert!(spelling_keys(one).iter().any(|key| other.contains(key)), "{one} and {other:?}");
        }
    }
}
