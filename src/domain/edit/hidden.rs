//! Keeps what the bin hides in a list that an update replaces. An editor replaces what the editor can see.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::domain::shape::{Identity, Object, Shape, remove_links};

/// An item of a new list, with its index in the input if the editor gave it.
pub(super) type KeptItem = (Option<usize>, Value);

/// The given items, with the hidden items of the stored list at their places, and with the hidden links of the stored items that
/// they stand for. `in_bin` holds the ids of deleted records.
pub(super) fn keep_hidden(
    shape: Shape,
    stored: &[Value],
    given: Vec<Value>,
    in_bin: &HashSet<String>,
) -> Vec<KeptItem> {
    let mut items: Vec<KeptItem> = given.into_iter().enumerate().map(|(index, item)| (Some(index), item)).collect();
    if in_bin.is_empty() {
        return items;
    }
    let as_seen: Vec<Option<Value>> = stored.iter().map(|item| seen(shape, item, in_bin)).collect();
    let found = find(shape, stored, &as_seen, &items);
    for ((item, as_seen), found) in stored.iter().zip(&as_seen).zip(&found) {
        if let (Shape::Object(object), Value::Object(item), Some(index)) = (shape, item, found)
            && as_seen.as_ref().is_some_and(|as_seen| as_seen.as_object() != Some(item))
            && let Value::Object(given) = &mut items[*index].1
        {
            keep_hidden_links(object, item, given, in_bin);
        }
    }
    for (at, item) in stored.iter().enumerate() {
        if as_seen[at].is_none() && found[at].is_none() {
            items.insert(at.min(items.len()), (None, item.clone()));
        }
    }
    items
}

/// A stored value as the editor sees it, if anything is left of it.
fn seen(shape: Shape, value: &Value, in_bin: &HashSet<String>) -> Option<Value> {
    let mut seen = value.clone();
    remove_links(&mut seen, shape, in_bin).then_some(seen)
}

/// For each stored item the index of the given item that stands for it: if possible, one that agrees with it in all fields.
fn find(shape: Shape, stored: &[Value], as_seen: &[Option<Value>], given: &[KeptItem]) -> Vec<Option<usize>> {
    let mut free: HashMap<Vec<String>, Vec<usize>> = HashMap::new();
    for (index, (_, item)) in given.iter().enumerate() {
        free.entry(key(shape, item)).or_default().push(index);
    }
    let mut found = vec![None; stored.len()];
    for must_agree in [true, false] {
        for (at, found) in found.iter_mut().enumerate().filter(|(_, found)| found.is_none()) {
            for item in std::iter::once(&stored[at]).chain(&as_seen[at]) {
                let Some(candidates) = free.get_mut(&key(shape, item)) else { continue };
                let is_it = |index: &usize| !must_agree || agrees(shape, &given[*index].1, item);
                if let Some(position) = candidates.iter().position(is_it) {
                    *found = Some(candidates.remove(position));
                    break;
                }
            }
        }
    }
    found
}

/// The values by which a given item is compared with the stored ones.
fn key(shape: Shape, item: &Value) -> Vec<String> {
    match shape {
        Shape::Object(Object { identity: Identity::Id { found_by }, .. }) => {
            let part = |name: &&str| {
                item.get(*name).filter(|value| !value.is_null()).map(|value| canonical(shape, name, value))
            };
            found_by.iter().map(|name| part(name).unwrap_or_default()).collect()
        }
        _ => vec![shape.key(item)],
    }
}

fn canonical(shape: Shape, name: &str, value: &Value) -> String {
    let field = if let Shape::Object(object) = shape { object.field(name) } else { None };
    field.map_or(Shape::Any, |field| field.shape).canonical(value)
}

/// Whether all fields of a given value have the values of the stored one. Lists are not compared.
fn agrees(shape: Shape, given: &Value, stored: &Value) -> bool {
    let Value::Object(fields) = given else { return shape.canonical(given) == shape.canonical(stored) };
    fields.iter().filter(|(_, value)| !value.is_null() && !value.is_array()).all(|(name, value)| {
        stored.get(name).is_some_and(|stored| canonical(shape, name, value) == canonical(shape, name, stored))
    })
}

/// Puts the hidden links of a stored item into the given item that stands for it, where the editor left what the editor sees.
fn keep_hidden_links(
    object: &'static Object,
    stored: &Map<String, Value>,
    given: &mut Map<String, Value>,
    in_bin: &HashSet<String>,
) {
    for field in object.all_fields() {
        let Some(value) = stored.get(field.name) else { continue };
        if let (Shape::List(item, _), Value::Array(items)) = (field.shape, value) {
            let of_editor = given.get_mut(field.name).map(Value::take).unwrap_or_default();
            let of_editor = if let Value::Array(items) = of_editor { items } else { Vec::new() };
            let mut kept = keep_hidden(*item, items, of_editor, in_bin);
            // A problem names the index that the editor wrote, so the hidden items come last.
            kept.sort_by_key(|(index, _)| index.is_none());
            given.insert(field.name.to_owned(), kept.into_iter().map(|(_, item)| item).collect());
            continue;
        }
        let as_seen = seen(field.shape, value, in_bin);
        let of_editor = given.get(field.name).filter(|value| !value.is_null());
        let is_unchanged = match (&as_seen, of_editor) {
            (None, None) => true,
            (Some(as_seen), Some(of_editor)) => as_seen != value && agrees(field.shape, of_editor, as_seen),
            _ => false,
        };
        if is_unchanged {
            given.insert(field.name.to_owned(), value.clone());
        }
    }
}
