//! JSON text in parts: records come from the database as JSON text, which is not parsed again.

use crate::store::read::ReadError;
use serde_json::Value as Json;

/// A JSON text that is written from its start to its end, and that becomes only a little longer than allowed.
pub(super) struct JsonText {
    text: String,
    max_bytes: usize,
}

/// Whether there was room for a part of a text.
pub(super) type Written = Result<(), ReadError>;

impl JsonText {
    pub(super) fn new(max_bytes: usize) -> Self {
        Self { text: String::new(), max_bytes }
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    /// Writes JSON text as it is.
    pub(super) fn raw(&mut self, json: &str) -> Written {
        self.text.push_str(json);
        if self.text.len() > self.max_bytes { Err(ReadError::AnswerTooLarge) } else { Ok(()) }
    }

    pub(super) fn value(&mut self, value: impl Into<Json>) -> Written {
        self.raw(&value.into().to_string())
    }

    pub(super) fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T) -> Written,
    ) -> Written {
        self.raw("[")?;
        for (at, item) in items.into_iter().enumerate() {
            self.raw(if at > 0 { "," } else { "" })?;
            write(self, item)?;
        }
        self.raw("]")
    }

    pub(super) fn object<T>(
        &mut self,
        fields: &[(String, T)],
        mut write: impl FnMut(&mut Self, &T) -> Written,
    ) -> Written {
        self.raw("{")?;
        for (at, (key, field)) in fields.iter().enumerate() {
            self.raw(if at > 0 { "," } else { "" })?;
            self.value(key.as_str())?;
            self.raw(":")?;
            write(self, field)?;
        }
        self.raw("}")
    }
}
