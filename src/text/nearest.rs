//! Finds the passage of a text that is nearest to words which the text does not have.

use super::occurrence::SearchBudget;

/// A passage that is less similar is not found.
pub const MIN_SIMILARITY: f64 = 0.6;

/// How many differences it counts as if a passage begins or ends inside of a word.
const SPLIT_WORD: usize = 3;

/// How many different pairs of code points are counted apart.
const PAIRS: usize = 1 << 12;

/// A passage that is similar to some words.
#[derive(Debug, Clone, PartialEq)]
pub struct Nearest {
    /// Its own words.
    pub text: String,
    /// The position of its start, in code points.
    pub start: usize,
    /// The position of its end, exclusive.
    pub end: usize,
    /// The share of code points that are equal: 1 for the same words.
    pub similarity: f64,
}

/// The passage of a text that is most similar to some words. Of several, the one nearest to a position. Nothing if none is similar
/// enough, or if the budget does not suffice to know.
#[must_use]
pub fn nearest(words: &[char], text: &[char], near: usize, budget: &SearchBudget) -> Option<Nearest> {
    budget.take(text.len())?;
    let from = most_shared_pairs(words, text, near)?;
    // A passage that is similar enough is not longer than this.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "texts are shorter"
    )]
    let margin = (words.len() as f64 * (1.0 / MIN_SIMILARITY - 1.0)).ceil() as usize;
    let first = from.saturating_sub(margin);
    let part = &text[first..(from + words.len() + margin).min(text.len())];
    budget.take(words.len() * part.len())?;
    let (start, end, distance) = align(words, part);
    #[expect(clippy::cast_precision_loss, reason = "texts are shorter")]
    let similarity = 1.0 - distance as f64 / words.len().max(end - start) as f64;
    (similarity >= MIN_SIMILARITY).then(|| Nearest {
        text: part[start..end].iter().collect(),
        start: first + start,
        end: first + end,
        similarity,
    })
}

/// Where the part of the text begins that is as long as the words and shares most pairs of neighbouring code points with them.
fn most_shared_pairs(words: &[char], text: &[char], near: usize) -> Option<usize> {
    // A single code point has no pairs.
    let size = words.len().min(2);
    if size == 0 || text.len() < size {
        return None;
    }
    let mut missing = vec![0_i32; PAIRS];
    for pair in words.windows(size) {
        missing[number(pair)] += 1;
    }
    let is_wanted: Vec<bool> = missing.iter().map(|count| *count > 0).collect();
    let pairs_of_words = words.len() - size + 1;
    let (mut shared, mut best) = (0, None);
    for (at, pair) in text.windows(size).enumerate() {
        let entering = number(pair);
        if is_wanted[entering] {
            shared += i32::from(missing[entering] > 0);
            missing[entering] -= 1;
        }
        if let Some(left) = at.checked_sub(pairs_of_words) {
            let leaving = number(&text[left..left + size]);
            if is_wanted[leaving] {
                missing[leaving] += 1;
                shared -= i32::from(missing[leaving] > 0);
            }
        }
        let start = (at + 1).saturating_sub(pairs_of_words);
        let rank = (shared, std::cmp::Reverse(start.abs_diff(near)));
        if shared > 0 && best.is_none_or(|(known, _)| rank > known) {
            best = Some((rank, start));
        }
    }
    best.map(|(_, start)| start)
}

/// The number of a pair. Few different pairs have the same one.
fn number(pair: &[char]) -> usize {
    pair.iter().fold(0, |number: usize, point| number.wrapping_mul(67).wrapping_add(*point as usize)) % PAIRS
}

/// The best passage with one end, while words are compared with a text.
#[derive(Clone, Copy)]
struct Candidate {
    /// The edit distance.
    distance: usize,
    /// What counts against its beginning, in differences.
    fault: usize,
    start: usize,
}

impl Candidate {
    /// The candidate with one more difference.
    const fn differing(self) -> Self {
        Self { distance: self.distance + 1, ..self }
    }

    const fn rank(&self) -> usize {
        self.distance + self.fault
    }
}

/// The passage with the smallest edit distance to the words, and that distance. Whole words are preferred.
fn align(words: &[char], text: &[char]) -> (usize, usize, usize) {
    let is_in_word = |point: Option<&char>| point.is_some_and(|point| point.is_alphanumeric());
    let splits_word = |at: usize| at > 0 && is_in_word(text.get(at - 1)) && is_in_word(text.get(at));
    let begins_otherwise = |at: usize| is_in_word(words.first()) != is_in_word(text.get(at));
    let ends_otherwise = |at: usize| is_in_word(words.last()) != is_in_word(text[..at].last());

    let fault = |at: usize| if splits_word(at) || begins_otherwise(at) { SPLIT_WORD } else { 0 };
    // The best candidate for each end in the text.
    let mut best: Vec<Candidate> =
        (0..=text.len()).map(|start| Candidate { distance: 0, fault: fault(start), start }).collect();
    for word in words {
        let mut diagonal = best[0];
        best[0] = best[0].differing();
        for end in 1..=text.len() {
            let replaced = if *word == text[end - 1] { diagonal } else { diagonal.differing() };
            let (left_out, added) = (best[end].differing(), best[end - 1].differing());
            diagonal = best[end];
            best[end] = replaced;
            for other in [left_out, added] {
                if other.rank() < best[end].rank() {
                    best[end] = other;
                }
            }
        }
    }
    let all = best.into_iter().enumerate().filter(|(end, candidate)| candidate.start < *end);
    let rank = |(end, candidate): &(usize, Candidate)| {
        candidate.rank() + if splits_word(*end) || ends_otherwise(*end) { SPLIT_WORD } else { 0 }
    };
    all.min_by_key(rank).map_or((0, 0, words.len()), |(end, candidate)| (candidate.start, end, candidate.distance))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn find(words: &str, text: &str, near: usize) -> Option<(String, usize, f64)> {
        let points = |text: &str| text.chars().collect::<Vec<_>>();
        let budget = SearchBudget::new(1 << 20);
        nearest(&points(words), &points(text), near, &budget).map(|found| (found.text, found.start, found.similarity))
    }

    fn passage(words: &str, text: &str) -> Option<String> {
        find(words, text, 0).map(|(text, ..)| text)
    }

    #[test]
    fn a_corrected_passage_is_found_with_whole_words() {
        let text = "Cairo, Monday. The army of Egypt sent plans to Derna, it said.";
        let (found, start, similarity) = find("The army of Egypt sent planes to Derna", text, 0).unwrap();
        assert_eq!((found.as_str(), start), ("The army of Egypt sent plans to Derna", 15));
        assert!((similarity - (1.0 - 1.0 / 38.0)).abs() < 1e-9, "{similarity}");
        assert_eq!(passage("sent planes", text).as_deref(), Some("sent plans"));
        assert_eq!(passage("Sissi", "President Sisi spoke.").as_deref(), Some("Sisi"));
        assert_eq!(
            passage("forty passengers", "its captain, counted 41 passengers.").as_deref(),
            Some("41 passengers")
        );
        assert_eq!(
            passage("الجيش المصري ضرب درنة", "قال إن الجيش المصري قصف درنة أمس").as_deref(),
            Some("الجيش المصري قصف درنة")
        );
        assert_eq!(
            passage("Egypt sent planes to Derna", "Then Egypt has sent planes to Derna.").as_deref(),
            Some("Egypt has sent planes to Derna")
        );
    }

    #[test]
    fn nothing_is_found_that_is_not_similar() {
        assert_eq!(find("sent planes to Derna", "Cairo did not confirm it.", 0), None);
        assert_eq!(find("Derna", "", 0), None);
        assert_eq!(find("x", "abc", 0), None);
    }

    #[test]
    fn of_equal_passages_the_nearest_is_found() {
        let text = "Ali won. Then Ali lost. Then Ali won.";
        assert_eq!(find("Ali", text, 20).map(|(_, start, _)| start), Some(14));
        assert_eq!(find("Ali", text, 30), Some(("Ali".to_owned(), 29, 1.0)));
    }

    #[test]
    fn nothing_is_known_beyond_the_budget() {
        let text: Vec<char> = "sent plans".chars().collect();
        assert_eq!(nearest(&text, &text, 0, &SearchBudget::new(20)), None);
    }

    proptest! {
        #[test]
        fn a_passage_is_at_its_position(words in "[abé ]{1,8}", text in "[abé ]{0,40}", near in 0usize..40) {
            if let Some((found, start, similarity)) = find(&words, &text, near) {
                let there: String = text.chars().skip(start).take(found.chars().count()).collect();
                prop_assert_eq!(&there, &found);
                prop_assert!((MIN_SIMILARITY..=1.0).contains(&similarity));
                prop_assert_eq!(found == words, (1.0 - similarity).abs() < f64::EPSILON);
            }
        }

        #[test]
        fn words_with_one_other_letter_are_found(before in "[a-z ]{0,20}", words in "[a-z]{6,12}", after in "[a-z ]{0,20}", at in 0usize..6) {
            let mut changed: Vec<char> = words.chars().collect();
            changed[at] = 'X';
            let text = format!("{before} {words} {after}");
            let changed: String = changed.into_iter().collect();
            let (_, _, similarity) = find(&changed, &text, before.chars().count() + 1).expect("it is similar");
            prop_assert!(similarity > 0.6);
        }
    }
}
