//! Resolves the ids in the input of an edit: temporary ids to new records, ids of merged records to their survivors.

use std::collections::HashMap;

use entity::{Id, vocabulary::UserErrorCode};
use serde_json::{Map, Value};

use crate::domain::{
    problem::{Path, Problem, quoted},
    shape::Shape,
};

use super::form::{FORMS, FieldAction, Form, InputType};

/// How the ids of an input are resolved.
#[derive(Clone, Copy)]
pub(super) struct IdResolver<'a> {
    /// The ids of new records, by their temporary ids.
    pub(super) temporary_ids: &'a HashMap<String, Id>,
    /// The survivors of merged records.
    pub(super) survivors: &'a HashMap<Id, Id>,
}

/// The records that added and removed items refer to. These are compared with stored items, which refer to survivors.
pub(super) fn references_of_list_changes(form: &Form, input: &Map<String, Value>, found: &mut Vec<Id>) {
    for entry in &form.entries {
        let Some(value) = input.get(&entry.name) else { continue };
        if matches!(entry.action, FieldAction::Add(_) | FieldAction::Remove(_)) {
            references(&entry.input_type, value, found);
        }
    }
}

fn references(input_type: &InputType, value: &Value, found: &mut Vec<Id>) {
    match (input_type, value) {
        (InputType::One(Shape::Reference(_)), Value::String(text)) => found.extend(text.parse::<Id>()),
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

/// Replaces temporary ids by those of new records, and ids of merged records by those of their survivors.
pub(super) fn resolve_ids(
    form: &Form,
    input: &mut Map<String, Value>,
    ids: IdResolver<'_>,
    path: &Path<'_>,
    problems: &mut Vec<Problem>,
) {
    for entry in &form.entries {
        if let Some(value) = input.get_mut(&entry.name) {
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
            match id(text, ids.temporary_ids) {
                Ok(id) => {
                    let survivor = ids.survivors.get(&id).filter(|_| matches!(shape, Shape::Reference(_)));
                    *text = survivor.copied().unwrap_or(id).to_string();
                }
                Err((code, message)) => {
                    problems.push(Problem::new(code, path, message));
                    *text = Id::NIL.to_string();
                }
            }
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

/// Parses an id of an input.
pub(super) fn id(text: &str, temporary_ids: &HashMap<String, Id>) -> Result<Id, (UserErrorCode, String)> {
    if text.starts_with("_:") {
        let unknown =
            || (UserErrorCode::NotFound, format!("no new record of this call has the temporary id {}", quoted(text)));
        return temporary_ids.get(text).copied().ok_or_else(unknown);
    }
    let id = text.parse().ok().filter(|id| *id != Id::NIL);
    id.ok_or_else(|| (UserErrorCode::Invalid, format!("{} is not an id: use a UUID with hyphens", quoted(text))))
}
