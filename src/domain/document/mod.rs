//! A record as a document: the form in which records are imported, exported, stored in the history and edited.
//!
//! The structs are the typed form. They are written with their fields in a fixed order and without empty fields, so that equal records
//! have equal text. JSON is checked by [`crate::domain::shape`] first, which reports all problems at once.

mod export_line;
mod parse;
mod read;
mod revision;

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use entity::{
    Id,
    vocabulary::{RecordKind, UserErrorCode, Vocabulary},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    kind::{Body, json, of_kind},
    problem::{Path, Problem},
    shape,
};

pub use export_line::ExportLine;
pub use read::{Line, as_far_as_possible, read};
pub use revision::{FieldChange, MAX_POSITION, REVISION, Revision, RevisionType};

/// The JSON Schema of one line of an interchange file.
#[must_use]
pub fn json_schema() -> Value {
    let records = RecordKind::ALL.iter().copied().map(of_kind);
    shape::json_schema(records.chain([&REVISION, &export_line::FIRST, &export_line::LAST]))
}

/// A record with all its items.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Document {
    /// The fields of every record.
    #[serde(flatten)]
    pub header: Header,
    /// The fields of its kind.
    #[serde(flatten)]
    pub body: Body,
}

/// The fields of every record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Header {
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: RecordKind,
    /// Its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// Its key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The number of its changes, its creation included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i32>,
    /// When it was created.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "json::time")]
    pub created_at: Option<DateTime<Utc>>,
    /// When it was last changed.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "json::time")]
    pub updated_at: Option<DateTime<Utc>>,
    /// When it was deleted: put into the bin.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "json::time")]
    pub deleted_at: Option<DateTime<Utc>>,
    /// The ids that were merged into it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged_ids: Vec<Id>,
    /// Its survivor, if it was merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<Id>,
}

impl Header {
    /// This time, but not before the record was last changed: the clock may have been set back.
    #[must_use]
    pub fn not_before(&self, time: DateTime<Utc>) -> DateTime<Utc> {
        [self.created_at, self.updated_at].into_iter().flatten().fold(time, DateTime::max)
    }
}

impl Document {
    /// The document in JSON, on one line, in its canonical form.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a document has string keys and finite numbers only")
    }

    /// Its fields as JSON.
    #[must_use]
    pub fn fields(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(fields)) => fields,
            other => unreachable!("a document is written as an object, not as {other:?}"),
        }
    }

    /// Whether the other is equal except for its version and times.
    #[must_use]
    pub fn equals_except_version(&self, other: &Self) -> bool {
        self.header.key == other.header.key
            && self.header.deleted_at == other.header.deleted_at
            && self.header.merged_ids == other.header.merged_ids
            && self.header.merged_into == other.header.merged_into
            && self.body == other.body
    }

    /// Completes and sorts the document, and reports contradictions within it.
    fn check(&mut self, problems: &mut Vec<Problem>) {
        let header = &self.header;
        let top = Path::TOP;
        let mut report = |code, path: &Path<'_>, message: &str| problems.push(Problem::new(code, path, message));
        if header.id.is_none() && header.key.is_none() {
            report(UserErrorCode::Required, &top.field("key"), "is missing: a record needs an id or a key");
        }
        for (field, time) in [("updatedAt", header.updated_at), ("deletedAt", header.deleted_at)] {
            if time.zip(header.created_at).is_some_and(|(time, created)| time < created) {
                report(UserErrorCode::Invalid, &top.field(field), "is before createdAt");
            }
        }
        let merged = top.field("mergedIds");
        let mut seen = HashSet::new();
        for (index, id) in header.merged_ids.iter().enumerate() {
            if !seen.insert(id) {
                report(UserErrorCode::Duplicate, &merged.item(index), "the id is listed already");
            }
        }
        if header.id.is_some_and(|id| seen.contains(&id)) {
            report(UserErrorCode::Cycle, &merged, "contains the id of the record itself");
        }
        if header.merged_into.is_some() && !header.merged_ids.is_empty() {
            let message = "must be empty in a merged record; list the ids in the record that it was merged into";
            report(UserErrorCode::Invalid, &merged, message);
        }
        self.body.check(problems);
    }
}
