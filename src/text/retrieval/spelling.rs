//! Other spellings of a word that no text has: words of names with few differences, or with the same consonants in another script.

use std::{cmp::Reverse, collections::BTreeSet};

use crate::text::{
    analysis::{consonant_key, is_arabic, tokens},
    distance::distance,
    fold::fold,
};

/// Letters of a word at least: shorter words are near too many others.
const MIN_LETTERS: usize = 3;
/// From this length on, another spelling of a word may differ in two letters.
const LONG: usize = 8;
/// How many letters of a word make its keys. Spellings may differ behind them.
const HEAD: usize = 7;
const ARTICLE: &str = "ال";

/// A word of a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spelling {
    /// The folded word.
    pub form: String,
    /// The word as it is written.
    pub text: String,
}

impl Spelling {
    /// What similar spellings share, all of it.
    #[must_use]
    pub fn keys(&self) -> BTreeSet<String> {
        keys(&self.form, differences)
    }

    /// The first letters, which are one of its keys.
    #[must_use]
    pub fn head(&self) -> String {
        self.form.chars().take(HEAD).collect()
    }
}

/// The keys of a word of a query, folded: it shares at least one of them with every spelling of it that [`closest`] finds.
#[must_use]
pub fn spelling_keys(form: &str) -> Vec<String> {
    let differences = |letters| if letters + 2 < LONG { 1 } else { 2 };
    forms(form).iter().flat_map(|form| keys(form, differences)).collect()
}

/// The keys of a folded word: its head without as many letters as may differ in a word of this length, and its consonants.
fn keys(form: &str, differences: impl Fn(usize) -> usize) -> BTreeSet<String> {
    if !has_keys(form) {
        return BTreeSet::new();
    }
    let letters: Vec<char> = form.chars().collect();
    let mut all = BTreeSet::from([letters[..letters.len().min(HEAD)].to_vec()]);
    let mut shorter = all.clone();
    for _ in 0..differences(letters.len()) {
        shorter = shorter.iter().flat_map(|word| (0..word.len()).map(|at| without(word, at))).collect();
        all.extend(shorter.iter().cloned());
    }
    let keys = all.into_iter().map(|letters| letters.into_iter().collect());
    keys.chain(consonant_key(form).map(|key| format!("={key}"))).collect()
}

fn has_keys(form: &str) -> bool {
    form.chars().count() >= MIN_LETTERS && !form.contains(|letter: char| letter.is_ascii_digit())
}

/// How many letters of another spelling of a word may differ.
const fn differences(letters: usize) -> usize {
    if letters < LONG { 1 } else { 2 }
}

fn without(letters: &[char], at: usize) -> Vec<char> {
    [&letters[..at], &letters[at + 1..]].concat()
}

/// A word of a query, and an Arabic one once more with the article, or without it: names may have it or not.
fn forms(form: &str) -> Vec<String> {
    let mut forms = vec![form.to_owned()];
    if is_arabic(form) {
        let bare = form.strip_prefix(ARTICLE).filter(|rest| rest.chars().count() >= MIN_LETTERS);
        forms.push(bare.map_or_else(|| format!("{ARTICLE}{form}"), str::to_owned));
    }
    forms
}

/// The words of a name that can be other spellings.
#[must_use]
pub fn spellings(name: &str) -> BTreeSet<Spelling> {
    let letters: Vec<char> = name.chars().collect();
    let words = tokens(name).into_iter().filter(|token| has_keys(&token.form));
    words.map(|token| Spelling { text: letters[token.start..token.end].iter().collect(), form: token.form }).collect()
}

/// The best of other spellings of a folded word; each has its frequency. Fewest differences first, then the most frequent.
#[must_use]
pub fn closest<'a>(form: &str, candidates: &'a [(String, u64)]) -> Option<&'a str> {
    let (forms, key) = (forms(form), consonant_key(form));
    let ranked = candidates.iter().filter_map(|(text, frequency)| {
        let other: String = fold(text).into_iter().map(|folded| folded.letter).collect();
        let distance = forms.iter().map(|form| distance(form, &other)).min()?;
        let sounds_alike = key.is_some() && key == consonant_key(&other);
        let is_near = distance <= differences(other.chars().count());
        let rank = if is_near { distance } else { sounds_alike.then_some(usize::MAX)? };
        (other != form).then_some((rank, Reverse(*frequency), text.as_str()))
    });
    ranked.min().map(|(_, _, text)| text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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

    /// The best spelling of a word, where the index has only one name.
    fn corrected(form: &str, name: &str) -> Option<String> {
        let keys = spelling_keys(form);
        let found = spellings(name).into_iter().filter(|spelling| spelling.keys().iter().any(|key| keys.contains(key)));
        let candidates: Vec<(String, u64)> = found.map(|spelling| (spelling.text, 1)).collect();
        closest(form, &candidates).map(str::to_owned)
    }

    #[test]
    fn a_name_is_found_by_other_spellings() {
        for (form, name) in [
            ("sitre", "Sirte"),
            ("dedna", "Derna"),
            ("lidya", "Libya"),
            ("hadas", "Hamas"),
            ("gada", "Gaza"),
            ("tubis", "Tunis"),
            ("lybia", "Libya"),
            ("qaddafi", "القذافي"),
            ("bengasi", "Benghazi"),
            ("طربلس", "طرابلس"),
            ("قدافي", "القذافي"),
        ] {
            assert_eq!(corrected(form, name).as_deref(), Some(name), "{form}");
        }
        assert_eq!(corrected("paris", "Sirte"), None);
    }

    /// A word with one difference.
    fn changed(word: &str, (kind, at, letter): (usize, usize, char)) -> String {
        let mut letters: Vec<char> = word.chars().collect();
        let at = at % letters.len();
        match kind {
            0 => {
                letters.remove(at);
            }
            1 => letters[at] = letter,
            2 => letters.insert(at, letter),
            3 => letters.push(letter),
            _ => letters.swap(at, (at + 1).min(word.chars().count() - 1)),
        }
        letters.into_iter().collect()
    }

    fn change() -> impl Strategy<Value = (usize, usize, char)> {
        (0_usize..5, 0_usize..12, prop::sample::select(vec!['a', 'b', 'ب', 'ر']))
    }

    proptest! {
        #[test]
        fn a_word_is_found_by_every_spelling_with_one_difference(word in "[abcde]{4,12}|[ابترل]{4,12}", change in change()) {
            let other = changed(&word, change);
            prop_assume!(other != word);
            prop_assert_eq!(corrected(&other, &word), Some(word));
        }

        #[test]
        fn a_long_word_is_found_by_every_spelling_with_two_differences(
            word in "[abcde]{8,12}|[بترلم]{8,12}", first in change(), second in change()
        ) {
            let other = changed(&changed(&word, first), second);
            // Letters that were exchanged and changed again count three times.
            prop_assume!(other != word && distance(&other, &word) <= 2);
            prop_assert_eq!(corrected(&other, &word), Some(word));
        }
    }
}
