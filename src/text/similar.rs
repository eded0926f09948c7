//! Suggestions for names that do not exist.

/// The most similar of some names, if it differs in at most two letters. Most typing errors keep the first letter.
#[must_use]
pub fn most_similar<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|known| (distance(name, known), !known.starts_with(name.chars().next().unwrap_or(' ')), known))
        .filter(|(distance, _, known)| *distance <= 2 && *distance < known.len())
        .min()
        .map(|(_, _, known)| known)
}

/// How many letters differ.
fn distance(left: &str, right: &str) -> usize {
    if left.len() > 64 {
        return usize::MAX;
    }
    let right: Vec<char> = right.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, letter) in left.to_lowercase().chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], index + 1);
        for (column, other) in right.iter().enumerate() {
            let cost = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = cost.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}
