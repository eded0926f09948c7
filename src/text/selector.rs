//! A quote with its context, a `TextQuoteSelector` of the W3C: finds the quote in another text.

use super::occurrence::{MAX_OCCURRENCES, Text};

/// How many code points on each side of a quote are its context.
pub const CONTEXT_LENGTH: usize = 32;
/// How many code points of the context must be equal; half as many if the quote occurs once.
pub(super) const MIN_SIMILARITY: usize = 8;
/// A quote of this length that occurs once needs no equal context.
pub(super) const DISTINCTIVE_LENGTH: usize = 16;

/// A quote with its context in the text in which it was last anchored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    exact: Vec<char>,
    prefix: Vec<char>,
    suffix: Vec<char>,
    /// Whether the same words occurred elsewhere in that text.
    has_twin: bool,
    /// Whether the quote was the whole text.
    is_whole: bool,
}

impl Selector {
    /// A quote, its start if that is known, and its context: up to [`CONTEXT_LENGTH`] code points on each side.
    #[must_use]
    pub fn new(exact: &str, start: Option<usize>, (prefix, suffix): (&str, &str), has_twin: bool) -> Self {
        Self {
            exact: exact.chars().collect(),
            prefix: prefix.chars().collect(),
            suffix: suffix.chars().collect(),
            has_twin,
            is_whole: start == Some(0) && prefix.is_empty() && suffix.is_empty(),
        }
    }

    /// Whether the quote starts at a place of a text, with exactly the same context.
    #[must_use]
    pub fn is_at(&self, start: usize, text: &Text) -> bool {
        let end = start + self.exact.len();
        text.get(start..end).is_some_and(|there| there == self.exact) && {
            let (before, after) = sides(text, start, end);
            self.prefix == before && self.suffix == after
        }
    }

    /// Whether the quote starts at a place of a text, with the same context on one side. The text on the other side may have been
    /// changed while the quote stayed where it was, which leaves its context as it is.
    #[must_use]
    pub fn is_at_by_one_side(&self, start: usize, text: &Text) -> bool {
        let end = start + self.exact.len();
        let is_same = |side: &[char], there: &[char]| side.len() >= MIN_SIMILARITY && side == there;
        text.get(start..end).is_some_and(|there| there == self.exact) && {
            let (before, after) = sides(text, start, end);
            is_same(&self.prefix, before) || is_same(&self.suffix, after)
        }
    }

    /// Where the quote starts in a text, if only one place can be meant. `before` is the text from which the quote was missing, if
    /// there was one: places that it already had are not meant. Nothing if the budget does not suffice to know.
    #[must_use]
    pub fn find(&self, text: &Text, before: Option<&Text>) -> Option<Option<usize>> {
        if self.is_whole {
            return Some((**text == *self.exact).then_some(0));
        }
        let places = text.occurrences(&self.exact)?;
        if places.is_empty() || places.len() > MAX_OCCURRENCES {
            return Some(None);
        }
        if self.has_twin {
            return Some(self.only_match(&places, text).filter(|_| before.is_none_or(|before| self.is_new_in(before))));
        }
        if self.prefix.is_empty() && self.suffix.is_empty() {
            // The context is unknown, so the words must be new in the text.
            let [only] = places.as_slice() else { return Some(None) };
            let was_there = before.map_or(Some(false), |before| Some(!before.occurrences(&self.exact)?.is_empty()))?;
            return Some((!was_there).then_some(*only));
        }
        let similarity = |place: &usize| self.similarity(*place, text);
        if let [only] = places.as_slice() {
            let is_it = self.exact.len() >= DISTINCTIVE_LENGTH || 2 * similarity(only) >= MIN_SIMILARITY;
            return Some(is_it.then_some(*only));
        }
        let best = places.iter().copied().max_by_key(similarity);
        Some(best.filter(|best| {
            let most = similarity(best);
            let rivals = places.iter().filter(|place| *place != best && 2 * similarity(place) > most);
            most >= MIN_SIMILARITY && rivals.count() == 0
        }))
    }

    /// The only place with the same prefix and suffix, if there is one.
    fn only_match(&self, places: &[usize], text: &Text) -> Option<usize> {
        let mut matching = places.iter().copied().filter(|place| self.matches(*place, text));
        matching.next().filter(|_| matching.next().is_none())
    }

    /// Whether a text has no place with the same prefix and suffix; no if the budget does not suffice to know.
    fn is_new_in(&self, text: &Text) -> bool {
        let places = text.occurrences(&self.exact);
        places.is_some_and(|places| {
            places.len() <= MAX_OCCURRENCES && !places.iter().any(|place| self.matches(*place, text))
        })
    }

    /// Whether a place has the same prefix and suffix. An empty one means the beginning or the end of the text.
    fn matches(&self, start: usize, text: &Text) -> bool {
        let (before, after) = sides(text, start, start + self.exact.len());
        let is_same = |wanted: &[char], there: &[char], is_equal: bool| {
            if wanted.is_empty() { there.is_empty() } else { is_equal }
        };
        is_same(&self.prefix, before, before.ends_with(&self.prefix))
            && is_same(&self.suffix, after, after.starts_with(&self.suffix))
    }

    /// How many code points of the context next to a place are equal. The beginning or end of both texts counts as [`MIN_SIMILARITY`].
    fn similarity(&self, start: usize, text: &Text) -> usize {
        let (before, after) = sides(text, start, start + self.exact.len());
        let same =
            |pairs: &mut dyn Iterator<Item = (&char, &char)>| pairs.take_while(|(one, other)| one == other).count();
        let left = same(&mut self.prefix.iter().rev().zip(before.iter().rev()));
        let right = same(&mut self.suffix.iter().zip(after));
        let is_edge = |same: usize, wanted: &[char], there: &[char]| {
            same == wanted.len() && same == there.len() && same < CONTEXT_LENGTH
        };
        let begins = is_edge(left, &self.prefix, before);
        let ends = is_edge(right, &self.suffix, after);
        (if begins { left.max(MIN_SIMILARITY) } else { left }) + (if ends { right.max(MIN_SIMILARITY) } else { right })
    }
}

/// The context of a span of a text: up to [`CONTEXT_LENGTH`] code points before and after it.
fn sides(text: &[char], start: usize, end: usize) -> (&[char], &[char]) {
    (&text[start.saturating_sub(CONTEXT_LENGTH)..start], &text[end..(end + CONTEXT_LENGTH).min(text.len())])
}

/// The context of a span of a text: up to [`CONTEXT_LENGTH`] code points before and after it.
#[must_use]
pub fn around(text: &[char], start: usize, end: usize) -> (String, String) {
    let (before, after) = sides(text, start, end);
    (before.iter().collect(), after.iter().collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::occurrence::SearchBudget, *};

    fn text(text: &str) -> Text {
        Text::new(text, &SearchBudget::new(SearchBudget::OF_A_CALL))
    }

    /// The nth occurrence of words in a text.
    fn selector(of: &str, words: &str, nth: usize) -> Selector {
        let of = text(of);
        let places = of.occurrences(&words.chars().collect::<Vec<_>>()).unwrap();
        let start = places[nth];
        let (prefix, suffix) = around(&of, start, start + words.chars().count());
        Selector::new(words, Some(start), (&prefix, &suffix), places.len() > 1)
    }

    fn find(of: &str, words: &str, nth: usize, new: &str) -> Option<usize> {
        selector(of, words, nth).find(&text(new), None).expect("the budget suffices")
    }

    #[test]
    fn a_quote_is_found_with_its_passage() {
        let old = "He met Ali in Cairo on Monday.";
        assert_eq!(find(old, "Ali", 0, &format!("Corrected. {old}")), Some(18));
        assert_eq!(find(old, "Ali", 0, "Elsewhere, Ali Pasha was born."), None, "another context");
        assert_eq!(find(old, "Ali", 0, &format!("{old} {old}")), None, "two places are possible");
        assert_eq!(
            find(old, "met Ali in Cairo", 0, "Why, they met Ali in Cairo!"),
            Some(10),
            "the words are long enough"
        );
        assert_eq!(find("قال علي نعم.", "علي", 0, "وأمس قال علي نعم."), Some(9));
        assert_eq!(find("Tunis", "Tunis", 0, "Riots in Tunis"), None, "it was the whole text");
        assert_eq!(find("Tunis", "Tunis", 0, "Tunis"), Some(0));
    }

    #[test]
    fn prefix_and_suffix_of_words_with_a_twin_must_be_the_same() {
        let old = "He said go. She said go. End.";
        assert_eq!(find(old, "said go", 1, &format!("Yes. {old}")), Some(21));
        assert_eq!(find(old, "said go", 0, &format!("Oh, {old}")), Some(7));
        assert_eq!(find(old, "said go", 1, "He said go. She said go! End."), None, "something else follows");
        assert_eq!(find(old, "said go", 1, "He said go. End."), None, "something else precedes");
        assert_eq!(find(old, "said go", 1, &format!("{old} {old}")), None, "two places");
        let (before, after) = (text("Yes. He said go. She said go. End."), text("He said go. She said go. End. No."));
        assert_eq!(selector(old, "said go", 1).find(&after, Some(&before)), Some(None), "it was in the text before");
    }

    #[test]
    fn words_without_a_context_must_be_new_in_the_text() {
        let bare = Selector::new("Ali", None, ("", ""), false);
        assert_eq!(bare.find(&text("Here is Ali."), Some(&text("Nobody."))), Some(Some(8)));
        assert_eq!(bare.find(&text("Here is Ali."), Some(&text("Ali."))), Some(None));
        assert_eq!(bare.find(&text("Ali and Ali"), Some(&text("Nobody."))), Some(None));
    }

    #[test]
    fn nothing_is_known_beyond_the_budget() {
        let text = Text::new("He met Ali in Cairo.", &SearchBudget::new(3));
        assert_eq!(selector("He met Ali in Cairo.", "Ali", 0).find(&text, None), None);
    }

    proptest! {
        #[test]
        fn found_words_are_the_same_words(old in "[ab ]{1,30}", new in "[ab ]{0,60}", at in 0usize..30, length in 1usize..6) {
            prop_assume!(at + length <= old.len());
            let (prefix, suffix) = around(&text(&old), at, at + length);
            for has_twin in [false, true] {
                let selector = Selector::new(&old[at..at + length], Some(at), (&prefix, &suffix), has_twin);
                if let Some(start) = selector.find(&text(&new), None).unwrap() {
                    prop_assert_eq!(&new[start..start + length], &old[at..at + length]);
                }
            }
        }

        #[test]
        fn a_quote_that_occurs_once_is_found_in_its_own_text(old in "[a-z ]{1,60}", at in 0usize..60, length in 1usize..6) {
            prop_assume!(at + length <= old.len() && !text(&old).has_twin(at, at + length));
            prop_assert_eq!(find(&old, &old[at..at + length], 0, &old), Some(at));
            prop_assert!(selector(&old, &old[at..at + length], 0).is_at(at, &text(&old)));
        }
    }
}
