//! An organization as a document.

use entity::vocabulary::OrganizationKind;
use serde::{Deserialize, Serialize};

use super::{FuzzyDate, Reference, Thing};

/// An organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// Names, descriptions and addresses elsewhere.
    #[serde(flatten)]
    pub thing: Thing,
    /// What kind of organization it is.
    pub kind: OrganizationKind,
    /// The organization that it is directly a part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Reference>,
    /// The place of its seat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headquarters: Option<Reference>,
    /// The country that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Reference>,
    /// When it was founded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub founded: Option<FuzzyDate>,
    /// When it was dissolved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dissolved: Option<FuzzyDate>,
}
