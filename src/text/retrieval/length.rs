//! Steps of a tenth: lengths of records and counts are rounded down to powers of 1.1, so that a rank changes only when a count has grown
//! by a tenth.

const STEP: f64 = 1.1;

/// The class of a length: records whose lengths differ by less than a tenth are of equal length.
pub(super) fn class_of(length: i32) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a logarithm of a positive number is small"
    )]
    let class = f64::from(length.max(1)).log(STEP).floor() as u32;
    class
}

/// The length of a class.
pub(super) fn length_of(class: u32) -> f64 {
    STEP.powi(i32::try_from(class).unwrap_or(i32::MAX))
}

/// A count, rounded down.
pub(super) fn step(count: f64) -> f64 {
    if count <= 1.0 { 1.0 } else { STEP.powf(count.log(STEP).floor()) }
}
