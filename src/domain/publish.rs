//! Removes every link to unpublished records from a document.

use std::collections::HashSet;

use entity::Id;
use serde_json::{Map, Value};

use super::{
    document::{self, Document},
    kind::of_kind,
    shape::{Object, Shape},
};

/// Removes every link to these records, and every item that requires its link. Returns nothing if the document itself requires one.
pub(super) fn without_links(mut document: Document, to: &HashSet<Id>) -> Option<Document> {
    let mut is_linked = false;
    document.body.visit_references(&mut |reference, _, _| {
        is_linked |= to.contains(&reference.id());
    });
    if !is_linked {
        return Some(document);
    }
    let kind = document.header.kind;
    let to: HashSet<String> = to.iter().map(Id::to_string).collect();
    let mut fields = document.fields();
    strip_object(&mut fields, of_kind(kind), &to).then_some(())?;
    document::as_far_as_possible(kind, fields.into()).0
}

/// Removes links from a value. Returns whether the value remains.
fn strip(value: &mut Value, shape: Shape, to: &HashSet<String>) -> bool {
    match (shape, value) {
        (Shape::Reference(_), Value::String(reference)) => !to.contains(reference),
        (Shape::List(item, _), Value::Array(items)) => {
            items.retain_mut(|value| strip(value, *item, to));
            true
        }
        (Shape::Object(object), Value::Object(fields)) => strip_object(fields, object, to),
        _ => true,
    }
}

fn strip_object(fields: &mut Map<String, Value>, object: &'static Object, to: &HashSet<String>) -> bool {
    for field in object.all_fields() {
        if fields.get_mut(field.name).is_some_and(|value| !strip(value, field.shape, to)) {
            if field.required {
                return false;
            }
            fields.shift_remove(field.name);
        }
    }
    for field in object.all_fields() {
        // A date keeps the value that was resolved from its anchor.
        if let Some(resolution) = field.resolution
            && !fields.contains_key(resolution.of)
            && let Some(value) = fields.shift_remove(field.name)
        {
            fields.entry(resolution.becomes).or_insert(value);
        }
    }
    object.needs_one_of.is_empty() || object.needs_one_of.iter().any(|name| fields.contains_key(*name))
}
