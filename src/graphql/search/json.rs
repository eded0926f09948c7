//! JSON text in parts: records come from the database as JSON text, which is not parsed again.

use serde_json::Value as Json;

pub(super) fn text(text: &str) -> String {
    Json::from(text).to_string()
}

pub(super) fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}

pub(super) fn object<T>(fields: &[(String, T)], value: impl Fn(&T) -> String) -> String {
    let fields: Vec<String> = fields.iter().map(|(key, part)| format!("{}:{}", text(key), value(part))).collect();
    format!("{{{}}}", fields.join(","))
}
