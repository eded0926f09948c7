//! Finds records that have the same name, address or text as another one.

use std::collections::BTreeSet;

use entity::{
    Id,
    vocabulary::{RecordKind, Vocabulary as _},
};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::json;

use crate::store::{Error, Transaction};

/// What records are compared by.
#[derive(Debug, Default)]
pub struct SimilarKeys {
    /// Folded names, each with the kind of the records that are asked for.
    pub names: BTreeSet<(RecordKind, String)>,
    /// Keys of the addresses of articles.
    pub addresses: BTreeSet<String>,
    /// Keys of the bodies of articles.
    pub bodies: BTreeSet<i64>,
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

/// How many records are read for one key, so that frequent names cost little.
const MAX_RECORDS_OF_KEY: usize = 20;

/// What a key is compared with, in SQL. A key is a JSON array.
struct Comparison {
    /// The key, if it is a text, and if it is a number.
    key: [&'static str; 2],
    /// Selects the ids of the visible records with the key.
    ids: &'static str,
}

const COMPARISONS: [Comparison; 3] = [
    Comparison {
        key: ["given.value ->> 1", "CAST(NULL AS bigint)"],
        ids: "SELECT DISTINCT n.record_id AS id FROM record_name n JOIN record named ON named.id = n.record_id
            WHERE n.text_key = given.value ->> 1 AND named.kind = given.value ->> 0
                AND named.deleted_at IS NULL AND named.merged_into_id IS NULL
            ORDER BY n.record_id",
    },
    Comparison {
        key: ["given.value ->> 0", "NULL"],
        ids: "SELECT a.id FROM article a WHERE a.address_key = given.value ->> 0 AND NOT a.is_deleted ORDER BY a.id",
    },
    Comparison {
        key: ["NULL", "CAST(given.value ->> 0 AS bigint)"],
        ids: "SELECT a.id FROM article a WHERE a.body_key = CAST(given.value ->> 0 AS bigint) AND NOT a.is_deleted
            ORDER BY a.id",
    },
];

impl Comparison {
    /// Selects the records for the keys in the list with this parameter number.
    fn sql(&self, backend: DbBackend, number: usize) -> String {
        let Self { key: [text, number_of_text], ids } = self;
        let ids = format!("({ids} LIMIT {MAX_RECORDS_OF_KEY})");
        let found = if backend == DbBackend::Postgres {
            format!(
                "json_array_elements(${number}::json) AS given (value) CROSS JOIN LATERAL {ids} AS found
                 JOIN record r ON r.id = found.id"
            )
        } else {
            format!("json_each(?{number}) AS given CROSS JOIN record r WHERE r.id IN {ids}")
        };
        format!("SELECT {text} AS text, {number_of_text} AS number, r.id, r.kind, r.key FROM {found}")
    }
}

/// The visible records with one of these keys, by id, found by one statement.
pub async fn similar_records(transaction: &Transaction, keys: SimilarKeys) -> Result<Vec<SimilarRecord>, Error> {
    let backend = transaction.get_database_backend();
    let SimilarKeys { names, addresses, bodies } = keys;
    let names: Vec<_> = names.iter().map(|(kind, name)| json!([kind.as_str(), name])).collect();
    let addresses: Vec<_> = addresses.iter().map(|address| json!([address])).collect();
    let bodies: Vec<_> = bodies.iter().map(|body| json!([body])).collect();
    let parts: Vec<String> =
        (1..).zip(COMPARISONS).map(|(number, comparison)| comparison.sql(backend, number)).collect();
    let text = format!("{} ORDER BY 3", parts.join(" UNION ALL "));
    let values = [names, addresses, bodies].map(|list| json!(list).to_string().into());
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
