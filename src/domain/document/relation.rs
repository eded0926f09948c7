//! A relation as a document.

use entity::vocabulary::RelationKind;
use serde::{Deserialize, Serialize};

use super::{Citation, FuzzyDate, Reference};

/// A relation between two records: read "source kind target".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Relation {
    /// The record that it starts from.
    pub source: Reference,
    /// What the source is to the target.
    pub kind: RelationKind,
    /// The record that it leads to.
    pub target: Reference,
    /// What the relation is, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether it holds both ways, where that differs from what its kind says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_symmetric: Option<bool>,
    /// Since when it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<FuzzyDate>,
    /// Until when it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<FuzzyDate>,
    /// What supports it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub citations: Vec<Citation>,
}

impl Relation {
    /// Whether it holds both ways.
    #[must_use]
    pub fn holds_both_ways(&self) -> bool {
        self.is_symmetric.unwrap_or_else(|| self.kind.is_symmetric())
    }
}
