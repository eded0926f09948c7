//! Looking for passages in a text, however often, within an effort that is set.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

/// Of more occurrences than these, only the first are told.
pub const MANY: usize = 100;

/// So many code points are looked up at once.
const GROUP: usize = 3;
/// So many groups of a passage are looked at for the one that occurs most seldom.
const LOOKED_AT: usize = 64;
/// For so many passages a text is walked through. To know where each group stands takes as long as some dozens of walks.
const WALKS: usize = 16;

/// What may still be done: so many code points looked at.
#[derive(Debug)]
pub struct Effort {
    left: AtomicUsize,
    was_too_little: AtomicBool,
}

impl Effort {
    /// What the texts of one call of an editor may take, in which nobody else writes: about a second of work, and far more than any real
    /// texts need.
    pub const OF_A_CALL: usize = 1 << 28;

    /// So many code points.
    #[must_use]
    pub fn of(points: usize) -> Arc<Self> {
        Arc::new(Self { left: points.into(), was_too_little: false.into() })
    }

    /// Takes some of it, if there is as much.
    pub fn take(&self, points: usize) -> Option<()> {
        let less = |left: usize| left.checked_sub(points);
        let taken = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
        if taken.is_err() {
            self.was_too_little.store(true, Ordering::Relaxed);
        }
        taken.ok().map(drop)
    }

    /// Whether there was not enough of it for something: what was not found may be there.
    #[must_use]
    pub fn was_too_little(&self) -> bool {
        self.was_too_little.load(Ordering::Relaxed)
    }
}

/// A text in which passages are looked for.
#[derive(Debug)]
pub struct Text {
    points: Vec<char>,
    effort: Arc<Effort>,
    /// How often it was walked through.
    walks: AtomicUsize,
    /// Where each group of a few code points begins.
    groups: OnceLock<Vec<(u64, u32)>>,
}

impl std::ops::Deref for Text {
    type Target = [char];

    fn deref(&self) -> &[char] {
        &self.points
    }
}

impl Text {
    /// Takes up a text, to look for passages with this effort.
    #[must_use]
    pub fn new(text: &str, effort: &Arc<Effort>) -> Self {
        Self {
            points: text.chars().collect(),
            effort: Arc::clone(effort),
            walks: AtomicUsize::new(0),
            groups: OnceLock::new(),
        }
    }

    /// Where a passage begins, at [`MANY`] places and one more at most. Occurrences may overlap. Nothing where the effort does not
    /// suffice to know.
    #[must_use]
    pub fn occurrences(&self, passage: &[char]) -> Option<Vec<usize>> {
        if passage.is_empty() {
            return Some(Vec::new());
        }
        if passage.len() < GROUP || self.walks.load(Ordering::Relaxed) < WALKS {
            self.walks.fetch_add(1, Ordering::Relaxed);
        } else {
            let (offset, places) = self.rarest(passage);
            if let Some(found) = self.compare(offset, places, passage)? {
                return Some(found);
            }
        }
        self.effort.take(self.points.len())?;
        Some(self.walk(passage))
    }

    /// Whether the words at a span stand elsewhere in the text, too. They are taken to, where the effort does not suffice to know.
    #[must_use]
    pub fn has_twin(&self, start: usize, end: usize) -> bool {
        let words = self.points.get(start..end);
        words.and_then(|words| self.occurrences(words)).is_none_or(|places| places.len() > 1)
    }

    /// The group of a passage that occurs most seldom: where in the passage, and where in the text.
    fn rarest(&self, passage: &[char]) -> (usize, &[(u64, u32)]) {
        let groups = self.groups.get_or_init(|| self.group());
        let places = |group: &[char]| {
            let key = key(group);
            let from = groups.partition_point(|(other, _)| *other < key);
            let count = groups[from..].partition_point(|(other, _)| *other == key);
            &groups[from..from + count]
        };
        let of_passage = passage.windows(GROUP).take(LOOKED_AT).enumerate();
        let all = of_passage.map(|(offset, group)| (offset, places(group)));
        all.min_by_key(|(_, places)| places.len()).unwrap_or((0, &[]))
    }

    /// Compares a passage with what stands around these places; nothing within where that is more work than to walk through the text.
    #[expect(clippy::option_option, reason = "no effort is left, it is too much, or found")]
    fn compare(&self, offset: usize, places: &[(u64, u32)], passage: &[char]) -> Option<Option<Vec<usize>>> {
        let mut found = Vec::new();
        let mut compared = 0;
        for (_, place) in places {
            let Some(at) = (*place as usize).checked_sub(offset) else { continue };
            let same = self.points[at..].iter().zip(passage).take_while(|(there, wanted)| there == wanted).count();
            compared += same + 1;
            if same == passage.len() {
                found.push(at);
                if found.len() > MANY {
                    break;
                }
            }
            if compared > self.points.len() {
                self.effort.take(compared)?;
                return Some(None);
            }
        }
        self.effort.take(compared)?;
        Some(Some(found))
    }

    /// Goes through the text once, whatever the passage: where a beginning of it does not go on, the longest end of that which is a
    /// beginning as well is what has been found so far (Knuth, Morris and Pratt).
    fn walk(&self, passage: &[char]) -> Vec<usize> {
        let mut ends = vec![0; passage.len()];
        let go_on = |ends: &[usize], mut length: usize, next: char| {
            while length > 0 && passage.get(length) != Some(&next) {
                length = ends[length - 1];
            }
            length + usize::from(passage.get(length) == Some(&next))
        };
        for at in 1..passage.len() {
            ends[at] = go_on(&ends, ends[at - 1], passage[at]);
        }
        let mut length = 0;
        let is_end = |(at, next): (usize, &char)| {
            length = go_on(&ends, length, *next);
            (length == passage.len()).then(|| at + 1 - passage.len())
        };
        self.points.iter().enumerate().filter_map(is_end).take(MANY + 1).collect()
    }

    fn group(&self) -> Vec<(u64, u32)> {
        // No text is as long as a u32 counts; what would be beyond is not found.
        let mut groups: Vec<(u64, u32)> = self.points.windows(GROUP).map(key).zip(0..u32::MAX).collect();
        groups.sort_unstable();
        groups
    }
}

/// A group as one number: a code point has 21 bits.
fn key(group: &[char]) -> u64 {
    group.iter().fold(0, |key, point| (key << 21) | u64::from(u32::from(*point)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn points(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    proptest! {
        #[test]
        fn every_occurrence_is_found_by_walking_and_by_groups(text in "[abé]{0,40}", passage in "[abé]{1,5}") {
            let wanted = points(&passage);
            let expected: Vec<usize> = points(&text).windows(wanted.len()).enumerate().filter(|(_, there)| *there == wanted).map(|(at, _)| at).collect();
            let text = Text::new(&text, &Effort::of(1_000_000));
            for _ in 0..=WALKS {
                prop_assert_eq!(text.occurrences(&wanted), Some(expected.clone()));
            }
        }
    }

    #[test]
    fn passages_that_are_almost_everywhere_take_no_more_than_some_walks_each() {
        let length = 200_000;
        let text = format!("{}b!", "a".repeat(length));
        let effort = Effort::of(30 * (length + 2) * 2);
        let text = Text::new(&text, &effort);
        for from in 4_000..4_030 {
            let passage = points(&format!("{}b", "a".repeat(from)));
            assert_eq!(text.occurrences(&passage), Some(vec![length - from]));
        }
    }

    #[test]
    fn beyond_the_effort_nothing_is_known() {
        let effort = Effort::of(10);
        let text = Text::new("abcabc", &effort);
        assert_eq!(text.occurrences(&points("abc")), Some(vec![0, 3]));
        assert!(!effort.was_too_little());
        assert_eq!(text.occurrences(&points("abc")), None);
        assert_eq!(text.occurrences(&points("x")), None);
        assert!(effort.was_too_little());
    }
}
