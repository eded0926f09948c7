//! A person as a document.

use serde::{Deserialize, Serialize};

use super::{FuzzyDate, Reference, Thing};

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Names, descriptions and addresses elsewhere.
    #[serde(flatten)]
    pub thing: Thing,
    /// When the person was born.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub born: Option<FuzzyDate>,
    /// When the person died.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub died: Option<FuzzyDate>,
    /// What the person does or did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occupation: Option<String>,
    /// The countries of which the person is a national.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nationalities: Vec<Reference>,
}
