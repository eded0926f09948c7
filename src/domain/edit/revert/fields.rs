//! Reverting one change of one record, in its document: every field gets back what it held before, unless something was changed there
//! since.

use std::collections::{HashMap, HashSet};

use entity::vocabulary::{AnchorState, Vocabulary};
use serde_json::{Map, Value};

use crate::domain::{
    document::FieldChange,
    shape::{Object, Selector, Shape},
};

/// Reverts changes in a document. Gives the fields in which later changes stand in the way.
pub(super) fn revert_fields(
    object: &Object,
    document: &mut Map<String, Value>,
    changes: &[FieldChange],
) -> Vec<String> {
    let mut blocked = Vec::new();
    document.values_mut().for_each(forget_resolved);
    for change in changes {
        let shape = shape_of(object, &change.field);
        let now = document.get(&change.field).cloned().unwrap_or_default();
        let (mut before, mut after) = (change.before.clone(), change.after.clone());
        forget_resolved(&mut before);
        forget_resolved(&mut after);
        let wanted = if same(shape, &now, &after) {
            Some(before)
        } else {
            items(&before)
                .zip(items(&after))
                .zip(items(&now))
                .and_then(|((before, after), now)| revert_items(shape.item(), before, after, now).map(Value::Array))
        };
        let wanted = wanted.map(|mut wanted| {
            keep_places(shape, &mut wanted, &places(shape, &now), &places(shape, &after));
            wanted
        });
        match wanted {
            None => blocked.push(change.field.clone()),
            Some(Value::Null) => drop(document.shift_remove(&change.field)),
            Some(Value::Array(items)) if items.is_empty() => drop(document.shift_remove(&change.field)),
            Some(value) => drop(document.insert(change.field.clone(), value)),
        }
    }
    blocked
}

/// The form of a field; of one that only the history has, any JSON.
pub(super) fn shape_of(object: &Object, field: &str) -> Shape {
    object.field(field).map_or(Shape::Any, |field| field.shape)
}

/// Takes away what relative dates come to, which is worked out anew: it is nobody's change that stands in the way.
pub(super) fn forget_resolved(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(forget_resolved),
        Value::Object(fields) => {
            if fields.contains_key("relative") {
                fields.shift_remove("resolved");
            }
            fields.values_mut().for_each(forget_resolved);
        }
        _ => {}
    }
}

/// A quote or a mention, and how it selects its passage.
type Passage = (&'static Selector, Map<String, Value>);

/// Whether two values of one item hold the same in some of its fields.
fn agree(names: &[&str], one: &Map<String, Value>, other: &Map<String, Value>) -> bool {
    names.iter().all(|name| one.get(*name) == other.get(*name))
}

/// Whether a value says the same as it did then, wherever in its text that stands by now: it is nobody's change that it has moved.
fn same(shape: Shape, now: &Value, then: &Value) -> bool {
    let without_places = |value: &Value, moved: &HashSet<String>| {
        let mut value = value.clone();
        forget_places(shape, &mut value, moved);
        value
    };
    now == then || {
        let moved = moved(shape, now);
        without_places(now, &moved) == without_places(then, &moved)
    }
}

/// The quotes and mentions that have followed their text, or were lost with it. Whoever puts one somewhere anchors it there.
pub(super) fn moved(shape: Shape, value: &Value) -> HashSet<String> {
    let has_moved = |item: &Map<String, Value>| {
        let anchor = item.get("anchor").and_then(Value::as_str);
        [AnchorState::Moved, AnchorState::Orphaned].iter().any(|state| anchor == Some(state.as_str()))
    };
    places(shape, value).into_iter().filter(|(_, (_, item))| has_moved(item)).map(|(id, _)| id).collect()
}

/// Takes away where these quotes and mentions stand.
pub(super) fn forget_places(shape: Shape, value: &mut Value, of: &HashSet<String>) {
    visit_passages(shape, value, &mut |selector, id, item| {
        if of.contains(id) {
            for name in selector.position {
                item.shift_remove(*name);
            }
        }
    });
}

/// All citations and mentions in a value, by their ids.
fn places(shape: Shape, value: &Value) -> HashMap<String, Passage> {
    let mut found = HashMap::new();
    visit_passages(shape, &mut value.clone(), &mut |selector, id, item| {
        found.insert(id.to_owned(), (selector, item.clone()));
    });
    found
}

/// What is done with each citation and mention, which has an id.
type PassageVisitor<'v> = dyn FnMut(&'static Selector, &str, &mut Map<String, Value>) + 'v;

/// Shows every citation and mention in a value, with its id.
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

/// Lets quotes and mentions stay where they are now, unless the change that is taken back put them elsewhere: then they stand where they
/// stood before it, in the text of that time (see `write::anchor`).
fn keep_places(shape: Shape, wanted: &mut Value, now: &HashMap<String, Passage>, then: &HashMap<String, Passage>) {
    visit_passages(shape, wanted, &mut |selector, id, item| {
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

/// The items of a list; none where there is no list.
fn items(value: &Value) -> Option<&[Value]> {
    match value {
        Value::Null => Some(&[]),
        Value::Array(items) => Some(items),
        _ => None,
    }
}

/// Takes back what was done to a list, item by item: other items may have been changed since.
fn revert_items(shape: Shape, before: &[Value], after: &[Value], now: &[Value]) -> Option<Vec<Value>> {
    let (stood_before, stood_after) = (by_key(shape, before), by_key(shape, after));
    let took_out = stood_before.keys().any(|key| !stood_after.contains_key(key));
    let places = by_key(shape, now);
    // Items are taken out at the end, so that the others keep their places until then.
    let mut left: Vec<Option<Value>> = now.iter().cloned().map(Some).collect();
    for item in after {
        let key = shape.key(item);
        let old = stood_before.get(&key).map(|at| &before[*at]);
        if old == Some(item) {
            continue;
        }
        match (old, places.get(&key)) {
            (Some(old), Some(at)) if same(shape, &now[*at], item) => left[*at] = Some(old.clone()),
            (None, Some(at)) if same(shape, &now[*at], item) => left[*at] = None,
            // What was added then was taken out since: there is nothing left to undo. Only if it was put in the place of
            // another one it is not for us to say whether that should come back.
            (None, None) if !took_out => {}
            _ => return None,
        }
    }
    let mut left: Vec<Value> = left.into_iter().flatten().collect();
    for (at, item) in before.iter().enumerate() {
        let key = shape.key(item);
        if !stood_after.contains_key(&key) {
            match places.get(&key) {
                None => left.insert(at.min(left.len()), item.clone()),
                Some(at) if same(shape, &now[*at], item) => {}
                Some(_) => return None,
            }
        }
    }
    put_in_order(shape, before, after, &mut left);
    Some(left)
}

/// Gives items that were put in another order the one that they had, unless they were put in yet another one since.
fn put_in_order(shape: Shape, before: &[Value], after: &[Value], left: &mut [Value]) {
    let (stood_before, stood_after) = (by_key(shape, before), by_key(shape, after));
    let in_both = |key: &String| stood_before.contains_key(key) && stood_after.contains_key(key);
    let places: Vec<usize> = (0..left.len()).filter(|at| in_both(&shape.key(&left[*at]))).collect();
    let now: Vec<String> = places.iter().map(|at| shape.key(&left[*at])).collect();
    let is_left: HashSet<&String> = now.iter().collect();
    let order = |items: &[Value]| -> Vec<String> {
        items.iter().map(|item| shape.key(item)).filter(|key| is_left.contains(key)).collect()
    };
    let (old, new) = (order(before), order(after));
    if old == new || now != new || is_left.len() < now.len() {
        return;
    }
    let mut items: HashMap<&String, Value> = now.iter().zip(places.iter().map(|at| left[*at].take())).collect();
    for (at, key) in places.into_iter().zip(&old) {
        left[at] = items.remove(key).unwrap_or_default();
    }
}

/// Where each item of a list stands.
fn by_key(shape: Shape, items: &[Value]) -> HashMap<String, usize> {
    let mut places = HashMap::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        places.entry(shape.key(item)).or_insert(at);
    }
    places
}

#[cfg(test)]
mod tests {
    use entity::vocabulary::RecordKind;
    use serde_json::json;

    use crate::domain::kind::of_kind;

    use super::*;

    fn undone(now: &Value, field: &str, before: Value, after: Value) -> Result<Value, Vec<String>> {
        let Value::Object(mut document) = now.clone() else { unreachable!("a document is an object") };
        let blocked = revert_fields(
            of_kind(RecordKind::Event),
            &mut document,
            &[FieldChange { field: field.to_owned(), before, after }],
        );
        if blocked.is_empty() { Ok(document.into()) } else { Err(blocked) }
    }

    #[test]
    fn a_field_gets_back_what_it_held() {
        assert_eq!(undone(&json!({"a": 2, "b": 1}), "a", json!(1), json!(2)), Ok(json!({"a": 1, "b": 1})));
        assert_eq!(undone(&json!({"a": 2}), "a", Value::Null, json!(2)), Ok(json!({})));
        assert_eq!(undone(&json!({}), "a", json!(1), Value::Null), Ok(json!({"a": 1})));
    }

    #[test]
    fn a_later_change_of_the_same_field_stands_in_the_way() {
        assert_eq!(undone(&json!({"a": 3}), "a", json!(1), json!(2)), Err(vec!["a".to_owned()]));
    }

    #[test]
    fn what_a_date_came_to_since_does_not_stand_in_the_way() {
        let date = |resolved: &str| json!({"relative": {"anchor": "a", "relation": "AFTER"}, "resolved": resolved});
        let now = json!({"date": date("2016"), "status": "PLANNED"});
        assert_eq!(undone(&now, "date", Value::Null, date("2015")), Ok(json!({"status": "PLANNED"})));
        let without = json!({"relative": {"anchor": "a", "relation": "AFTER"}});
        assert_eq!(undone(&json!({"date": 1}), "date", date("2015"), json!(1)), Ok(json!({"date": without})));
    }

    #[test]
    fn what_has_moved_with_its_text_stands_in_nobodys_way_and_stays_there() {
        let quote =
            |id: &str, start: u32| json!({"id": id, "quote": id, "start": start, "end": start + 1, "anchor": "MOVED"});
        let moved = json!({"citations": [quote("a", 9), quote("b", 12)]});
        let mut anchored = moved.clone();
        anchored["citations"][1]["anchor"] = "ANCHORED".into();
        let added = json!([quote("a", 4), quote("b", 7)]);
        assert_eq!(
            undone(&anchored, "citations", json!([quote("a", 4)]), added),
            Err(vec!["citations".to_owned()]),
            "put there since"
        );
        let undone_by = |before: Value, after: Value| undone(&moved, "citations", before, after);
        let (old, added) = (json!([quote("a", 4)]), json!([quote("a", 4), quote("b", 7)]));
        assert_eq!(undone_by(old.clone(), added), Ok(json!({"citations": [quote("a", 9)]})));
        let then = json!([quote("a", 9), quote("b", 12)]);
        assert_eq!(
            undone_by(json!([quote("a", 4), quote("b", 7)]), then),
            Ok(json!({"citations": [quote("a", 4), quote("b", 7)]}))
        );
        let others = json!([{"id": "a", "quote": "other", "start": 4, "end": 5}]);
        assert_eq!(undone_by(json!([]), others), Err(vec!["citations".to_owned()]), "other words");
    }

    #[test]
    fn items_are_taken_back_one_by_one() {
        let (one, two, other) = (json!({"id": "1", "role": "HOST"}), json!({"id": "2"}), json!({"id": "3"}));
        let changed = json!({"id": "1", "role": "VICTIM"});
        let now = json!({"participants": [changed, two, other]});
        assert_eq!(
            undone(&now, "participants", json!([one]), json!([changed, two])),
            Ok(json!({"participants": [one, other]}))
        );
        assert_eq!(undone(&json!({}), "participants", json!([]), json!(["added"])), Ok(json!({})), "taken out since");
        let again = json!({"participants": [{"id": "1", "role": "TARGET"}, two]});
        assert_eq!(
            undone(&again, "participants", json!([one]), json!([changed, two])),
            Err(vec!["participants".to_owned()])
        );
    }

    #[test]
    fn an_order_is_taken_back_unless_there_is_another_one_since() {
        let undone =
            |now: Value| undone(&json!({"sameAs": now}), "sameAs", json!(["a", "b", "c"]), json!(["c", "a", "b"]));
        assert_eq!(undone(json!(["c", "a", "b"])), Ok(json!({"sameAs": ["a", "b", "c"]})));
        assert_eq!(undone(json!(["c", "new", "a", "b"])), Ok(json!({"sameAs": ["a", "new", "b", "c"]})), "added since");
        assert_eq!(undone(json!(["c", "b"])), Ok(json!({"sameAs": ["b", "c"]})), "taken out since");
        assert_eq!(undone(json!(["b", "c", "a"])), Ok(json!({"sameAs": ["b", "c", "a"]})));
    }

    #[test]
    fn what_was_put_in_the_place_of_another_and_taken_out_since_is_not_put_back() {
        let now = json!({"sameAs": ["kept"]});
        let undone = undone(&now, "sameAs", json!(["kept", "old"]), json!(["kept", "new"]));
        assert_eq!(undone, Err(vec!["sameAs".to_owned()]));
    }
}
