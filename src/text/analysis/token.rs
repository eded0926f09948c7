//! Splits a text into words.

use crate::text::word::{FoldedText, Word};

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The folded word.
    pub form: String,
    /// The first code point of the word in the text.
    pub start: usize,
    /// The code point after the word.
    pub end: usize,
}

/// The words of a text: runs of letters and digits. The parts around an apostrophe that are no words are left out: `l'État`, `Libya's`.
#[must_use]
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    scan(text, |form, start, end| tokens.push(Token { form: form.to_owned(), start, end }));
    tokens
}

/// Calls `each` with the folded words of a text.
pub fn each_word(text: &str, mut each: impl FnMut(&str)) {
    scan(text, |form, _, _| each(form));
}

fn scan(text: &str, mut each: impl FnMut(&str, usize, usize)) {
    let text = FoldedText::new(text);
    let mut form = String::new();
    for word in text.words().filter(|word| !is_part_of_apostrophe(word)) {
        form.clear();
        form.extend(word.letters());
        let (start, end) = word.place();
        each(&form, start, end);
    }
}

const fn is_apostrophe(sign: Option<char>) -> bool {
    matches!(sign, Some('\'' | '’'))
}

/// Whether a word is an elided French word (`l'`, `qu'`) or an English ending (`'s`, `'t`).
fn is_part_of_apostrophe(word: &Word<'_>) -> bool {
    let first = word.letters().next();
    let is_latin = first.is_some_and(|letter| letter.is_ascii_lowercase());
    let is_short = word.length() == 1 || (word.length() == 2 && first == Some('q'));
    let is_elided = is_apostrophe(word.after()) && is_short;
    let is_ending = is_apostrophe(word.before()) && word.length() == 1;
    is_latin && (is_elided || is_ending)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::word::MAX_LETTERS;

    fn forms(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|token| token.form).collect()
    }

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        assert_eq!(
            forms("L’État, Libya's 2015-02-16: «ليبيا» qu'il"),
            ["etat", "libya", "2015", "02", "16", "ليبيا", "il"]
        );
        assert_eq!(forms("ʿAlī bin Rabīʿa, Maʾrib"), ["ali", "bin", "rabia", "marib"]);
        assert_eq!(forms(" .-%_\0\u{202e}😀"), [""; 0]);
    }

    #[test]
    fn a_word_has_its_place_in_the_original_text() {
        let text = "في مُحَمَّدٌ.";
        let token = &tokens(text)[1];
        assert_eq!((token.start, token.end), (3, 12), "with all marks");
    }

    #[test]
    fn a_very_long_word_is_cut() {
        let tokens = tokens(&"ا".repeat(10_000));
        assert_eq!((tokens[0].form.chars().count(), tokens[0].end), (MAX_LETTERS, 10_000));
    }

    proptest! {
        #[test]
        fn places_are_code_points_in_order(text in "\\PC{0,60}") {
            let count = text.chars().count();
            let mut last = 0;
            for token in tokens(&text) {
                // Some characters stand for several words.
                prop_assert!(last <= token.start && token.start < token.end && token.end <= count);
                let word: String = text.chars().skip(token.start).take(token.end - token.start).collect();
                prop_assert!(forms(&word).contains(&token.form), "the word alone gives the same token");
                last = token.start;
            }
        }
    }
}
