//! New records as they were filled in, made documents. Nothing of that needs the database, so that it can be done before
//! their turn.

use entity::{
    Id,
    vocabulary::{RecordKind, UserErrorCode, Vocabulary},
};
use serde_json::{Map, Value};

use crate::domain::{
    document::{self, Document},
    kind::of_kind,
    problem::{Path, Problem},
};

use super::{
    compose, form,
    lead::{Leads, read_ids},
};

/// A new record.
#[derive(Clone)]
pub(super) struct Fresh {
    pub(super) id: Id,
    /// Whether somebody else has made the id.
    pub(super) has_own_id: bool,
    /// What it says; nothing where too much is wrong with it.
    pub(super) document: Option<Document>,
    /// What is wrong with it.
    pub(super) problems: Vec<Problem>,
}

impl Fresh {
    /// Makes a document of what was filled in.
    pub(super) fn new(kind: RecordKind, mut input: Map<String, Value>, leads: Leads<'_>) -> Self {
        let mut problems = Vec::new();
        let has_own_id = temporary_id(&input).is_none() && input.get("id").is_some_and(Value::is_string);
        // A temporary id that is not one was told when it was read.
        let own = match input.remove("id") {
            Some(Value::String(text)) if text.starts_with("_:") => leads.temporary.get(&text).copied(),
            Some(Value::String(text)) => text.parse().ok().filter(|id| *id != Id::NOBODY).or_else(|| {
                let message = "is no id: a UUID in its hyphenated form";
                problems.push(Problem::new(UserErrorCode::Invalid, &Path::TOP.field("id"), message));
                None
            }),
            _ => None,
        };
        let id = own.unwrap_or_else(Id::new);
        read_ids(form::of_create(kind), &mut input, leads, &Path::TOP, &mut problems);
        let mut value = compose::create(of_kind(kind), input);
        value.insert("type".to_owned(), kind.as_str().into());
        value.insert("id".to_owned(), id.to_string().into());
        let (document, found) = document::as_far_as_possible(kind, value.into());
        problems.extend(found);
        Self { id, has_own_id, document, problems }
    }
}

/// The temporary id of a new record, right or wrong.
pub(super) fn temporary_id(input: &Map<String, Value>) -> Option<&str> {
    input.get("id").and_then(Value::as_str).filter(|name| name.starts_with("_:"))
}

/// Whether a text that begins like one is a temporary id.
pub(super) fn is_temporary_id(text: &str) -> bool {
    let name = text.strip_prefix("_:").unwrap_or_default();
    (1..=64).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}
