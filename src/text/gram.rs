//! The sequences of three letters in a text, by which an index finds the texts that contain another.

use std::collections::BTreeSet;

/// The length of a sequence.
const LETTERS: usize = 3;

/// The sequences of three letters in a folded text, with a space before it, because some queries begin with one. Each is written as the
/// code points in hexadecimal, so that every database takes it as one word.
#[must_use]
pub fn grams(folded: &str) -> BTreeSet<String> {
    let letters: Vec<char> = std::iter::once(' ').chain(folded.chars()).collect();
    letters.windows(LETTERS).map(gram).collect()
}

/// The sequences that every text has that contains this one.
#[must_use]
pub fn grams_of_part(part: &str) -> BTreeSet<String> {
    let letters: Vec<char> = part.chars().collect();
    letters.windows(LETTERS).map(gram).collect()
}

fn gram(letters: &[char]) -> String {
    use std::fmt::Write as _;

    letters.iter().fold(String::new(), |mut gram, letter| {
        let _ = write!(gram, "{:x}", u32::from(*letter));
        gram
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_the_grams_of_all_its_parts() {
        let text = "islamic state درنه";
        let all = grams(text);
        for part in ["isl", "islamic", "c st", "state", " st", "درنه", " درن"] {
            assert!(grams_of_part(part).is_subset(&all), "{part}");
            assert!(!grams_of_part(part).is_empty(), "{part}");
        }
        assert!(!grams_of_part("دري").is_subset(&all));
    }

    #[test]
    fn a_gram_has_no_character_that_separates_words() {
        for gram in grams("a%b_c d-e/f") {
            assert!(gram.bytes().all(|byte| byte.is_ascii_hexdigit()), "{gram}");
        }
    }
}
