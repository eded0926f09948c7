//! The positions of a term in a record, as the index stores them: `h0;b3,17`.

use std::fmt::Write as _;

use super::Field;

/// The positions of a term: the field and the number of the word in it, in order.
pub(super) type Positions = Vec<(Field, u32)>;

/// The stored form of sorted positions.
pub(super) fn write(positions: &[(Field, u32)]) -> String {
    let mut text = String::new();
    let mut last = None;
    for (field, position) in positions {
        if last == Some(*field) {
            text.push(',');
        } else {
            if last.is_some() {
                text.push(';');
            }
            text.push(field.letter());
            last = Some(*field);
        }
        // Writing into a string does not fail.
        let _ = write!(text, "{position}");
    }
    text
}

/// Adds the positions of a stored form. What is not one is left out.
pub(super) fn read(text: &str, positions: &mut Positions) {
    for part in text.split(';') {
        let mut letters = part.chars();
        if let Some(field) = letters.next().and_then(Field::of) {
            positions.extend(letters.as_str().split(',').filter_map(|number| Some((field, number.parse().ok()?))));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_read_as_they_were_written() {
        let positions = vec![(Field::Name, 0), (Field::Body, 3), (Field::Body, 17)];
        let text = write(&positions);
        assert_eq!(text, "n0;b3,17");
        let mut again = vec![];
        read(&text, &mut again);
        assert_eq!(again, positions);
    }
}
