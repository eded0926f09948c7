//! Ranks hits by BM25 with weights of fields.

use std::{
    cmp::Ordering,
    collections::{HashMap, HashSet},
};

use super::positions::{self, Positions};
use crate::text::analysis::query::{Clause, Query};

/// How fast further occurrences of a word count less.
const K1: f64 = 1.2;
/// How much the length of a record matters.
const B: f64 = 0.75;
/// Counts are rounded down to powers of this, so that a rank changes only when a count has grown by a tenth.
const STEP: f64 = 1.1;
/// Scores are rounded, so that a cursor holds a score as it is.
const SCORE_DIGITS: f64 = 10_000.0;

/// The size of the index.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Corpus {
    /// The number of records.
    pub documents: i64,
    /// The number of words in them.
    pub words: i64,
}

/// A record that a query finds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit<'a> {
    /// The id of the record.
    pub record: &'a str,
    /// The kind of the record.
    pub kind: &'a str,
    /// The language of an article; empty for an entity.
    pub language: &'a str,
    /// The higher, the better.
    pub score: f64,
}

impl Hit<'_> {
    /// Whether the hit comes before or after this score and record: the best hits come first, equal ones by id.
    #[must_use]
    pub fn order(&self, score: f64, record: &str) -> Ordering {
        score.total_cmp(&self.score).then_with(|| self.record.cmp(record))
    }
}

/// The postings of the words of a query, from the index.
#[derive(Debug, Default)]
pub struct Postings<'a> {
    documents: HashMap<&'a str, Candidate<'a>>,
    /// The terms of each word that were found.
    terms: Vec<HashSet<&'a str>>,
    words: usize,
}

#[derive(Debug)]
struct Candidate<'a> {
    kind: &'a str,
    language: &'a str,
    length: f64,
    /// The stored positions of each word. A word may have several terms.
    positions: Vec<Vec<&'a str>>,
}

/// A posting as the database gives it.
#[derive(Debug, Clone, Copy)]
struct Line<'a> {
    word: usize,
    term: &'a str,
    record: &'a str,
    kind: &'a str,
    language: &'a str,
    length: f64,
    positions: &'a str,
}

impl<'a> Line<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let mut parts = line.split('\t');
        Some(Self {
            word: parts.next()?.parse().ok()?,
            term: parts.next()?,
            record: parts.next()?,
            kind: parts.next()?,
            language: parts.next()?,
            length: parts.next()?.parse().ok()?,
            positions: parts.next()?,
        })
    }
}

impl<'a> Postings<'a> {
    /// Reads postings: one a line, with the number of the word in the query, term, record, kind, language, length of the record and
    /// positions, separated by tabs.
    ///
    /// # Errors
    /// The line that is not a posting of a word of the query.
    pub fn read(text: &'a str, query: &Query) -> Result<Self, &'a str> {
        let words = query.clauses().map(|clause| clause.words.len()).sum();
        let mut postings = Self { words, terms: vec![HashSet::new(); words], ..Self::default() };
        for line in text.lines() {
            let posting = Line::read(line).filter(|posting| posting.word < words).ok_or(line)?;
            postings.add(posting);
        }
        Ok(postings)
    }

    fn add(&mut self, line: Line<'a>) {
        self.terms[line.word].insert(line.term);
        let words = self.words;
        let candidate = self.documents.entry(line.record).or_insert_with(|| Candidate {
            kind: line.kind,
            language: line.language,
            length: line.length,
            positions: vec![vec![]; words],
        });
        candidate.positions[line.word].push(line.positions);
    }

    /// The terms of each word of the query that texts have.
    #[must_use]
    pub fn terms(&self) -> &[HashSet<&'a str>] {
        &self.terms
    }

    /// The records that have all required clauses and no excluded one, the best first.
    #[must_use]
    pub fn rank(&self, query: &Query, corpus: Corpus) -> Vec<Hit<'a>> {
        // The weighted number of occurrences of each required clause in each record that has the clause.
        let mut frequencies: Vec<HashMap<&str, f64>> = vec![];
        let mut first_word = 0;
        for clause in &query.required {
            frequencies.push(self.frequencies(clause, first_word));
            first_word += clause.words.len();
        }
        let mut excluded: HashSet<&str> = HashSet::new();
        for clause in &query.excluded {
            excluded.extend(self.frequencies(clause, first_word).into_keys());
            first_word += clause.words.len();
        }
        let Some(rarest) = frequencies.iter().min_by_key(|records| records.len()) else { return vec![] };
        let average = average_length(corpus);
        let weights: Vec<f64> = frequencies.iter().map(|records| rarity(records.len(), corpus)).collect();
        let score = |record: &str, length: f64| -> Option<f64> {
            let mut score = 0.0;
            for (records, weight) in frequencies.iter().zip(&weights) {
                let frequency = records.get(record)?;
                score += weight * frequency * (K1 + 1.0) / (frequency + K1 * (1.0 - B + B * length / average));
            }
            Some((score * SCORE_DIGITS).round() / SCORE_DIGITS)
        };
        let mut hits: Vec<Hit<'a>> = rarest
            .keys()
            .filter(|record| !excluded.contains(*record))
            .filter_map(|record| {
                let (record, candidate) = self.documents.get_key_value(record)?;
                let score = score(record, candidate.length)?;
                Some(Hit { record, kind: candidate.kind, language: candidate.language, score })
            })
            .collect();
        hits.sort_unstable_by(|one, other| one.order(other.score, other.record));
        hits
    }

    fn frequencies(&self, clause: &Clause, first_word: usize) -> HashMap<&'a str, f64> {
        let words = first_word..first_word + clause.words.len();
        let frequency = |candidate: &Candidate<'_>| {
            let stored = &candidate.positions[words.clone()];
            if stored.iter().any(Vec::is_empty) {
                return None;
            }
            let occurrences = occurrences(stored);
            let weight: f64 = occurrences.iter().map(|(field, _)| field.weight()).sum();
            (!occurrences.is_empty()).then_some(weight)
        };
        let found = self.documents.iter().filter_map(|(record, candidate)| Some((*record, frequency(candidate)?)));
        found.collect()
    }
}

/// Where the words follow one another.
fn occurrences(words: &[Vec<&str>]) -> Positions {
    let mut words = words.iter().map(|stored| {
        let mut positions = Positions::new();
        for text in stored {
            positions::read(text, &mut positions);
        }
        // Two terms may be those of the same word.
        positions.sort_unstable();
        positions.dedup();
        positions
    });
    let mut first = words.next().unwrap_or_default();
    for (offset, positions) in (1..).zip(words) {
        first.retain(|(field, position)| positions.binary_search(&(*field, position + offset)).is_ok());
    }
    first
}

#[expect(clippy::cast_precision_loss, reason = "no corpus has so many words")]
fn average_length(corpus: Corpus) -> f64 {
    step(corpus.words as f64 / corpus.documents.max(1) as f64)
}

/// How much a clause counts that so many records have.
#[expect(clippy::cast_precision_loss, reason = "no corpus has so many records")]
fn rarity(records: usize, corpus: Corpus) -> f64 {
    let (records, all) = (step(records as f64), step(corpus.documents.max(1) as f64));
    (1.0 + ((all - records).max(0.0) + 0.5) / (records + 0.5)).ln()
}

fn step(count: f64) -> f64 {
    if count <= 1.0 { 1.0 } else { STEP.powf(count.log(STEP).floor()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CORPUS: Corpus = Corpus { documents: 100, words: 1_000 };

    fn hits(query: &str, lines: &[&str]) -> Vec<String> {
        let query = Query::parse(query).unwrap();
        let text = lines.join("\n");
        let postings = Postings::read(&text, &query).unwrap();
        postings.rank(&query, CORPUS).into_iter().map(|hit| hit.record.to_owned()).collect()
    }

    #[test]
    fn a_record_needs_every_required_word_and_no_excluded_one() {
        let lines = [
            "0\ta\tr1\tPLACE\t\t5\tn0",
            "1\tb\tr1\tPLACE\t\t5\tn1",
            "0\ta\tr2\tPLACE\t\t5\tn0",
            "0\ta\tr3\tPLACE\t\t5\tn0",
            "1\tb\tr3\tPLACE\t\t5\tn1",
            "2\tc\tr3\tPLACE\t\t5\tn2",
        ];
        assert_eq!(hits("a b -c", &lines), ["r1"]);
    }

    #[test]
    fn a_phrase_needs_its_words_in_their_order_in_one_field() {
        let lines = [
            "0\ta\tr1\tARTICLE\ten\t9\tb3,7",
            "1\tb\tr1\tARTICLE\ten\t9\tb8",
            "0\ta\tr2\tARTICLE\ten\t9\tb3",
            "1\tb\tr2\tARTICLE\ten\t9\tb2",
            "0\ta\tr3\tARTICLE\ten\t9\th3",
            "1\tb\tr3\tARTICLE\ten\t9\tb4",
        ];
        assert_eq!(hits("\"a b\"", &lines), ["r1"]);
    }

    #[test]
    fn names_short_texts_and_more_occurrences_come_first() {
        let lines = [
            "0\ta\tr1\tARTICLE\ten\t300\tb3",
            "0\ta\tr2\tARTICLE\ten\t300\tb3,4",
            "0\ta\tr3\tPLACE\t\t2\tn0",
            "0\ta\tr4\tARTICLE\ten\t100\tb3",
            "0\ta\tr5\tARTICLE\ten\t100\tb9",
        ];
        assert_eq!(hits("a", &lines), ["r3", "r4", "r5", "r2", "r1"]);
    }

    #[test]
    fn two_terms_of_one_word_count_once() {
        let query = Query::parse("a").unwrap();
        let score = |text: &str| Postings::read(text, &query).unwrap().rank(&query, CORPUS)[0].score;
        let one = "0\ta\tr1\tPLACE\t\t5\tn0";
        assert!((score(one) - score(&format!("{one}\n0\tb\tr1\tPLACE\t\t5\tn0"))).abs() < f64::EPSILON);
    }
}
