//! Edits: changes of single records, as editors make them. They become documents, which are written like those of an import
//! ([`crate::domain::write`]).
//!
//! [`form`] says what an edit may contain. [`run`] carries out the edits of one call: an [`session`] finds their [`target`]s and makes
//! documents ([`compose`], [`merge`], [`revert`]), which the write path checks and writes.

mod compose;
mod difference;
pub mod form;
mod merge;
mod prepare;
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

use super::document::FieldChange;

/// One change.
#[derive(Debug, Clone)]
pub enum Edit {
    /// A new record.
    Create {
        /// What it is.
        kind: RecordKind,
        /// The fields of [`form::of_create`].
        input: Map<String, Value>,
    },
    /// A change of what a record says.
    Update {
        /// What it is.
        kind: RecordKind,
        /// Its id.
        id: String,
        /// The version that the change was made from.
        version: i64,
        /// The fields of [`form::of_update`]. An absent field stays, null clears it.
        input: Map<String, Value>,
    },
    /// A record goes into the bin.
    Delete {
        /// Whether it has to be a relation, or one of the other kinds.
        relation: bool,
        /// Its id.
        id: String,
        /// The version that the change was made from.
        version: i64,
    },
    /// A record comes back from the bin.
    Restore {
        /// Its id.
        id: String,
    },
    /// Two entities are the same.
    Merge {
        /// The id of the one that leads to the other afterwards.
        from: String,
        /// Its version.
        from_version: i64,
        /// The id of the one that stays.
        into: String,
        /// Its version.
        into_version: i64,
    },
    /// A new change undoes an earlier one.
    Revert {
        /// The id of the revision.
        revision: String,
    },
}

/// Options of a call.
#[derive(Debug, Clone, Copy, Default)]
pub struct EditOptions {
    /// Whether all is checked and nothing is written.
    pub dry_run: bool,
    /// Whether the outcomes have the changed fields ([`EditOutcome::changes`]).
    pub with_changes: bool,
}

/// What became of one edit.
#[derive(Debug, Clone, PartialEq)]
pub struct EditOutcome {
    /// The record; after a merge, the survivor.
    pub id: Id,
    /// Its kind.
    pub kind: RecordKind,
    /// The temporary id by which other edits refer to a new record.
    pub temporary_id: Option<String>,
    /// What was done; none where nothing had to be done, as for a restored record that is not in the bin.
    pub operation: Option<Operation>,
    /// The version that the record has now.
    pub version: i32,
    /// The changed fields, if they were asked for.
    pub changes: Vec<FieldChange>,
}
