//! An import of many records into an empty database. On SQLite, the indexes are created after the rows.

use std::sync::atomic::{AtomicBool, Ordering};

use dateline::{
    cli::import::{ImportProgress, Source, import},
    domain::write::{Author, Phase},
    store::Connection,
};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::{
    both_databases,
    import::{derived_tables_match_the_world, world},
    support::{
        database::TestDatabase,
        lines::{export_text, import_all, lines, rows, try_import},
    },
};

const AUTHOR: Author<'static> = Author { actor: "test", summary: None };

const INDEXES_OF_SQLITE: &str = "SELECT name, sql FROM sqlite_schema WHERE type = 'index'";
const INDEXES_OF_POSTGRES: &str = "SELECT indexname::text, indexdef FROM pg_indexes WHERE schemaname = 'public'";

fn places() -> Vec<Value> {
    let place = |number| json!({"type": "PLACE", "key": format!("other/{number}"), "name": "Place", "kind": "OTHER"});
    (0..5_000).map(place).collect()
}

/// Imports these records, and gives whether indexes were created after the rows.
async fn creates_indexes_last(connection: &Connection, values: &[Value]) -> bool {
    let text = lines(values);
    let sources = [Source { name: "test.jsonl".into(), text: text.as_str().into() }];
    let made = AtomicBool::new(false);
    let progress = |step| {
        if matches!(step, ImportProgress::Write(Phase::Indexing)) {
            made.store(true, Ordering::Relaxed);
        }
    };
    let outcome = import(connection, &sources, AUTHOR, &progress).await.unwrap();
    assert_eq!(outcome.created, values.len());
    made.into_inner()
}

both_databases! {
    async fn all_indexes_exist_after_an_import_of_many_records(database: TestDatabase) {
        let connection = database.open().await;
        let indexes = if database.is_postgres() { INDEXES_OF_POSTGRES } else { INDEXES_OF_SQLITE };
        let before = rows(&connection, indexes, 2).await;
        assert!(before.len() > 50, "{before:?}");
        assert_eq!(creates_indexes_last(&connection, &places()).await, !database.is_postgres());
        assert_eq!(rows(&connection, indexes, 2).await, before);
        if !database.is_postgres() {
            // every index has every row
            assert_eq!(rows(&connection, "PRAGMA integrity_check", 1).await, ["ok"]);
        }
        // a database with records keeps its indexes during the import
        let more: Vec<_> = places().into_iter().map(|mut place| {
            place["key"] = json!(format!("more/{}", place["key"].as_str().unwrap()));
            place
        }).collect();
        assert!(!creates_indexes_last(&connection, &more).await);
        assert_eq!(rows(&connection, indexes, 2).await, before);
    }

    async fn an_import_of_few_records_keeps_the_indexes(database: TestDatabase) {
        let connection = database.open().await;
        assert!(!creates_indexes_last(&connection, &places()[1..]).await);
    }

    async fn derived_tables_are_the_same_after_an_import_of_many_records(database: TestDatabase) {
        let connection = database.open().await;
        import_all(&connection, &[places(), world()].concat()).await;
        derived_tables_match_the_world(&connection).await;
    }
}

#[tokio::test]
async fn many_records_are_imported_with_their_history_into_an_empty_file() {
    let (database, empty) = (TestDatabase::sqlite().await, TestDatabase::sqlite().await);
    let (connection, copy) = (database.open().await, empty.open().await);
    import_all(&connection, &places()).await;
    let text = export_text(&connection, true).await;
    assert_eq!(try_import(&copy, &text).await.unwrap().revisions, 5_000);
    assert_eq!(export_text(&copy, true).await, text);
    assert_eq!(rows(&copy, "PRAGMA integrity_check", 1).await, ["ok"]);
}

#[tokio::test]
async fn an_import_dropped_while_it_creates_indexes_leaves_an_empty_file_with_all_indexes() {
    let database = TestDatabase::sqlite().await;
    let connection = database.open().await;
    let before = rows(&connection, INDEXES_OF_SQLITE, 2).await;
    let text = lines(&places());
    let sources = [Source { name: "test.jsonl".into(), text: text.as_str().into() }];
    let makes_indexes = Notify::new();
    let progress = |step| {
        if matches!(step, ImportProgress::Write(Phase::Indexing)) {
            makes_indexes.notify_one();
        }
    };
    tokio::select! {
        biased;
        () = makes_indexes.notified() => {}
        outcome = import(&connection, &sources, AUTHOR, &progress) => {
            panic!("it makes no indexes: {outcome:?}")
        }
    }
    // the next transaction waits for the rollback
    connection.begin_write().await.unwrap().roll_back().await.unwrap();
    assert_eq!(rows(&connection, INDEXES_OF_SQLITE, 2).await, before);
    assert!(rows(&connection, "SELECT key FROM record", 1).await.is_empty());
    assert_eq!(import_all(&connection, &places()).await.created, 5_000);
}
