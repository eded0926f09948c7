//! Reverts one change of one record in its document: each field gets back its earlier value, unless it was changed again.

use std::collections::{HashMap, HashSet};

use entity::vocabulary::{AnchorState, Vocabulary};
use serde_json::{Map, Value};

use crate::domain::{
    document::FieldChange,
    shape::{Object, SelectionFields, Shape},
};

/// Reverts changes in a document. Returns the fields that later changes block.
pub(super) fn revert_fields(
    object: &Object,
    document: &mut Map<String, Value>,
    changes: &[FieldChange],
) -> Vec<String> {
    let mut blocked = Vec::new();
    document.values_mut().for_each(remove_resolved);
    for change in changes {
        let shape = shape_of(object, &change.field);
        let now = document.get(&change.field).cloned().unwrap_or_default();
        let (mut before, mut after) = (change.before.clone(), change.after.clone());
        remove_resolved(&mut before);
        remove_resolved(&mut after);
        let reverted = if same(shape, &now, &after) {
            Some(before)
        } else {
            items(&before)
                .zip(items(&after))
                .zip(items(&now))
                .and_then(|((before, after), now)| revert_items(shape.item(), before, after, now).map(Value::Array))
        };
        let reverted = reverted.map(|mut reverted| {
            keep_positions(shape, &mut reverted, &passages(shape, &now), &passages(shape, &after));
            reverted
        });
        match reverted {
            None => blocked.push(change.field.clone()),
            Some(Value::Null) => drop(document.shift_remove(&change.field)),
            Some(Value::Array(items)) if items.is_empty() => drop(document.shift_remove(&change.field)),
            Some(value) => drop(document.insert(change.field.clone(), value)),
        }
    }
    blocked
}

/// The shape of a field; any JSON for a field that only the history has.
pub(super) fn shape_of(object: &Object, field: &str) -> Shape {
    object.field(field).map_or(Shape::Any, |field| field.shape)
}

/// Removes the resolved dates of relative dates. The write computes them again, so they do not block a revert.
pub(super) fn remove_resolved(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(remove_resolved),
        Value::Object(fields) => {
            if fields.contains_key("relative") {
                fields.shift_remove("resolved");
            }
            fields.values_mut().for_each(remove_resolved);
        }
        _ => {}
    }
}

/// A citation or a mention, and how it selects its passage.
type Passage = (&'static SelectionFields, Map<String, Value>);

/// Whether two versions of an item agree in some fields.
fn agree(names: &[&str], one: &Map<String, Value>, other: &Map<String, Value>) -> bool {
    names.iter().all(|name| one.get(*name) == other.get(*name))
}

/// Whether a value is equal to an earlier one. A position that moved with its text does not count as a difference.
fn same(shape: Shape, now: &Value, then: &Value) -> bool {
    let without_positions = |value: &Value, moved: &HashSet<String>| {
        let mut value = value.clone();
        remove_positions(shape, &mut value, moved);
        value
    };
    now == then || {
        let moved = moved(shape, now);
        without_positions(now, &moved) == without_positions(then, &moved)
    }
}

/// The ids of citations and mentions that moved with their text or were orphaned. An editor who sets a position makes it ANCHORED.
pub(super) fn moved(shape: Shape, value: &Value) -> HashSet<String> {
    let has_moved = |item: &Map<String, Value>| {
        let anchor = item.get("anchor").and_then(Value::as_str);
        [AnchorState::Moved, AnchorState::Orphaned].iter().any(|state| anchor == Some(state.as_str()))
    };
    passages(shape, value).into_iter().filter(|(_, (_, item))| has_moved(item)).map(|(id, _)| id).collect()
}

/// Removes the positions of these citations and mentions.
pub(super) fn remove_positions(shape: Shape, value: &mut Value, of: &HashSet<String>) {
    visit_passages(shape, value, &mut |selector, id, item| {
        if of.contains(id) {
            for name in selector.position {
                item.shift_remove(*name);
            }
        }
    });
}

/// All citations and mentions in a value, by their ids.
fn passages(shape: Shape, value: &Value) -> HashMap<String, Passage> {
    let mut found = HashMap::new();
    visit_passages(shape, &mut value.clone(), &mut |selector, id, item| {
        found.insert(id.to_owned(), (selector, item.clone()));
    });
    found
}

/// A function that is called with each citation and mention, and its id.
type PassageVisitor<'v> = dyn FnMut(&'static SelectionFields, &str, &mut Map<String, Value>) + 'v;

/// Calls the visitor with every citation and mention in a value, and its id.
fn visit_passages(shape: Shape, value: &mut Value, visitor: &mut PassageVisitor<'_>) {
    match (shape, value) {
        (Shape::List(shape, _), Value::Array(items)) => {
            for item in items {
                visit_passages(*shape, item, visitor);
            }
        }
        (Shape::Object(object), Value::Object(fields)) => {
            let id = fields.get("id").and_then(Value::as_str).map(str::to_owned);
            if let (Some(selector), Some(id)) = (object.selector, id) {
                visitor(selector, &id, fields);
            }
            for field in object.all_fields() {
                if let Some(value) = fields.get_mut(field.name) {
                    visit_passages(field.shape, value, visitor);
                }
            }
        }
        _ => {}
    }
}

/// Keeps the present positions of citations and mentions, unless the reverted change moved them. Then they get their earlier
/// positions, which refer to the text of that time (see `write::anchor`).
fn keep_positions(shape: Shape, reverted: &mut Value, now: &HashMap<String, Passage>, then: &HashMap<String, Passage>) {
    visit_passages(shape, reverted, &mut |selector, id, item| {
        let Some((_, now)) = now.get(id) else { return };
        if agree(selector.words, item, now) && then.get(id).is_none_or(|(_, then)| agree(selector.position, item, then))
        {
            for name in selector.position {
                match now.get(*name) {
                    Some(value) => drop(item.insert((*name).to_owned(), value.clone())),
                    None => drop(item.shift_remove(*name)),
                }
            }
        }
    });
}

/// The items of a list. A missing list has no items; other values are not lists.
fn items(value: &Value) -> Option<&[Value]> {
    match value {
        Value::Null => Some(&[]),
        Value::Array(items) => Some(items),
        _ => None,
    }
}

/// Reverts the change of a list item by item, because later changes of other items do not block it.
fn revert_items(shape: Shape, before: &[Value], after: &[Value], now: &[Value]) -> Option<Vec<Value>> {
    let (at_before, at_after) = (by_key(shape, before), by_key(shape, after));
    let removed_items = at_before.keys().any(|key| !at_after.contains_key(key));
    let at_now = by_key(shape, now);
    // Items are removed at the end, so that the others keep their positions until then.
    let mut left: Vec<Option<Value>> = now.iter().cloned().map(Some).collect();
    for item in after {
        let key = shape.key(item);
        let old = at_before.get(&key).map(|at| &before[*at]);
        if old == Some(item) {
            continue;
        }
        match (old, at_now.get(&key)) {
            (Some(old), Some(at)) if same(shape, &now[*at], item) => left[*at] = Some(old.clone()),
            (None, Some(at)) if same(shape, &now[*at], item) => left[*at] = None,
            // The added item was removed later, so there is nothing to revert. If it replaced another item, an editor must decide
            // whether that item comes back.
            (None, None) if !removed_items => {}
            _ => return None,
        }
    }
    let mut left: Vec<Value> = left.into_iter().flatten().collect();
    for (at, item) in before.iter().enumerate() {
        let key = shape.key(item);
        if !at_after.contains_key(&key) {
            match at_now.get(&key) {
                None => left.insert(at.min(left.len()), item.clone()),
                Some(at) if same(shape, &now[*at], item) => {}
                Some(_) => return None,
            }
        }
    }
    restore_order(shape, before, after, &mut left);
    Some(left)
}

/// Restores the order of items that the change reordered, unless they were reordered again later.
fn restore_order(shape: Shape, before: &[Value], after: &[Value], left: &mut [Value]) {
    let (at_before, at_after) = (by_key(shape, before), by_key(shape, after));
    let in_both = |key: &String| at_before.contains_key(key) && at_after.contains_key(key);
    let positions: Vec<usize> = (0..left.len()).filter(|at| in_both(&shape.key(&left[*at]))).collect();
    let now: Vec<String> = positions.iter().map(|at| shape.key(&left[*at])).collect();
    let is_left: HashSet<&String> = now.iter().collect();
    let order = |items: &[Value]| -> Vec<String> {
        items.iter().map(|item| shape.key(item)).filter(|key| is_left.contains(key)).collect()
    };
    let (old, new) = (order(before), order(after));
    if old == new || now != new || is_left.len() < now.len() {
        return;
    }
    let mut items: HashMap<&String, Value> = now.iter().zip(positions.iter().map(|at| left[*at].take())).collect();
    for (at, key) in positions.into_iter().zip(&old) {
        left[at] = items.remove(key).unwrap_or_default();
    }
}

/// The position of each item of a list, by its key.
fn by_key(shape: Shape, items: &[Value]) -> HashMap<String, usize> {
    let mut positions = HashMap::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        positions.entry(shape.key(item)).or_insert(at);
    }
    positions
}

#[cfg(test)]
mod tests {
    use entity::vocabulary::RecordKind;
    use serde_json::json;

    use crate::domain::kind::of_kind;

    use super::*;

    fn reverted(now: &Value, field: &str, before: Value, after: Value) -> Result<Value, Vec<String>> {
        let Value::Object(mut document) = now.clone() else { unreachable!("a document is an object") };
        let blocked = revert_fields(
            of_kind(RecordKind::Event),
            &mut document,
            &[FieldChange { field: field.to_owned(), before, after }],
        );
        if blocked.is_empty() { Ok(document.into()) } else { Err(blocked) }
    }

    #[test]
    fn a_field_gets_back_its_earlier_value() {
        assert_eq!(reverted(&json!({"a": 2, "b": 1}), "a", json!(1), json!(2)), Ok(json!({"a": 1, "b": 1})));
        assert_eq!(reverted(&json!({"a": 2}), "a", Value::Null, json!(2)), Ok(json!({})));
        assert_eq!(reverted(&json!({}), "a", json!(1), Value::Null), Ok(json!({"a": 1})));
    }

    #[test]
    fn a_later_change_of_the_same_field_blocks_the_revert() {
        assert_eq!(reverted(&json!({"a": 3}), "a", json!(1), json!(2)), Err(vec!["a".to_owned()]));
    }

    #[test]
    fn a_date_that_was_resolved_again_does_not_block_the_revert() {
        let date = |resolved: &str| json!({"relative": {"anchor": "a", "relation": "AFTER"}, "resolved": resolved});
        let now = json!({"date": date("2016"), "status": "PLANNED"});
        assert_eq!(reverted(&now, "date", Value::Null, date("2015")), Ok(json!({"status": "PLANNED"})));
        let without = json!({"relative": {"anchor": "a", "relation": "AFTER"}});
        assert_eq!(reverted(&json!({"date": 1}), "date", date("2015"), json!(1)), Ok(json!({"date": without})));
    }

    #[test]
    fn a_position_that_moved_with_its_text_blocks_nothing_and_is_kept() {
        let quote =
            |id: &str, start: u32| json!({"id": id, "quote": id, "start": start, "end": start + 1, "anchor": "MOVED"});
        let moved = json!({"citations": [quote("a", 9), quote("b", 12)]});
        let mut anchored = moved.clone();
        anchored["citations"][1]["anchor"] = "ANCHORED".into();
        let added = json!([quote("a", 4), quote("b", 7)]);
        assert_eq!(
            reverted(&anchored, "citations", json!([quote("a", 4)]), added),
            Err(vec!["citations".to_owned()]),
            "anchored later"
        );
        let reverted_by = |before: Value, after: Value| reverted(&moved, "citations", before, after);
        let (old, added) = (json!([quote("a", 4)]), json!([quote("a", 4), quote("b", 7)]));
        assert_eq!(reverted_by(old.clone(), added), Ok(json!({"citations": [quote("a", 9)]})));
        let then = json!([quote("a", 9), quote("b", 12)]);
        assert_eq!(
            reverted_by(json!([quote("a", 4), quote("b", 7)]), then),
            Ok(json!({"citations": [quote("a", 4), quote("b", 7)]}))
        );
        let others = json!([{"id": "a", "quote": "other", "start": 4, "end": 5}]);
        assert_eq!(reverted_by(json!([]), others), Err(vec!["citations".to_owned()]), "other words");
    }

    #[test]
    fn items_are_reverted_one_by_one() {
        let (one, two, other) = (json!({"id": "1", "role": "HOST"}), json!({"id": "2"}), json!({"id": "3"}));
        let changed = json!({"id": "1", "role": "VICTIM"});
        let now = json!({"participants": [changed, two, other]});
        assert_eq!(
            reverted(&now, "participants", json!([one]), json!([changed, two])),
            Ok(json!({"participants": [one, other]}))
        );
        assert_eq!(reverted(&json!({}), "participants", json!([]), json!(["added"])), Ok(json!({})), "removed later");
        let again = json!({"participants": [{"id": "1", "role": "TARGET"}, two]});
        assert_eq!(
            reverted(&again, "participants", json!([one]), json!([changed, two])),
            Err(vec!["participants".to_owned()])
        );
    }

    #[test]
    fn an_order_is_restored_unless_it_was_changed_again() {
        let reverted =
            |now: Value| reverted(&json!({"sameAs": now}), "sameAs", json!(["a", "b", "c"]), json!(["c", "a", "b"]));
        assert_eq!(reverted(json!(["c", "a", "b"])), Ok(json!({"sameAs": ["a", "b", "c"]})));
        assert_eq!(
            reverted(json!(["c", "new", "a", "b"])),
            Ok(json!({"sameAs": ["a", "new", "b", "c"]})),
            "added later"
        );
        assert_eq!(reverted(json!(["c", "b"])), Ok(json!({"sameAs": ["b", "c"]})), "removed later");
        assert_eq!(reverted(json!(["b", "c", "a"])), Ok(json!({"sameAs": ["b", "c", "a"]})));
    }

    #[test]
    fn a_replaced_item_is_not_restored_if_the_replacement_was_removed() {
        let now = json!({"sameAs": ["kept"]});
        let reverted = reverted(&now, "sameAs", json!(["kept", "old"]), json!(["kept", "new"]));
        assert_eq!(reverted, Err(vec!["sameAs".to_owned()]));
    }
}
