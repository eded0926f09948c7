//! Ranks hits by BM25 with weights of fields.

use std::{cmp::Ordering, collections::HashSet};

use super::{
    length::{length_of, step},
    posting::{Positions, Stored, read_block, record_at},
};
use crate::text::analysis::query::{Clause, Query};

/// How fast further occurrences of a word count less.
const K1: f64 = 1.2;
/// How much the length of a record matters.
const B: f64 = 0.75;
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
pub struct Hit {
    /// The number of the record in the index.
    pub record: i32,
    /// The number of its kind.
    pub kind: u8,
    /// The higher, the better.
    pub score: f64,
}

impl Hit {
    /// Whether the hit comes before or after this score and record: the best hits come first, equal ones in the order in which they came
    /// into the index.
    #[must_use]
    pub fn order(&self, score: f64, record: i32) -> Ordering {
        score.total_cmp(&self.score).then_with(|| self.record.cmp(&record))
    }
}

/// The postings of the words of a query, from the index.
#[derive(Debug)]
pub struct Postings<'a> {
    text: &'a str,
    /// The postings of each word, by record. A word may have several terms.
    words: Vec<Vec<Place>>,
    /// The terms of each word that were found.
    terms: Vec<HashSet<&'a str>>,
}

/// Where the posting of a record is in the text. A frequent word has very many.
#[derive(Debug, Clone, Copy)]
struct Place {
    record: i32,
    start: u32,
}

/// How often a record has a clause.
#[derive(Debug, Clone, Copy)]
struct Occurrences {
    record: i32,
    kind: u8,
    length_class: u16,
    weight: f64,
}

impl<'a> Postings<'a> {
    /// Reads rows of the index: one a line, with the number of the word in the query, the term, the block and its postings, separated by
    /// tabs.
    ///
    /// # Errors
    /// The line that is not a row for a word of the query.
    pub fn read(text: &'a str, query: &Query) -> Result<Self, &'a str> {
        let words = query.words.len();
        let mut postings = Self { text, words: vec![vec![]; words], terms: vec![HashSet::new(); words] };
        for line in text.lines() {
            postings.add(line).ok_or(line)?;
        }
        for of_word in &mut postings.words {
            // The rows of a term are in order, so that there are few runs to merge.
            of_word.sort_by_key(|place| place.record);
        }
        Ok(postings)
    }

    /// Adds a line of the text.
    fn add(&mut self, line: &'a str) -> Option<()> {
        let mut parts = line.split('\t');
        let word: usize = parts.next()?.parse().ok()?;
        let term = parts.next()?;
        let block: i32 = parts.next()?.parse().ok()?;
        self.terms.get_mut(word)?.insert(term);
        let of_word = self.words.get_mut(word)?;
        for (place, posting) in read_block(parts.next()?) {
            let start = u32::try_from(posting.as_ptr().addr() - self.text.as_ptr().addr()).ok()?;
            of_word.push(Place { record: record_at(block, place), start });
        }
        Some(())
    }

    fn stored(&self, place: Place) -> Option<Stored<'a>> {
        Stored::of(self.text.get(place.start as usize..)?)
    }

    /// The terms of each word of the query that texts have.
    #[must_use]
    pub fn terms(&self) -> &[HashSet<&'a str>] {
        &self.terms
    }

    /// The records that have all required clauses and no excluded one, the best first.
    #[must_use]
    pub fn rank(&self, query: &Query, corpus: Corpus) -> Vec<Hit> {
        let mut clauses: Vec<Vec<Occurrences>> = query.clauses().map(|clause| self.occurrences(clause)).collect();
        let excluded = clauses.split_off(query.required.len());
        let Some(rarest) = clauses.iter().min_by_key(|records| records.len()) else { return vec![] };
        let average = average_length(corpus);
        let weights: Vec<f64> = clauses.iter().map(|records| rarity(records.len(), corpus)).collect();
        // All lists are in the order of records, so each is read once.
        let mut required: Vec<InOrder<'_>> = clauses.iter().map(|records| InOrder(records)).collect();
        let mut excluded: Vec<InOrder<'_>> = excluded.iter().map(|records| InOrder(records)).collect();
        let mut score = |found: &Occurrences| -> Option<f64> {
            if excluded.iter_mut().any(|records| records.find(found.record).is_some()) {
                return None;
            }
            let length = K1 * (1.0 - B + B * length_of(found.length_class.into()) / average);
            let mut score = 0.0;
            for (records, weight) in required.iter_mut().zip(&weights) {
                let frequency = records.find(found.record)?.weight;
                score += weight * frequency * (K1 + 1.0) / (frequency + length);
            }
            Some((score * SCORE_DIGITS).round() / SCORE_DIGITS)
        };
        let mut hits: Vec<Hit> = rarest
            .iter()
            .filter_map(|found| Some(Hit { record: found.record, kind: found.kind, score: score(found)? }))
            .collect();
        hits.sort_unstable_by(|one, other| one.order(other.score, other.record));
        hits
    }

    /// The records with a clause, in order.
    fn occurrences(&self, clause: &Clause) -> Vec<Occurrences> {
        let words = &clause.words;
        let of_records = self.words[words[0]].chunk_by(|one, other| one.record == other.record);
        let found = of_records.filter_map(|of_record| {
            let record = of_record[0].record;
            let first = self.stored(of_record[0])?;
            let weight = if words.len() == 1 && of_record.len() == 1 {
                first.weight
            } else {
                self.positions(record, words).iter().map(|(field, _)| field.weight()).sum()
            };
            let length_class = u16::try_from(first.length_class).unwrap_or(u16::MAX);
            (weight > 0.0).then_some(Occurrences { record, kind: first.kind, length_class, weight })
        });
        found.collect()
    }

    /// Where the words follow one another in a record.
    fn positions(&self, record: i32, words: &[usize]) -> Positions {
        let mut words = words.iter().map(|word| {
            let of_word = &self.words[*word];
            let mut positions = Positions::new();
            let start = of_word.partition_point(|place| place.record < record);
            for place in of_word[start..].iter().take_while(|place| place.record == record) {
                if let Some(posting) = self.stored(*place) {
                    posting.add_positions(&mut positions);
                }
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
}

/// The occurrences of a clause, which are asked for in the order of records.
struct InOrder<'a>(&'a [Occurrences]);

impl<'a> InOrder<'a> {
    fn find(&mut self, record: i32) -> Option<&'a Occurrences> {
        while let Some((first, rest)) = self.0.split_first() {
            if first.record >= record {
                return (first.record == record).then_some(first);
            }
            self.0 = rest;
        }
        None
    }
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

#[cfg(test)]
mod tests {
    use super::{
        super::{
            Field, length,
            posting::{write_block, write_posting},
        },
        *,
    };

    const CORPUS: Corpus = Corpus { documents: 100, words: 1_000 };

    /// A row for a word of the query: in a record of this length, the term is at these positions of a field.
    fn row(word: usize, record: u32, length: i32, field: Field, positions: &[u32]) -> String {
        let positions: Positions = positions.iter().map(|at| (field, *at)).collect();
        let posting = write_posting(0, length::class_of(length), &positions);
        format!("{word}\tterm{word}\t0\t{}", write_block([(record, posting.as_str())]))
    }

    fn hits(query: &str, rows: &[String]) -> Vec<i32> {
        let query = Query::parse(query).unwrap();
        let text = rows.join("\n");
        let postings = Postings::read(&text, &query).unwrap();
        postings.rank(&query, CORPUS).into_iter().map(|hit| hit.record).collect()
    }

    #[test]
    fn a_record_needs_every_required_word_and_no_excluded_one() {
        let name = |word, record| row(word, record, 5, Field::Name, &[0]);
        let rows = [name(0, 1), name(1, 1), name(0, 2), name(0, 3), name(1, 3), name(2, 3)];
        assert_eq!(hits("a b -c", &rows), [1]);
    }

    #[test]
    fn a_phrase_needs_its_words_in_their_order_in_one_field() {
        let rows = [
            row(0, 1, 9, Field::Body, &[3, 7]),
            row(1, 1, 9, Field::Body, &[8]),
            row(0, 2, 9, Field::Body, &[3]),
            row(1, 2, 9, Field::Body, &[2]),
            row(0, 3, 9, Field::Headline, &[3]),
            row(1, 3, 9, Field::Body, &[4]),
        ];
        assert_eq!(hits("\"a b\"", &rows), [1]);
    }

    #[test]
    fn names_short_texts_and_more_occurrences_come_first() {
        let rows = [
            row(0, 1, 300, Field::Body, &[3]),
            row(0, 2, 300, Field::Body, &[3, 4]),
            row(0, 3, 2, Field::Name, &[0]),
            row(0, 4, 100, Field::Body, &[3]),
            row(0, 5, 100, Field::Body, &[9]),
        ];
        assert_eq!(hits("a", &rows), [3, 4, 5, 2, 1]);
    }

    #[test]
    fn two_terms_of_one_word_count_once() {
        let query = Query::parse("a").unwrap();
        let score = |text: &str| Postings::read(text, &query).unwrap().rank(&query, CORPUS)[0].score;
        let one = row(0, 1, 5, Field::Name, &[0]);
        assert!((score(&one) - score(&format!("{one}\n{one}"))).abs() < f64::EPSILON);
    }
}
