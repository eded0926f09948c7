//! Finds a passage of a text in its changed version, by its words and their context. Where several places are possible, none is
//! found.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{
    occurrence::{MAX_OCCURRENCES, Text},
    selector::{CONTEXT_LENGTH, DISTINCTIVE_LENGTH, MIN_SIMILARITY},
};

/// A text before and after a change.
#[derive(Debug)]
pub struct TextChange {
    old: Text,
    new: Text,
    /// How many code points at the beginning are equal.
    head: usize,
    /// How many code points at the end are equal, without the head.
    tail: usize,
    /// The occurrences of passages that were searched.
    known: Mutex<HashMap<Vec<char>, Option<Occurrences>>>,
}

/// Where a passage occurs in the old text and in the new one. The old text is not searched if the new one does not have it.
type Occurrences = (Vec<usize>, Vec<usize>);

impl TextChange {
    /// Compares two texts.
    #[must_use]
    pub fn new(old: Text, new: Text) -> Self {
        let head = old.iter().zip(new.iter()).take_while(|(old, new)| old == new).count();
        let rest = old.len().min(new.len()) - head;
        let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(old, new)| old == new).count();
        Self { old, new, head, tail, known: Mutex::default() }
    }

    /// Where the passage at `start..end` of the old text is in the new one; nothing if it was removed or may be at several places.
    #[must_use]
    pub fn find(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let passage = self.old.get(start..end).filter(|passage| !passage.is_empty())?;
        let length = end - start;
        let in_head = (end <= self.head).then_some(start);
        let in_tail = (start >= self.old.len() - self.tail).then(|| self.new.len() - (self.old.len() - start));
        // Far from any change, the passage and its context are the same.
        if end + CONTEXT_LENGTH <= self.head || self.head == self.old.len() {
            return Some((start, end));
        }
        if let Some(moved) = in_tail
            && start >= self.old.len() - self.tail + CONTEXT_LENGTH
        {
            return Some((moved, moved + length));
        }
        let mut known = self.known();
        let occurrences = known.entry(passage.to_vec()).or_insert_with(|| self.occurrences(passage));
        let (before, places) = occurrences.as_ref()?;
        // The edge of both texts counts little for a place of this passage, and much for a place of another passage.
        let similarity = |old: usize, new: usize| self.similarity(old, new, length, MIN_SIMILARITY);
        let claim = |old: usize, new: usize| self.similarity(old, new, length, CONTEXT_LENGTH);
        // The place of the passage in the unchanged head or tail, and how much of that is between it and the edge of the text.
        let unmoved = in_head.or(in_tail);
        let kept = if in_head.is_some() { start } else { self.old.len() - end };
        let found = if let ([_], [only]) = (before.as_slice(), places.as_slice()) {
            let is_it = unmoved == Some(*only)
                || length >= DISTINCTIVE_LENGTH
                || 2 * similarity(start, *only) >= MIN_SIMILARITY;
            is_it.then_some(*only)
        } else if before.len().max(places.len()) > MAX_OCCURRENCES {
            // Too many to compare each with each: only a place in the unchanged part with its whole context on one side counts.
            unmoved.filter(|place| similarity(start, *place) >= CONTEXT_LENGTH)
        } else {
            let best = places.iter().copied().max_by_key(|place| similarity(start, *place))?;
            let best = unmoved.filter(|place| similarity(start, *place) == similarity(start, best)).unwrap_or(best);
            let best_similarity = similarity(start, best);
            let stays = unmoved == Some(best);
            // No other place may be nearly as similar to the passage, and no other passage may be as similar to the place.
            let rivals = places
                .iter()
                .filter(|place| **place != best && 2 * similarity(start, **place) > best_similarity)
                .count();
            let is_claimed = before.iter().any(|old| *old != start && 2 * claim(*old, best) > best_similarity);
            let is_it = if stays {
                rivals == 0 || kept >= MIN_SIMILARITY
            } else {
                rivals == 0 && best_similarity >= MIN_SIMILARITY
            };
            (is_it && !is_claimed).then_some(best)
        };
        found.map(|place| (place, place + length))
    }

    /// The text before the change; empty if there was none.
    #[must_use]
    pub const fn old(&self) -> &Text {
        &self.old
    }

    /// The text after the change; empty if there is none.
    #[must_use]
    pub const fn new_text(&self) -> &Text {
        &self.new
    }

    /// Whether the new text has these words more than once; nothing if they were not searched.
    #[must_use]
    pub fn has_twin(&self, words: &str) -> Option<bool> {
        let passage: Vec<char> = words.chars().collect();
        let known = self.known();
        known.get(&passage)?.as_ref().map(|(_, places)| places.len() > 1)
    }

    /// Nothing if the budget does not suffice to know.
    fn occurrences(&self, passage: &[char]) -> Option<Occurrences> {
        let new = self.new.occurrences(passage)?;
        let old = if new.is_empty() { Vec::new() } else { self.old.occurrences(passage)? };
        Some((old, new))
    }

    fn known(&self) -> MutexGuard<'_, HashMap<Vec<char>, Option<Occurrences>>> {
        // An entry is complete when it is inserted, so a panic elsewhere does no harm.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many code points next to a passage are equal in both texts. The beginning or end of both counts as `edge` code points.
    fn similarity(&self, old: usize, new: usize, length: usize, edge: usize) -> usize {
        let before = self.old[..old].iter().rev().zip(self.new[..new].iter().rev());
        let after = self.old[old + length..].iter().zip(&self.new[new + length..]);
        let left = before.take(CONTEXT_LENGTH).take_while(|(old, new)| old == new).count();
        let right = after.take(CONTEXT_LENGTH).take_while(|(old, new)| old == new).count();
        let begins = left == old && left == new;
        let ends = right == self.old.len() - old - length && right == self.new.len() - new - length;
        (if begins { left.max(edge) } else { left }) + (if ends { right.max(edge) } else { right })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::occurrence::SearchBudget, *};

    fn text(text: &str) -> Text {
        Text::new(text, &SearchBudget::new(SearchBudget::OF_A_CALL))
    }

    fn passages(old: &str, new: &str) -> TextChange {
        TextChange::new(text(old), text(new))
    }

    fn find(old: &str, new: &str, passage: &str, nth: usize) -> Option<usize> {
        let wanted: Vec<char> = passage.chars().collect();
        let start = text(old).occurrences(&wanted).unwrap()[nth];
        let found = passages(old, new).find(start, start + wanted.len());
        found.map(|(start, end)| {
            assert_eq!(new.chars().skip(start).take(end - start).collect::<String>(), passage);
            start
        })
    }

    #[test]
    fn a_passage_moves_with_its_context() {
        let old = "Libya asked for help. Egypt sent planes to Libya on Monday.";
        assert_eq!(find(old, &format!("Cairo, Monday. {old}"), "Libya", 1), Some(58));
        assert_eq!(find(old, "Egypt sent planes to Libya on Monday.", "Libya", 1), Some(21));
        assert_eq!(
            find(old, "Libya asked for help. Egypt sent troops and planes to Libya on Monday.", "Libya", 0),
            Some(0)
        );
    }

    #[test]
    fn a_passage_that_is_gone_is_not_found_elsewhere() {
        let old = "Libya asked for help. Egypt sent planes to Libya on Monday.";
        assert_eq!(find(old, "Libya asked for help. Nothing more is known.", "Libya", 1), None);
        assert_eq!(find(old, "Nothing is known.", "Libya", 0), None);
        assert_eq!(find("ليبيا بعيدة عن هنا", "مصر قريبة من ليبيا", "ليبيا", 0), None, "another sentence");
        let (old, new) =
            ("He met Ali in Cairo on Monday.", "He met Omar in Cairo on Monday. Elsewhere, Ali Pasha was born.");
        assert_eq!(find(old, new, "Ali", 0), None, "another one");
        assert_eq!(find("in Oman today", "in Romania and Omani today", "Oman", 0), None, "within a word");
        assert_eq!(find(old, new, "in Cairo on Monday", 0), Some(12), "the same words follow");
        let sentence = "Nobody will go to Cairo.";
        assert_eq!(
            find(&format!("{sentence} Yes."), &format!("No. {sentence} Why?"), sentence, 0),
            Some(4),
            "the words are long enough"
        );
    }

    #[test]
    fn a_passage_that_is_gone_does_not_take_the_place_of_another() {
        let old = "Strong words. But these will go away. Strong words. That is what was said.";
        let new = "Strong words. That is what was said.";
        assert_eq!(find(old, new, "Strong words.", 0), None);
        assert_eq!(find(old, new, "Strong words.", 1), None, "it may be the other one");
        let new = "He said: Strong words. That is what was said.";
        assert_eq!(find(old, new, "Strong words.", 0), None);
        assert_eq!(find(old, new, "Strong words.", 1), Some(9));
    }

    #[test]
    fn equal_passages_that_change_places_are_not_found() {
        for (old, new, words) in [
            (
                "Minister Ali said yes. Minister Ali said no.",
                "Minister Ali said no. Minister Ali said yes.",
                "Minister Ali",
            ),
            ("Smith won. Smith lost.", "Smith lost. Smith won.", "Smith"),
            ("- Ali: yes\n- Ali: no", "- Ali: no\n- Ali: yes", "Ali"),
            ("قال علي نعم. قال علي لا.", "قال علي لا. قال علي نعم.", "علي"),
        ] {
            assert_eq!((find(old, new, words, 0), find(old, new, words, 1)), (None, None), "{old}");
        }
        let (old, new) = ("Ali won. Ali lost.", "Ali has won. Ali lost.");
        assert_eq!((find(old, new, "Ali", 0), find(old, new, "Ali", 1)), (Some(0), Some(13)));
    }

    #[test]
    fn a_short_passage_is_not_found_next_to_a_new_equal_one() {
        assert_eq!(find("Ali won.", "Ali lost. Ali won.", "Ali", 0), None, "who won, or who begins the text?");
        assert_eq!(find("Ali won.", "Omar lost. Ali won.", "Ali", 0), Some(11));
        assert_eq!(find("علي فاز.", "علي خسر. علي فاز.", "علي", 0), None);
    }

    #[test]
    fn nothing_is_found_beyond_the_budget() {
        let (old, new) = ("x Minister Ali said yes. y Minister Ali said no.", "Q Minister Ali said no!");
        for points in [0, 30, 60] {
            let old = Text::new(old, &SearchBudget::new(points));
            let passages = TextChange::new(old, text(new));
            assert_eq!(passages.find(11, 14), None, "the other occurrence is not known");
        }
        let passages = TextChange::new(text(old), Text::new(new, &SearchBudget::new(0)));
        assert_eq!(passages.find(11, 14), None);
    }

    #[test]
    fn nothing_is_found_if_two_places_are_possible() {
        let old = "a long way to Tripoli and back again";
        let twice = format!("{old}; {old}");
        assert_eq!(find(old, &format!("x {twice} y"), "Tripoli", 0), None);
    }

    proptest! {
        #[test]
        fn found_words_are_the_same_words(before in "[a-d ]{0,20}", text in "[a-d ]{1,60}", after in "[a-d ]{0,20}", at in 0usize..60, length in 1usize..5) {
            let count = text.chars().count();
            prop_assume!(at + length <= count);
            let new = format!("{before}{text}{after}");
            if let Some((start, end)) = passages(&text, &new).find(at, at + length) {
                let of = |text: &str, from: usize, to: usize| text.chars().skip(from).take(to - from).collect::<String>();
                prop_assert_eq!(of(&text, at, at + length), of(&new, start, end));
            }
        }

        #[test]
        fn an_unchanged_text_keeps_its_passages(text in "[ab ]{1,40}", at in 0usize..40, length in 1usize..5) {
            prop_assume!(at + length <= text.chars().count());
            prop_assert_eq!(passages(&text, &text).find(at, at + length), Some((at, at + length)));
        }
    }
}
