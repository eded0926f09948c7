//! Conditions on points of the Earth: `NearFilter` and `BoxFilter`.

use super::operand::FilterProblem;
use crate::{
    sphere::{EARTH_RADIUS_KM, unit_vector},
    store::read::filter::{Bound, Circle, Predicate, Test},
};
use serde_json::{Map, Value as Json};
use std::f64::consts::PI;

/// The condition that the point of the row is at most that far from another point.
pub(super) fn near(given: &Map<String, Json>, path: &str) -> Result<Predicate, FilterProblem> {
    let latitude = degrees(given, "latitude", 90.0, path)?;
    let longitude = degrees(given, "longitude", 180.0, path)?;
    let radius = number(given, "radiusKm");
    if radius < 0.0 {
        return Err(format!("{path}.radiusKm must be 0 or more, not {radius}.").into());
    }
    // No point is farther away than the opposite one.
    let angle = (radius / EARTH_RADIUS_KM).min(PI);
    // The margins are far below a millimetre: the vectors of one point may differ in their last digits.
    let chord_squared = (2.0 * (angle / 2.0).sin()).powi(2) * (1.0 + 1e-12) + 1e-30;
    let circle = Circle { centre: unit_vector(latitude, longitude), chord_squared };
    // An index finds the places between two latitudes and two longitudes; the circle decides.
    let reach = angle.to_degrees() + 1e-6;
    let latitudes = between("latitude", latitude - reach, latitude + reach);
    let parts = longitudes_around(latitude, longitude, reach);
    Ok(Predicate::All(vec![latitudes, in_either("longitude", parts), Predicate::Near(circle)]))
}

/// Two parts of the longitudes of a circle, which are the same one where it does not cross the date line.
fn longitudes_around(latitude: f64, longitude: f64, reach: f64) -> [(f64, f64); 2] {
    if latitude.abs() + reach >= 90.0 {
        // A pole is in it.
        return [(-180.0, 180.0); 2];
    }
    let widest = (reach.to_radians().sin() / latitude.to_radians().cos()).asin().to_degrees() + 1e-6;
    let (west, east) = (longitude - widest, longitude + widest);
    if west <= -180.0 {
        [(-180.0, east), (west + 360.0, 180.0)]
    } else if east >= 180.0 {
        [(west, 180.0), (-180.0, east - 360.0)]
    } else {
        [(west, east); 2]
    }
}

/// The condition that the point of the row is in a box, its edges included.
pub(super) fn in_box(given: &Map<String, Json>, path: &str) -> Result<Predicate, FilterProblem> {
    let (south, north) = (degrees(given, "south", 90.0, path)?, degrees(given, "north", 90.0, path)?);
    let (west, east) = (degrees(given, "west", 180.0, path)?, degrees(given, "east", 180.0, path)?);
    if south > north {
        return Err(format!("{path}.south must not be greater than {path}.north.").into());
    }
    // A box across the date line has two parts. The line itself is at both ends of the degrees. Any other box is given twice, so
    // that the statement has the same text.
    let [first, second] = if west > east {
        [(west, 180.0), (-180.0, east)]
    } else if west <= -180.0 {
        [(west, east), (180.0, 180.0)]
    } else if east >= 180.0 {
        [(west, east), (-180.0, -180.0)]
    } else {
        [(west, east); 2]
    };
    Ok(Predicate::All(vec![between("latitude", south, north), in_either("longitude", [first, second])]))
}

fn in_either(column: &'static str, ranges: [(f64, f64); 2]) -> Predicate {
    Predicate::Any(ranges.map(|(least, most)| between(column, least, most)).into())
}

fn between(column: &'static str, least: f64, most: f64) -> Predicate {
    let least = Predicate::Test(column, Test::AtLeast(Bound::Float(least)));
    Predicate::All(vec![least, Predicate::Test(column, Test::AtMost(Bound::Float(most)))])
}

fn number(given: &Map<String, Json>, name: &str) -> f64 {
    given.get(name).and_then(Json::as_f64).unwrap_or_default()
}

fn degrees(given: &Map<String, Json>, name: &str, most: f64, path: &str) -> Result<f64, FilterProblem> {
    let degrees = number(given, name);
    if degrees.abs() > most {
        return Err(format!("{path}.{name} must be from -{most} to {most}, not {degrees}.").into());
    }
    Ok(degrees)
}
