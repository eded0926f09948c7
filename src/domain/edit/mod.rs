//! Edits: changes of single records by editors. They become documents, and [`crate::domain::write`] writes these like the documents of
//! an import.
//!
//! [`form`] declares what an edit may contain. [`run`] carries out the edits of one call. A [`session`] finds their [`target`]s and
//! makes documents with [`compose`], [`merge`] and [`revert`].

mod compose;
mod difference;
pub mod form;
mod hidden;
mod merge;
mod resolve_id;
mod revert;
mod run;
mod session;
mod target;

use entity::{
    Id,
    vocabulary::{Operation, RecordKind},
};
use serde_json::{Map, Value};

pub use run::run;

use super::{document::FieldChange, write::Consequences};

/// One change.
#[derive(Debug, Clone)]
pub enum Edit {
    /// A new record.
    Create {
        /// Its kind.
        kind: RecordKind,
        /// The fields of [`form::of_create`].
        input: Map<String, Value>,
    },
    /// A change of the fields of a record.
    Update {
        /// Its kind.
        kind: RecordKind,
        /// Its id or key.
        id: String,
        /// The version that the change was made from.
        version: i64,
        /// The fields of [`form::of_update`]. An absent field stays, null clears it.
        input: Map<String, Value>,
    },
    /// A record goes into the bin.
    Delete {
        /// Whether the record must be a relation. If not, it must not be one.
        relation: bool,
        /// Its id or key.
        id: String,
        /// The version that the change was made from.
        version: i64,
    },
    /// A record comes back from the bin.
    Restore {
        /// Its id or key.
        id: String,
    },
    /// Two entities are the same.
    Merge {
        /// The id or key of the record that is merged away.
        from: String,
        /// Its version.
        from_version: i64,
        /// The id or key of the survivor.
        into: String,
        /// Its version.
        into_version: i64,
    },
    /// A new change reverts an earlier one.
    Revert {
        /// The id of the revision.
        revision: String,
    },
}

/// Options of a call.
#[derive(Debug, Clone, Copy, Default)]
pub struct EditOptions {
    /// Whether everything is checked and nothing is written.
    pub dry_run: bool,
    /// Whether the outcomes have the changed fields ([`EditOutcome::changes`]).
    pub with_changes: bool,
    /// Whether the result has the consequences ([`EditResult::consequences`]).
    pub with_consequences: bool,
}

/// The result of one call.
#[derive(Debug, Clone, PartialEq)]
pub struct EditResult {
    /// The result of each edit.
    pub outcomes: Vec<EditOutcome>,
    /// What the edits take along, if it was asked for.
    pub consequences: Consequences,
}

/// The result of one edit.
#[derive(Debug, Clone, PartialEq)]
pub struct EditOutcome {
    /// The record; after a merge, the survivor.
    pub id: Id,
    /// Its kind.
    pub kind: RecordKind,
    /// The temporary id by which other edits refer to a new record.
    pub temporary_id: Option<String>,
    /// What was done; none if nothing had to be done, such as the restoration of a record that is not in the bin.
    pub operation: Option<Operation>,
    /// The version that the record has now.
    pub version: i32,
    /// The changed fields, if they were asked for.
    pub changes: Vec<FieldChange>,
}
