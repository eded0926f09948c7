//! Undoing one change of one record: every field gets back what it held before, unless something was changed there since.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::domain::document::FieldChange;

/// Takes the changes back, in a document. Gives the fields in which later changes stand in the way.
pub(super) fn take_back(document: &mut Map<String, Value>, changes: &[FieldChange]) -> Vec<String> {
    let mut blocked = Vec::new();
    document.values_mut().for_each(forget_resolved);
    for change in changes {
        let now = document.get(&change.field).cloned().unwrap_or_default();
        let (mut before, mut after) = (change.before.clone(), change.after.clone());
        forget_resolved(&mut before);
        forget_resolved(&mut after);
        let wanted = if now == after {
            Some(before)
        } else {
            items(&before)
                .zip(items(&after))
                .zip(items(&now))
                .and_then(|((before, after), now)| take_back_items(before, after, now).map(Value::Array))
        };
        match wanted {
            None => blocked.push(change.field.clone()),
            Some(Value::Null) => drop(document.shift_remove(&change.field)),
            Some(Value::Array(items)) if items.is_empty() => drop(document.shift_remove(&change.field)),
            Some(value) => drop(document.insert(change.field.clone(), value)),
        }
    }
    blocked
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

/// The items of a list; none where there is no list.
fn items(value: &Value) -> Option<&[Value]> {
    match value {
        Value::Null => Some(&[]),
        Value::Array(items) => Some(items),
        _ => None,
    }
}

/// Takes back what was done to a list, item by item: other items may have been changed since.
fn take_back_items(before: &[Value], after: &[Value], now: &[Value]) -> Option<Vec<Value>> {
    let (stood_before, stood_after) = (by_key(before), by_key(after));
    let took_out = stood_before.keys().any(|key| !stood_after.contains_key(key));
    let places = by_key(now);
    // Items are taken out at the end, so that the others keep their places until then.
    let mut left: Vec<Option<Value>> = now.iter().cloned().map(Some).collect();
    for item in after {
        let key = key(item);
        let old = stood_before.get(&key).map(|at| &before[*at]);
        if old == Some(item) {
            continue;
        }
        match (old, places.get(&key)) {
            (Some(old), Some(at)) if now[*at] == *item => left[*at] = Some(old.clone()),
            (None, Some(at)) if now[*at] == *item => left[*at] = None,
            // What was added then was taken out since: there is nothing left to undo. Only if it was put in the place of
            // another one it is not for us to say whether that should come back.
            (None, None) if !took_out => {}
            _ => return None,
        }
    }
    let mut left: Vec<Value> = left.into_iter().flatten().collect();
    for (at, item) in before.iter().enumerate() {
        let key = key(item);
        if !stood_after.contains_key(&key) {
            match places.get(&key) {
                None => left.insert(at.min(left.len()), item.clone()),
                Some(at) if now[*at] == *item => {}
                Some(_) => return None,
            }
        }
    }
    Some(left)
}

/// Where each item of a list stands.
fn by_key(items: &[Value]) -> HashMap<String, usize> {
    let mut places = HashMap::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        places.entry(key(item)).or_insert(at);
    }
    places
}

/// What makes an item the same one, perhaps put in another way.
fn key(item: &Value) -> String {
    let named = ["id", "place"].iter().find_map(|name| item.get(*name));
    let tag = item.get("language").filter(|_| item.get("text").is_none());
    named.or(tag).unwrap_or(item).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn undone(now: &Value, field: &str, before: Value, after: Value) -> Result<Value, Vec<String>> {
        let Value::Object(mut document) = now.clone() else { unreachable!("a document is an object") };
        let blocked = take_back(&mut document, &[FieldChange { field: field.to_owned(), before, after }]);
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
    fn items_are_taken_back_one_by_one() {
        let (one, two, other) = (json!({"id": "1", "role": "HOST"}), json!({"id": "2"}), json!({"id": "3"}));
        let changed = json!({"id": "1", "role": "VICTIM"});
        let now = json!({"list": [changed, two, other]});
        assert_eq!(undone(&now, "list", json!([one]), json!([changed, two])), Ok(json!({"list": [one, other]})));
        assert_eq!(undone(&json!({}), "list", json!([]), json!(["added"])), Ok(json!({})), "taken out since");
        let again = json!({"list": [{"id": "1", "role": "TARGET"}, two]});
        assert_eq!(undone(&again, "list", json!([one]), json!([changed, two])), Err(vec!["list".to_owned()]));
    }

    #[test]
    fn what_was_put_in_the_place_of_another_and_taken_out_since_is_not_put_back() {
        let now = json!({"list": ["kept"]});
        let undone = undone(&now, "list", json!(["kept", "old"]), json!(["kept", "new"]));
        assert_eq!(undone, Err(vec!["list".to_owned()]));
    }
}
