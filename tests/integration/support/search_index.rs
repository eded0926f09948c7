//! Compares the search index with one that is built again.

use std::collections::{BTreeSet, HashMap};

use dateline::{
    domain::reindex::reindex,
    store::Connection,
    text::retrieval::{place_of, read_block},
};
use sea_orm::{ConnectionTrait, QueryResult, Statement};

const RECORDS: &str = "SELECT number, CAST(record_id AS text) AS record, CAST(record_id AS text) || ' is a ' || kind || ' in ' || coalesce(language, '-') || ' with ' || CAST(length AS text) AS line
     FROM search_document";
const POSTINGS: &str = "SELECT term, block, postings FROM search_posting";
const TOTAL: &str =
    "SELECT CAST(documents AS text) || ' records, ' || CAST(words AS text) || ' words' AS line FROM search_total";
/// Words stay when no text has them.
const WORDS: [&str; 2] = [
    "SELECT form || ' gives ' || term AS line FROM search_form",
    "SELECT key || ' is a key of ' || form || ', ' || text AS line FROM search_spelling",
];

async fn rows(connection: &Connection, sql: &str) -> Vec<QueryResult> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    connection.query_all_raw(statement).await.expect("the index can be read")
}

async fn lines(connection: &Connection, sql: &str) -> BTreeSet<String> {
    rows(connection, sql).await.iter().map(|row| row.try_get("", "line").expect("a text")).collect()
}

/// The index as lines of text. Records have other numbers when it is built again.
async fn index(connection: &Connection) -> BTreeSet<String> {
    let mut lines = lines(connection, TOTAL).await;
    let mut places: HashMap<(i32, u32), String> = HashMap::new();
    for row in rows(connection, RECORDS).await {
        places
            .insert(place_of(row.try_get("", "number").expect("a number")), row.try_get("", "record").expect("an id"));
        lines.insert(row.try_get("", "line").expect("a text"));
    }
    for row in rows(connection, POSTINGS).await {
        let (term, postings): (String, String) =
            (row.try_get("", "term").expect("a text"), row.try_get("", "postings").expect("a text"));
        let block: i32 = row.try_get("", "block").expect("a number");
        for (place, posting) in read_block(&postings) {
            let record = places.get(&(block, place)).map_or("nothing", String::as_str);
            lines.insert(format!("{record} has {term} at {posting}"));
        }
    }
    lines
}

async fn words(connection: &Connection) -> BTreeSet<String> {
    let mut all = lines(connection, WORDS[0]).await;
    all.append(&mut lines(connection, WORDS[1]).await);
    all
}

/// Builds the index again, and gives what differs from the index before. Words that no text has any more may stay.
pub async fn differences_from_a_rebuild(connection: &Connection) -> Vec<String> {
    let (before, known_words) = (index(connection).await, words(connection).await);
    reindex(connection, &|_, _| {}).await.expect("the index can be built again");
    let (rebuilt, rebuilt_words) = (index(connection).await, words(connection).await);
    let missing = rebuilt_words.difference(&known_words);
    before.symmetric_difference(&rebuilt).chain(missing).cloned().collect()
}
