//! Resolves the references in the input of an edit: temporary ids and keys to records, merged records to their survivors.

use std::collections::HashMap;

use entity::{Id, Reference, is_temporary_id, vocabulary::UserErrorCode};
use serde_json::{Map, Value};

use crate::domain::{
    problem::{Path, Problem, quoted},
    rule,
    shape::Shape,
};

use super::form::{FORMS, FieldAction, Form, InputType};

/// How the references of an input are resolved.
#[derive(Clone, Copy)]
pub(super) struct IdResolver<'a> {
    /// The ids of new records, by their temporary ids.
    pub(super) temporary_ids: &'a HashMap<String, Id>,
    /// The ids of records by the keys that they have, or that the call gives them.
    pub(super) keys: &'a HashMap<String, Id>,
    /// The survivors of merged records.
    pub(super) survivors: &'a HashMap<Id, Id>,
}

/// The records that added and removed items refer to. These are compared with stored items, which refer to survivors by their ids.
pub(super) fn references_of_list_changes(form: &Form, input: &Map<String, Value>, found: &mut Vec<Reference>) {
    for entry in &form.entries {
        let Some(value) = input.get(&entry.name) else { continue };
        if matches!(entry.action, FieldAction::Add(_) | FieldAction::Remove(_)) {
            references(&entry.input_type, value, found);
        }
    }
}

fn references(input_type: &InputType, value: &Value, found: &mut Vec<Reference>) {
    match (input_type, value) {
        (InputType::One(Shape::Reference(_)), Value::String(text)) => found.push(Reference::from(text.as_str())),
        (InputType::Form(name), Value::Object(fields)) => {
            for entry in FORMS.get(name).into_iter().flat_map(|form| &form.entries) {
                if let Some(value) = fields.get(&entry.name) {
                    references(&entry.input_type, value, found);
                }
            }
        }
        (InputType::List(of), Value::Array(items)) => items.iter().for_each(|item| references(of, item, found)),
        _ => {}
    }
}

/// Replaces temporary ids and keys by ids, and ids of merged records by those of their survivors. A key that is not known here stays: the
/// write looks it up.
pub(super) fn resolve_ids(
    form: &Form,
    input: &mut Map<String, Value>,
    ids: IdResolver<'_>,
    path: &Path<'_>,
    problems: &mut Vec<Problem>,
) {
    for entry in &form.entries {
        if let Some(value) = input.get_mut(&entry.name)
            // An empty text means that there is no reference.
            && !value.as_str().is_some_and(rule::is_blank)
        {
            resolve_id(&entry.input_type, value, ids, &path.field(&entry.name), problems);
        }
    }
}

fn resolve_id(
    input_type: &InputType,
    value: &mut Value,
    ids: IdResolver<'_>,
    path: &Path<'_>,
    problems: &mut Vec<Problem>,
) {
    match (input_type, value) {
        (InputType::One(shape @ (Shape::Reference(_) | Shape::Id)), Value::String(text)) => {
            let found = match shape {
                Shape::Id => id(text),
                _ => ids.resolve(text),
            };
            *text = match found {
                Ok(reference) => reference.to_string(),
                Err((code, message)) => {
                    problems.push(Problem::new(code, path, message));
                    // The rest of the input is checked as well.
                    Id::NIL.to_string()
                }
            };
        }
        (InputType::Form(name), Value::Object(fields)) => {
            if let Some(form) = FORMS.get(name) {
                resolve_ids(form, fields, ids, path, problems);
            }
        }
        (InputType::List(of), Value::Array(items)) => {
            for (index, item) in items.iter_mut().enumerate() {
                resolve_id(of, item, ids, &path.item(index), problems);
            }
        }
        _ => {}
    }
}

/// Whether a value replaces an id that could not be read. That was reported already.
pub(super) fn is_placeholder(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text == Id::NIL.to_string())
}

/// A problem of a reference.
type Refusal = (UserErrorCode, String);

impl IdResolver<'_> {
    /// The id that a reference leads to, or a key that is not known here.
    fn resolve(self, text: &str) -> Result<Reference, Refusal> {
        let not_found = || {
            let (code, message) = unknown(text);
            let what_to_do = if is_temporary_id(text) { "" } else { ": check it, or create the record first" };
            (code, message + what_to_do)
        };
        let id = match Reference::from(text) {
            Reference::Id(Id::NIL) => return Err(not_found()),
            Reference::Id(id) => id,
            Reference::Key(_) if is_temporary_id(text) => match self.temporary_ids.get(text) {
                Some(id) => *id,
                None => return Err(not_found()),
            },
            Reference::Key(key) => match self.keys.get(&key) {
                Some(id) => *id,
                None if rule::key(&key).is_ok() => return Ok(Reference::Key(key)),
                None => return Err(not_found()),
            },
        };
        Ok(Reference::Id(self.survivors.get(&id).copied().unwrap_or(id)))
    }
}

/// Refuses a reference to no record.
pub(super) fn unknown(text: &str) -> Refusal {
    let message = match Reference::from(text) {
        Reference::Id(id) => format!("no record has the id {id}"),
        Reference::Key(_) if is_temporary_id(text) => {
            format!("no new record of this call has the temporary id {}", quoted(text))
        }
        Reference::Key(key) => format!("no record has the key {}", quoted(&key)),
    };
    (UserErrorCode::NotFound, message)
}

/// Parses the id of an item or of a revision, which has no key.
pub(super) fn id(text: &str) -> Result<Reference, Refusal> {
    let invalid = || (UserErrorCode::Invalid, format!("{} is not an id: use a UUID with hyphens", quoted(text)));
    match Reference::from(text) {
        found @ Reference::Id(id) if id != Id::NIL => Ok(found),
        _ => Err(invalid()),
    }
}
