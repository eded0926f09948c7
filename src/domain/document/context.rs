//! What stood around a mention or a quote when it was last anchored: with its words, a `TextQuoteSelector` of the W3C.

use serde::{Deserialize, Serialize};

use super::written;

/// What stood around a mention or a quote when it was last anchored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Context {
    /// The code points before it, 32 or as many as there were.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub prefix: String,
    /// The code points behind it, 32 or as many as there were.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub suffix: String,
    /// Whether the same words stood elsewhere in the text.
    #[serde(default, skip_serializing_if = "written::is_false")]
    pub has_twin: bool,
}

impl Context {
    /// Whether nothing says what stood there.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.prefix.is_empty() && self.suffix.is_empty()
    }
}
