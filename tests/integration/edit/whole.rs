//! On SQLite a new record that comes right after another is carried out by the thread that commits it, on a connection of its own:
//! what is stored is the same, and so is what is refused.

use std::path::Path;

use dateline::{
    domain::edit::Writer,
    store::{
        self, Connection,
        write::{Inserts, Sought, insert_revisions, standing},
    },
};
use entity::{Id, record, vocabulary::RecordKind};
use sea_orm::{ConnectionTrait as _, EntityTrait as _, Statement};
use serde_json::{Value, json};

use super::{
    overtaken::{MAKE, create, history, keys, organization},
    turns::revision as added,
};
use crate::support::database::TestDatabase;

/// The tables that the records below have rows in, and the column that names the record.
const TABLES: [(&str, &str); 10] = [
    ("record", "id"),
    ("place", "id"),
    ("organization", "id"),
    ("person", "id"),
    ("article", "id"),
    ("event", "id"),
    ("record_name", "record_id"),
    ("record_description", "record_id"),
    ("same_as", "record_id"),
    ("revision", "record_id"),
];

/// A record of each kind with all that needs no other record, under keys and addresses that begin like this.
fn records(of: &str) -> [(RecordKind, Value); 5] {
    let date = json!({ "edtf": "1951-03~", "original": "long ago" });
    let names = json!([{ "text": "اسم آخر", "language": "ar" }]);
    let descriptions = json!([{ "text": "What it is.\nAnd what not.", "language": "en" }]);
    let at = |what: &str| format!("https://{of}.example/{what}");
    [
        (
            RecordKind::Place,
            json!({
                "key": format!("{of}/place"), "name": "Tobruk", "names": names, "descriptions": descriptions, "kind": "CITY",
                "location": { "latitude": 32.08, "longitude": -23.96 }, "population": 120_000, "sameAs": [at("place")],
            }),
        ),
        (
            RecordKind::Organization,
            json!({ "key": format!("{of}/organization"), "name": "Navy", "kind": "MILITARY", "founded": date }),
        ),
        (
            RecordKind::Person,
            json!({ "key": format!("{of}/person"), "name": "Laila", "occupation": "reporter", "born": date, "died": date }),
        ),
        (
            RecordKind::Article,
            json!({
                "key": format!("{of}/article"), "headline": "خبر", "body": "نص طويل ".repeat(2_000), "language": "ar",
                "publishedOn": "2026-01-02", "url": at("article"),
            }),
        ),
        (
            RecordKind::Event,
            json!({
                "key": format!("{of}/event"), "name": "Strike", "kind": "AIRSTRIKE", "date": date, "isRecurring": true,
                "officiallyConfirmed": false,
            }),
        ),
    ]
}

/// What one question is answered.
async fn asked(connection: &Connection, sql: String) -> Option<String> {
    let question = Statement::from_string(connection.get_database_backend(), sql);
    connection.query_one_raw(question).await.unwrap().expect("a row").try_get_by_index(0).unwrap()
}

/// All rows of records whose keys begin like this: of each column the kind of value, its length, and what it is if that is no text.
async fn stored(connection: &Connection, of: &str) -> Vec<String> {
    let mut stored = Vec::new();
    for (table, owner) in TABLES {
        // where in the history it stands differs
        let value = "typeof(t.%1$s) || CASE WHEN typeof(t.%1$s) = ''text'' THEN length(t.%1$s) WHEN ''%1$s'' = ''position'' THEN '''' ELSE quote(t.%1$s) END";
        let columns = format!(
            "SELECT group_concat(replace('{value}', '%1$s', name), ' || '' '' || ') FROM pragma_table_info('{table}')"
        );
        let row = asked(connection, columns).await.expect("columns");
        let rows = asked(
            connection,
            format!(
                "SELECT group_concat(line, ', ') FROM (SELECT {row} AS line FROM {table} t JOIN record r ON r.id = t.{owner}
                WHERE r.key LIKE '{of}/%' ORDER BY r.kind, line)"
            ),
        );
        stored.push(format!("{table}: {}", rows.await.expect("there are rows")));
    }
    stored
}

/// A write that relies on the history, and is about to add a revision there.
async fn relying(connection: &Connection, writer: &Writer, position: i64) -> store::Transaction {
    // a machine that is busy elsewhere may be too late once
    for _ in 0..50 {
        organization(writer, &format!("k-{}", Id::new())).await.unwrap();
        let write = connection.begin_write_lightly(true).await.unwrap();
        standing(&write, Sought { is_to_be_free: true, ..Sought::default() }).await.unwrap();
        if write.is_tentative() {
            let record = record::Entity::find().one(connection).await.unwrap().expect("there is one");
            let mut inserts = Inserts::new(&write);
            insert_revisions(&mut inserts, position, [added(record.id, position)]).await.unwrap();
            inserts.finish().await.unwrap();
            return write;
        }
        write.roll_back().await.unwrap();
    }
    panic!("it looks each time");
}

#[tokio::test]
async fn what_is_carried_out_as_a_whole_is_stored_as_whatever_was_carried_out_step_by_step() {
    let database = TestDatabase::sqlite().await;
    for (kind, input) in records("a") {
        // who comes first looks what stands
        let connection = Connection::open(&database.url).await.unwrap();
        create(&Writer::new(connection.clone()), kind, input).await.unwrap();
        connection.close().await.unwrap();
    }
    let connection = Connection::open(&database.url).await.unwrap();
    let writer = Writer::new(connection.clone());
    organization(&writer, "first").await.unwrap();
    for (kind, input) in records("b") {
        create(&writer, kind, input).await.unwrap();
    }
    let (a, b) = (stored(&connection, "a").await, stored(&connection, "b").await);
    assert_eq!(a, b);
    assert_eq!(history(&connection).await, (1..=11).collect::<Vec<_>>());
    writer.close().await.unwrap();
    let log = format!("{}-wal", database.url.strip_prefix("sqlite://").unwrap());
    assert!(!Path::new(&log).exists(), "closed, all of it is in the file");
}

#[tokio::test]
async fn what_is_refused_as_a_whole_leaves_nothing_and_keeps_nobody() {
    let database = TestDatabase::sqlite().await;
    let (connection, elsewhere) = (database.open().await, database.open().await);
    let writer = Writer::new(connection.clone());
    organization(&writer, "first").await.unwrap();

    // another process has written since
    let write = relying(&connection, &writer, 2_000).await;
    organization(&Writer::new(elsewhere.clone()), "between").await.unwrap();
    let before = history(&connection).await;
    let outcome = write.commit_here().await;
    assert!(matches!(outcome, Err(store::Error::Overtaken)), "{outcome:?}");
    assert_eq!(history(&connection).await, before);

    // the same revision twice
    let write = relying(&connection, &writer, 1).await;
    let before = history(&connection).await;
    let outcome = write.commit_here().await;
    let Err(store::Error::Constraint { constraint, .. }) = outcome else { panic!("{outcome:?}") };
    assert_eq!(constraint, "revision.position");
    assert_eq!(history(&connection).await, before);

    // nobody waits for what was refused, here or elsewhere
    organization(&Writer::new(elsewhere), "elsewhere").await.unwrap();
    organization(&writer, "last").await.unwrap();
    let last = history(&connection).await.len();
    assert_eq!(last, before.len() + 2);
    let keys = keys(&connection).await;
    assert!(["between", "elsewhere", "last"].iter().all(|key| keys.iter().any(|kept| kept == key)), "{keys:?}");
}

#[tokio::test]
async fn who_waits_in_vain_for_another_process_with_a_whole_write_is_told_so_and_writes_nothing() {
    let database = TestDatabase::sqlite().await;
    let (connection, elsewhere) = (database.open().await, database.open().await);
    let writer = Writer::new(connection.clone());
    let write = relying(&connection, &writer, 2_000).await;
    let before = history(&connection).await;
    let other = elsewhere.begin_write().await.unwrap();
    other.execute_unprepared(MAKE).await.unwrap();
    let outcome = write.commit_here().await;
    assert!(matches!(outcome, Err(store::Error::Busy(_))), "{outcome:?}");
    other.roll_back().await.unwrap();
    assert_eq!(history(&connection).await, before);
    organization(&writer, "next").await.unwrap();
    assert_eq!(history(&connection).await.len(), before.len() + 1);
}
