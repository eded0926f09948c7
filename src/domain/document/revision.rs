//! A line of the history, as it is exported and imported with `--history`.

use chrono::{DateTime, Utc};
use entity::{
    Id,
    vocabulary::{Operation, RecordKind, Vocabulary},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::{
    kind::{Reference, json},
    shape::{MAX_ITEMS, MAX_LINE, MAX_VERSION, Object, Shape, VocabularyShape, optional, required},
};

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
    /// The version after the change.
    pub version: i32,
    /// Its position in the history of all records.
    pub position: i64,
    /// The revision of the change that this one is a part or a consequence of: a merge moves links of many records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Id>,
    /// What was done.
    pub operation: Operation,
    /// Who did it.
    pub actor: String,
    /// When.
    #[serde(with = "json::time")]
    pub at: Option<DateTime<Utc>>,
    /// Why, in the words of the actor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// What was changed.
    pub changes: Vec<FieldChange>,
    /// The record after the change.
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
    /// Its value before; null if it had none.
    #[serde(default)]
    pub before: Value,
    /// Its value after; null if it has none.
    #[serde(default)]
    pub after: Value,
}

/// The last position in the history: the highest whole number that every reader of JSON keeps exactly.
pub const MAX_POSITION: i64 = 1 << 53;

static OPERATION: VocabularyShape = VocabularyShape::of::<Operation>();
pub static REVISION: Object = Object::new(
    "Revision",
    "One change of one record, as an export with history writes it.",
    &[&[
        required("type", Shape::Constant("REVISION"), "What the line is."),
        required("id", Shape::Id, "The revision's id."),
        required("record", Shape::Reference(RecordKind::ALL), "The record."),
        required("version", Shape::Integer(1, MAX_VERSION as i64), "The version after the change."),
        required("position", Shape::Integer(1, MAX_POSITION), "Its position in the history of all records."),
        optional("cause", Shape::Id, "The revision of the change that this one is a part or a consequence of."),
        required("operation", Shape::Vocabulary(&OPERATION), "What was done."),
        required("actor", Shape::Line(MAX_LINE), "Who did it."),
        required("at", Shape::Time, "When."),
        optional("summary", Shape::Prose(5_000), "Why, in the words of the actor."),
        required("changes", Shape::List(&Shape::Object(&FIELD_CHANGE), MAX_ITEMS), "What was changed."),
        optional("snapshot", Shape::Any, "The record after the change, with references by id."),
    ]],
);

static FIELD_CHANGE: Object = Object::new(
    "FieldChange",
    "One field of a record, before and after.",
    &[&[
        required("field", Shape::Line(MAX_LINE), "The field, as the document calls it."),
        optional("before", Shape::Any, "Its value before; null if it had none."),
        optional("after", Shape::Any, "Its value after; null if it has none."),
    ]],
);
