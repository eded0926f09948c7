//! How one read runs, and what it asks.

use super::{cost::Cost, error::ReadError, turn::Client, turn::Lane};
use sea_orm::sea_query::Value;
use std::sync::Arc;

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

/// A statement that gives one text, with its values.
pub(in crate::store) struct BoundSql {
    pub(in crate::store) sql: String,
    pub(in crate::store) values: Vec<Value>,
}

/// A read of several statements, all of which see the same state of the database. It decides each one by the answers before.
pub(in crate::store) trait SnapshotRead: Send {
    /// The next step, from the answer to the statement of the step before; none before the first one.
    fn next(&mut self, answer: Option<String>) -> Result<Step, ReadError>;
}

/// A step of a read of several statements.
pub(in crate::store) enum Step {
    /// Runs a statement.
    Ask(BoundSql),
    /// Ends with the result.
    Done(String),
}

/// What is read.
pub(in crate::store) enum Asked {
    /// The answer to one statement.
    One(BoundSql),
    /// The result of a read of several statements. If the connection is lost, it begins again.
    Snapshot(Arc<dyn Fn() -> Box<dyn SnapshotRead> + Send + Sync>),
}

/// What is read, and how it runs.
pub(in crate::store) struct Question {
    pub(in crate::store) asked: Asked,
    pub(in crate::store) call: ReadCall,
}

/// The largest answer to a statement of a read of several ones. Only the result is sent to the client.
pub(super) const MAX_INNER_BYTES: usize = 16 * 1024 * 1024;

impl Question {
    pub(in crate::store) fn one(sql: String, values: Vec<Value>, call: ReadCall) -> Self {
        Self { asked: Asked::One(BoundSql { sql, values }), call }
    }

    /// Which reads it competes with. A read of several statements has a connection for itself.
    pub(in crate::store) fn lane(&self) -> Lane {
        match self.asked {
            Asked::One(_) => self.call.cost.lane(),
            Asked::Snapshot(_) => Lane::Expensive,
        }
    }

    /// The largest answer to one of its statements, in bytes.
    pub(in crate::store) fn max_bytes(&self) -> usize {
        match self.asked {
            Asked::One(_) => self.call.max_bytes,
            Asked::Snapshot(_) => MAX_INNER_BYTES,
        }
    }
}
