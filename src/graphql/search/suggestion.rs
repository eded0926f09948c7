//! `didYouMean`: the query with other spellings of the words that no record has.

use crate::{
    store::read::search::FoundHits,
    text::{
        analysis::{
            query::{Query, QueryWord},
            tokens,
        },
        retrieval::{closest, spelling_keys},
    },
};
use std::collections::{HashMap, HashSet};

/// Words that are not found at most: each is compared with many names.
pub(super) const MAX_WORDS: usize = 4;

/// The required words that no record has.
fn unknown_words<'a>(query: &'a Query, found: &FoundHits) -> Vec<&'a QueryWord> {
    let is_unknown = |number: usize| found.terms.get(number).is_none_or(HashSet::is_empty);
    let is_required = |number: usize| query.required.iter().any(|clause| clause.words.contains(&number));
    let words = query.words.iter().enumerate();
    let unknown = words.filter(|(number, word)| !word.is_prefix && is_unknown(*number) && is_required(*number));
    unknown.map(|(_, word)| word).collect()
}

/// What spellings that are similar to the words that no record has share with them; nothing if these are too many.
pub(super) fn keys_of_unknown_words(query: &Query, found: &FoundHits) -> Vec<String> {
    let unknown = unknown_words(query, found);
    if unknown.len() > MAX_WORDS {
        return vec![];
    }
    unknown.into_iter().flat_map(|word| spelling_keys(&word.form)).collect()
}

/// The text of the query with other spellings; nothing where all words were found or one has no other spelling.
pub(super) fn other_spelling(
    text: &str,
    query: &Query,
    found: &FoundHits,
    candidates: &[(String, u64)],
) -> Option<String> {
    let unknown = unknown_words(query, found).into_iter();
    let spellings: Option<HashMap<&str, &str>> =
        unknown.map(|word| Some((word.form.as_str(), closest(&word.form, candidates)?))).collect();
    let spellings = spellings.filter(|spellings| !spellings.is_empty())?;
    let letters: Vec<char> = text.chars().collect();
    let (mut suggestion, mut end) = (String::new(), 0);
    for token in tokens(text) {
        if let Some(spelling) = spellings.get(token.form.as_str()).filter(|_| token.start >= end) {
            suggestion.extend(&letters[end..token.start]);
            suggestion.push_str(spelling);
            end = token.end;
        }
    }
    suggestion.extend(&letters[end..]);
    Some(suggestion)
}
