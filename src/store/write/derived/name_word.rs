//! The words of names and headlines, by which pickers find records.

use std::collections::BTreeMap;

use entity::{
    Id, name_word,
    vocabulary::{RecordKind, Vocabulary as _},
};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::{
    store::{Error, Transaction},
    text::name_words,
};

use super::super::{Rows, list::delete};

/// How many words one statement inserts.
const WORDS_PER_STATEMENT: usize = 5_000;

/// The names of a record, with their places in the list.
#[derive(Debug, PartialEq, Eq)]
struct Names<'a> {
    kind: RecordKind,
    texts: Vec<(i32, &'a str)>,
}

/// The records whose names or headlines changed, or that were hidden or shown.
#[derive(Debug, Default)]
pub struct ChangedNames {
    /// The records that had names before.
    known: Vec<Id>,
    /// Each name of the records.
    names: Vec<(Id, RecordKind, i32, String)>,
}

impl ChangedNames {
    pub(in crate::store::write) fn new(before: &Rows, after: &Rows) -> Self {
        let (before, after) = (names(before), names(after));
        let known = before.iter().filter(|(id, names)| after.get(id) != Some(names)).map(|(id, _)| *id).collect();
        let changed = after.into_iter().filter(|(id, names)| before.get(id) != Some(names));
        let names = changed.flat_map(|(id, names)| {
            let Names { kind, texts } = names;
            texts.into_iter().map(move |(position, text)| (id, kind, position, text.to_owned()))
        });
        Self { known, names: names.collect() }
    }

    /// The words of the names, each with its record and the place of its name.
    pub(super) fn words(&self) -> impl Iterator<Item = (Id, RecordKind, i32, String)> {
        self.names.iter().flat_map(|(id, kind, position, name)| {
            name_words(name).into_iter().map(move |word| (*id, *kind, *position, word))
        })
    }
}

/// The names of visible records.
fn names(rows: &Rows) -> BTreeMap<Id, Names<'_>> {
    let is_visible = |row: &&entity::record::Model| row.deleted_at.is_none() && row.merged_into_id.is_none();
    let visible = rows.record.iter().filter(is_visible);
    let mut names: BTreeMap<Id, Names<'_>> =
        visible.map(|row| (row.id, Names { kind: row.kind, texts: Vec::new() })).collect();
    let texts = rows.record_name.iter().map(|row| (row.record_id, row.position, row.text.as_str()));
    let headlines = rows.article.iter().map(|row| (row.id, 0, row.headline.as_str()));
    for (id, position, text) in texts.chain(headlines) {
        if let Some(names) = names.get_mut(&id) {
            names.texts.push((position, text));
        }
    }
    for names in names.values_mut() {
        names.texts.sort_unstable();
    }
    names
}

/// Writes the words of changed names.
pub(super) async fn refresh(transaction: &Transaction, changed: &ChangedNames) -> Result<(), Error> {
    delete::<name_word::Entity>(transaction, name_word::Column::RecordId, &changed.known).await?;
    let backend = transaction.get_database_backend();
    let mut words = changed.words().map(|(id, kind, position, word)| (id, kind.as_str(), position, word)).peekable();
    while words.peek().is_some() {
        let rows: Vec<_> = words.by_ref().take(WORDS_PER_STATEMENT).collect();
        let rows = serde_json::to_string(&rows).expect("ids and texts can be written");
        let statement = Statement::from_sql_and_values(backend, insertion(backend), [rows.into()]);
        transaction.execute_raw(statement).await?;
    }
    Ok(())
}

/// A statement that inserts the rows of a JSON list. It is the same for any number of rows.
fn insertion(backend: DbBackend) -> &'static str {
    if backend == DbBackend::Postgres {
        "INSERT INTO name_word (record_id, kind, position, word)
            SELECT (value ->> 0)::uuid, value ->> 1, (value ->> 2)::integer, value ->> 3
            FROM json_array_elements($1::json)"
    } else {
        "INSERT INTO name_word (record_id, kind, position, word)
            SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?1)"
    }
}
