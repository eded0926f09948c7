//! The passage of a text that shows why a query finds it.

use std::collections::HashSet;

use crate::text::analysis::{TextLanguage, Token, index_terms, query::Query, tokens};

/// Code points of a passage at most.
const MAX_LENGTH: usize = 200;
/// Code points before the first highlight, if the passage does not begin with the text.
const LEAD: usize = 40;

/// A part of a text with the words that were found. Offsets are code points of the passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// The part of the original text.
    pub text: String,
    /// Start and end of each word that was found, in order.
    pub highlights: Vec<(usize, usize)>,
}

/// A word of the text that belongs to a clause of the query.
struct Found {
    start: usize,
    end: usize,
    clause: usize,
}

/// The passage of a text that has most clauses of a query; nothing if it has none. `terms` are the terms of each word of the query.
#[must_use]
#[expect(clippy::implicit_hasher, reason = "every caller has the usual one")]
pub fn find_passage(text: &str, language: &str, query: &Query, terms: &[HashSet<String>]) -> Option<Passage> {
    let words = tokens(text);
    let found = found_words(&words, TextLanguage::of(language), query, terms);
    let length = text.chars().count();
    let (from, to) =
        if length <= MAX_LENGTH { (0, length) } else { window(&words, best(&found, query.required.len())?, length) };
    let mut highlights: Vec<(usize, usize)> = found
        .iter()
        .filter(|word| from <= word.start && word.end <= to)
        .map(|word| (word.start - from, word.end - from))
        .collect();
    highlights.sort_unstable();
    highlights.dedup();
    if highlights.is_empty() {
        return None;
    }
    Some(Passage { text: text.chars().skip(from).take(to - from).collect(), highlights })
}

/// The words of the text that belong to a required clause.
fn found_words(words: &[Token], language: TextLanguage, query: &Query, terms: &[HashSet<String>]) -> Vec<Found> {
    let of_text: Vec<Vec<String>> = words.iter().map(|word| index_terms(&word.form, language)).collect();
    let has = |at: usize, word: usize| {
        let known = terms.get(word);
        known.is_some_and(|known| of_text[at].iter().any(|term| known.contains(term)))
    };
    let mut found = vec![];
    for (number, clause) in query.required.iter().enumerate() {
        let length = clause.words.len();
        for at in 0..(words.len() + 1).saturating_sub(length) {
            if clause.words.iter().enumerate().all(|(offset, word)| has(at + offset, *word)) {
                let parts = words[at..at + length].iter();
                found.extend(parts.map(|word| Found { start: word.start, end: word.end, clause: number }));
            }
        }
    }
    found.sort_unstable_by_key(|word| word.start);
    found
}

/// The start of the first part of the text in which most clauses are near each other. Each word is looked at twice, however many there
/// are.
fn best(found: &[Found], clauses: usize) -> Option<usize> {
    // How often the words from `at` to `end` have each clause, and how many clauses they have.
    let (mut times, mut different, mut end) = (vec![0; clauses], 0, 0);
    let mut best: Option<(usize, usize)> = None;
    for (at, word) in found.iter().enumerate() {
        while let Some(next) = found.get(end).filter(|next| end == at || next.end <= word.start + MAX_LENGTH - LEAD) {
            times[next.clause] += 1;
            different += usize::from(times[next.clause] == 1);
            end += 1;
        }
        if best.is_none_or(|(most, _)| different > most) {
            best = Some((different, word.start));
        }
        times[word.clause] -= 1;
        different -= usize::from(times[word.clause] == 0);
    }
    best.map(|(_, start)| start)
}

/// The passage around a word: it begins and ends with whole words where it can.
fn window(words: &[Token], start: usize, length: usize) -> (usize, usize) {
    let earliest = start.saturating_sub(LEAD).min(length.saturating_sub(MAX_LENGTH));
    let from = if earliest == 0 {
        0
    } else {
        words.iter().map(|word| word.start).find(|at| *at >= earliest).unwrap_or(earliest).min(start)
    };
    let latest = (from + MAX_LENGTH).min(length);
    let to = if latest == length {
        length
    } else {
        words.iter().rev().map(|word| word.end).find(|at| *at <= latest).filter(|at| *at > start).unwrap_or(latest)
    };
    (from, to)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::analysis::{query::QueryWord, query_terms};

    fn passage(query: &str, text: &str, language: &str) -> Option<Passage> {
        let query = Query::parse(query).unwrap();
        let terms = |word: &QueryWord| query_terms(&word.form).into_iter().collect();
        let terms: Vec<HashSet<String>> = query.words.iter().map(terms).collect();
        find_passage(text, language, &query, &terms)
    }

    fn highlighted(query: &str, text: &str, language: &str) -> Vec<String> {
        let Some(passage) = passage(query, text, language) else { return vec![] };
        let word = |(start, end): &(usize, usize)| passage.text.chars().skip(*start).take(end - start).collect();
        passage.highlights.iter().map(word).collect()
    }

    #[test]
    fn a_highlight_covers_the_whole_word_as_it_is_written() {
        assert_eq!(highlighted("ليبيا", "في بِليبيا واللِّيبيّين اليوم", "ar"), ["بِليبيا", "واللِّيبيّين"]);
        assert_eq!(highlighted("meeting", "They met; the Meetings ended.", "en"), ["Meetings"]);
        assert_eq!(highlighted("\"air strikes\"", "Air was bad. An air strike.", "en"), ["air", "strike"]);
        assert_eq!(highlighted("war", "Peace.", "en"), [""; 0]);
    }

    #[test]
    fn the_passage_has_most_of_the_words() {
        let text = format!("Egypt {} Libya and Egypt met {}", "word ".repeat(100), "word ".repeat(100));
        let passage = passage("Libya Egypt", &text, "en").unwrap();
        assert!(passage.text.chars().count() <= MAX_LENGTH);
        assert!(passage.text.contains("Libya and Egypt met"), "{}", passage.text);
        assert!(passage.text.starts_with("word "), "{}", passage.text);
    }

    proptest! {
        #[test]
        fn highlights_are_in_the_passage(text in "(a|b|é |ليبيا |\\PC){0,300}", query in "(a|b|ليبيا)") {
            if let Some(found) = passage(&query, &text, "en") {
                let length = found.text.chars().count();
                prop_assert!(length <= MAX_LENGTH && text.contains(&found.text));
                prop_assert!(found.highlights.iter().all(|(start, end)| start < end && *end <= length));
            }
        }
    }
}
