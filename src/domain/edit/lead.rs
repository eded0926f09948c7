//! What the ids of a form lead to: new records by their temporary ids, and survivors by the ids of what was merged into them.

use std::collections::HashMap;

use entity::{Id, vocabulary::UserErrorCode};
use serde_json::{Map, Value};

use crate::domain::{
    problem::{Path, Problem, quoted},
    shape::Shape,
};

use super::form::{Does, FORMS, Form, Takes};

/// What ids of a form lead to.
#[derive(Clone, Copy)]
pub(super) struct Leads<'a> {
    /// The ids that were given out for temporary ones.
    pub(super) temporary: &'a HashMap<String, Id>,
    /// The survivors of what was merged away.
    pub(super) merged: &'a HashMap<Id, Id>,
}

/// The records that the parts of lists refer to: what is added or taken out is held against what is there.
pub(super) fn references_of_parts(form: &Form, input: &Map<String, Value>, found: &mut Vec<Id>) {
    for entry in &form.entries {
        let Some(value) = input.get(&entry.name) else { continue };
        if matches!(entry.does, Does::Add(_) | Does::Remove(_)) {
            references(&entry.takes, value, found);
        }
    }
}

fn references(takes: &Takes, value: &Value, found: &mut Vec<Id>) {
    match (takes, value) {
        (Takes::One(Shape::Reference(_)), Value::String(text)) => found.extend(text.parse::<Id>()),
        (Takes::Form(name), Value::Object(fields)) => {
            for entry in FORMS.get(name).into_iter().flat_map(|form| &form.entries) {
                if let Some(value) = fields.get(&entry.name) {
                    references(&entry.takes, value, found);
                }
            }
        }
        (Takes::List(of), Value::Array(items)) => items.iter().for_each(|item| references(of, item, found)),
        _ => {}
    }
}

/// Brings the ids of a form into canonical form: temporary ones become those that were given out for them, and those of
/// records that were merged away become those of their survivors.
pub(super) fn read_ids(
    form: &Form,
    input: &mut Map<String, Value>,
    leads: Leads<'_>,
    path: &Path<'_>,
    problems: &mut Vec<Problem>,
) {
    for entry in &form.entries {
        if let Some(value) = input.get_mut(&entry.name) {
            read_id(&entry.takes, value, leads, &path.field(&entry.name), problems);
        }
    }
}

fn read_id(takes: &Takes, value: &mut Value, leads: Leads<'_>, path: &Path<'_>, problems: &mut Vec<Problem>) {
    match (takes, value) {
        (Takes::One(shape @ (Shape::Reference(_) | Shape::Id)), Value::String(text)) => match id(text, leads.temporary)
        {
            Ok(id) => {
                let survivor = leads.merged.get(&id).filter(|_| matches!(shape, Shape::Reference(_)));
                *text = survivor.copied().unwrap_or(id).to_string();
            }
            Err((code, message)) => {
                problems.push(Problem::new(code, path, message));
                *text = Id::NOBODY.to_string();
            }
        },
        (Takes::Form(name), Value::Object(fields)) => {
            if let Some(form) = FORMS.get(name) {
                read_ids(form, fields, leads, path, problems);
            }
        }
        (Takes::List(of), Value::Array(items)) => {
            for (index, item) in items.iter_mut().enumerate() {
                read_id(of, item, leads, &path.item(index), problems);
            }
        }
        _ => {}
    }
}

/// Whether it stands in the place of an id that could not be read, which was told.
pub(super) fn is_nobody(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text == Id::NOBODY.to_string())
}

/// An id as it was sent.
pub(super) fn id(text: &str, temporary: &HashMap<String, Id>) -> Result<Id, (UserErrorCode, String)> {
    if text.starts_with("_:") {
        let unknown = || (UserErrorCode::NotFound, format!("no new record of this call has the id {}", quoted(text)));
        return temporary.get(text).copied().ok_or_else(unknown);
    }
    let id = text.parse().ok().filter(|id| *id != Id::NOBODY);
    id.ok_or_else(|| (UserErrorCode::Invalid, format!("{} is no id: a UUID in its hyphenated form", quoted(text))))
}
