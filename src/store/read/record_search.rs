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
