//! JSON text in parts: records come from the database as JSON text, which is not parsed again.

use super::error::ReadError;
use serde_json::Value as Json;

/// Writes a JSON text from its start to its end, and stops where it is longer than allowed.
pub struct JsonWriter {
    text: String,
    max_bytes: usize,
}

/// Whether there was room for a part of a text.
pub type Written = Result<(), ReadError>;

impl JsonWriter {
    /// Begins a text of at most so many bytes.
    #[must_use]
    pub fn new(max_bytes: usize) -> Self {
        Self { text: String::new(), max_bytes }
    }

    /// The whole text.
    #[must_use]
    pub fn finish(self) -> String {
        self.text
    }

    /// Writes JSON text as it is.
    ///
    /// # Errors
    /// Where the text would be longer than allowed.
    pub fn raw(&mut self, json: &str) -> Written {
        if self.text.len() + json.len() > self.max_bytes {
            return Err(ReadError::AnswerTooLarge);
        }
        self.text.push_str(json);
        Ok(())
    }

    /// Writes a value.
    ///
    /// # Errors
    /// Where the text would be longer than allowed.
    pub fn value(&mut self, value: impl Into<Json>) -> Written {
        self.raw(&value.into().to_string())
    }

    /// Writes a list.
    ///
    /// # Errors
    /// Where the text would be longer than allowed.
    pub fn list<T>(
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

    /// Writes an object with the response keys of its fields.
    ///
    /// # Errors
    /// Where the text would be longer than allowed.
    pub fn object<T>(&mut self, fields: &[(String, T)], mut write: impl FnMut(&mut Self, &T) -> Written) -> Written {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_at_most_the_allowed_bytes() {
        let written = |max_bytes: usize| {
            let mut json = JsonWriter::new(max_bytes);
            let fields = [("a".to_owned(), 1), ("b".to_owned(), 2)];
            json.list([&fields], |json, fields| json.object(fields, |json, number| json.value(*number)))?;
            Ok::<_, ReadError>(json.finish())
        };
        let whole = r#"[{"a":1,"b":2}]"#;
        assert_eq!(written(whole.len()).expect("it fits"), whole);
        assert!(matches!(written(whole.len() - 1), Err(ReadError::AnswerTooLarge)));
    }
}
