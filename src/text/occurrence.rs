//! Finds passages in a text, within a budget.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicUsize, Ordering},
};

/// The search for a passage stops after one more occurrence than this.
pub const MAX_OCCURRENCES: usize = 100;

/// The number of code points in a group. The index has an entry for each group of a text.
const GROUP: usize = 3;
/// How many groups of a passage are looked up to find its rarest one.
const MAX_GROUPS: usize = 64;
/// How many passages are found by a scan of the text before it is indexed: an index costs as much as some dozens of scans.
const SCANS_BEFORE_INDEX: usize = 16;

/// How many code points may still be compared.
#[derive(Debug)]
pub struct SearchBudget(AtomicUsize);

impl SearchBudget {
    /// The budget of one call: about a second of work, far more than real texts need. No other call writes during this time.
    pub const OF_A_CALL: usize = 1 << 28;

    /// A budget of so many code points.
    #[must_use]
    pub fn new(points: usize) -> Arc<Self> {
        Arc::new(Self(points.into()))
    }

    /// Takes some code points from the budget, if that many are left.
    pub fn take(&self, points: usize) -> Option<()> {
        let less = |left: usize| left.checked_sub(points);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).ok().map(drop)
    }
}

/// A text in which passages are searched.
#[derive(Debug)]
pub struct Text {
    points: Vec<char>,
    budget: Arc<SearchBudget>,
    /// How often it was scanned.
    scans: AtomicUsize,
    /// The groups with their places, sorted.
    groups: OnceLock<Vec<(u64, u32)>>,
}

impl std::ops::Deref for Text {
    type Target = [char];

    fn deref(&self) -> &[char] {
        &self.points
    }
}

impl Text {
    /// A text whose searches take from this budget.
    #[must_use]
    pub fn new(text: &str, budget: &Arc<SearchBudget>) -> Self {
        Self {
            points: text.chars().collect(),
            budget: Arc::clone(budget),
            scans: AtomicUsize::new(0),
            groups: OnceLock::new(),
        }
    }

    /// Where a passage begins: the first places, one more than [`MAX_OCCURRENCES`] at most. Occurrences may overlap. Nothing if the budget does not
    /// suffice to know.
    #[must_use]
    pub fn occurrences(&self, passage: &[char]) -> Option<Vec<usize>> {
        if passage.is_empty() {
            return Some(Vec::new());
        }
        if passage.len() < GROUP || self.scans.load(Ordering::Relaxed) < SCANS_BEFORE_INDEX {
            self.scans.fetch_add(1, Ordering::Relaxed);
        } else {
            let (offset, places) = self.rarest(passage);
            if let Some(found) = self.compare(offset, places, passage)? {
                return Some(found);
            }
        }
        self.budget.take(self.points.len())?;
        Some(self.scan(passage))
    }

    /// Whether the words at a span occur elsewhere in the text as well; yes if the budget does not suffice to know.
    #[must_use]
    pub fn has_twin(&self, start: usize, end: usize) -> bool {
        let words = self.points.get(start..end);
        words.and_then(|words| self.occurrences(words)).is_none_or(|places| places.len() > 1)
    }

    /// The rarest group of a passage: its offset in the passage, and its places in the text.
    fn rarest(&self, passage: &[char]) -> (usize, &[(u64, u32)]) {
        let groups = self.groups.get_or_init(|| self.group());
        let places = |group: &[char]| {
            let key = key(group);
            let from = groups.partition_point(|(other, _)| *other < key);
            let count = groups[from..].partition_point(|(other, _)| *other == key);
            &groups[from..from + count]
        };
        let of_passage = passage.windows(GROUP).take(MAX_GROUPS).enumerate();
        let all = of_passage.map(|(offset, group)| (offset, places(group)));
        all.min_by_key(|(_, places)| places.len()).unwrap_or((0, &[]))
    }

    /// Compares a passage with the text around these places; the inner option is empty if a scan of the text costs less.
    #[expect(clippy::option_option, reason = "no budget is left, a scan costs less, or the places")]
    fn compare(&self, offset: usize, places: &[(u64, u32)], passage: &[char]) -> Option<Option<Vec<usize>>> {
        let mut found = Vec::new();
        let mut compared = 0;
        for (_, place) in places {
            let Some(at) = (*place as usize).checked_sub(offset) else { continue };
            let same = self.points[at..].iter().zip(passage).take_while(|(there, wanted)| there == wanted).count();
            compared += same + 1;
            if same == passage.len() {
                found.push(at);
                if found.len() > MAX_OCCURRENCES {
                    break;
                }
            }
            if compared > self.points.len() {
                self.budget.take(compared)?;
                return Some(None);
            }
        }
        self.budget.take(compared)?;
        Some(Some(found))
    }

    /// Scans the text once, by the algorithm of Knuth, Morris and Pratt.
    fn scan(&self, passage: &[char]) -> Vec<usize> {
        let mut ends = vec![0; passage.len()];
        let extend = |ends: &[usize], mut length: usize, next: char| {
            while length > 0 && passage.get(length) != Some(&next) {
                length = ends[length - 1];
            }
            length + usize::from(passage.get(length) == Some(&next))
        };
        for at in 1..passage.len() {
            ends[at] = extend(&ends, ends[at - 1], passage[at]);
        }
        let mut length = 0;
        let is_end = |(at, next): (usize, &char)| {
            length = extend(&ends, length, *next);
            (length == passage.len()).then(|| at + 1 - passage.len())
        };
        self.points.iter().enumerate().filter_map(is_end).take(MAX_OCCURRENCES + 1).collect()
    }

    fn group(&self) -> Vec<(u64, u32)> {
        // No text has more code points than a u32 counts.
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
        fn every_occurrence_is_found_by_scans_and_by_the_index(text in "[abé]{0,40}", passage in "[abé]{1,5}") {
            let wanted = points(&passage);
            let expected: Vec<usize> = points(&text).windows(wanted.len()).enumerate().filter(|(_, there)| *there == wanted).map(|(at, _)| at).collect();
            let text = Text::new(&text, &SearchBudget::new(1_000_000));
            for _ in 0..=SCANS_BEFORE_INDEX {
                prop_assert_eq!(text.occurrences(&wanted), Some(expected.clone()));
            }
        }
    }

    #[test]
    fn passages_that_almost_match_everywhere_cost_no_more_than_some_scans_each() {
        let length = 200_000;
        let text = format!("{}b!", "a".repeat(length));
        let budget = SearchBudget::new(30 * (length + 2) * 2);
        let text = Text::new(&text, &budget);
        for from in 4_000..4_030 {
            let passage = points(&format!("{}b", "a".repeat(from)));
            assert_eq!(text.occurrences(&passage), Some(vec![length - from]));
        }
    }

    #[test]
    fn nothing_is_known_beyond_the_budget() {
        let budget = SearchBudget::new(10);
        let text = Text::new("abcabc", &budget);
        assert_eq!(text.occurrences(&points("abc")), Some(vec![0, 3]));
        assert_eq!(text.occurrences(&points("abc")), None);
        assert_eq!(text.occurrences(&points("x")), None);
    }
}
