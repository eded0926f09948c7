//! A quote with what stood around it, a `TextQuoteSelector` of the W3C: finding the quote again in another text.

use super::search::{MANY, Text};

/// How many code points on each side of a quote are kept and compared.
pub const AROUND: usize = 32;
/// How many code points around a quote have to be the same; half as many where the quote stands in the text once.
pub(super) const ENOUGH: usize = 8;
/// A quote of so many code points that stands in a text once is known by itself.
pub(super) const BY_ITSELF: usize = 16;

/// A quote with what stood around it in the text in which it was last anchored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    exact: Vec<char>,
    prefix: Vec<char>,
    suffix: Vec<char>,
    has_twin: bool,
    is_whole: bool,
}

impl Selector {
    /// Takes up a quote, where it started if that is known, and what stood around it: up to [`AROUND`] code points on each side,
    /// and whether the same words stood elsewhere in that text.
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

    /// Whether the quote stands at a place of a text, and around it exactly what stood there.
    #[must_use]
    pub fn stands_at(&self, start: usize, text: &Text) -> bool {
        let end = start + self.exact.len();
        text.get(start..end).is_some_and(|there| there == self.exact) && {
            let (before, after) = sides(text, start, end);
            self.prefix == before && self.suffix == after
        }
    }

    /// Where the quote starts in a text, if it is clear that it is this quote. `before` is the text from which it was missing, if
    /// there was one: what stood there is not it. Nothing where the effort does not suffice to know.
    #[must_use]
    pub fn find(&self, text: &Text, before: Option<&Text>) -> Option<Option<usize>> {
        if self.is_whole {
            return Some((**text == *self.exact).then_some(0));
        }
        let places = text.occurrences(&self.exact)?;
        if places.is_empty() || places.len() > MANY {
            return Some(None);
        }
        if self.has_twin {
            return Some(self.only_match(&places, text).filter(|_| before.is_none_or(|before| self.is_new_in(before))));
        }
        if self.prefix.is_empty() && self.suffix.is_empty() {
            // Nobody knows what stood around it.
            let [only] = places.as_slice() else { return Some(None) };
            let stood = before.map_or(Some(false), |before| Some(!before.occurrences(&self.exact)?.is_empty()))?;
            return Some((!stood).then_some(*only));
        }
        let likeness = |place: &usize| self.likeness(*place, text);
        if let [only] = places.as_slice() {
            let is_it = self.exact.len() >= BY_ITSELF || 2 * likeness(only) >= ENOUGH;
            return Some(is_it.then_some(*only));
        }
        let best = places.iter().copied().max_by_key(likeness);
        Some(best.filter(|best| {
            let most = likeness(best);
            let rivals = places.iter().filter(|place| *place != best && 2 * likeness(place) > most);
            most >= ENOUGH && rivals.count() == 0
        }))
    }

    /// Where it stands with both contexts, if that is one place.
    fn only_match(&self, places: &[usize], text: &Text) -> Option<usize> {
        let mut matching = places.iter().copied().filter(|place| self.matches(*place, text));
        matching.next().filter(|_| matching.next().is_none())
    }

    /// Whether it stood nowhere in a text with both contexts. It may have, where the effort does not suffice to know.
    fn is_new_in(&self, text: &Text) -> bool {
        let places = text.occurrences(&self.exact);
        places.is_some_and(|places| places.len() <= MANY && !places.iter().any(|place| self.matches(*place, text)))
    }

    /// Whether all that stood around the quote stands around a place. Where nothing did, a text has to begin or end.
    fn matches(&self, start: usize, text: &Text) -> bool {
        let (before, after) = sides(text, start, start + self.exact.len());
        let is_same = |wanted: &[char], there: &[char], is_side: bool| {
            if wanted.is_empty() { there.is_empty() } else { is_side }
        };
        is_same(&self.prefix, before, before.ends_with(&self.prefix))
            && is_same(&self.suffix, after, after.starts_with(&self.suffix))
    }

    /// How many code points next to a place are those that stood there. That both texts begin or end there counts as some.
    fn likeness(&self, start: usize, text: &Text) -> usize {
        let (before, after) = sides(text, start, start + self.exact.len());
        let same =
            |pairs: &mut dyn Iterator<Item = (&char, &char)>| pairs.take_while(|(one, other)| one == other).count();
        let left = same(&mut self.prefix.iter().rev().zip(before.iter().rev()));
        let right = same(&mut self.suffix.iter().zip(after));
        let is_edge =
            |same: usize, wanted: &[char], there: &[char]| same == wanted.len() && same == there.len() && same < AROUND;
        let begins = is_edge(left, &self.prefix, before);
        let ends = is_edge(right, &self.suffix, after);
        (if begins { left.max(ENOUGH) } else { left }) + (if ends { right.max(ENOUGH) } else { right })
    }
}

/// What stands before and behind a span of a text, up to [`AROUND`] code points.
fn sides(text: &[char], start: usize, end: usize) -> (&[char], &[char]) {
    (&text[start.saturating_sub(AROUND)..start], &text[end..(end + AROUND).min(text.len())])
}

/// What stands before and behind a span of a text, up to [`AROUND`] code points.
#[must_use]
pub fn around(text: &[char], start: usize, end: usize) -> (String, String) {
    let (before, after) = sides(text, start, end);
    (before.iter().collect(), after.iter().collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::search::Effort, *};

    fn text(text: &str) -> Text {
        Text::new(text, &Effort::of(Effort::OF_A_CALL))
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
        selector(of, words, nth).find(&text(new), None).expect("there is effort")
    }

    #[test]
    fn a_quote_comes_back_with_its_passage() {
        let old = "He met Ali in Cairo on Monday.";
        assert_eq!(find(old, "Ali", 0, &format!("Corrected. {old}")), Some(18));
        assert_eq!(find(old, "Ali", 0, "Elsewhere, Ali Pasha was born."), None, "another one");
        assert_eq!(find(old, "Ali", 0, &format!("{old} {old}")), None, "it may be either");
        assert_eq!(find(old, "met Ali in Cairo", 0, "Why, they met Ali in Cairo!"), Some(10), "known by itself");
        assert_eq!(find("قال علي نعم.", "علي", 0, "وأمس قال علي نعم."), Some(9));
        assert_eq!(find("Tunis", "Tunis", 0, "Riots in Tunis"), None, "it was the whole text");
        assert_eq!(find("Tunis", "Tunis", 0, "Tunis"), Some(0));
    }

    #[test]
    fn where_the_words_stood_twice_both_sides_have_to_be_the_same() {
        let old = "He said go. She said go. End.";
        assert_eq!(find(old, "said go", 1, &format!("Yes. {old}")), Some(21));
        assert_eq!(find(old, "said go", 0, &format!("Oh, {old}")), Some(7));
        assert_eq!(find(old, "said go", 1, "He said go. She said go! End."), None, "something else follows");
        assert_eq!(find(old, "said go", 1, "He said go. End."), None, "something else precedes");
        assert_eq!(find(old, "said go", 1, &format!("{old} {old}")), None, "twice");
        let (lost, back) = (text("Yes. He said go. She said go. End."), text("He said go. She said go. End. No."));
        assert_eq!(selector(old, "said go", 1).find(&back, Some(&lost)), Some(None), "it was there, and not taken");
    }

    #[test]
    fn without_a_context_the_words_have_to_be_new() {
        let bare = Selector::new("Ali", None, ("", ""), false);
        assert_eq!(bare.find(&text("Here is Ali."), Some(&text("Nobody."))), Some(Some(8)));
        assert_eq!(bare.find(&text("Here is Ali."), Some(&text("Ali."))), Some(None));
        assert_eq!(bare.find(&text("Ali and Ali"), Some(&text("Nobody."))), Some(None));
    }

    #[test]
    fn beyond_the_effort_nothing_is_known() {
        let text = Text::new("He met Ali in Cairo.", &Effort::of(3));
        assert_eq!(selector("He met Ali in Cairo.", "Ali", 0).find(&text, None), None);
    }

    proptest! {
        #[test]
        fn what_is_found_is_the_same_words(old in "[ab ]{1,30}", new in "[ab ]{0,60}", at in 0usize..30, length in 1usize..6) {
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
        fn a_quote_that_is_there_once_comes_back_into_its_own_text(old in "[a-z ]{1,60}", at in 0usize..60, length in 1usize..6) {
            prop_assume!(at + length <= old.len() && !text(&old).has_twin(at, at + length));
            prop_assert_eq!(find(&old, &old[at..at + length], 0, &old), Some(at));
            prop_assert!(selector(&old, &old[at..at + length], 0).stands_at(at, &text(&old)));
        }
    }
}
