//! Folds letters for search and keeps where each folded letter stands in the original text.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::text::sort_key::fold_letter;

const HAMZA_ABOVE: char = '\u{654}';

/// A folded letter, digit or separator, with the code point that it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Folded {
    pub(super) letter: char,
    /// The index of its code point in the original text.
    pub(super) at: usize,
}

/// The folded letters of a text: sort keys and search treat the same letters as equal. Search also writes `œ`, `æ` and `ß` as two letters,
/// and a hamza on waw or ya as a bare hamza, because مسؤول is also written مسئول.
pub(super) fn fold(text: &str) -> Vec<Folded> {
    let mut folded: Vec<Folded> = Vec::with_capacity(text.len());
    for (at, original) in text.chars().enumerate() {
        if original.is_ascii() {
            folded.push(Folded { letter: original.to_ascii_lowercase(), at });
            continue;
        }
        for part in std::iter::once(original).nfkd().flat_map(char::to_lowercase).nfkd() {
            if part == HAMZA_ABOVE
                && let Some(carrier) = folded.last_mut()
                && matches!(carrier.letter, 'و' | 'ي')
            {
                carrier.letter = 'ء';
                continue;
            }
            let Some(letter) = fold_letter(part) else { continue };
            let (first, second) = match letter {
                'œ' => ('o', Some('e')),
                'æ' => ('a', Some('e')),
                'ß' => ('s', Some('s')),
                letter => (letter, None),
            };
            folded.push(Folded { letter: first, at });
            folded.extend(second.map(|letter| Folded { letter, at }));
        }
    }
    folded
}

/// Whether a character has no letter of its own: a mark on a letter, tatweel, a joiner.
pub(super) fn is_silent(character: char) -> bool {
    !character.is_ascii() && (is_combining_mark(character) || fold_letter(character).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        fold(text).into_iter().map(|folded| folded.letter).collect()
    }

    #[test]
    fn forms_of_a_letter_are_one() {
        for (one, other) in [
            ("درنة", "درنه"),
            ("القذافى", "القذافي"),
            ("آسيا", "اسيا"),
            ("مسؤول", "مسئول"),
            ("مسو\u{654}ول", "مسؤول"),
            ("ﻟﻴﺒﻴﺎ", "ليبيا"),
            ("لیبیا", "ليبيا"),
            ("مُحَمَّد", "محمـــد"),
            ("۲۱", "٢١"),
            ("RÉUNION", "reunion"),
            ("Œuvre", "oeuvre"),
            ("Straße", "strasse"),
        ] {
            assert_eq!(folded(one), folded(other));
        }
    }

    #[test]
    fn each_letter_knows_its_code_point() {
        let at: Vec<usize> = fold("aﻻb").into_iter().map(|folded| folded.at).collect();
        assert_eq!(at, [0, 1, 1, 2]);
    }
}
