//! The search index. A write updates it in its transaction, from the texts of its records before and after.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use entity::{
    Id, record_description, record_name, search_document, search_form, search_posting, search_spelling, search_total,
    vocabulary::{RecordKind, RecordType, Vocabulary as _},
};
use rayon::{
    iter::{IntoParallelRefIterator, ParallelIterator},
    slice::ParallelSliceMut,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, QuerySelect, Statement, sea_query::ExprTrait,
};

use crate::{
    store::{Error, Transaction},
    text::retrieval::{Document, Field, FieldText, Spelling, place_of, read_block, spellings, write_block},
};

use super::{
    Rows, TableWriter, all_records, by_owner,
    list::{among_parameter, delete, list, values_in},
    load,
};

/// How many records are analysed and written at a time.
const CHUNK: usize = 1_000;

/// The searchable texts of a record.
#[derive(PartialEq)]
struct RecordTexts<'a> {
    kind: RecordKind,
    language: Option<&'a str>,
    texts: Vec<FieldText<'a>>,
}

impl RecordTexts<'_> {
    fn document(&self) -> Document {
        let kind = RecordType::VALUES.iter().position(|(name, _)| *name == self.kind.as_str());
        Document::new(kind.and_then(|kind| u8::try_from(kind).ok()).unwrap_or_default(), &self.texts)
    }

    /// The words of its names.
    fn spellings(&self) -> BTreeSet<Spelling> {
        self.texts.iter().filter(|text| text.field == Field::Name).flat_map(|name| spellings(name.text)).collect()
    }
}

/// The names and descriptions of records.
struct EntityTexts<'a> {
    names: HashMap<Id, Vec<&'a record_name::Model>>,
    descriptions: HashMap<Id, Vec<&'a record_description::Model>>,
}

impl<'a> EntityTexts<'a> {
    fn new(rows: &'a Rows) -> Self {
        Self {
            names: by_owner(&rows.record_name, |row| row.record_id),
            descriptions: by_owner(&rows.record_description, |row| row.record_id),
        }
    }

    fn of(&self, id: Id, kind: RecordKind, occupation: Option<&'a str>) -> RecordTexts<'a> {
        let mut names = self.names.get(&id).cloned().unwrap_or_default();
        names.sort_unstable_by_key(|row| row.position);
        let mut descriptions = self.descriptions.get(&id).cloned().unwrap_or_default();
        descriptions.sort_unstable_by_key(|row| row.position);
        let text = |field, language: &'a str, text: &'a str| FieldText { field, language, text };
        let names = names.into_iter().map(|row| text(Field::Name, &row.language, &row.text));
        let occupation = occupation.into_iter().map(|occupation| text(Field::Occupation, "und", occupation));
        let descriptions = descriptions.into_iter().map(|row| text(Field::Description, &row.language, &row.text));
        RecordTexts { kind, language: None, texts: names.chain(occupation).chain(descriptions).collect() }
    }
}

/// Records that can be found, by id. Hidden ones are left out.
fn searchable(rows: &Rows) -> BTreeMap<Id, RecordTexts<'_>> {
    let entities = EntityTexts::new(rows);
    let mut records = BTreeMap::new();
    for row in rows.place.iter().filter(|row| !row.is_deleted) {
        records.insert(row.id, entities.of(row.id, RecordKind::Place, None));
    }
    for row in rows.organization.iter().filter(|row| !row.is_deleted) {
        records.insert(row.id, entities.of(row.id, RecordKind::Organization, None));
    }
    for row in rows.event.iter().filter(|row| !row.is_deleted) {
        records.insert(row.id, entities.of(row.id, RecordKind::Event, None));
    }
    for row in rows.person.iter().filter(|row| !row.is_deleted) {
        records.insert(row.id, entities.of(row.id, RecordKind::Person, row.occupation.as_deref()));
    }
    for row in rows.article.iter().filter(|row| !row.is_deleted) {
        let language = row.language.as_str();
        let fields = [
            (Field::Headline, Some(&row.headline)),
            (Field::Abstract, row.r#abstract.as_ref()),
            (Field::Body, row.body.as_ref()),
        ];
        let texts = fields.into_iter().filter_map(|(field, text)| Some(FieldText { field, language, text: text? }));
        let texts = texts.collect();
        records.insert(row.id, RecordTexts { kind: RecordKind::Article, language: Some(language), texts });
    }
    records
}

/// A record in the index: its id, kind, language and number of words.
pub(super) type IndexedRecord = (Id, RecordKind, Option<String>, i32);

/// The records that the index should have for these rows.
pub(super) fn indexed_records(rows: &Rows) -> BTreeSet<IndexedRecord> {
    let indexed = |(id, record): (Id, RecordTexts<'_>)| {
        (id, record.kind, record.language.map(str::to_owned), record.document().length)
    };
    searchable(rows).into_iter().map(indexed).collect()
}

/// Updates the index for the records of a write, whose texts before and after it are in these rows.
pub async fn update_search_index(transaction: &Transaction, before: &Rows, after: &Rows) -> Result<(), Error> {
    let (old, new) = (searchable(before), searchable(after));
    let ids: BTreeSet<Id> = old.keys().chain(new.keys()).copied().filter(|id| old.get(id) != new.get(id)).collect();
    let ids: Vec<Id> = ids.into_iter().collect();
    let mut known_forms = (ids.len() > CHUNK).then(HashSet::new);
    for ids in ids.chunks(CHUNK) {
        let changes: Vec<Change<'_>> = ids.par_iter().map(|id| Change::new(*id, old.get(id), new.get(id))).collect();
        write(transaction, ids, changes, known_forms.as_mut()).await?;
    }
    Ok(())
}

/// Builds the whole index again. `progress` is called with the number of records that are done, and of all. Returns the number of records.
pub async fn rebuild_search_index(
    transaction: &Transaction,
    progress: &(dyn Fn(usize, usize) + Send + Sync),
) -> Result<usize, Error> {
    search_posting::Entity::delete_many().exec(transaction).await?;
    search_form::Entity::delete_many().exec(transaction).await?;
    search_spelling::Entity::delete_many().exec(transaction).await?;
    search_document::Entity::delete_many().exec(transaction).await?;
    search_total::Entity::delete_many().exec(transaction).await?;
    let mut records: Vec<(Id, RecordKind)> =
        all_records(transaction).await?.into_iter().map(|row| (row.id, row.kind)).collect();
    records.retain(|(_, kind)| *kind != RecordKind::Relation);
    records.sort_unstable_by_key(|(id, _)| *id);
    let mut done = 0;
    for chunk in records.chunks(CHUNK) {
        let rows = load(transaction, chunk).await?;
        update_search_index(transaction, &Rows::default(), &rows).await?;
        done += chunk.len();
        progress(done, records.len());
    }
    Ok(done)
}

/// The change of a record in the index.
struct Change<'a> {
    id: Id,
    old: Option<Document>,
    new: Option<(&'a RecordTexts<'a>, Document)>,
}

impl<'a> Change<'a> {
    fn new(id: Id, old: Option<&RecordTexts<'_>>, new: Option<&'a RecordTexts<'a>>) -> Self {
        Self { id, old: old.map(RecordTexts::document), new: new.map(|record| (record, record.document())) }
    }
}

/// The change of a posting: `None` deletes it.
struct PostingChange {
    block: i32,
    term: String,
    place: u32,
    posting: Option<String>,
}

async fn write(
    transaction: &Transaction,
    ids: &[Id],
    changes: Vec<Change<'_>>,
    known_forms: Option<&mut HashSet<(String, String)>>,
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
        words -= old.as_ref().map_or(0, |old| i64::from(old.length));
        let Document { terms: old_terms, forms: old_forms, .. } = old.unwrap_or_default();
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
            spellings.append(&mut record.spellings());
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
    if let Some(known) = known_forms {
        forms.retain(|form| known.insert(form.clone()));
    }
    let forms = forms.into_iter().map(|(form, term)| search_form::Model { form, term });
    writer.insert_missing::<search_form::Entity, _, _>(forms).await?;
    let spellings =
        spellings.into_iter().map(|Spelling { key, form, text }| search_spelling::Model { key, text, form });
    writer.insert_missing::<search_spelling::Entity, _, _>(spellings).await?;
    let last_block = (last > 0).then_some(place_of(last).0);
    write_postings(transaction, &mut writer, postings, last_block).await?;
    writer.finish().await?;
    add_to_total(transaction, records, words).await
}

/// Writes the changes of postings. Blocks up to `last_block` may have postings already.
async fn write_postings(
    transaction: &Transaction,
    writer: &mut TableWriter<'_>,
    mut changes: Vec<PostingChange>,
    last_block: Option<i32>,
) -> Result<(), Error> {
    changes.par_sort_unstable_by(|one, other| {
        (one.block, &one.term, one.place).cmp(&(other.block, &other.term, other.place))
    });
    let (mut added, mut changed) = (Vec::new(), Vec::new());
    for of_block in changes.chunk_by(|one, other| one.block == other.block) {
        let block = of_block[0].block;
        let of_terms = || of_block.chunk_by(|one, other| one.term == other.term);
        let mut stored = HashMap::new();
        if last_block.is_some_and(|last| block <= last) {
            stored = stored_postings(transaction, block, of_terms().map(|of_term| of_term[0].term.clone())).await?;
        }
        let mut removed = Vec::new();
        for of_term in of_terms() {
            let term = of_term[0].term.clone();
            let before = stored.get(&term);
            let mut postings: BTreeMap<u32, &str> = before.into_iter().flat_map(|text| read_block(text)).collect();
            for PostingChange { place, posting, .. } in of_term {
                match posting {
                    Some(posting) => postings.insert(*place, posting),
                    None => postings.remove(place),
                };
            }
            if postings.is_empty() {
                removed.push(term);
                continue;
            }
            let rows = if before.is_some() { &mut changed } else { &mut added };
            rows.push(search_posting::Model { term, block, postings: write_block(postings) });
        }
        delete_postings(transaction, block, removed).await?;
    }
    // The table grows in the order of its key.
    added.sort_unstable_by(|one, other| (&one.term, one.block).cmp(&(&other.term, other.block)));
    writer.insert::<search_posting::Entity, _, _>(added).await?;
    writer.replace::<search_posting::Entity, _>(changed).await
}

/// The stored postings of terms in a block.
async fn stored_postings(
    transaction: &Transaction,
    block: i32,
    terms: impl Iterator<Item = String>,
) -> Result<HashMap<String, String>, Error> {
    use search_posting::Column::{Block, Postings, Term};
    let terms: Vec<String> = terms.collect();
    let in_block = Condition::all().add(Block.eq(block));
    let rows: Vec<(String, String)> =
        values_in::<search_posting::Entity, _, _>(transaction, [Term, Postings], (Term, &terms), in_block).await?;
    Ok(rows.into_iter().collect())
}

async fn last_number(transaction: &Transaction) -> Result<i32, Error> {
    let query = search_document::Entity::find().select_only().expr(search_document::Column::Number.into_expr().max());
    let last: Option<Option<i32>> = query.into_tuple().one(transaction).await?;
    Ok(last.flatten().unwrap_or(0))
}

async fn delete_postings(transaction: &Transaction, block: i32, terms: Vec<String>) -> Result<(), Error> {
    if terms.is_empty() {
        return Ok(());
    }
    let backend = transaction.get_database_backend();
    let sql = format!(
        "DELETE FROM search_posting WHERE term {} AND block = {}",
        among_parameter(backend, 1),
        parameter(backend, 2)
    );
    let values = [list(backend, terms), block.into()];
    transaction.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    Ok(())
}

async fn add_to_total(transaction: &Transaction, documents: i64, words: i64) -> Result<(), Error> {
    if (documents, words) == (0, 0) {
        return Ok(());
    }
    let backend = transaction.get_database_backend();
    let sql = format!(
        "INSERT INTO search_total (id, documents, words) VALUES (1, {}, {}) ON CONFLICT (id) DO UPDATE
         SET documents = search_total.documents + excluded.documents, words = search_total.words + excluded.words",
        parameter(backend, 1),
        parameter(backend, 2)
    );
    transaction.execute_raw(Statement::from_sql_and_values(backend, sql, [documents.into(), words.into()])).await?;
    Ok(())
}

fn parameter(backend: DbBackend, number: usize) -> String {
    if backend == DbBackend::Postgres { format!("${number}") } else { format!("?{number}") }
}
