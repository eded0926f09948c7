//! Writes the payload as JSON, from the results of the edits and the fields that were read.

use super::{
    plan::{FieldChangeField, KnownField, PayloadFieldPlan, UserErrorField, result_key},
    run::UserError,
};
use crate::domain::{document::FieldChange, edit::EditOutcome};
use entity::{
    Id,
    vocabulary::{Operation, Vocabulary as _},
};
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::HashMap;

/// The fields that were read of one record, by result key; `None` where the record was not found.
pub(super) type RecordFields = Option<HashMap<String, Box<RawValue>>>;

/// The data of a payload.
#[derive(Default)]
pub(super) struct Payload {
    pub(super) dry_run: bool,
    pub(super) done: Vec<EditOutcome>,
    /// One for each of `done`; empty where nothing was read.
    pub(super) records: Vec<RecordFields>,
    pub(super) errors: Vec<UserError>,
    /// The records of `current`, by id.
    pub(super) current: HashMap<Id, RecordFields>,
}

impl Payload {
    /// The payload.
    pub(super) fn write(&self, parts: &[(String, PayloadFieldPlan)]) -> Vec<u8> {
        let mut out = Vec::with_capacity(1024);
        // except in `applyChanges`, there is one result
        self.object(&mut out, parts, 0);
        out
    }

    fn object(&self, out: &mut Vec<u8>, parts: &[(String, PayloadFieldPlan)], at: usize) {
        object(out, parts, |out, part| self.part(out, part, at));
    }

    fn part(&self, out: &mut Vec<u8>, part: &PayloadFieldPlan, at: usize) {
        let done = self.done.get(at);
        match part {
            PayloadFieldPlan::Constant(text) => out.extend_from_slice(text.as_bytes()),
            PayloadFieldPlan::Index => json(out, &at),
            PayloadFieldPlan::IsDryRun => json(out, &self.dry_run),
            PayloadFieldPlan::Id => json(out, &done.filter(|done| !self.is_not_stored(done)).map(|done| done.id)),
            PayloadFieldPlan::Version => json(out, &done.map(|done| done.version)),
            PayloadFieldPlan::TemporaryId => json(out, &done.and_then(|done| done.temporary_id.as_deref())),
            PayloadFieldPlan::Operation => json(out, &done.and_then(|done| done.operation).map(Operation::as_str)),
            PayloadFieldPlan::Read(result_key) => read(out, self.records.get(at), *result_key),
            PayloadFieldPlan::RecordRow(parts) => match done.filter(|done| !self.is_not_stored(done)) {
                Some(done) => object(out, parts, |out, part| match part {
                    KnownField::Constant(text) => out.extend_from_slice(text.as_bytes()),
                    KnownField::Id => json(out, &done.id),
                    KnownField::Version => json(out, &done.version),
                }),
                None => out.extend_from_slice(b"null"),
            },
            PayloadFieldPlan::Changes(parts) => {
                let changes = done.map_or(&[] as &[_], |done| &done.changes);
                list(out, changes, |out, change| object(out, parts, |out, part| of_change(out, part, change)));
            }
            PayloadFieldPlan::Results(parts) => {
                let all: Vec<usize> = (0..self.done.len()).collect();
                list(out, &all, |out, at| self.object(out, parts, *at));
            }
            PayloadFieldPlan::UserErrors(parts) => {
                list(out, &self.errors, |out, error| object(out, parts, |out, part| self.of_error(out, part, error)));
            }
        }
    }

    /// Whether the record is a new record of a dry run, so that it has no id.
    fn is_not_stored(&self, done: &EditOutcome) -> bool {
        self.dry_run && done.operation == Some(Operation::Create)
    }

    fn of_error(&self, out: &mut Vec<u8>, part: &UserErrorField, error: &UserError) {
        match part {
            UserErrorField::Constant(text) => out.extend_from_slice(text.as_bytes()),
            UserErrorField::Code => json(out, error.code.as_str()),
            UserErrorField::Message => json(out, &error.message),
            UserErrorField::Field => json(out, &error.field),
            UserErrorField::Current(result_key) => {
                read(out, error.current.and_then(|id| self.current.get(&id)), *result_key);
            }
            UserErrorField::Differs => json(out, &error.differs),
        }
    }
}

fn of_change(out: &mut Vec<u8>, part: &FieldChangeField, change: &FieldChange) {
    match part {
        FieldChangeField::Constant(text) => out.extend_from_slice(text.as_bytes()),
        FieldChangeField::Field => json(out, &change.field),
        FieldChangeField::Before => json(out, &change.before),
        FieldChangeField::After => json(out, &change.after),
    }
}

/// The value of a result key; null where nothing was read.
fn read(out: &mut Vec<u8>, read: Option<&RecordFields>, at: usize) {
    let found = read.and_then(Option::as_ref).and_then(|reads| reads.get(&result_key(at)));
    out.extend_from_slice(found.map_or("null", |found| found.get()).as_bytes());
}

fn object<T>(out: &mut Vec<u8>, parts: &[(String, T)], mut write: impl FnMut(&mut Vec<u8>, &T)) {
    out.push(b'{');
    for (i, (key, part)) in parts.iter().enumerate() {
        // response keys are GraphQL names, which need no escaping
        out.extend_from_slice(if i == 0 { b"\"" } else { b",\"" });
        out.extend_from_slice(key.as_bytes());
        out.extend_from_slice(b"\":");
        write(out, part);
    }
    out.push(b'}');
}

fn list<T>(out: &mut Vec<u8>, items: &[T], mut write: impl FnMut(&mut Vec<u8>, &T)) {
    out.push(b'[');
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        write(out, item);
    }
    out.push(b']');
}

/// Writing such values into memory does not fail.
fn json(out: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) {
    if let Err(error) = serde_json::to_writer(&mut *out, value) {
        tracing::error!(%error, "a payload could not be written");
        out.extend_from_slice(b"null");
    }
}
