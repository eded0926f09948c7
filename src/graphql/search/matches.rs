//! The texts of the hits of a page in which words were found.

use super::plan::SearchPlan;
use crate::{
    store::read::{ReadError, search::RecordText},
    text::retrieval::{Field, Passage, find_passage},
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Matches of a hit at most, so that a record with many names has a short answer.
const MAX_MATCHES: usize = 10;

/// A text with words of the query.
pub(super) struct Match<'a> {
    pub(super) field: Field,
    pub(super) language: &'a str,
    pub(super) passage: Passage,
}

/// The matches of each of the records, the most important field first. It ends early where nobody waits for them.
pub(super) fn find_matches<'a>(
    plan: &SearchPlan,
    terms: &[HashSet<String>],
    ids: &[Uuid],
    texts: &'a [RecordText],
    is_waited_for: &dyn Fn() -> bool,
) -> Result<Vec<Vec<Match<'a>>>, ReadError> {
    let of_records = texts.chunk_by(|one, other| one.0 == other.0);
    let of_records: HashMap<&str, &[RecordText]> = of_records.map(|texts| (texts[0].0.as_str(), texts)).collect();
    let mut all = Vec::with_capacity(ids.len());
    for id in ids {
        let mut matches = vec![];
        for (_, field, language, text) in of_records.get(id.to_string().as_str()).copied().unwrap_or_default() {
            if !is_waited_for() {
                return Err(ReadError::TimedOut);
            }
            let passage = find_passage(text, language, &plan.query, terms);
            if let (Some(field), Some(passage)) = (Field::of(*field), passage) {
                matches.push(Match { field, language, passage });
            }
            if matches.len() == MAX_MATCHES {
                break;
            }
        }
        all.push(matches);
    }
    Ok(all)
}
