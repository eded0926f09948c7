//! A line of the history, as it is exported and imported with `--history`.

use chrono::{DateTime, Utc};
use entity::{Id, vocabulary::Operation};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Reference, written};

/// One change of one record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Revision {
    /// Always `REVISION`.
    #[serde(rename = "type")]
    pub kind: RevisionType,
    /// Its id.
    pub id: Id,
    /// The record.
    pub record: Reference,
    /// The version that the change led to.
    pub version: i32,
    /// The place in the history of all records.
    pub position: i64,
    /// The revision of the change that this one is a part or a consequence of: a merge moves links of many records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Id>,
    /// What was done.
    pub operation: Operation,
    /// Who did it.
    pub actor: String,
    /// When.
    #[serde(with = "written::time")]
    pub at: Option<DateTime<Utc>>,
    /// Why, in the words of the actor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// What was changed.
    pub changes: Vec<FieldChange>,
    /// The record as it then was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<Value>,
}

/// The one value of the field `type` of a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RevisionType {
    /// A revision.
    #[serde(rename = "REVISION")]
    Revision,
}

/// One field of a record, before and after a change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The field, as the document calls it.
    pub field: String,
    /// What it held; null where it held nothing.
    #[serde(default)]
    pub before: Value,
    /// What it holds; null where it holds nothing.
    #[serde(default)]
    pub after: Value,
}
