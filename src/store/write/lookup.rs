//! The lookups of a write before it changes anything.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    Id, article, citation, event, mention, organization, participation, place, record, relation, relative_date,
    revision,
    vocabulary::{PlaceKind, RelationKind, TextField},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait,
    Statement, sea_query::UnionType,
};

use crate::store::{Error, Transaction};

use super::{
    MAX_IDS_PER_STATEMENT,
    list::{among, among_parameter, list, rows_in, values_in},
};

/// Some columns of the rows of a table, by the values of other columns.
macro_rules! select {
    ($transaction:ident, $table:ident: $($column:ident)+, $key:ident in $among:expr $(, $other:ident = $value:expr)*) => {
        values_in::<$table::Entity, _, _>(
            $transaction,
            [$($table::Column::$column),+],
            ($table::Column::$key, $among),
            Condition::all()$(.add($table::Column::$other.eq($value)))*,
        )
        .await
    };
}

/// The row of a record, without its content.
pub type RecordRow = record::Model;

/// The records with these ids or keys.
pub async fn find_records(transaction: &Transaction, ids: &[Id], keys: &[String]) -> Result<Vec<RecordRow>, Error> {
    let mut found = rows_in::<record::Entity, _>(transaction, record::Column::Id, ids).await?;
    found.extend(rows_in::<record::Entity, _>(transaction, record::Column::Key, keys).await?);
    Ok(found)
}

/// The ids, keys and addresses of a write.
#[derive(Debug, Default)]
pub struct Lookup {
    /// Ids of records.
    pub ids: Vec<Id>,
    /// Keys of records.
    pub keys: Vec<String>,
    /// Addresses of the same thing elsewhere.
    pub same_as: Vec<String>,
    /// Addresses of articles.
    pub urls: Vec<String>,
}

/// The stored state when a write begins.
#[derive(Debug, Default)]
pub struct LookupResult {
    /// The records with the ids and keys.
    pub records: Vec<RecordRow>,
    /// The records with the addresses as `sameAs`.
    pub same_as: HashMap<String, Id>,
    /// The articles with the addresses.
    pub urls: HashMap<String, Id>,
    /// The position of the last revision; 0 where there is none.
    pub position: i64,
}

/// The columns of the first row give their types to all others.
const LOOK_UP: &str = "
    SELECT 'record' AS found, CAST(NULL AS text) AS url, CAST(NULL AS bigint) AS position,
        id, kind, key, version, created_at, updated_at, deleted_at, merged_into_id, article_count
    FROM record WHERE id {among_ids}
    UNION ALL
    SELECT 'record', NULL, NULL, id, kind, key, version, created_at, updated_at, deleted_at, merged_into_id, article_count
    FROM record WHERE key {among_keys}
    UNION ALL
    SELECT 'same_as', url, NULL, record_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM same_as WHERE url {among_same_as}
    UNION ALL
    SELECT 'url', url, NULL, id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM article WHERE url {among_urls}
    UNION ALL
    SELECT 'position', NULL, max(position), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM revision";

/// Looks up ids, keys and addresses, and the last position of the history, by one statement.
pub async fn look_up(transaction: &Transaction, lookup: Lookup) -> Result<LookupResult, Error> {
    let backend = transaction.get_database_backend();
    let Lookup { ids, keys, same_as, urls } = lookup;
    let lists = [
        ("{among_ids}", list(backend, ids)),
        ("{among_keys}", list(backend, keys)),
        ("{among_same_as}", list(backend, same_as)),
        ("{among_urls}", list(backend, urls)),
    ];
    let mut text = LOOK_UP.to_owned();
    for (number, (place, _)) in (1..).zip(&lists) {
        text = text.replace(place, &among_parameter(backend, number));
    }
    let values = lists.map(|(_, list)| list);
    let mut result = LookupResult::default();
    for row in transaction.query_all_raw(Statement::from_sql_and_values(backend, text, values)).await? {
        match row.try_get::<String>("", "found")?.as_str() {
            "record" => result.records.push(RecordRow::from_query_result(&row, "")?),
            "same_as" => {
                result.same_as.insert(row.try_get("", "url")?, row.try_get("", "id")?);
            }
            "url" => {
                result.urls.insert(row.try_get("", "url")?, row.try_get("", "id")?);
            }
            _ => result.position = row.try_get::<Option<i64>>("", "position")?.unwrap_or(0),
        }
    }
    Ok(result)
}

/// The texts of an article.
#[derive(Debug, Clone)]
pub struct Texts {
    /// The headline.
    pub headline: String,
    /// The abstract.
    pub summary: Option<String>,
    /// The body.
    pub body: Option<String>,
}

impl Texts {
    /// One of them.
    #[must_use]
    pub fn text(&self, field: TextField) -> Option<&str> {
        match field {
            TextField::Headline => Some(&self.headline),
            TextField::Abstract => self.summary.as_deref(),
            TextField::Body => self.body.as_deref(),
        }
    }
}

/// The texts of these articles.
pub async fn texts(transaction: &Transaction, ids: &[Id]) -> Result<HashMap<Id, Texts>, Error> {
    let rows: Vec<(Id, String, Option<String>, Option<String>)> =
        select!(transaction, article: Id Headline Abstract Body, Id in ids)?;
    Ok(rows.into_iter().map(|(id, headline, summary, body)| (id, Texts { headline, summary, body })).collect())
}

/// The dates of these events, in EDTF. Events without a date are left out.
pub async fn event_dates(transaction: &Transaction, ids: &[Id]) -> Result<HashMap<Id, String>, Error> {
    let rows: Vec<(Id, Option<String>)> = select!(transaction, event: Id DateEdtf, Id in ids)?;
    Ok(rows.into_iter().filter_map(|(id, date)| Some((id, date?))).collect())
}

/// The days on which these articles were published. Articles without one are left out.
pub async fn publication_days(transaction: &Transaction, ids: &[Id]) -> Result<HashMap<Id, NaiveDate>, Error> {
    let rows: Vec<(Id, Option<NaiveDate>)> = select!(transaction, article: Id PublishedOn, Id in ids)?;
    Ok(rows.into_iter().filter_map(|(id, day)| Some((id, day?))).collect())
}

/// A field that refers to the parent of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tree {
    /// From a place to the one that contains it.
    ContainedIn,
    /// From an organization to its parent.
    Parent,
    /// From an event to its whole.
    PartOf,
}

/// The parents of these records.
pub async fn parents(transaction: &Transaction, tree: Tree, ids: &[Id]) -> Result<Vec<(Id, Option<Id>)>, Error> {
    match tree {
        Tree::ContainedIn => select!(transaction, place: Id ContainedInId, Id in ids),
        Tree::Parent => select!(transaction, organization: Id ParentId, Id in ids),
        Tree::PartOf => select!(transaction, event: Id PartOfId, Id in ids),
    }
}

/// The children of these records, each with its parent.
pub async fn children(transaction: &Transaction, tree: Tree, ids: &[Id]) -> Result<Vec<(Id, Id)>, Error> {
    let rows: Vec<(Id, Option<Id>)> = match tree {
        Tree::ContainedIn => select!(transaction, place: Id ContainedInId, ContainedInId in ids)?,
        Tree::Parent => select!(transaction, organization: Id ParentId, ParentId in ids)?,
        Tree::PartOf => select!(transaction, event: Id PartOfId, PartOfId in ids)?,
    };
    Ok(rows.into_iter().filter_map(|(id, parent)| Some((id, parent?))).collect())
}

/// The kinds of these places.
pub async fn place_kinds(transaction: &Transaction, ids: &[Id]) -> Result<Vec<(Id, PlaceKind)>, Error> {
    select!(transaction, place: Id Kind, Id in ids)
}

/// A relation, without its evidence.
#[derive(Debug, Clone)]
pub struct StoredRelation {
    /// Its id.
    pub id: Id,
    /// Its source.
    pub source: Id,
    /// Its kind.
    pub kind: RelationKind,
    /// Its target.
    pub target: Id,
    /// Whether it holds in both directions.
    pub is_symmetric: bool,
    /// When it began, in EDTF.
    pub since: Option<String>,
    /// When it ended, in EDTF.
    pub until: Option<String>,
    /// Its description.
    pub description: Option<String>,
}

/// The relations with one of these records as their source that are not in the bin.
pub async fn relations_from(transaction: &Transaction, sources: &[Id]) -> Result<Vec<StoredRelation>, Error> {
    type Row = (Id, Id, RelationKind, Id, bool, Option<String>, Option<String>, Option<String>);
    let rows: Vec<Row> = select!(transaction, relation: Id SourceId Kind TargetId IsSymmetric SinceEdtf UntilEdtf Description, SourceId in sources, IsDeleted = false)?;
    let relation = |(id, source, kind, target, is_symmetric, since, until, description)| StoredRelation {
        id,
        source,
        kind,
        target,
        is_symmetric,
        since,
        until,
        description,
    };
    Ok(rows.into_iter().map(relation).collect())
}

/// The anchors of the relative dates of these events.
pub async fn anchors_of(transaction: &Transaction, ids: &[Id]) -> Result<Vec<(Id, Id)>, Error> {
    let rows: Vec<(Option<Id>, Id)> =
        select!(transaction, relative_date: RecordId AnchorId, RecordId in ids, Field = "date")?;
    Ok(rows.into_iter().filter_map(|(id, anchor)| Some((id?, anchor))).collect())
}

/// The events whose dates are relative to one of these, each with its anchor.
pub async fn events_with_dates_relative_to(transaction: &Transaction, anchors: &[Id]) -> Result<Vec<(Id, Id)>, Error> {
    let rows: Vec<(Option<Id>, Id)> =
        select!(transaction, relative_date: RecordId AnchorId, AnchorId in anchors, Field = "date")?;
    Ok(rows.into_iter().filter_map(|(id, anchor)| Some((id?, anchor))).collect())
}

/// The records with a date, of their own or of a citation, that is resolved from one of these anchors.
pub async fn with_dates_relative_to(transaction: &Transaction, anchors: &[Id]) -> Result<Vec<Id>, Error> {
    let rows: Vec<(Option<Id>, Option<Id>)> =
        select!(transaction, relative_date: RecordId CitationId, AnchorId in anchors, IsAsserted = false)?;
    let citations: Vec<Id> = rows.iter().filter_map(|(_, citation)| *citation).collect();
    let mut owners: Vec<Id> = select!(transaction, citation: SubjectId, Id in &citations)?;
    owners.extend(rows.into_iter().filter_map(|(record, _)| record));
    Ok(owners)
}

/// The records that cite one of these articles, once for each citation.
pub async fn citing(transaction: &Transaction, articles: &[Id]) -> Result<Vec<Id>, Error> {
    select!(transaction, citation: SubjectId, ArticleId in articles)
}

/// The kind of an item with an id of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ItemKind {
    /// A participation of an event.
    Participation,
    /// A citation of an event or a relation.
    Citation,
    /// A mention of an article.
    Mention,
}

/// Those of these ids that are ids of items or revisions.
pub async fn ids_of_items_and_revisions(transaction: &Transaction, ids: &[Id]) -> Result<Vec<Id>, Error> {
    macro_rules! with_ids {
        ($table:ident, $ids:ident) => {
            $table::Entity::find()
                .select_only()
                .column($table::Column::Id)
                .filter(among(transaction.get_database_backend(), $table::Column::Id, $ids))
                .into_query()
        };
    }
    let mut found = Vec::new();
    for ids in ids.chunks(MAX_IDS_PER_STATEMENT / 4) {
        let mut query = with_ids!(participation, ids);
        for other in [with_ids!(citation, ids), with_ids!(mention, ids), with_ids!(revision, ids)] {
            query.union(UnionType::All, other);
        }
        for row in transaction.query_all(&query).await? {
            found.push(row.try_get_by_index(0)?);
        }
    }
    Ok(found)
}

/// The items with these ids, each with its record.
pub async fn owners_of_items(transaction: &Transaction, kind: ItemKind, ids: &[Id]) -> Result<Vec<(Id, Id)>, Error> {
    match kind {
        ItemKind::Participation => select!(transaction, participation: Id EventId, Id in ids),
        ItemKind::Citation => select!(transaction, citation: Id SubjectId, Id in ids),
        ItemKind::Mention => select!(transaction, mention: Id ArticleId, Id in ids),
    }
}
