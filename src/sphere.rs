//! Points of the Earth, taken as a sphere.

/// The mean radius of the Earth.
pub const EARTH_RADIUS_KM: f64 = 6371.0088;

/// A point in degrees as a vector of length 1 from the centre of the Earth. Distances of vectors need no functions of angles,
/// which a database may lack.
#[must_use]
pub fn unit_vector(latitude: f64, longitude: f64) -> [f64; 3] {
    let (latitude, longitude) = (latitude.to_radians(), longitude.to_radians());
    [latitude.cos() * longitude.cos(), latitude.cos() * longitude.sin(), latitude.sin()]
}

#[cfg(test)]
mod tests {
    use super::unit_vector;

    #[test]
    fn every_vector_has_the_length_1() {
        for (latitude, longitude) in [(0.0, 0.0), (90.0, 12.0), (-33.9, 151.2), (31.2, -180.0)] {
            let length: f64 = unit_vector(latitude, longitude).iter().map(|part| part * part).sum();
            assert!((length - 1.0).abs() < 1e-12);
        }
    }
}
