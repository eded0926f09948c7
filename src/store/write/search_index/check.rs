//! Compares the search index with the texts of all records.

use std::{
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher as _},
};

use entity::{Id, search_document, search_total};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use sea_orm::{ConnectionTrait, EntityTrait, Statement, TryGetable, Value};

use crate::{
    store::{
        Error, Transaction,
        write::{DerivedDifference, Rows, derived::difference, list::rows_in},
    },
    text::retrieval::{Document, place_of, read_block},
};

use super::{
    parameter,
    text::{RecordTexts, searchable},
};

/// How many rows of the index are read at a time.
const ROWS_AT_ONCE: u32 = 2_000;

const DOCUMENTS_OF_NOTHING: &str = "
    SELECT d.record_id FROM search_document d WHERE NOT EXISTS (SELECT 1 FROM record r WHERE r.id = d.record_id)
    ORDER BY d.record_id";

/// What the index should have. Words and postings are hashed, because all of them are in memory at once.
#[derive(Debug)]
pub struct IndexCheck {
    /// The records of the index that are missing or wrong.
    records: DerivedDifference,
    size: Size,
    /// The terms of each place of a record in the index, and the record.
    terms: HashMap<(i32, u32), (Id, u64)>,
    /// Words with their terms, and a record that has them.
    forms: HashMap<u64, Id>,
    /// Words of names with their keys, and a record that has them.
    spellings: HashMap<u64, Id>,
    /// Words of names whose keys were added.
    known_spellings: HashSet<u64>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Size {
    documents: i64,
    words: i64,
}

impl Default for IndexCheck {
    fn default() -> Self {
        Self {
            records: DerivedDifference::none("search_document"),
            size: Size::default(),
            terms: HashMap::new(),
            forms: HashMap::new(),
            spellings: HashMap::new(),
            known_spellings: HashSet::new(),
        }
    }
}

impl IndexCheck {
    /// Adds some records, whose rows are given.
    pub async fn add(&mut self, transaction: &Transaction, rows: &Rows) -> Result<(), Error> {
        let ids: Vec<Id> = rows.record.iter().map(|row| row.id).collect();
        let stored =
            rows_in::<search_document::Entity, _>(transaction, search_document::Column::RecordId, &ids).await?;
        let numbers: HashMap<Id, i32> = stored.iter().map(|row| (row.record_id, row.number)).collect();
        let stored = stored.into_iter().map(|row| (row.record_id, row.kind, row.language, row.length)).collect();
        let analysed = |(id, record): (Id, RecordTexts<'_>)| {
            let document = record.document();
            ((id, record.kind, record.language.map(str::to_owned), document.length), document, record.spellings())
        };
        let analysed: Vec<_> = searchable(rows).into_par_iter().map(analysed).collect();
        let expected = analysed.iter().map(|(record, _, _)| record.clone()).collect();
        self.records.add(&difference("search_document", &stored, &expected, |row| row.0));
        for ((id, ..), Document { terms, forms, length }, spellings) in analysed {
            self.size.documents += 1;
            self.size.words += i64::from(length);
            if let Some(number) = numbers.get(&id) {
                let terms = terms.iter().map(|(term, posting)| hash((term, posting)));
                self.terms.insert(place_of(*number), (id, terms.fold(0, u64::wrapping_add)));
            }
            for (form, term) in &forms {
                self.forms.entry(hash((form, term))).or_insert(id);
            }
            for spelling in spellings {
                if self.known_spellings.insert(hash(&spelling)) {
                    let keys = spelling.keys();
                    self.spellings.extend(keys.iter().map(|key| (hash((key, &spelling.text)), id)));
                }
            }
        }
        Ok(())
    }

    /// What differs, after all records were added.
    pub async fn finish(self, transaction: &Transaction) -> Result<Vec<DerivedDifference>, Error> {
        let Self { mut records, size, terms, mut forms, mut spellings, .. } = self;
        let statement = Statement::from_string(transaction.get_database_backend(), DOCUMENTS_OF_NOTHING);
        let of_nothing = transaction.query_all_raw(statement).await?;
        let record = of_nothing.first().map(|row| row.try_get_by_index(0)).transpose()?;
        records.add(&DerivedDifference { surplus: of_nothing.len() as u64, record, ..DerivedDifference::none("") });

        let mut stored_terms: HashMap<(i32, u32), u64> = HashMap::new();
        let add = |term: &str, block: &i32, postings: &str| {
            for (place, posting) in read_block(postings) {
                let sum = stored_terms.entry((*block, place)).or_default();
                *sum = sum.wrapping_add(hash((term, posting)));
            }
        };
        scan(transaction, ("search_posting", ["term", "block", "postings"]), -1, add).await?;
        let mut postings = DerivedDifference::none("search_posting");
        for (place, (id, sum)) in terms {
            if stored_terms.remove(&place).unwrap_or_default() != sum {
                postings.wrong += 1;
                postings.record = postings.record.into_iter().chain([id]).min();
            }
        }
        postings.wrong += stored_terms.len() as u64;

        let remove = |form: &str, term: &String, _: &str| {
            forms.remove(&hash((form, term)));
        };
        scan(transaction, ("search_form", ["form", "term", "term"]), String::new(), remove).await?;
        let remove = |key: &str, text: &String, _: &str| {
            spellings.remove(&hash((key, text)));
        };
        scan(transaction, ("search_spelling", ["key", "text", "form"]), String::new(), remove).await?;

        let total = search_total::Entity::find().one(transaction).await?;
        let stored_size = total.map(|row| Size { documents: row.documents, words: row.words }).unwrap_or_default();
        let total =
            DerivedDifference { wrong: u64::from(stored_size != size), ..DerivedDifference::none("search_total") };
        let mut found =
            vec![records, postings, missing("search_form", &forms), missing("search_spelling", &spellings), total];
        found.retain(DerivedDifference::is_any);
        Ok(found)
    }
}

fn missing(table: &'static str, rows: &HashMap<u64, Id>) -> DerivedDifference {
    DerivedDifference {
        missing: rows.len() as u64,
        record: rows.values().min().copied(),
        ..DerivedDifference::none(table)
    }
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Calls `each` with three columns of all rows of a table. The first two are its key; `before_all` comes before the values of the second
/// one.
async fn scan<T: TryGetable + Clone + Into<Value>>(
    transaction: &Transaction,
    (table, [first, second, third]): (&str, [&str; 3]),
    before_all: T,
    mut each: impl FnMut(&str, &T, &str),
) -> Result<(), Error> {
    let backend = transaction.get_database_backend();
    let sql = format!(
        "SELECT {first}, {second}, {third} FROM {table} WHERE ({first}, {second}) > ({}, {})
         ORDER BY {first}, {second} LIMIT {ROWS_AT_ONCE}",
        parameter(backend, 1),
        parameter(backend, 2)
    );
    let mut last = (String::new(), before_all);
    loop {
        let values = [last.0.clone().into(), last.1.clone().into()];
        let rows = transaction.query_all_raw(Statement::from_sql_and_values(backend, &sql, values)).await?;
        if rows.is_empty() {
            return Ok(());
        }
        for row in rows {
            last = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            each(&last.0, &last.1, &row.try_get_by_index::<String>(2)?);
        }
    }
}
