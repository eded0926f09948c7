//! The text around a mention or a citation when it was last anchored. With the words of the passage it is a `TextQuoteSelector` of
//! the W3C.

use serde::{Deserialize, Serialize};

use crate::domain::shape::{Field, Shape, optional};

use super::json;

/// The fields by which a mention or a citation is found again.
pub(crate) const CONTEXT: &[Field] = &[
    optional(
        "prefix",
        Shape::SourcePart(32),
        "The 32 code points before the passage when it was last anchored, or as many as there were. If it is missing, it is computed.",
    )
    .read_only(),
    optional("suffix", Shape::SourcePart(32), "The 32 code points after the passage when it was last anchored, or as many as there were.").read_only(),
    optional(
        "hasTwin",
        Shape::Boolean,
        "Whether the same words occurred elsewhere in that text. The default is false.",
    )
    .read_only(),
];

/// The text around a mention or a citation when it was last anchored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Context {
    /// The 32 code points before it, or as many as there were.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub prefix: String,
    /// The 32 code points after it, or as many as there were.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub suffix: String,
    /// Whether the same words occurred elsewhere in the text.
    #[serde(default, skip_serializing_if = "json::is_false")]
    pub has_twin: bool,
}

impl Context {
    /// Whether the text around it is not known.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.prefix.is_empty() && self.suffix.is_empty()
    }
}
