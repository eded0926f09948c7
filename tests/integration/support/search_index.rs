//! Compares the search index with one that is built again.

use std::collections::BTreeSet;

use dateline::{domain::reindex::reindex, store::Connection};
use sea_orm::{ConnectionTrait, Statement};

const INDEX: [&str; 3] = [
    "SELECT CAST(record_id AS text) || ' is a ' || kind || ' in ' || coalesce(language, '-') || ' with ' || CAST(length AS text) AS line
     FROM search_document",
    "SELECT coalesce(CAST(d.record_id AS text), 'nothing') || ' has ' || p.term || ' at ' || p.positions AS line
     FROM search_posting p LEFT JOIN search_document d ON d.number = p.document",
    "SELECT CAST(documents AS text) || ' records, ' || CAST(words AS text) || ' words' AS line FROM search_total",
];
const FORMS: [&str; 1] = ["SELECT form || ' gives ' || term AS line FROM search_form"];

async fn lines(connection: &Connection, statements: &[&str]) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    for sql in statements {
        let statement = Statement::from_string(connection.get_database_backend(), *sql);
        for row in connection.query_all_raw(statement).await.expect("the index can be read") {
            lines.insert(row.try_get("", "line").expect("a text"));
        }
    }
    lines
}

/// Builds the index again, and gives what differs from the index before. Words that no text has any more may stay.
pub async fn differences_from_a_rebuild(connection: &Connection) -> Vec<String> {
    let (index, forms) = (lines(connection, &INDEX).await, lines(connection, &FORMS).await);
    reindex(connection, &|_, _| {}).await.expect("the index can be built again");
    let (rebuilt, rebuilt_forms) = (lines(connection, &INDEX).await, lines(connection, &FORMS).await);
    let missing = rebuilt_forms.difference(&forms);
    index.symmetric_difference(&rebuilt).chain(missing).cloned().collect()
}
