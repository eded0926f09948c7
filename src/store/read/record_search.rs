//! A search as a condition on records.

use crate::text::analysis::query::Query;
use entity::vocabulary::RecordType;

/// A search as a condition on records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordSearch {
    /// What is searched.
    pub query: Query,
    /// Only records of this type.
    pub kind: RecordType,
}
