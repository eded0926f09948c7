//! Puts what Rust computes into the text that the database composed.

use super::sql::Slot;
use serde_json::Value as Json;

/// Replaces every `\x01slot\x02[inputs]\x01` by the slot's value. JSON escapes control characters, so that the marks cannot
/// occur in data; what lies between them is copied as it is.
///
/// # Errors
/// Says what is wrong where the text is not what the statement should have made.
pub(super) fn splice(text: String, slots: &[Slot]) -> Result<String, &'static str> {
    if slots.is_empty() {
        return Ok(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, marked)) = rest.split_once('\u{1}') {
        let (body, behind) = marked.split_once('\u{1}').ok_or("a mark without its end")?;
        let (slot, inputs) = body
            .split_once('\u{2}')
            .ok_or("a mark without its inputs")?;
        let slot = slot
            .parse::<usize>()
            .ok()
            .and_then(|n| slots.get(n))
            .ok_or("a mark of no slot")?;
        let inputs: Vec<Json> =
            serde_json::from_str(inputs).map_err(|_| "inputs that are no JSON")?;
        out.push_str(before);
        out.push_str(&(slot.by)(&inputs, &slot.arguments).to_string());
        rest = behind;
    }
    out.push_str(rest);
    Ok(out)
}
