//! The difference between two versions of a record.

use serde_json::{Map, Value};

/// The fields that differ between two documents of one record, without those that every change changes.
pub(super) fn differing(then: &Map<String, Value>, now: &Map<String, Value>) -> Vec<String> {
    then.keys()
        .chain(now.keys().filter(|name| !then.contains_key(*name)))
        .filter(|name| !matches!(name.as_str(), "type" | "id" | "version" | "createdAt" | "updatedAt"))
        .filter(|name| then.get(*name) != now.get(*name))
        .cloned()
        .collect()
}
