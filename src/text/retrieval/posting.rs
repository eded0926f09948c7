//! Postings as the index stores them: which records have a term, and where. A row of the index has the postings of a term in a block of
//! records as one short text, so that a frequent word is read in few rows.

use super::Field;

/// Records of a block. Their numbers follow one another.
const BLOCK_SIZE: i32 = 256;
/// The digits of numbers: five bits each, and a bit that says that another digit follows.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const FOLLOWED: u32 = 32;
/// Kinds of records, and fields.
const NAMES: u32 = 8;

/// The positions of a term: the field and the number of the word in it, in order.
pub(super) type Positions = Vec<(Field, u32)>;

/// The block of a record, and where the record is in it.
#[must_use]
pub const fn place_of(number: i32) -> (i32, u32) {
    (number.div_euclid(BLOCK_SIZE), number.rem_euclid(BLOCK_SIZE).unsigned_abs())
}

/// The number of the record at a place.
pub(super) fn record_at(block: i32, place: u32) -> i32 {
    block.saturating_mul(BLOCK_SIZE).saturating_add_unsigned(place)
}

/// What the posting of a record says besides its place in the block: the kind, the class of length, and the sorted positions.
pub(super) fn write_posting(kind: u8, length_class: u32, positions: &[(Field, u32)]) -> String {
    let mut text = String::new();
    let of_fields = || positions.chunk_by(|(one, _), (other, _)| one == other);
    let fields = u32::try_from(of_fields().count()).unwrap_or(u32::MAX);
    write_number(&mut text, fields * NAMES + u32::from(kind));
    write_number(&mut text, length_class);
    for positions in of_fields() {
        let count = u32::try_from(positions.len()).unwrap_or(u32::MAX);
        write_number(&mut text, count * NAMES + positions[0].0.number());
        let mut last = 0;
        for (_, position) in positions {
            write_number(&mut text, position - last);
            last = *position;
        }
    }
    text
}

/// The postings of a block, in the order of their places.
#[must_use]
pub fn write_block<'a>(postings: impl IntoIterator<Item = (u32, &'a str)>) -> String {
    let mut text = String::new();
    for (place, posting) in postings {
        write_number(&mut text, place);
        text.push_str(posting);
    }
    text
}

/// The postings of a block with their places. What is not one ends the list.
pub fn read_block(text: &str) -> impl Iterator<Item = (u32, &str)> {
    let mut rest = Numbers(text);
    std::iter::from_fn(move || {
        let place = rest.next()?;
        let start = rest.0;
        Stored::read(&mut rest)?;
        Some((place, &start[..start.len() - rest.0.len()]))
    })
}

/// A posting that was read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stored<'a> {
    pub(super) kind: u8,
    pub(super) length_class: u32,
    /// How much its occurrences count.
    pub(super) weight: f64,
    fields: u32,
    positions: Numbers<'a>,
}

impl<'a> Stored<'a> {
    fn read(numbers: &mut Numbers<'a>) -> Option<Self> {
        let head = numbers.next()?;
        let length_class = numbers.next()?;
        let positions = *numbers;
        let mut weight = 0.0;
        for _ in 0..head / NAMES {
            let (count, field) = field(numbers.next()?)?;
            weight += f64::from(count) * field.weight();
            for _ in 0..count {
                numbers.skip()?;
            }
        }
        let kind = u8::try_from(head % NAMES).ok()?;
        Some(Self { kind, length_class, weight, fields: head / NAMES, positions })
    }

    /// A posting without its place.
    pub(super) fn of(text: &'a str) -> Option<Self> {
        Self::read(&mut Numbers(text))
    }

    /// Adds the positions.
    pub(super) fn add_positions(&self, positions: &mut Positions) {
        let mut numbers = self.positions;
        for _ in 0..self.fields {
            let Some((count, field)) = numbers.next().and_then(field) else { return };
            let mut position = 0;
            for _ in 0..count {
                position = numbers.next().unwrap_or_default().saturating_add(position);
                positions.push((field, position));
            }
        }
    }
}

fn field(number: u32) -> Option<(u32, Field)> {
    Some((number / NAMES, Field::of(number % NAMES)?))
}

fn write_number(text: &mut String, mut number: u32) {
    loop {
        let (digit, rest) = (number % FOLLOWED, number / FOLLOWED);
        let mark = if rest > 0 { FOLLOWED } else { 0 };
        text.push(char::from(DIGITS[(digit + mark) as usize]));
        number = rest;
        if number == 0 {
            return;
        }
    }
}

/// The numbers of a text.
#[derive(Debug, Clone, Copy)]
struct Numbers<'a>(&'a str);

impl Numbers<'_> {
    fn next(&mut self) -> Option<u32> {
        let (mut number, mut shift) = (0_u32, 0);
        for (at, byte) in self.0.bytes().enumerate() {
            let value = value_of(byte)?;
            number |= (value % FOLLOWED).checked_shl(shift)?;
            shift += 5;
            if value < FOLLOWED {
                self.0 = &self.0[at + 1..];
                return Some(number);
            }
        }
        None
    }

    fn skip(&mut self) -> Option<()> {
        let last = self.0.bytes().position(|byte| value_of(byte).is_none_or(|value| value < FOLLOWED))?;
        self.0 = &self.0[last + 1..];
        Some(())
    }
}

const fn value_of(byte: u8) -> Option<u32> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    } as u32)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_record_has_a_place_in_a_block() {
        assert_eq!((place_of(1), place_of(255), place_of(256)), ((0, 1), (0, 255), (1, 0)));
    }

    proptest! {
        #[test]
        fn postings_are_read_as_they_were_written(
            all in prop::collection::btree_map(0_u32..256, (0_u8..5, 0_u32..200, prop::collection::btree_set((0_u32..6, 0_u32..2_000_000), 1..9)), 0..9)
        ) {
            let written: Vec<(u32, String, Positions)> = all.into_iter().map(|(place, (kind, class, positions))| {
                let positions: Positions = positions.into_iter().map(|(field, at)| (Field::of(field).unwrap(), at)).collect();
                (place, write_posting(kind, class, &positions), positions)
            }).collect();
            let block = write_block(written.iter().map(|(place, posting, _)| (*place, posting.as_str())));
            let read: Vec<(u32, &str)> = read_block(&block).collect();
            prop_assert_eq!(read.len(), written.len());
            for ((place, posting), (expected, text, positions)) in read.into_iter().zip(&written) {
                prop_assert_eq!((place, posting), (*expected, text.as_str()));
                let mut again = vec![];
                Stored::of(posting).unwrap().add_positions(&mut again);
                prop_assert_eq!(&again, positions);
            }
        }

        #[test]
        fn no_text_makes_the_reader_fail(text in "\\PC{0,40}|[A-Za-z0-9_-]{0,40}") {
            let _ = read_block(&text).count();
        }
    }
}
