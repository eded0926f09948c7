//! The search index. A write updates it in its transaction, from the texts of its records before and after.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::{
    Id, record_description, record_name, search_document, search_form, search_posting, search_total,
    vocabulary::RecordKind,
};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use sea_orm::{Condition, ConnectionTrait, DbBackend, EntityTrait, QuerySelect, Statement, sea_query::ExprTrait};

use crate::{
    store::{Error, Transaction},
    text::retrieval::{Document, Field, FieldText},
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

/// Updates the index for the records of a write, whose texts before and after it are in these rows.
pub async fn update_search_index(transaction: &Transaction, before: &Rows, after: &Rows) -> Result<(), Error> {
    let (old, new) = (searchable(before), searchable(after));
    let ids: BTreeSet<Id> = old.keys().chain(new.keys()).copied().filter(|id| old.get(id) != new.get(id)).collect();
    let ids: Vec<Id> = ids.into_iter().collect();
    for ids in ids.chunks(CHUNK) {
        let changes: Vec<Change<'_>> = ids.par_iter().map(|id| Change::new(*id, old.get(id), new.get(id))).collect();
        write(transaction, ids, changes).await?;
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
        Self {
            id,
            old: old.map(|record| Document::new(&record.texts)),
            new: new.map(|record| (record, Document::new(&record.texts))),
        }
    }

    /// The terms that the record has no more.
    fn lost_terms(&self) -> Vec<String> {
        let Some(old) = &self.old else { return vec![] };
        let stays = |term: &String| self.new.as_ref().is_some_and(|(_, new)| new.terms.contains_key(term));
        old.terms.keys().filter(|term| !stays(term)).cloned().collect()
    }
}

/// New rows of the index.
#[derive(Default)]
struct NewRows {
    documents: Vec<search_document::Model>,
    changed_documents: Vec<search_document::Model>,
    postings: Vec<search_posting::Model>,
    changed_postings: Vec<search_posting::Model>,
    forms: BTreeSet<(String, String)>,
}

async fn write(transaction: &Transaction, ids: &[Id], changes: Vec<Change<'_>>) -> Result<(), Error> {
    use search_document::Column::{Number, RecordId};
    let numbers: Vec<(Id, i32)> =
        values_in::<search_document::Entity, _, _>(transaction, [RecordId, Number], (RecordId, ids), Condition::all())
            .await?;
    let numbers: HashMap<Id, i32> = numbers.into_iter().collect();
    let mut last = last_number(transaction).await?;
    let (mut documents, mut words) = (0_i64, 0_i64);
    let mut removed = Vec::new();
    let mut rows = NewRows::default();
    for change in changes {
        let known = numbers.get(&change.id).copied();
        if let Some(number) = known {
            delete_postings(transaction, number, change.lost_terms()).await?;
        }
        documents -= i64::from(change.old.is_some());
        words -= change.old.as_ref().map_or(0, |old| i64::from(old.length));
        let Some((record, document)) = change.new else {
            removed.push(change.id);
            continue;
        };
        documents += 1;
        words += i64::from(document.length);
        let number = known.unwrap_or_else(|| {
            last += 1;
            last
        });
        let row = search_document::Model {
            number,
            record_id: change.id,
            kind: record.kind,
            language: record.language.map(str::to_owned),
            length: document.length,
        };
        let (rows_of_documents, postings) = if known.is_some() {
            (&mut rows.changed_documents, &mut rows.changed_postings)
        } else {
            (&mut rows.documents, &mut rows.postings)
        };
        rows_of_documents.push(row);
        rows.forms.extend(document.forms);
        let old_terms = change.old.map(|old| old.terms).unwrap_or_default();
        let differs = |(term, positions): &(String, String)| old_terms.get(term) != Some(positions);
        postings.extend(document.terms.into_iter().filter(differs).map(|(term, positions)| search_posting::Model {
            term,
            document: number,
            positions,
        }));
    }
    delete::<search_document::Entity>(transaction, RecordId, &removed).await?;
    insert(transaction, rows).await?;
    add_to_total(transaction, documents, words).await
}

async fn insert(transaction: &Transaction, mut rows: NewRows) -> Result<(), Error> {
    // The table grows in the order of its key.
    rows.postings.sort_unstable_by(|one, other| (&one.term, one.document).cmp(&(&other.term, other.document)));
    let forms = rows.forms.into_iter().map(|(form, term)| search_form::Model { form, term });
    let mut writer = TableWriter::new(transaction);
    writer.insert::<search_document::Entity, _, _>(rows.documents).await?;
    writer.insert::<search_posting::Entity, _, _>(rows.postings).await?;
    writer.replace::<search_document::Entity, _>(rows.changed_documents).await?;
    writer.replace::<search_posting::Entity, _>(rows.changed_postings).await?;
    writer.insert_missing::<search_form::Entity, _, _>(forms).await?;
    writer.finish().await
}

async fn last_number(transaction: &Transaction) -> Result<i32, Error> {
    use sea_orm::ColumnTrait;
    let query = search_document::Entity::find().select_only().expr(search_document::Column::Number.into_expr().max());
    let last: Option<Option<i32>> = query.into_tuple().one(transaction).await?;
    Ok(last.flatten().unwrap_or(0))
}

/// Deletes postings of a record by their terms: the table has no index by record.
async fn delete_postings(transaction: &Transaction, document: i32, terms: Vec<String>) -> Result<(), Error> {
    if terms.is_empty() {
        return Ok(());
    }
    let backend = transaction.get_database_backend();
    let sql = format!(
        "DELETE FROM search_posting WHERE term {} AND document = {}",
        among_parameter(backend, 1),
        parameter(backend, 2)
    );
    let values = [list(backend, terms), document.into()];
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
