//! Several processes that write to one database: what one of them has looked at before its turn, another may change.

use std::time::Duration;

use dateline::{
    domain::{
        edit::{Edit, Failure, How, Writer},
        write::Author,
    },
    store::{
        self, Connection,
        write::{Inserts, Sought, insert_revisions, standing},
    },
};
use entity::{
    record, revision,
    vocabulary::{RecordKind, UserErrorCode},
};
use futures_util::future::join_all;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, EntityTrait as _, QueryOrder as _, Statement, TransactionTrait as _,
};
use serde_json::json;
use tokio::time::{advance, pause, resume, timeout};

use super::turns::revision as added;
use crate::{both_databases, support::database::TestDatabase};

pub(super) const AUTHOR: Author<'static> = Author { actor: "Amina", summary: None };
/// What another process writes, by hand: a record, and its revision.
pub(super) const MAKE: &str = "INSERT INTO record (id, kind, key, version, created_at, updated_at) VALUES
    ('019ac000-0000-7000-8000-000000000001', 'PLACE', 'taken', 1, '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z')";
pub(super) const RECORD: &str = "INSERT INTO revision
    (id, record_id, record_created_at, version, position, operation, actor, at, changes)
    VALUES ('019ac000-0000-7000-8000-000000000002', '019ac000-0000-7000-8000-000000000001', '2026-01-01T00:00:00.000Z', 1, 1,
        'CREATE', 'Omar', '2026-01-01T00:00:00.000Z', '[]')";
/// The end of a record, with a revision that leaves a gap before it, as a history that is imported may.
const DELETE: [&str; 2] = [
    "UPDATE record SET deleted_at = now(), version = 2 WHERE key = 'parent'",
    "INSERT INTO revision (id, record_id, record_created_at, version, position, operation, actor, at, changes)
    SELECT '019ac000-0000-7000-8000-000000000002', id, created_at, 2, 1000, 'DELETE', 'Omar', now(), '[]'
    FROM record WHERE key = 'parent'",
];
/// Lets others look, but not write.
const KEEP_WAITING: &str = "LOCK TABLE record IN SHARE MODE";
const WHO_WAITS: &str = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'record'::regclass
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
const CLOSE_WHO_WAITS: &str = "SELECT pg_terminate_backend(pid, 10000) FROM pg_locks
    WHERE NOT granted AND relation = 'record'::regclass
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
pub(super) const CLOSE_ALL: &str = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()";

pub(super) async fn create(writer: &Writer, kind: RecordKind, input: serde_json::Value) -> Result<(), Failure> {
    let input = input.as_object().expect("fields").clone();
    writer.apply(vec![Edit::Create { kind, input }], AUTHOR, How::default()).await.map(drop)
}

async fn place(writer: &Writer, key: &str) -> Result<(), Failure> {
    create(writer, RecordKind::Place, json!({ "key": key, "name": key, "kind": "OTHER" })).await
}

pub(super) async fn organization(writer: &Writer, key: &str) -> Result<(), Failure> {
    create(writer, RecordKind::Organization, json!({ "key": key, "name": key, "kind": "OTHER" })).await
}

pub(super) async fn history(connection: &Connection) -> Vec<i64> {
    let revisions = revision::Entity::find().order_by_asc(revision::Column::Position).all(connection).await.unwrap();
    revisions.iter().map(|revision| revision.position).collect()
}

pub(super) async fn keys(connection: &Connection) -> Vec<String> {
    let records = record::Entity::find().order_by_asc(record::Column::Key).all(connection).await.unwrap();
    records.into_iter().filter_map(|record| record.key).collect()
}

/// Waits until somebody waits for the table of records.
async fn somebody_waits(server: &DatabaseConnection) {
    let ask = || Statement::from_string(server.get_database_backend(), WHO_WAITS);
    let asked = async { while server.query_one_raw(ask()).await.unwrap().is_none() {} };
    timeout(Duration::from_secs(20), asked).await.expect("it gets that far");
}

both_databases! {
    async fn what_several_processes_write_at_once_is_all_there_and_has_one_order_without_gaps(database: TestDatabase) {
        const PROCESSES: usize = 3;
        const EACH: usize = 12;
        let connections = [database.open().await, database.open().await, database.open().await];
        let writers = connections.clone().map(Writer::new);
        let tasks = (0..PROCESSES * EACH).map(|number| {
            let writer = writers[number % PROCESSES].clone();
            tokio::spawn(async move {
                let key = format!("k{number:02}");
                if number % 2 == 0 { place(&writer, &key).await } else { organization(&writer, &key).await }
            })
        });
        for task in join_all(tasks).await {
            task.unwrap().unwrap();
        }
        let all = i64::try_from(PROCESSES * EACH).unwrap();
        assert_eq!(history(&connections[0]).await, (1..=all).collect::<Vec<_>>());
        assert_eq!(keys(&connections[0]).await.len(), PROCESSES * EACH);
    }

    async fn of_several_processes_that_make_a_record_with_the_same_key_one_is_let_through(database: TestDatabase) {
        let connections = [database.open().await, database.open().await, database.open().await];
        let writers = connections.clone().map(Writer::new);
        for key in ["one", "two", "three", "four"] {
            let outcomes = join_all(writers.iter().map(|writer| organization(writer, key))).await;
            let refused: Vec<_> = outcomes.into_iter().filter_map(Result::err).collect();
            assert_eq!(refused.len(), 2);
            for failure in refused {
                let Failure::Refused(objections) = failure else { panic!("{failure}") };
                assert_eq!((objections.len(), objections[0].problem.code), (1, UserErrorCode::Duplicate));
                assert!(objections[0].current.is_some());
            }
        }
        assert_eq!(history(&connections[0]).await, [1, 2, 3, 4]);
    }
}

/// What becomes of a new record when another process does something after it was looked at, and before it is written.
struct Overtaken {
    database: TestDatabase,
    connection: Connection,
    writer: Writer,
}

impl Overtaken {
    async fn start() -> Option<Self> {
        let database = TestDatabase::postgres().await?;
        let connection = database.open().await;
        Some(Self { writer: Writer::new(connection.clone()), database, connection })
    }

    async fn by(&self, statements: [&str; 2], kind: RecordKind, input: serde_json::Value) -> Result<(), Failure> {
        let server = self.database.raw().await;
        let other = server.begin().await.unwrap();
        other.execute_unprepared(KEEP_WAITING).await.unwrap();
        let writer = self.writer.clone();
        let new = tokio::spawn(async move { create(&writer, kind, input).await });
        somebody_waits(&server).await;
        for statement in statements {
            other.execute_unprepared(statement).await.unwrap();
        }
        other.commit().await.unwrap();
        let outcome = new.await.unwrap();
        // the turn is free
        place(&self.writer, "next").await.unwrap();
        outcome
    }
}

/// An organization is one statement, a place is several: what contains it is derived.
const KINDS: [RecordKind; 2] = [RecordKind::Organization, RecordKind::Place];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_overtaken_is_written_behind_who_was_first() {
    for kind in KINDS {
        let Some(overtaken) = Overtaken::start().await else { return };
        let input = json!({ "key": "new", "name": "New", "kind": "OTHER" });
        overtaken.by([MAKE, RECORD], kind, input).await.unwrap();
        assert_eq!(history(&overtaken.connection).await, [1, 2, 3]);
        assert_eq!(keys(&overtaken.connection).await, ["new", "next", "taken"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_overtaken_by_one_with_the_same_key_is_told_so() {
    for kind in KINDS {
        let Some(overtaken) = Overtaken::start().await else { return };
        let input = json!({ "key": "taken", "name": "New", "kind": "OTHER" });
        let outcome = overtaken.by([MAKE, RECORD], kind, input).await;
        let Err(Failure::Refused(objections)) = outcome else { panic!("{outcome:?}") };
        assert_eq!((objections.len(), objections[0].problem.code), (1, UserErrorCode::Duplicate));
        assert_eq!(objections[0].current.unwrap().to_string(), "019ac000-0000-7000-8000-000000000001");
        assert_eq!(history(&overtaken.connection).await, [1, 2]);
        assert_eq!(keys(&overtaken.connection).await, ["next", "taken"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_new_record_refers_to_is_still_there_when_it_is_written_or_it_is_refused() {
    for (kind, field) in KINDS.into_iter().zip(["parent", "containedIn"]) {
        let Some(overtaken) = Overtaken::start().await else { return };
        create(&overtaken.writer, kind, json!({ "key": "parent", "name": "Parent", "kind": "OTHER" })).await.unwrap();
        let parent = record::Entity::find().one(&overtaken.connection).await.unwrap().expect("the parent");
        let input = json!({ "key": "new", "name": "New", "kind": "OTHER", field: parent.id.to_string() });
        let outcome = overtaken.by(DELETE, kind, input).await;
        let Err(Failure::Refused(objections)) = outcome else { panic!("{outcome:?}") };
        assert_eq!(objections[0].problem.field, [field]);
        assert_eq!(history(&overtaken.connection).await, [1, 1000, 1001]);
        assert_eq!(keys(&overtaken.connection).await, ["next", "parent"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_broke_off_while_it_was_written_is_not_written_again() {
    let Some(Overtaken { database, connection, writer }) = Overtaken::start().await else { return };
    let server = database.raw().await;
    let other = server.begin().await.unwrap();
    other.execute_unprepared(KEEP_WAITING).await.unwrap();
    let new = tokio::spawn({
        let writer = writer.clone();
        async move { organization(&writer, "new").await }
    });
    somebody_waits(&server).await;
    server.execute_unprepared(CLOSE_WHO_WAITS).await.unwrap();
    let outcome = new.await.unwrap();
    assert!(matches!(outcome, Err(Failure::Store(store::Error::Unavailable(_)))), "{outcome:?}");
    other.rollback().await.unwrap();
    organization(&writer, "next").await.unwrap();
    assert_eq!(keys(&connection).await, ["next"]);
    assert_eq!(history(&connection).await, [1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_gives_up_while_a_tentative_write_is_committed_leaves_the_turn_when_that_is_over() {
    let Some(Overtaken { database, connection, writer }) = Overtaken::start().await else { return };
    organization(&writer, "a").await.unwrap();
    let server = database.raw().await;
    let other = server.begin().await.unwrap();
    other.execute_unprepared("LOCK TABLE revision IN SHARE MODE").await.unwrap();
    let write = tentatively(&connection, 2).await;
    assert!(timeout(Duration::from_millis(100), write.commit()).await.is_err(), "it waits for the table");
    other.rollback().await.unwrap();
    organization(&writer, "b").await.unwrap();
    let all = i64::try_from(history(&connection).await.len()).unwrap();
    assert_eq!(history(&connection).await, (1..=all).collect::<Vec<_>>(), "it was written or not, but whole");
    assert!((2..=3).contains(&all));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_record_waits_for_another_process_and_is_written_when_that_is_done() {
    for kind in KINDS {
        let Some(Overtaken { database, connection, writer }) = Overtaken::start().await else { return };
        let elsewhere = database.open().await;
        let other = elsewhere.begin_write().await.unwrap();
        let mut new = Box::pin(create(&writer, kind, json!({ "key": "new", "name": "New", "kind": "OTHER" })));
        assert!(timeout(Duration::from_millis(100), &mut new).await.is_err(), "another process has the turn");
        other.execute_unprepared(MAKE).await.unwrap();
        other.execute_unprepared(RECORD).await.unwrap();
        other.commit().await.unwrap();
        new.await.unwrap();
        assert_eq!(history(&connection).await, [1, 2]);
        assert_eq!(keys(&connection).await, ["new", "taken"]);
    }
}

#[tokio::test]
async fn nobody_notices_that_the_server_has_closed_the_connection_of_the_last_writer() {
    let Some(database) = TestDatabase::postgres().await else {
        return;
    };
    let (connection, server) = (database.open().await, database.raw().await);
    let writer = Writer::new(connection.clone());
    for key in ["a", "b", "c"] {
        organization(&writer, key).await.unwrap();
        server.execute_unprepared(CLOSE_ALL).await.unwrap();
        a_while_goes_by().await;
    }
    place(&writer, "d").await.unwrap();
    let connection = database.open().await;
    assert_eq!(history(&connection).await, [1, 2, 3, 4]);
}

/// So long that nothing is expected any more, and less than a connection is trusted for.
pub(super) async fn a_while_goes_by() {
    pause();
    advance(Duration::from_millis(200)).await;
    resume();
}

/// A write that has looked, and is about to add a revision there.
async fn tentatively(connection: &Connection, position: i64) -> store::Transaction {
    let write = connection.begin_write_lightly(true).await.unwrap();
    assert!(write.is_tentative());
    standing(&write, Sought::default()).await.unwrap();
    let record = record::Entity::find().one(&write).await.unwrap().expect("there is one");
    let mut inserts = Inserts::new(&write);
    insert_revisions(&mut inserts, position, [added(record.id, position)]).await.unwrap();
    inserts.finish().await.unwrap();
    write
}

const RENAME: &str = "UPDATE record SET key = 'z'";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_tentative_writes_nothing_if_it_is_taken_back_or_overtaken() {
    let Some(Overtaken { database, connection, writer }) = Overtaken::start().await else { return };
    let elsewhere = database.open().await;
    organization(&writer, "a").await.unwrap();
    let is_overtaken = |outcome| matches!(outcome, Err(store::Error::Overtaken));

    tentatively(&connection, 2).await.roll_back().await.unwrap();
    drop(tentatively(&connection, 2).await);
    assert_eq!(history(&connection).await, [1]);

    // the turn is another process's
    let other = elsewhere.begin_write().await.unwrap();
    assert!(is_overtaken(tentatively(&connection, 2).await.commit().await));
    other.roll_back().await.unwrap();
    assert_eq!(history(&connection).await, [1]);

    // another process has had it
    let write = tentatively(&connection, 2).await;
    let other = elsewhere.begin_write().await.unwrap();
    other.execute_unprepared(MAKE).await.unwrap();
    other.execute_unprepared(&RECORD.replace(", 1, 1,", ", 1, 1000,")).await.unwrap();
    other.commit().await.unwrap();
    assert!(is_overtaken(write.commit().await));
    assert_eq!(history(&connection).await, [1, 1000]);
    tentatively(&connection, 1001).await.commit().await.unwrap();
    assert_eq!(history(&connection).await, [1, 1000, 1001]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tentative_write_of_several_statements_is_a_transaction_like_any_other() {
    let Some(Overtaken { connection, writer, database: _database }) = Overtaken::start().await else { return };
    organization(&writer, "a").await.unwrap();
    let rename = || Statement::from_string(connection.get_database_backend(), RENAME);
    let first = connection.begin_write_lightly(true).await.unwrap();
    first.execute_raw(rename()).await.unwrap();
    drop(first);
    let returning = connection.begin_write_lightly(true).await.unwrap();
    let sql = format!("{RENAME} RETURNING key");
    returning.query_one_raw(Statement::from_string(connection.get_database_backend(), sql)).await.unwrap();
    drop(returning);
    let behind = tentatively(&connection, 2).await;
    behind.execute_raw(rename()).await.unwrap();
    drop(behind);
    assert_eq!((history(&connection).await, keys(&connection).await), (vec![1], vec!["a".to_owned()]));

    let kept = tentatively(&connection, 2).await;
    kept.execute_raw(rename()).await.unwrap();
    kept.commit().await.unwrap();
    assert_eq!((history(&connection).await, keys(&connection).await), (vec![1, 2], vec!["z".to_owned()]));

    // nothing follows what has failed, be it a question
    let failed = connection.begin_write_lightly(true).await.unwrap();
    let wrong = Statement::from_string(connection.get_database_backend(), "SELECT nothing");
    assert!(failed.query_one_raw(wrong).await.is_err());
    assert!(failed.execute_raw(rename()).await.is_err());
    assert!(failed.commit().await.is_err());
}
