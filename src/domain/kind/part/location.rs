//! Points on the Earth.

use serde::{Deserialize, Serialize};

use crate::domain::shape::{Object, Shape, required};

use super::json;

pub(crate) static LOCATION: Object = Object::new(
    "Location",
    "A point on the Earth, in degrees (WGS 84).",
    &[&[
        required("latitude", Shape::Number(-90.0, 90.0), "Degrees north."),
        required("longitude", Shape::Number(-180.0, 180.0), "Degrees east."),
    ]],
)
.form_name("GeoPointInput");

/// A point on the Earth.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Location {
    /// Degrees north, -90 to 90.
    #[serde(with = "json::number")]
    pub latitude: f64,
    /// Degrees east, -180 to 180.
    #[serde(with = "json::number")]
    pub longitude: f64,
}
