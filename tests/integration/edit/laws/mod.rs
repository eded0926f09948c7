//! Laws for any sequence of edits: no dangling links, no duplicates, rising versions, a history that gives the present state, a copy
//! that answers like the original, and reverts that restore the start.

mod copy;
mod step;

use std::collections::HashMap;

use dateline::{
    domain::{
        edit::{Edit, EditOptions},
        queue::WriteQueue,
    },
    store::Connection,
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Map, Value, json};

use crate::support::{
    database::TestDatabase,
    lines::{export_text, import_all, try_import},
};

use copy::both_answer_alike;
use step::{AUTHOR, State, Step, carry_out, edit, state, steps, version, world};

/// The fields of a record without those that every change sets.
fn content(fields: &Map<String, Value>) -> Map<String, Value> {
    let mut content = fields.clone();
    for name in ["version", "updatedAt", "createdAt"] {
        content.remove(name);
    }
    content
}

/// Asserts that the revisions of each record give its present state, version by version.
fn history_matches_the_records(state: &State) -> Result<(), TestCaseError> {
    let mut described: HashMap<&str, (i64, Map<String, Value>)> = HashMap::new();
    let mut keys: HashMap<&str, &str> = HashMap::new();
    for (id, fields) in &state.records {
        if let Some(key) = fields.get("key").and_then(Value::as_str) {
            keys.insert(key, id);
        }
    }
    for revision in &state.revisions {
        let record = revision["record"].as_str().expect("a revision is of a record");
        let record = keys.get(record).copied().unwrap_or(record);
        let version = revision["version"].as_i64().expect("a revision has a version");
        let snapshot = revision["snapshot"].as_object().expect("a revision keeps the record as it then was");
        let (last, content_before) = described.remove(record).unwrap_or_default();
        prop_assert!(version > last, "versions rise: {last}, then {version}");
        let mut after = content_before;
        for change in revision["changes"].as_array().expect("a list") {
            let field = change["field"].as_str().expect("a name").to_owned();
            prop_assert_eq!(
                after.get(&field).cloned().unwrap_or_default(),
                change["before"].clone(),
                "{} before",
                field
            );
            match &change["after"] {
                Value::Null => drop(after.remove(&field)),
                value => drop(after.insert(field, value.clone())),
            }
        }
        let mut whole = content(snapshot);
        whole.retain(|name, _| name != "type" && name != "id");
        prop_assert_eq!(&after, &whole, "the changes give the snapshot");
        described.insert(record, (version, after));
    }
    for (id, fields) in &state.records {
        let (last, after) = &described[id.as_str()];
        prop_assert_eq!(*last, version(fields), "the last revision is that of the present version");
        let mut present = content(fields);
        present.retain(|name, _| name != "type" && name != "id");
        prop_assert_eq!(
            by_id(after.clone().into(), &keys),
            by_id(present.into(), &keys),
            "the history gives the present state"
        );
    }
    Ok(())
}

/// The same with ids instead of keys, because the history names records by their ids.
fn by_id(value: Value, keys: &HashMap<&str, &str>) -> Value {
    match value {
        Value::String(text) => keys.get(text.as_str()).map_or(Value::String(text.clone()), |id| (*id).into()),
        Value::Array(items) => items.into_iter().map(|item| by_id(item, keys)).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, by_id(value, keys))).collect(),
        other => other,
    }
}

const DERIVED: [&str; 7] = [
    "SELECT CAST(id AS text) AS a, '' AS b, article_count AS c FROM record ORDER BY 1",
    "SELECT CAST(ancestor_id AS text) || name_key AS a, CAST(descendant_id AS text) AS b, depth AS c FROM place_closure ORDER BY 1, 2",
    "SELECT CAST(place_id AS text) || name_key AS a, CAST(organization_id AS text) AS b, coalesce(headquarters_depth, -1) * 1000 + coalesce(country_depth, -1) AS c FROM place_organization ORDER BY 1, 2",
    "SELECT CAST(place_id AS text) AS a, CAST(event_id AS text) AS b, rank_asc AS c FROM place_event ORDER BY 1, 2",
    "SELECT CAST(entity_id AS text) AS a, CAST(event_id AS text) AS b, rank_asc AS c FROM event_entity ORDER BY 1, 2",
    "SELECT CAST(article_id AS text) AS a, CAST(entity_id AS text) AS b, mention_count * 1000 + citation_count AS c FROM article_entity ORDER BY 1, 2",
    "SELECT CAST(record_id AS text) AS a, CAST(relation_id AS text) AS b, 0 AS c FROM relation_end ORDER BY 1, 2",
];

async fn derived(connection: &Connection) -> Vec<(String, String, i32)> {
    let mut rows = Vec::new();
    for sql in DERIVED {
        let statement = Statement::from_string(connection.get_database_backend(), sql);
        for row in connection.query_all_raw(statement).await.expect("the table can be read") {
            rows.push((
                row.try_get("", "a").expect("a text"),
                row.try_get("", "b").expect("a text"),
                row.try_get("", "c").expect("a number"),
            ));
        }
    }
    rows
}

/// The entities whose number of articles is not that of their list `articles`, in which orphaned mentions and deleted articles do not
/// count. It is counted from the mentions and citations, not from a derived table.
async fn wrong_article_counts(connection: &Connection) -> Vec<(String, i32, i64)> {
    let sql = "
        SELECT CAST(record.id AS text) AS id, record.article_count AS stored, count(DISTINCT article.id) AS counted
        FROM record
        LEFT JOIN (
            SELECT entity_id, article_id FROM mention WHERE anchor <> 'ORPHANED'
            UNION ALL
            SELECT meant_id, article_id FROM mention WHERE anchor <> 'ORPHANED' AND meant_id IS NOT NULL
            UNION ALL
            SELECT citation.subject_id, citation.article_id FROM citation JOIN event ON event.id = citation.subject_id
        ) AS link ON link.entity_id = record.id
        LEFT JOIN article ON article.id = link.article_id AND NOT article.is_deleted
        GROUP BY record.id, record.article_count
        HAVING record.article_count <> count(DISTINCT article.id)";
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await.expect("the tables can be read");
    let value =
        |row: &sea_orm::QueryResult| (row.try_get("", "id"), row.try_get("", "stored"), row.try_get("", "counted"));
    let values = rows.iter().map(value);
    values
        .map(|(id, stored, counted)| (id.expect("a text"), stored.expect("a number"), counted.expect("a number")))
        .collect()
}

/// The number of revisions without the creation time of their record, by which its history finds them.
async fn revisions_without_creation_time(connection: &Connection) -> usize {
    let sql = "SELECT revision.position FROM revision LEFT JOIN record ON record.id = revision.record_id
        WHERE record.id IS NULL";
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    connection.query_all_raw(statement).await.expect("the tables can be read").len()
}

async fn new_database(is_postgres: bool) -> TestDatabase {
    if is_postgres { TestDatabase::postgres().await.expect("the server answers") } else { TestDatabase::sqlite().await }
}

async fn assert_laws(is_postgres: bool, steps: &[Step], later_steps: &[Step]) -> Result<(), TestCaseError> {
    let database = new_database(is_postgres).await;
    let connection = database.open().await;
    import_all(&connection, &world()).await;
    let start = state(&connection).await;
    let mut now = state(&connection).await;
    for (number, step) in steps.iter().enumerate() {
        if let Some(edit) = edit(step, &now, number)
            && carry_out(&connection, edit).await?.is_ok()
        {
            now = state(&connection).await;
            history_matches_the_records(&now)?;
            prop_assert_eq!(wrong_article_counts(&connection).await, vec![], "counters follow every edit");
        }
    }

    // An import checks everything. It refuses dangling references and duplicates.
    let text = export_text(&connection, true).await;
    let elsewhere = new_database(false).await;
    let copy = elsewhere.open().await;
    if let Err(problems) = try_import(&copy, &text).await {
        return Err(TestCaseError::fail(format!("what is stored is not right: {problems:#?}")));
    }
    prop_assert_eq!(&export_text(&copy, true).await, &text, "a copy is the same");
    prop_assert_eq!(
        (revisions_without_creation_time(&copy).await, revisions_without_creation_time(&connection).await),
        (0, 0),
        "every revision is found by its record"
    );
    prop_assert_eq!(wrong_article_counts(&copy).await, vec![], "an import counts");
    prop_assert_eq!(derived(&copy).await, derived(&connection).await, "derived tables follow every edit");

    both_answer_alike(&connection, &copy, later_steps, steps.len()).await?;
    let now = state(&connection).await;
    history_matches_the_records(&now)?;
    for revision in now.revisions.iter().skip(start.revisions.len()).rev() {
        // An update without a difference has a revision, but nothing to revert.
        let changes_nothing = revision["operation"] == "UPDATE" && revision["changes"] == json!([]);
        if revision.get("cause").is_none() && !changes_nothing {
            let id = revision["id"].as_str().expect("a revision has an id").to_owned();
            let done = WriteQueue::start(connection.clone())
                .apply(vec![Edit::Revert { revision: id }], AUTHOR, EditOptions::default())
                .await;
            prop_assert!(done.is_ok(), "{:#} cannot be reverted: {:#?}", revision, done);
        }
    }
    let end = state(&connection).await;
    for (id, fields) in &end.records {
        match start.records.get(id) {
            Some(before) => prop_assert_eq!(content(fields), content(before), "reverting everything gives the start"),
            None => prop_assert!(fields.contains_key("deletedAt"), "what was made is in the bin"),
        }
    }
    prop_assert!(start.records.keys().all(|id| end.records.contains_key(id)), "all are back");
    prop_assert_eq!(wrong_article_counts(&connection).await, vec![], "counters follow every revert");
    history_matches_the_records(&end)
}

fn assert_laws_for_any_edits(is_postgres: bool, cases: u32) {
    // PROPTEST_CASES changes the number.
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(cases);
    let config = Config { cases, max_shrink_iters: 60, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let outcome = runner.run(&steps(), |(steps, later_steps)| {
        let laws = assert_laws(is_postgres, &steps, &later_steps);
        tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(laws))
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

crate::both_databases! {
    async fn any_edits_keep_the_invariants_and_can_be_reverted(database: TestDatabase) {
        let is_postgres = database.is_postgres();
        assert_laws_for_any_edits(is_postgres, if is_postgres { 8 } else { 24 });
    }
}
