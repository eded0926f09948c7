//! Dates that are not exact, or that are given relative to another record.

use entity::vocabulary::TemporalRelation;
use serde::{Deserialize, Serialize};

use super::{Reference, written};

/// A date as a document gives it: in EDTF, relative to another record, or both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FuzzyDate {
    /// The asserted date, in EDTF.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edtf: Option<String>,
    /// The words of the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<String>,
    /// How it stands to the date of another record. Without `edtf` the date is worked out from there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relative: Option<RelativeDate>,
    /// What a relative date without `edtf` comes to, in EDTF. It is worked out by each write, whatever a document says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved: Option<String>,
}

impl FuzzyDate {
    /// Whether the other is given in the same way, whatever it comes to.
    #[must_use]
    pub fn is_given_as(&self, other: &Self) -> bool {
        self.edtf == other.edtf && self.original == other.original && self.relative == other.relative
    }
}

/// A date relative to that of an event, or to the publication of an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RelativeDate {
    /// The event or article.
    pub anchor: Reference,
    /// How it stands to the anchor.
    pub relation: TemporalRelation,
    /// How far from it, an ISO 8601 duration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<String>,
    /// Whether that distance is approximate.
    #[serde(default, skip_serializing_if = "written::is_false")]
    pub is_approximate: bool,
}
