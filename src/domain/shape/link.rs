//! Removes links to records from a document.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{Object, Shape};

/// Removes every link to these records from a value, and every item that requires its link. Returns whether the value remains.
#[expect(clippy::implicit_hasher, reason = "all callers use the default")]
pub fn remove_links(value: &mut Value, shape: Shape, to: &HashSet<String>) -> bool {
    match (shape, value) {
        (Shape::Reference(_), Value::String(reference)) => !to.contains(reference),
        (Shape::List(item, _), Value::Array(items)) => {
            items.retain_mut(|value| remove_links(value, *item, to));
            true
        }
        (Shape::Object(object), Value::Object(fields)) => remove_links_of(fields, object, to),
        _ => true,
    }
}

/// As [`remove_links`], for the fields of an object.
#[expect(clippy::implicit_hasher, reason = "all callers use the default")]
pub fn remove_links_of(fields: &mut Map<String, Value>, object: &'static Object, to: &HashSet<String>) -> bool {
    for field in object.all_fields() {
        if fields.get_mut(field.name).is_some_and(|value| !remove_links(value, field.shape, to)) {
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
