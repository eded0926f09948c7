//! The search index. A write updates it in its transaction, from the texts of its records before and after.

mod check;
mod posting;
mod text;
mod total;

pub use check::IndexCheck;
pub use total::other_analysis_version;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use entity::{Id, search_document, search_form, search_posting, search_spelling, vocabulary::RecordKind};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use sea_orm::{Condition, DbBackend, EntityTrait, QuerySelect};

use crate::{
    store::{Error, Transaction},
    text::retrieval::{Document, Spelling, place_of},
};

use super::{
    Rows, TableWriter, all_records,
    list::{delete, values_in},
    load,
};
use posting::{PostingChange, write_postings};
use text::{RecordTexts, searchable};
use total::{add_to_total, clear_total, last_number};

/// How many records are analysed and written at a time: some whole blocks.
const CHUNK: usize = 1_024;

/// Words that the index has, so that a large write does not try them again.
#[derive(Default)]
struct KnownWords {
    /// Words with their terms.
    forms: HashSet<(String, String)>,
    /// Words of names, as they are written.
    spellings: HashSet<String>,
}

/// Updates the index for the records of a write, whose texts before and after it are in these rows.
pub async fn update_search_index(transaction: &Transaction, before: &Rows, after: &Rows) -> Result<(), Error> {
    let (old, new) = (searchable(before), searchable(after));
    update(transaction, &old, &new, &mut KnownWords::default()).await
}

async fn update(
    transaction: &Transaction,
    old: &BTreeMap<Id, RecordTexts<'_>>,
    new: &BTreeMap<Id, RecordTexts<'_>>,
    known: &mut KnownWords,
) -> Result<(), Error> {
    let ids: BTreeSet<Id> = old.keys().chain(new.keys()).copied().filter(|id| old.get(id) != new.get(id)).collect();
    let ids: Vec<Id> = ids.into_iter().collect();
    // The first new records fill a block that was begun, so that no block is written by two chunks.
    let begun = if ids.len() > CHUNK { place_of(last_number(transaction).await? + 1).1 as usize } else { 0 };
    let (first, rest) = ids.split_at(ids.len().min(CHUNK - begun));
    for ids in std::iter::once(first).chain(rest.chunks(CHUNK)).filter(|ids| !ids.is_empty()) {
        let changes: Vec<Change<'_>> = ids.par_iter().map(|id| Change::new(*id, old.get(id), new.get(id))).collect();
        write(transaction, ids, changes, known).await?;
    }
    Ok(())
}

/// Builds the whole index again. Records keep their numbers. `progress` is called with the number of records that are done, and of all.
/// Returns the number of records.
pub async fn rebuild_search_index(
    transaction: &Transaction,
    progress: &(dyn Fn(usize, usize) + Send + Sync),
) -> Result<usize, Error> {
    use search_document::Column::{Number, RecordId};
    search_posting::Entity::delete_many().exec(transaction).await?;
    search_form::Entity::delete_many().exec(transaction).await?;
    search_spelling::Entity::delete_many().exec(transaction).await?;
    clear_total(transaction).await?;
    let numbers: Vec<(Id, i32)> =
        search_document::Entity::find().select_only().columns([RecordId, Number]).into_tuple().all(transaction).await?;
    let mut numbers: HashMap<Id, i32> = numbers.into_iter().collect();
    let records = all_records(transaction).await?.into_iter().filter(|row| row.kind != RecordKind::Relation);
    let mut records: Vec<(i32, (Id, RecordKind))> =
        records.map(|row| (numbers.remove(&row.id).unwrap_or(i32::MAX), (row.id, row.kind))).collect();
    // In the order of their blocks.
    records.sort_unstable_by_key(|(number, (id, _))| (*number, *id));
    let records: Vec<(Id, RecordKind)> = records.into_iter().map(|(_, record)| record).collect();
    let missing: Vec<Id> = numbers.into_keys().collect();
    delete::<search_document::Entity>(transaction, RecordId, &missing).await?;
    let (mut done, mut known) = (0, KnownWords::default());
    for chunk in records.chunks(CHUNK) {
        let rows = load(transaction, chunk).await?;
        let texts = searchable(&rows);
        let hidden: Vec<Id> = chunk.iter().map(|(id, _)| *id).filter(|id| !texts.contains_key(id)).collect();
        delete::<search_document::Entity>(transaction, RecordId, &hidden).await?;
        update(transaction, &BTreeMap::new(), &texts, &mut known).await?;
        done += chunk.len();
        progress(done, records.len());
    }
    Ok(done)
}

/// The change of a record in the index.
struct Change<'a> {
    id: Id,
    old: Option<(&'a RecordTexts<'a>, Document)>,
    new: Option<(&'a RecordTexts<'a>, Document)>,
}

impl<'a> Change<'a> {
    fn new(id: Id, old: Option<&'a RecordTexts<'a>>, new: Option<&'a RecordTexts<'a>>) -> Self {
        let document = |record: &'a RecordTexts<'a>| (record, record.document());
        Self { id, old: old.map(document), new: new.map(document) }
    }
}

async fn write(
    transaction: &Transaction,
    ids: &[Id],
    changes: Vec<Change<'_>>,
    known: &mut KnownWords,
) -> Result<(), Error> {
    use search_document::Column::{Number, RecordId};
    let numbers: Vec<(Id, i32)> =
        values_in::<search_document::Entity, _, _>(transaction, [RecordId, Number], (RecordId, ids), Condition::all())
            .await?;
    let numbers: HashMap<Id, i32> = numbers.into_iter().collect();
    let last = last_number(transaction).await?;
    let mut next = last;
    let (mut records, mut words) = (0_i64, 0_i64);
    let mut removed = Vec::new();
    let (mut new_documents, mut changed_documents) = (Vec::new(), Vec::new());
    let mut postings = Vec::new();
    let (mut forms, mut spellings) = (Vec::new(), BTreeSet::new());
    for Change { id, old, new } in changes {
        let known = numbers.get(&id).copied();
        let number = known.unwrap_or_else(|| {
            next += 1;
            next
        });
        let (block, place) = place_of(number);
        records -= i64::from(old.is_some());
        let old_spellings = old.as_ref().map(|(record, _)| record.spellings()).unwrap_or_default();
        let old = old.map(|(_, document)| document).unwrap_or_default();
        words -= i64::from(old.length);
        let Document { terms: old_terms, forms: old_forms, .. } = old;
        let mut old_terms: HashMap<String, String> = old_terms.into_iter().collect();
        let old_forms: HashSet<(String, String)> = old_forms.into_iter().collect();
        if let Some((record, document)) = new {
            records += 1;
            words += i64::from(document.length);
            let documents = if known.is_some() { &mut changed_documents } else { &mut new_documents };
            documents.push(search_document::Model {
                number,
                record_id: id,
                kind: record.kind,
                language: record.language.map(str::to_owned),
                length: document.length,
            });
            forms.extend(document.forms.into_iter().filter(|form| !old_forms.contains(form)));
            spellings.extend(record.spellings().difference(&old_spellings).cloned());
            for (term, posting) in document.terms {
                if old_terms.remove(&term).as_ref() != Some(&posting) {
                    postings.push(PostingChange { block, term, place, posting: Some(posting) });
                }
            }
        } else {
            removed.push(id);
        }
        postings.extend(old_terms.into_keys().map(|term| PostingChange { block, term, place, posting: None }));
    }
    delete::<search_document::Entity>(transaction, RecordId, &removed).await?;
    let mut writer = TableWriter::new(transaction);
    writer.insert::<search_document::Entity, _, _>(new_documents).await?;
    writer.replace::<search_document::Entity, _>(changed_documents).await?;
    forms.sort_unstable();
    forms.dedup();
    forms.retain(|form| known.forms.insert(form.clone()));
    let forms = forms.into_iter().map(|(form, term)| search_form::Model { form, term });
    writer.insert_missing::<search_form::Entity, _, _>(forms).await?;
    spellings.retain(|spelling| known.spellings.insert(spelling.text.clone()));
    let mut spellings = new_spellings(transaction, spellings).await?;
    // The table grows in the order of its key.
    spellings.sort_unstable_by(|one, other| (&one.key, &one.text).cmp(&(&other.key, &other.text)));
    writer.insert_missing::<search_spelling::Entity, _, _>(spellings).await?;
    let last_block = (last > 0).then_some(place_of(last).0);
    write_postings(transaction, &mut writer, postings, last_block).await?;
    writer.finish().await?;
    if (records, words, next) == (0, 0, last) {
        return Ok(());
    }
    add_to_total(transaction, (records, words), next).await
}

/// The rows of the words that the index does not have yet.
async fn new_spellings(
    transaction: &Transaction,
    words: BTreeSet<Spelling>,
) -> Result<Vec<search_spelling::Model>, Error> {
    use search_spelling::Column::{Key, Text};
    let heads: BTreeSet<String> = words.iter().map(Spelling::head).collect();
    let heads: Vec<String> = heads.into_iter().collect();
    let known: Vec<String> =
        values_in::<search_spelling::Entity, _, _>(transaction, [Text], (Key, &heads), Condition::all()).await?;
    let known: HashSet<String> = known.into_iter().collect();
    let new = words.into_iter().filter(move |word| !known.contains(&word.text));
    let rows = new.flat_map(|word| {
        let keys = word.keys();
        let Spelling { form, text } = word;
        keys.into_iter().map(move |key| search_spelling::Model { key, text: text.clone(), form: form.clone() })
    });
    Ok(rows.collect())
}

fn parameter(backend: DbBackend, number: usize) -> String {
    if backend == DbBackend::Postgres { format!("${number}") } else { format!("?{number}") }
}
