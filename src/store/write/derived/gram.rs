//! The sequences of three letters in the names, headline and key of each record, for filters.

use std::collections::{BTreeMap, BTreeSet};

use entity::{Id, record_gram, vocabulary::RecordKind};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::{
    store::{Error, Transaction},
    text::grams,
};

use super::super::{Rows, list::delete};

/// How many records one statement inserts.
const RECORDS_PER_STATEMENT: usize = 2_000;

/// The records whose names, headline or key changed.
#[derive(Debug, Default)]
pub struct ChangedGrams {
    /// The records that had texts before.
    known: Vec<Id>,
    /// The folded texts of the records.
    texts: Vec<(Id, BTreeSet<String>)>,
}

impl ChangedGrams {
    pub(in crate::store::write) fn new(before: &Rows, after: &Rows) -> Self {
        let (before, after) = (folded_texts(before), folded_texts(after));
        let changed = after.into_iter().filter(|(id, texts)| before.get(id) != Some(texts));
        let texts: Vec<(Id, BTreeSet<String>)> =
            changed.map(|(id, texts)| (id, texts.into_iter().map(str::to_owned).collect())).collect();
        let known = texts.iter().map(|(id, _)| *id).filter(|id| before.contains_key(id)).collect();
        Self { known, texts }
    }

    /// The sequences of each record.
    pub(super) fn grams(&self) -> impl Iterator<Item = (Id, String)> {
        self.texts.iter().map(|(id, texts)| (*id, joined_grams(texts)))
    }
}

/// The folded texts of each record that filters can ask for by a part of a text. Relations have no such filter.
fn folded_texts(rows: &Rows) -> BTreeMap<Id, BTreeSet<&str>> {
    let keys = rows.record.iter().filter(|row| row.kind != RecordKind::Relation);
    let keys = keys.filter_map(|row| Some((row.id, row.key_key.as_deref()?)));
    let names = rows.record_name.iter().map(|row| (row.record_id, row.text_key.as_str()));
    let headlines = rows.article.iter().map(|row| (row.id, row.headline_key.as_str()));
    let mut texts: BTreeMap<Id, BTreeSet<&str>> = BTreeMap::new();
    for (id, text) in keys.chain(names).chain(headlines) {
        texts.entry(id).or_default().insert(text);
    }
    texts
}

/// Writes the sequences of letters of changed texts.
pub(super) async fn refresh(transaction: &Transaction, changed: &ChangedGrams) -> Result<(), Error> {
    delete::<record_gram::Entity>(transaction, record_gram::Column::RecordId, &changed.known).await?;
    for records in changed.texts.chunks(RECORDS_PER_STATEMENT) {
        let rows: Vec<(Id, String)> = records.iter().map(|(id, texts)| (*id, joined_grams(texts))).collect();
        let rows = serde_json::to_string(&rows).expect("ids and texts can be written");
        let backend = transaction.get_database_backend();
        transaction.execute_raw(Statement::from_sql_and_values(backend, insertion(backend), [rows.into()])).await?;
    }
    Ok(())
}

fn joined_grams(texts: &BTreeSet<String>) -> String {
    let grams: BTreeSet<String> = texts.iter().flat_map(|text| grams(text)).collect();
    grams.into_iter().collect::<Vec<_>>().join(" ")
}

/// A statement that inserts pairs of an id and grams. It is the same for any number of rows.
fn insertion(backend: DbBackend) -> &'static str {
    if backend == DbBackend::Postgres {
        "INSERT INTO record_gram (record_id, grams)
            SELECT (value ->> 0)::uuid, value ->> 1 FROM json_array_elements($1::json)"
    } else {
        "INSERT INTO record_gram (record_id, grams) SELECT value ->> 0, value ->> 1 FROM json_each(?1)"
    }
}
