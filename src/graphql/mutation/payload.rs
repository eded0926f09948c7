//! Writes the payload as JSON, from the results of the edits and the fields that were read.

use super::{
    consequence::ConsequenceData,
    json::{json, list, object, read},
    plan::{FieldChangeField, KnownField, PayloadFieldPlan, UserErrorField},
    reads::RecordFields,
    run::UserError,
};
use crate::domain::{document::FieldChange, edit::EditOutcome};
use entity::{
    Id,
    vocabulary::{Operation, Vocabulary as _},
};
use std::collections::HashMap;

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
    pub(super) consequences: ConsequenceData,
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
            PayloadFieldPlan::Consequences(parts) => self.consequences.write(out, parts),
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
