//! What stood around a mention or a quote when it was last anchored: with its words, a `TextQuoteSelector` of the W3C.

use serde::{Deserialize, Serialize};

use crate::domain::shape::{Field, Shape, optional};

use super::json;

/// The fields of a mention and of a citation by which they are found again.
pub(crate) const CONTEXT: &[Field] = &[
    optional(
        "prefix",
        Shape::SourcePart(32),
        "The 32 characters before it when it was last anchored, or as many as there were. Worked out where it is missing.",
    )
    .read_only(),
    optional("suffix", Shape::SourcePart(32), "The same behind it.").read_only(),
    optional(
        "hasTwin",
        Shape::Boolean,
        "Whether the same words stood elsewhere in that text; no where it is not said.",
    )
    .read_only(),
];

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
    #[serde(default, skip_serializing_if = "json::is_false")]
    pub has_twin: bool,
}

impl Context {
    /// Whether nothing says what stood there.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.prefix.is_empty() && self.suffix.is_empty()
    }
}
