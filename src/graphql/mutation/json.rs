//! Writes JSON.

use super::reads::{RecordFields, result_key};
use serde::Serialize;

/// The value of a result key; null where nothing was read.
pub(super) fn read(out: &mut Vec<u8>, read: Option<&RecordFields>, at: usize) {
    let found = read.and_then(Option::as_ref).and_then(|reads| reads.get(&result_key(at)));
    out.extend_from_slice(found.map_or("null", |found| found.get()).as_bytes());
}

/// Writes an object with these response keys.
pub(super) fn object<T>(out: &mut Vec<u8>, parts: &[(String, T)], mut write: impl FnMut(&mut Vec<u8>, &T)) {
    out.push(b'{');
    for (i, (key, part)) in parts.iter().enumerate() {
        // response keys are GraphQL names, which need no escaping
        out.extend_from_slice(if i == 0 { b"\"" } else { b",\"" });
        out.extend_from_slice(key.as_bytes());
        out.extend_from_slice(b"\":");
        write(out, part);
    }
    out.push(b'}');
}

/// Writes a list.
pub(super) fn list<T>(out: &mut Vec<u8>, items: &[T], mut write: impl FnMut(&mut Vec<u8>, &T)) {
    out.push(b'[');
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        write(out, item);
    }
    out.push(b']');
}

/// Writing such values into memory does not fail.
pub(super) fn json(out: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) {
    if let Err(error) = serde_json::to_writer(&mut *out, value) {
        tracing::error!(%error, "a payload could not be written");
        out.extend_from_slice(b"null");
    }
}
