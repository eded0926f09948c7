//! Suggestions for names that do not exist.

use super::distance::distance;

/// A longer name is like no other one.
const MAX_LENGTH: usize = 64;

/// The most similar of some names, if it differs in at most two letters. Most typing errors keep the first letter.
#[must_use]
pub fn most_similar<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() > MAX_LENGTH {
        return None;
    }
    let lower_case = name.to_lowercase();
    known
        .map(|known| {
            (
                distance(&lower_case, &known.to_lowercase()),
                !known.starts_with(name.chars().next().unwrap_or(' ')),
                known,
            )
        })
        .filter(|(distance, _, known)| *distance <= 2 && *distance < known.len())
        .min()
        .map(|(_, _, known)| known)
}
