//! Finds records that have the same name, address or text as another one.

use entity::{Id, vocabulary::RecordKind};
use sea_orm::{ConnectionTrait, Statement};

use crate::store::{Error, Transaction};

use super::list::{among_parameter, list};

/// What records are compared by.
#[derive(Debug, Default)]
pub struct SimilarKeys {
    /// Folded names.
    pub names: Vec<String>,
    /// Keys of the addresses of articles.
    pub addresses: Vec<String>,
    /// Keys of the bodies of articles.
    pub bodies: Vec<i64>,
}

/// The value that a record shares.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SimilarTo {
    /// A folded name.
    Name(String),
    /// The key of an address.
    Address(String),
    /// The key of a body.
    Body(i64),
}

/// A visible record with one of the keys.
#[derive(Debug)]
pub struct SimilarRecord {
    /// Its id.
    pub id: Id,
    /// Its kind.
    pub kind: RecordKind,
    /// Its own key.
    pub key: Option<String>,
    /// The key that it was found by.
    pub by: SimilarTo,
}

/// How many rows are read for one call, so that frequent names cost little.
const MAX_ROWS: usize = 2_000;

const SIMILAR: &str = "
    SELECT n.text_key AS text, CAST(NULL AS bigint) AS number, r.id, r.kind, r.key
    FROM record_name n JOIN record r ON r.id = n.record_id
    WHERE n.text_key {among_names} AND r.deleted_at IS NULL AND r.merged_into_id IS NULL
    UNION ALL
    SELECT a.address_key, NULL, r.id, r.kind, r.key FROM article a JOIN record r ON r.id = a.id
    WHERE a.address_key {among_addresses} AND NOT a.is_deleted
    UNION ALL
    SELECT NULL, a.body_key, r.id, r.kind, r.key FROM article a JOIN record r ON r.id = a.id
    WHERE a.body_key {among_bodies} AND NOT a.is_deleted
    ORDER BY 3
    LIMIT {most}";

/// The visible records with one of these keys, by id, found by one statement.
pub async fn similar_records(transaction: &Transaction, keys: SimilarKeys) -> Result<Vec<SimilarRecord>, Error> {
    let backend = transaction.get_database_backend();
    let SimilarKeys { names, addresses, bodies } = keys;
    let lists = [
        ("{among_names}", list(backend, names)),
        ("{among_addresses}", list(backend, addresses)),
        ("{among_bodies}", list(backend, bodies)),
    ];
    let mut text = SIMILAR.replace("{most}", &MAX_ROWS.to_string());
    for (number, (place, _)) in (1..).zip(&lists) {
        text = text.replace(place, &among_parameter(backend, number));
    }
    let values = lists.map(|(_, list)| list);
    let rows = transaction.query_all_raw(Statement::from_sql_and_values(backend, text, values)).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let kind: RecordKind = row.try_get("", "kind")?;
        let (text, number): (Option<String>, Option<i64>) = (row.try_get("", "text")?, row.try_get("", "number")?);
        let by = match (kind, text, number) {
            (_, _, Some(number)) => SimilarTo::Body(number),
            (RecordKind::Article, Some(text), None) => SimilarTo::Address(text),
            (_, text, None) => SimilarTo::Name(text.unwrap_or_default()),
        };
        found.push(SimilarRecord { id: row.try_get("", "id")?, kind, key: row.try_get("", "key")?, by });
    }
    Ok(found)
}
