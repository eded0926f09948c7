//! `startsWith` and `contains`: conditions on folded texts.

use crate::{
    store::read::{
        declare::{FilteredText, GRAMS, Link},
        filter::{LinkedRows, Predicate, Test},
    },
    text::{grams_of_part, sort_key},
};

/// The length of texts from which on `contains` finds them within words.
const LETTERS_WITHIN_WORDS: usize = 3;
/// How many grams the index is asked for. The text itself is compared in any case.
const MAX_GRAMS: usize = 16;
/// How many grams a text has that many other texts may contain.
const GRAMS_OF_SHORT_PARTS: usize = 2;

/// The condition that a text begins with another.
pub(super) fn starts_with(text: FilteredText, start: &str) -> Predicate {
    let start = sort_key(start);
    text.folded.test(if start.is_empty() { Test::IsNull(false) } else { Test::StartsWith(start) })
}

/// The condition that a text contains another.
pub(super) fn contains(text: FilteredText, part: &str) -> Predicate {
    let part = sort_key(part);
    let part = match part.chars().count() {
        0 => return text.folded.test(Test::IsNull(false)),
        1..LETTERS_WITHIN_WORDS => format!(" {part}"),
        _ => part,
    };
    let grams: Vec<String> = grams_of_part(&part).into_iter().take(MAX_GRAMS).collect();
    let contains = text.folded.test(Test::Contains(part));
    if grams.is_empty() || !text.has_grams {
        return contains;
    }
    let is_short = grams.len() <= GRAMS_OF_SHORT_PARTS;
    let rows =
        Box::new(LinkedRows { table: &GRAMS, link: Link::Back("record_id"), only: vec![Predicate::HasGrams(grams)] });
    Predicate::all_of(vec![if is_short { Predicate::SomeOfFew(rows) } else { Predicate::Some(rows) }, contains])
}
