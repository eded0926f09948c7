//! Compares a database with its copy, while both are edited in the same way.

use std::collections::HashMap;

use dateline::store::Connection;
use proptest::{prelude::*, test_runner::TestCaseError};
use serde_json::{Value, json};

use super::step::{State, Step, carry_out, edit, state};

/// A state without what differs in a copy that is edited in the same way: times, the ids of new items and revisions, and the order
/// of changes with one cause.
fn comparable(state: &State) -> (Vec<Value>, Vec<Value>) {
    let records = state.records.values().map(|fields| without_new_ids(fields.clone().into(), true)).collect();
    let name = |revision: &Value| json!([revision["record"], revision["version"]]);
    let names: HashMap<&str, Value> =
        state.revisions.iter().filter_map(|revision| Some((revision["id"].as_str()?, name(revision)))).collect();
    let mut revisions: Vec<Value> = state
        .revisions
        .iter()
        .map(|revision| {
            let cause = revision.get("cause").and_then(Value::as_str).and_then(|cause| names.get(cause));
            json!([name(revision), revision["operation"], cause, without_new_ids(revision["changes"].clone(), false)])
        })
        .collect();
    revisions.sort_by_key(ToString::to_string);
    (records, revisions)
}

/// A value without times and ids of items. `is_record` says that its own id is that of a record.
fn without_new_ids(value: Value, is_record: bool) -> Value {
    match value {
        Value::Object(mut fields) => {
            if !is_record {
                fields.remove("id");
            }
            for time in ["createdAt", "updatedAt"] {
                fields.remove(time);
            }
            if fields.contains_key("deletedAt") {
                fields.insert("deletedAt".to_owned(), true.into());
            }
            if fields.get("field").is_some_and(|field| field == "deletedAt") {
                for side in ["before", "after"] {
                    let is_deleted = fields.get(side).is_some_and(|time| !time.is_null());
                    fields.insert(side.to_owned(), is_deleted.into());
                }
            }
            fields.into_iter().map(|(name, value)| (name, without_new_ids(value, false))).collect()
        }
        Value::Array(items) => {
            let mut items: Vec<Value> = items.into_iter().map(|item| without_new_ids(item, false)).collect();
            // Mentions at one position are in the order of their ids.
            if items.iter().all(|item| item.get("entity").is_some()) {
                items.sort_by_key(ToString::to_string);
            }
            items.into()
        }
        other => other,
    }
}

/// Runs the same steps on both databases, which answer alike.
pub async fn both_answer_alike(
    original: &Connection,
    copy: &Connection,
    steps: &[Step],
    first: usize,
) -> Result<(), TestCaseError> {
    for (number, step) in (first..).zip(steps) {
        let (one, other) = (state(original).await, state(copy).await);
        prop_assert_eq!(comparable(&one), comparable(&other), "the copy has the same records and the same history");
        if let (Some(in_original), Some(in_copy)) = (edit(step, &one, number), edit(step, &other, number)) {
            let described = format!("{in_original:?}");
            prop_assert_eq!(carry_out(original, in_original).await?, carry_out(copy, in_copy).await?, "{}", described);
        }
    }
    prop_assert_eq!(comparable(&state(original).await), comparable(&state(copy).await), "to the end");
    Ok(())
}
