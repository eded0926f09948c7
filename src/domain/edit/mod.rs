//! Edits: single changes of records, as editors make them. They become documents, which take the same way as imported
//! ones ([`crate::domain::write`]), in one transaction.
//!
//! [`form`] says what an edit may be filled in with. Ids come as the texts that were sent, so that what is wrong with them
//! is told like everything else: all problems together, each with the way to its field.

mod aim;
mod apply;
mod carry_out;
mod compose;
mod difference;
pub mod form;
mod lead;
mod merge;
mod prepare;
mod revert;

use entity::{
    Id,
    vocabulary::{Operation, RecordKind},
};
use serde_json::{Map, Value};

pub use apply::run;

use crate::store;

use super::{document::FieldChange, problem::Problem};

/// One change.
#[derive(Debug, Clone)]
pub enum Edit {
    /// A new record.
    Create {
        /// What it is.
        kind: RecordKind,
        /// What was filled in: [`form::of_create`].
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
        /// What was filled in: [`form::of_update`]. Absent fields are left, null clears.
        input: Map<String, Value>,
    },
    /// A record is put into the bin.
    Delete {
        /// Whether a relation is meant, or one of the other kinds.
        relation: bool,
        /// Its id.
        id: String,
        /// The version that it was seen at.
        version: i64,
    },
    /// A record is taken out of the bin.
    Restore {
        /// Its id.
        id: String,
    },
    /// One entity turns out to be another.
    Merge {
        /// The id of the one that leads on to the other afterwards.
        from: String,
        /// Its version.
        from_version: i64,
        /// The id of the one that stays.
        into: String,
        /// Its version.
        into_version: i64,
    },
    /// A change is undone by a new one.
    Revert {
        /// The id of the revision.
        revision: String,
    },
}

/// How edits are carried out.
#[derive(Debug, Clone, Copy, Default)]
pub struct How {
    /// Nothing is written: it is only told what would become of the edits.
    pub dry_run: bool,
    /// The changes of each record are told ([`Done::changes`]).
    pub tells_changes: bool,
}

/// What became of one edit.
#[derive(Debug, Clone, PartialEq)]
pub struct Done {
    /// The record: of a merge the survivor.
    pub id: Id,
    /// What it is.
    pub kind: RecordKind,
    /// The name by which the other edits referred to a new record.
    pub temporary: Option<String>,
    /// What was done; nothing where the record is already what was asked for, such as out of the bin.
    pub operation: Option<Operation>,
    /// The version that the record has now.
    pub version: i32,
    /// What was changed of it, where that was asked for.
    pub changes: Vec<FieldChange>,
}

/// Something that is wrong with an edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// The edit, counted from 0.
    pub edit: usize,
    /// What is wrong. Its field is the way from the top of the input, or the name of an argument beside it (`id`,
    /// `version`, `from`, ...).
    pub problem: Problem,
    /// The record that stands in the way: changed since, or there already.
    pub current: Option<Id>,
    /// The fields of that record which were changed since the version that the edit was made from.
    pub differs: Option<Vec<String>>,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The edits are not right.
    #[error("{} problems were found", .0.len())]
    Refused(Vec<Objection>),
    /// The database is at fault.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The program is at fault.
    #[error("the write broke off; nothing was written")]
    Broken,
}
