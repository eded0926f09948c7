//! A place as a document.

use entity::vocabulary::PlaceKind;
use serde::{Deserialize, Serialize};

use super::{Reference, Thing, written};

/// A place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// Names, descriptions and addresses elsewhere.
    #[serde(flatten)]
    pub thing: Thing,
    /// What kind of place it is.
    pub kind: PlaceKind,
    /// The ISO 3166-1 alpha-2 code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// How many people live there.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "written::number::optional")]
    pub population: Option<f64>,
    /// The place that directly contains it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contained_in: Option<Reference>,
}

/// A point on earth.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Location {
    /// Degrees north, -90 to 90.
    #[serde(with = "written::number")]
    pub latitude: f64,
    /// Degrees east, -180 to 180.
    #[serde(with = "written::number")]
    pub longitude: f64,
}
