//! Words that look like forms of another word, and mean something else.

use super::word::folded;

/// Adjectives that must not find the noun that they look like: اجتماعي (social) is not اجتماع (meeting).
const ADJECTIVES: &[&str] = &[
    "اجتماعي",
    "رئيسي",
    "حالي",
    "محلي",
    "عادي",
    "ثاني",
    "تالي",
    "مدني",
    "نفسي",
    "شمسي",
    "قمري",
    "شرطي",
    "كلي",
    "جزئي",
    "دائري",
];

/// Other words with a term of their own, and their forms.
const WORDS: &[&[&str]] = &[
    // Mali, with its people, is spelled as "financial".
    &["مالي", "ماليين", "ماليون"],
    &["مالية"],
];

const ENDINGS: [&str; 4] = ["", "ه", "ين", "ون"];

/// The folded forms with their terms.
pub(super) fn words() -> impl Iterator<Item = (String, String)> {
    let adjectives = ADJECTIVES.iter().flat_map(|word| {
        let word = folded(word);
        ENDINGS.into_iter().map(move |ending| (format!("{word}{ending}"), word.clone()))
    });
    let others = WORDS.iter().flat_map(|forms| {
        let term = folded(forms[0]);
        forms.iter().map(move |form| (folded(form), term.clone()))
    });
    adjectives.chain(others)
}
