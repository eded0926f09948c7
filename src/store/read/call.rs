//! How one read runs.

use super::{cost::Cost, turn::Client};
use sea_orm::sea_query::Value;

/// Who reads, and what it may take.
#[derive(Clone, Debug)]
pub struct ReadCall {
    /// Who waits for it.
    pub client: Client,
    /// The cost of its plan.
    pub cost: Cost,
    /// The largest answer, in bytes.
    pub max_bytes: usize,
}

impl ReadCall {
    /// A small read of the service itself.
    #[must_use]
    pub fn of_service() -> Self {
        Self { client: Client::service(), cost: Cost::default(), max_bytes: 1024 * 1024 }
    }
}

/// A statement with its values, and how it runs.
pub(in crate::store) struct Question {
    pub(in crate::store) sql: String,
    pub(in crate::store) values: Vec<Value>,
    pub(in crate::store) call: ReadCall,
}
