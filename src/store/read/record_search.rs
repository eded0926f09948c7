//! A search as a condition on records, and its hits as a parameter.

use crate::text::analysis::query::Query;
use entity::vocabulary::RecordType;
use sea_orm::sea_query::Value;

/// A search as a condition on records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordSearch {
    /// What is searched.
    pub query: Query,
    /// Only records of this type.
    pub kind: RecordType,
}

/// What the postings of a word cost.
const WORD: u64 = 50;
/// What those of a prefix cost, which stands for many words.
const PREFIX: u64 = 200;

impl RecordSearch {
    /// The cost of finding its hits.
    #[must_use]
    pub fn cost(&self) -> u64 {
        cost_of_query(&self.query)
    }
}

/// The cost of finding the hits of a query: each word is read once.
#[must_use]
pub fn cost_of_query(query: &Query) -> u64 {
    query.words.iter().map(|word| if word.is_prefix { PREFIX } else { WORD }).sum()
}

/// Puts the hits of its searches into the parameters of a statement.
pub(super) fn fill_in_hits(values: &mut [Value], hits: &[Value]) {
    for value in values {
        if let Value::Unsigned(Some(number)) = value
            && let Some(of_search) = usize::try_from(*number).ok().and_then(|number| hits.get(number))
        {
            *value = of_search.clone();
        }
    }
}
