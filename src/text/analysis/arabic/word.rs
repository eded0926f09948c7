//! Single Arabic words.

use crate::text::fold::fold;

/// The number of letters.
pub(super) fn count(word: &str) -> usize {
    word.chars().count()
}

/// The folded form of a word of a table.
pub(super) fn folded(word: &str) -> String {
    fold(word).into_iter().map(|folded| folded.letter).collect()
}

/// The word without the article ال, if it has one and enough remains.
pub(super) fn without_article(form: &str) -> Option<&str> {
    form.strip_prefix("ال").filter(|rest| count(rest) >= 3)
}
