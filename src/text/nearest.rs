//! Finds the passage of a text that is most similar to a quote that does not stand in it.
//!
//! Groups of letters that the two have in common show where the passage may be. There the quote and the text are aligned, letter by
//! letter.

use std::collections::HashMap;

use super::sort_key::folded;

/// The number of letters in a group.
const GROUP: usize = 3;
/// How many places of a group in the quote are used. Other groups tell more.
const MAX_PLACES: usize = 8;
/// How many places of the text are aligned with the quote.
const MAX_CANDIDATES: usize = 3;
/// A passage that is less similar is another passage.
const LEAST_SIMILARITY: f64 = 0.5;
/// How far the alignment may be from the diagonal, in code points: how much may be added to the quote or left out.
const BAND: std::ops::RangeInclusive<usize> = 8..=128;

/// What the alignment counts for another letter, and for an added or omitted one.
const DIFFERENCE: u32 = 4;
/// What it counts for another form of the same letter, and for a mark or an invisible character.
const VARIANT: u32 = 1;

/// A passage that is similar to a quote.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nearest {
    /// Where the passage begins, in code points.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// How similar it is, from 0 to 1. Only an equal passage has 1.
    pub similarity: f64,
}

/// The passage of a text that is most similar to a quote; nothing if none has half of its letters. The time grows with the length of
/// the text, and with that of the quote, but not with their product.
#[must_use]
pub fn nearest(text: &[char], quote: &[char]) -> Option<Nearest> {
    let (text_forms, quote_forms) = (forms(text), forms(quote));
    let found = candidates(&text_forms, &quote_forms)
        .into_iter()
        .filter_map(|diagonal| align((text, &text_forms), (quote, &quote_forms), diagonal));
    // The first of several equal ones.
    let best = found.reduce(|best, other| if other.similarity > best.similarity { other } else { best });
    best.filter(|best| best.similarity >= LEAST_SIMILARITY)
}

/// The form by which letters are compared; none for marks and invisible characters.
fn forms(text: &[char]) -> Vec<Option<char>> {
    text.iter().map(|character| form(*character)).collect()
}

fn form(character: char) -> Option<char> {
    Some(match character {
        character if character.is_whitespace() => ' ',
        character if character.is_ascii() => character.to_ascii_lowercase(),
        '‘' | '’' | '‚' | '‛' | '′' | '´' => '\'',
        '“' | '”' | '„' | '‟' | '«' | '»' | '″' => '"',
        '‐'..='―' | '−' => '-',
        character => folded(character)?,
    })
}

/// Where the quote would begin in the text by the groups that both have: the most frequent places first. A place may be before the
/// text, if the beginning of the quote is missing.
fn candidates(text: &[Option<char>], quote: &[Option<char>]) -> Vec<isize> {
    let mut places: HashMap<[char; GROUP], Vec<usize>> = HashMap::new();
    for (group, at) in groups(quote) {
        let known = places.entry(group).or_default();
        if known.len() < MAX_PLACES {
            known.push(at);
        }
    }
    // Places that differ by less than this are one: the passage may have letters more or less.
    let width = (quote.len() / 8).max(4);
    let mut counts = vec![0_u32; (text.len() + quote.len()) / width + 2];
    for (group, at) in groups(text) {
        for in_quote in places.get(&group).into_iter().flatten() {
            counts[(at + quote.len() - in_quote) / width] += 1;
        }
    }
    // A place near the border of its cell has groups in the next cell.
    let mut pairs: Vec<(u32, usize)> =
        counts.windows(2).map(|pair| pair[0] + pair[1]).zip(0..).filter(|(count, _)| *count > 0).collect();
    pairs.sort_unstable_by_key(|(count, cell)| (std::cmp::Reverse(*count), *cell));
    let begin = |cell: usize| ((cell + 1) * width).cast_signed() - quote.len().cast_signed();
    pairs.into_iter().take(MAX_CANDIDATES).map(|(_, cell)| begin(cell)).collect()
}

/// The groups of a text, each with its place. Marks and invisible characters are not part of a group.
fn groups(text: &[Option<char>]) -> impl Iterator<Item = ([char; GROUP], usize)> {
    let mut letters = text.iter().zip(0..).filter_map(|(form, at)| Some(((*form)?, at)));
    let mut last = [' '; GROUP];
    let mut begins = [0; GROUP];
    let mut length = 0;
    std::iter::from_fn(move || {
        loop {
            let (letter, at) = letters.next()?;
            last.rotate_left(1);
            begins.rotate_left(1);
            (last[GROUP - 1], begins[GROUP - 1]) = (letter, at);
            length += 1;
            if length >= GROUP {
                return Some((last, begins[0]));
            }
        }
    })
}

/// A cell of the alignment: the least cost, and where in the text the aligned passage begins.
type Cell = (u32, usize);
const NO_CELL: Cell = (u32::MAX / 2, 0);

/// Aligns the whole quote with the part of the text that begins near this place. Row by row of the quote, only the columns of the text
/// near the diagonal are computed.
fn align(text: (&[char], &[Option<char>]), quote: (&[char], &[Option<char>]), diagonal: isize) -> Option<Nearest> {
    let (length, points) = (quote.0.len(), text.0.len());
    // The place is the middle of a pair of cells.
    let band = (length / 4).clamp(*BAND.start(), *BAND.end()) + (length / 8).max(4);
    // The columns of a row: how many points of the text come before it.
    let columns = |row: usize| {
        let center = diagonal + row.cast_signed();
        let column = |at: isize| usize::try_from(at).unwrap_or(0).min(points);
        column(center - band.cast_signed())..column(center + band.cast_signed()) + 1
    };
    let mut above = columns(0);
    let mut last: Vec<Cell> = above.clone().map(|column| (0, column)).collect();
    for row in 1..=length {
        let here = columns(row);
        let cell_above = |column: usize| match column.checked_sub(above.start) {
            Some(at) => last.get(at).copied().unwrap_or(NO_CELL),
            None => NO_CELL,
        };
        let (point, form) = (quote.0[row - 1], quote.1[row - 1]);
        let omitted = gap(form);
        let mut cells: Vec<Cell> = Vec::with_capacity(here.len());
        for column in here.clone() {
            let mut best = plus(cell_above(column), omitted);
            if let Some(before) = column.checked_sub(1) {
                let cost = difference((point, form), (text.0[before], text.1[before]));
                best = best.min(plus(cell_above(before), cost));
                if let Some(left) = cells.last() {
                    best = best.min(plus(*left, gap(text.1[before])));
                }
            }
            cells.push(best);
        }
        (above, last) = (here, cells);
    }
    let ends = last.into_iter().zip(above);
    let ((cost, start), end) = ends.min_by_key(|((cost, _), end)| (*cost, *end))?;
    let whole = u32::try_from(length.max(end.saturating_sub(start))).ok().filter(|whole| *whole > 0)?;
    (end > start).then(|| Nearest {
        start,
        end,
        similarity: (1.0 - f64::from(cost) / f64::from(whole.saturating_mul(DIFFERENCE))).max(0.0),
    })
}

fn plus((cost, start): Cell, more: u32) -> Cell {
    (cost + more, start)
}

const fn gap(form: Option<char>) -> u32 {
    if form.is_none() { VARIANT } else { DIFFERENCE }
}

fn difference(one: (char, Option<char>), other: (char, Option<char>)) -> u32 {
    match (one, other) {
        ((one, _), (other, _)) if one == other => 0,
        ((_, Some(one)), (_, Some(other))) if one == other => VARIANT,
        ((_, None), (_, None)) => VARIANT,
        _ => DIFFERENCE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passage(text: &str, quote: &str) -> Option<String> {
        let (text, quote): (Vec<char>, Vec<char>) = (text.chars().collect(), quote.chars().collect());
        nearest(&text, &quote).map(|found| text[found.start..found.end].iter().collect())
    }

    fn similarity(text: &str, quote: &str) -> f64 {
        let (text, quote): (Vec<char>, Vec<char>) = (text.chars().collect(), quote.chars().collect());
        nearest(&text, &quote).map_or(0.0, |found| found.similarity)
    }

    const TEXT: &str = "Foreign ministers met in Algiers on Tuesday. They said Libya’s neighbours refuse any intervention, \
        and asked Egypt to end its air strikes.";

    #[test]
    fn the_passage_with_one_other_letter_is_found() {
        for (quote, expected) in [
            ("Libya's neighbours refuse", "Libya’s neighbours refuse"),
            ("Libya’s neighbors refuse", "Libya’s neighbours refuse"),
            ("LIBYA’S NEIGHBOURS", "Libya’s neighbours"),
            ("met at Algiers", "met in Algiers"),
            ("Foreign ministres met", "Foreign ministers met"),
            ("end its airstrikes.", "end its air strikes."),
        ] {
            assert_eq!(passage(TEXT, quote).as_deref(), Some(expected), "{quote}");
        }
    }

    #[test]
    fn words_that_were_added_or_left_out_do_not_hide_the_passage() {
        let quote = "They said Libya’s closest neighbours refuse intervention";
        assert_eq!(passage(TEXT, quote).as_deref(), Some("They said Libya’s neighbours refuse any intervention"));
    }

    #[test]
    fn arabic_letters_in_other_forms_are_similar() {
        let text = "وقال وزير الخارجية إن الجزائر ترفض أي تدخل عسكري في ليبيا.";
        assert_eq!(passage(text, "ان الجزائر ترفض اى تدخل").as_deref(), Some("إن الجزائر ترفض أي تدخل"));
        assert!(similarity(text, "ان الجزائر ترفض اى تدخل") > 0.95);
        assert_eq!(passage(text, "الجَزائِر تَرفُض").as_deref(), Some("الجزائر ترفض"));
    }

    #[test]
    fn similarity_is_one_for_equal_passages_only() {
        assert!((similarity(TEXT, "Tuesday") - 1.0).abs() < f64::EPSILON);
        let (variant, other) = (similarity(TEXT, "Libya's neighbours"), similarity(TEXT, "Libya-s neighbours"));
        assert!(1.0 > variant && variant > other && other > 0.8, "{variant} {other}");
    }

    #[test]
    fn another_text_has_no_similar_passage() {
        for quote in ["The weather will be fine tomorrow", "قال الوزير", "", "x", "ab"] {
            assert_eq!(passage(TEXT, quote), None, "{quote}");
        }
        assert_eq!(passage("", "Libya"), None);
        assert_eq!(passage("ab", "abc"), None);
    }

    #[test]
    fn a_quote_that_goes_beyond_the_text_is_found_at_its_edge() {
        assert_eq!(passage("met in Algiers", "They met in Algiers").as_deref(), Some("met in Algiers"));
        assert_eq!(passage("met in Algiers", "met in Algiers today").as_deref(), Some("met in Algiers"));
    }

    #[test]
    fn a_long_text_with_repetitions_is_searched() {
        let text: Vec<char> = "a long story, a long war, ".repeat(2_000).chars().collect();
        let quote: Vec<char> = "a long story, a long peace, ".repeat(180).chars().collect();
        assert!(nearest(&text, &quote).is_some_and(|found| found.similarity < 1.0));
    }
}
