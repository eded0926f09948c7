//! Several processes that write to one database: what one of them has looked at before its turn, another may change.

use std::time::Duration;

use dateline::{
    domain::{
        edit::{Edit, Failure, How, Writer},
        write::Author,
    },
    store::{
        self, Connection,
        write::{Inserts, insert_revisions},
    },
};
use entity::{
    Id, record, revision,
    vocabulary::{Operation, RecordKind, UserErrorCode},
};
use futures_util::{FutureExt as _, future::join_all};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, EntityTrait as _, QueryOrder as _, Statement, TransactionTrait as _,
};
use serde_json::json;
use tokio::time::timeout;

use crate::{both_databases, support::database::TestDatabase};

const AUTHOR: Author<'static> = Author { actor: "Amina", summary: None };
/// A record of the other process, by hand.
const MAKE: &str = "INSERT INTO record (id, kind, key, version, created_at, updated_at) VALUES
    ('019ac000-0000-7000-8000-000000000001', 'PLACE', 'taken', 1, '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z')";
const RECORD: &str = "INSERT INTO revision
    (id, record_id, record_created_at, version, position, operation, actor, at, changes)
    VALUES ('019ac000-0000-7000-8000-000000000002', '019ac000-0000-7000-8000-000000000001', '2026-01-01T00:00:00.000Z', 1, 1,
        'CREATE', 'Omar', '2026-01-01T00:00:00.000Z', '[]')";
/// Lets others look, but not write.
const KEEP_WAITING: &str = "LOCK TABLE record IN SHARE MODE";
const WHO_WAITS: &str = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'record'::regclass";
const CLOSE_ALL: &str = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()";

async fn create(writer: &Writer, kind: RecordKind, input: serde_json::Value) -> Result<(), Failure> {
    let input = input.as_object().expect("fields").clone();
    writer.apply(vec![Edit::Create { kind, input }], AUTHOR, How::default()).await.map(drop)
}

async fn place(writer: &Writer, key: &str) -> Result<(), Failure> {
    create(writer, RecordKind::Place, json!({ "key": key, "name": key, "kind": "OTHER" })).await
}

/// An organization is one statement, a place is several: what contains it is derived.
async fn organization(writer: &Writer, key: &str) -> Result<(), Failure> {
    create(writer, RecordKind::Organization, json!({ "key": key, "name": key, "kind": "OTHER" })).await
}

async fn history(connection: &Connection) -> Vec<i64> {
    let revisions = revision::Entity::find().order_by_asc(revision::Column::Position).all(connection).await.unwrap();
    revisions.iter().map(|revision| revision.position).collect()
}

async fn keys(connection: &Connection) -> Vec<String> {
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

/// What becomes of a new record with this key when another process writes one after it was looked at, and before it is written.
async fn overtaken(key: &str, is_place: bool) -> Option<(Result<(), Failure>, TestDatabase, Connection)> {
    let database = TestDatabase::postgres().await?;
    let (connection, server) = (database.open().await, database.raw().await);
    let writer = Writer::new(connection.clone());
    let other = server.begin().await.unwrap();
    other.execute_unprepared(KEEP_WAITING).await.unwrap();
    let new = tokio::spawn({
        let (writer, key) = (writer.clone(), key.to_owned());
        async move { if is_place { place(&writer, &key).await } else { organization(&writer, &key).await } }
    });
    somebody_waits(&server).await;
    other.execute_unprepared(MAKE).await.unwrap();
    other.execute_unprepared(RECORD).await.unwrap();
    other.commit().await.unwrap();
    let outcome = new.await.unwrap();
    // the turn is free
    place(&writer, "next").await.unwrap();
    Some((outcome, database, connection))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_overtaken_is_written_behind_who_was_first() {
    for is_place in [false, true] {
        let Some((outcome, _database, connection)) = overtaken("new", is_place).await else {
            return;
        };
        outcome.unwrap();
        assert_eq!(history(&connection).await, [1, 2, 3]);
        assert_eq!(keys(&connection).await, ["new", "next", "taken"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_overtaken_by_one_with_the_same_key_is_told_so() {
    for is_place in [false, true] {
        let Some((outcome, _database, connection)) = overtaken("taken", is_place).await else {
            return;
        };
        let Err(Failure::Refused(objections)) = outcome else { panic!("{outcome:?}") };
        assert_eq!((objections.len(), objections[0].problem.code), (1, UserErrorCode::Duplicate));
        assert_eq!(objections[0].current.unwrap().to_string(), "019ac000-0000-7000-8000-000000000001");
        assert_eq!(history(&connection).await, [1, 2]);
        assert_eq!(keys(&connection).await, ["next", "taken"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_record_waits_for_another_process_and_is_written_when_that_is_done() {
    let Some(database) = TestDatabase::postgres().await else {
        return;
    };
    let (connection, elsewhere) = (database.open().await, database.open().await);
    let writer = Writer::new(connection.clone());
    let other = elsewhere.begin_write().await.unwrap();
    let mut new = [Box::pin(organization(&writer, "b").boxed()), Box::pin(place(&writer, "c").boxed())];
    for one in &mut new {
        assert!(timeout(Duration::from_millis(100), one).await.is_err(), "another process has the turn");
    }
    other.execute_unprepared(MAKE).await.unwrap();
    other.execute_unprepared(RECORD).await.unwrap();
    other.commit().await.unwrap();
    for outcome in join_all(new).await {
        outcome.unwrap();
    }
    assert_eq!(history(&connection).await, [1, 2, 3]);
    assert_eq!(keys(&connection).await, ["b", "c", "taken"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_notices_that_the_server_has_closed_the_connection_of_the_last_writer() {
    let Some(database) = TestDatabase::postgres().await else {
        return;
    };
    let (connection, server) = (database.open().await, database.raw().await);
    let writer = Writer::new(connection.clone());
    for key in ["a", "b", "c"] {
        organization(&writer, key).await.unwrap();
        server.execute_unprepared(CLOSE_ALL).await.unwrap();
    }
    place(&writer, "d").await.unwrap();
    let connection = database.open().await;
    assert_eq!(history(&connection).await, [1, 2, 3, 4]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_tentative_writes_nothing_if_it_is_taken_back_or_another_process_has_the_turn() {
    let Some(database) = TestDatabase::postgres().await else {
        return;
    };
    let (connection, elsewhere) = (database.open().await, database.open().await);
    organization(&Writer::new(connection.clone()), "a").await.unwrap();
    let [record] = &record::Entity::find().all(&connection).await.unwrap()[..] else { panic!("there is one") };
    let second = |position| revision::Model {
        id: Id::new(),
        record_id: record.id,
        record_created_at: record.created_at,
        version: 2,
        position,
        cause_id: None,
        operation: Operation::Update,
        actor: "Amina".to_owned(),
        at: record.created_at,
        summary: None,
        changes: "[]".to_owned(),
        snapshot: None,
    };
    let tentatively = async |position| {
        let write = connection.begin_write_tentatively().await.unwrap();
        assert!(write.is_tentative());
        let mut inserts = Inserts::new(&write);
        insert_revisions(&mut inserts, vec![second(position)]).await.unwrap();
        inserts.finish().await.unwrap();
        write
    };
    let is_overtaken = |outcome| matches!(outcome, Err(store::Error::Overtaken));

    tentatively(2).await.roll_back().await.unwrap();
    drop(tentatively(2).await);
    assert_eq!(history(&connection).await, [1]);

    // the turn is another process's
    let other = elsewhere.begin_write().await.unwrap();
    assert!(is_overtaken(tentatively(2).await.commit().await));
    other.roll_back().await.unwrap();
    assert_eq!(history(&connection).await, [1]);

    // the position is another revision's
    assert!(is_overtaken(tentatively(1).await.commit().await));
    assert_eq!(history(&connection).await, [1]);

    // with something else to write, it is a transaction like any other
    let write = connection.begin_write_tentatively().await.unwrap();
    let rename = Statement::from_string(write.get_database_backend(), "UPDATE record SET key = 'z'");
    write.execute_raw(rename).await.unwrap();
    drop(write);
    let write = tentatively(2).await;
    write.execute_unprepared("UPDATE record SET key = 'z'").await.unwrap();
    drop(write);
    assert_eq!((history(&connection).await, keys(&connection).await), (vec![1], vec!["a".to_owned()]));
    let write = tentatively(2).await;
    write.execute_unprepared("UPDATE record SET key = 'z'").await.unwrap();
    write.commit().await.unwrap();
    assert_eq!((history(&connection).await, keys(&connection).await), (vec![1, 2], vec!["z".to_owned()]));
    tentatively(3).await.commit().await.unwrap();
    assert_eq!(history(&connection).await, [1, 2, 3]);
}
