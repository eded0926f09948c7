//! Writers take turns, whatever becomes of them, and what SQLite writes to its log does not pile up there.

use std::time::Duration;

use chrono::{SubsecRound as _, Utc};
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
    vocabulary::{Operation, RecordKind},
};
use futures_util::{FutureExt as _, poll};
use sea_orm::{ConnectionTrait, EntityTrait as _, Statement};
use serde_json::json;
use tokio::time::timeout;

use crate::{both_databases, support::database::TestDatabase};

/// A statement that takes its time.
const ADD: &str = "INSERT INTO same_as (url, record_id, position)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
    SELECT 'https://x.example/' || i, id, i FROM record, n";
const MAKE: &str = "INSERT INTO record (id, kind, version, created_at, updated_at)
    VALUES ('019ac000-0000-7000-8000-000000000001', 'PLACE', 1, '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z')";

const AUTHOR: Author<'static> = Author { actor: "Amina", summary: None };

async fn count(connection: &Connection, table: &str) -> i64 {
    let count = Statement::from_string(connection.get_database_backend(), format!("SELECT count(*) FROM {table}"));
    connection.query_one_raw(count).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

/// The first revision of a record, there.
pub(super) fn revision(record_id: Id, position: i64) -> revision::Model {
    revision::Model {
        id: Id::new(),
        record_id,
        record_created_at: chrono::DateTime::UNIX_EPOCH,
        version: 1,
        position,
        cause_id: None,
        operation: Operation::Create,
        actor: "Amina".to_owned(),
        at: chrono::DateTime::UNIX_EPOCH,
        summary: None,
        changes: "[]".to_owned(),
        snapshot: None,
    }
}

both_databases! {
    async fn who_gives_up_in_the_middle_of_a_write_leaves_nothing_but_the_turn(database: TestDatabase) {
        let connection = Connection::open(&database.url).await.unwrap();
        for _ in 0..3 {
            let given_up = connection.begin_write().await.unwrap();
            given_up.execute_unprepared(MAKE).await.unwrap();
            drop(given_up);
        }
        let kept = connection.begin_write().await.unwrap();
        kept.execute_unprepared(MAKE).await.unwrap();
        kept.commit().await.unwrap();

        // in the middle of a statement, too
        let given_up = connection.begin_write().await.unwrap();
        let add = async { given_up.execute_unprepared(ADD).await };
        assert!(add.now_or_never().is_none());
        drop(given_up);
        let next = connection.begin_write().await.unwrap();
        next.roll_back().await.unwrap();
        assert_eq!((count(&connection, "record").await, count(&connection, "same_as").await), (1, 0));
        connection.close().await.unwrap();
    }

    async fn who_gives_up_waiting_for_the_turn_keeps_nobody_from_it(database: TestDatabase) {
        let connection = Connection::open(&database.url).await.unwrap();
        // one waits within the process, the other one for another process
        for other in [connection.clone(), Connection::open(&database.url).await.unwrap()] {
            let turn = other.begin_write().await.unwrap();
            assert!(timeout(Duration::from_millis(50), connection.begin_write()).await.is_err());
            turn.execute_unprepared(MAKE).await.unwrap();
            turn.roll_back().await.unwrap();
            let turn = connection.begin_write().await.unwrap();
            assert_eq!(count(&connection, "record").await, 0);
            turn.roll_back().await.unwrap();
        }
        connection.close().await.unwrap();
    }

    async fn who_waits_while_the_database_is_closed_is_told_and_the_closing_ends(database: TestDatabase) {
        let connection = Connection::open(&database.url).await.unwrap();
        let turn = connection.begin_write().await.unwrap();
        let waiting: Vec<_> = (0..4).map(|_| tokio::spawn({
            let connection = connection.clone();
            async move { connection.begin_write().await?.commit().await }
        })).collect();
        let closing = tokio::spawn(connection.close());
        turn.commit().await.unwrap();
        timeout(Duration::from_secs(20), closing).await.expect("it ends").unwrap().unwrap();
        for writer in waiting {
            let outcome = writer.await.unwrap();
            assert!(matches!(outcome, Ok(()) | Err(store::Error::Unavailable(_))), "{outcome:?}");
        }
    }

    async fn who_goes_away_while_another_process_writes_is_left_out_of_what_is_written_together(database: TestDatabase) {
        let (connection, elsewhere) = (database.open().await, database.open().await);
        let writer = Writer::new(connection.clone());
        let place = |key: &str| {
            let input = json!({ "key": key, "name": "Place", "kind": "OTHER" });
            let input = input.as_object().expect("fields").clone();
            writer.apply(vec![Edit::Create { kind: RecordKind::Place, input }], AUTHOR, How::default())
        };
        // they come while it is somebody else's turn here, and on SQLite their turn comes while another process writes
        let here = connection.begin_write_lightly(true).await.unwrap();
        let another = if database.is_postgres() { None } else { Some(elsewhere.begin_write().await.unwrap()) };
        let (mut stays, mut goes) = (Box::pin(place("stays")), Box::pin(place("goes")));
        assert!(poll!(&mut stays).is_pending() && poll!(&mut goes).is_pending());
        let released = if let Some(another) = another {
            drop(here);
            assert!(timeout(Duration::from_millis(200), &mut stays).await.is_err(), "another process writes");
            drop(goes);
            let released = Utc::now().trunc_subsecs(3);
            another.roll_back().await.unwrap();
            released
        } else {
            drop(goes);
            let released = Utc::now().trunc_subsecs(3);
            here.roll_back().await.unwrap();
            released
        };
        assert_eq!(stays.await.unwrap().len(), 1);
        let [record] = &record::Entity::find().all(&connection).await.unwrap()[..] else { panic!("there is one record") };
        assert_eq!(record.key.as_deref(), Some("stays"));
        assert!(record.created_at >= released, "times go as turns do: {} is before {released}", record.created_at);
    }

    async fn nothing_follows_the_first_statement_of_a_write_if_that_has_failed(database: TestDatabase) {
        let connection = database.open().await;
        let write = connection.begin_write_lightly(true).await.unwrap();
        let statement = |sql: &str| Statement::from_string(connection.get_database_backend(), sql);
        assert!(write.execute_raw(statement("SELECT * FROM nothing")).await.is_err());
        assert!(write.execute_raw(statement(MAKE)).await.is_err());
        // Postgres takes a COMMIT of such a transaction for a ROLLBACK
        let ended = write.commit().await;
        assert!(database.is_postgres() || ended.is_err());
        assert_eq!(count(&connection, "record").await, 0);

        // the next one is not in the way of anything
        let write = connection.begin_write_lightly(true).await.unwrap();
        write.execute_raw(statement(MAKE)).await.unwrap();
        write.commit().await.unwrap();
        assert_eq!(count(&connection, "record").await, 1);
        connection.begin_write_lightly(true).await.unwrap().roll_back().await.unwrap();
    }

    async fn what_was_written_before_a_row_that_is_refused_is_taken_back_with_it(database: TestDatabase) {
        let connection = Connection::open(&database.url).await.unwrap();
        let record = connection.begin_write().await.unwrap();
        record.execute_unprepared(MAKE).await.unwrap();
        record.commit().await.unwrap();

        // the second of one statement has the id of the first, or is of nothing, which SQLite notices when it commits
        let somebody: Id = "019ac000-0000-7000-8000-000000000001".parse().unwrap();
        let first = revision(somebody, 1);
        for second in [revision::Model { position: 2, ..first.clone() }, revision(Id::new(), 2)] {
            let transaction = connection.begin_write().await.unwrap();
            let mut inserts = Inserts::new(&transaction);
            insert_revisions(&mut inserts, second.position, [first.clone(), second]).await.unwrap();
            let refused = match inserts.finish().await {
                Ok(()) => transaction.commit().await,
                refused => {
                    drop(transaction);
                    refused
                }
            };
            assert!(matches!(refused, Err(store::Error::Constraint { .. })), "{refused:?}");
            let next = connection.begin_write().await.unwrap();
            next.roll_back().await.unwrap();
            assert_eq!(count(&connection, "revision").await, 0);
        }
        connection.close().await.unwrap();
    }

    async fn a_write_that_is_refused_by_the_database_leaves_the_turn(database: TestDatabase) {
        let connection = Connection::open(&database.url).await.unwrap();
        let turn = connection.begin_write().await.unwrap();
        turn.execute_unprepared(MAKE).await.unwrap();
        assert!(turn.execute_unprepared(MAKE).await.is_err(), "the id is taken");
        drop(turn);
        let turn = connection.begin_write().await.unwrap();
        turn.execute_unprepared(MAKE).await.unwrap();
        turn.commit().await.unwrap();
        assert_eq!(count(&connection, "record").await, 1);
        connection.close().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_the_server_has_closed_is_replaced() {
    let Some(database) = TestDatabase::postgres().await else {
        return;
    };
    let connection = Connection::open(&database.url).await.unwrap();
    let admin = database.raw().await;
    let process = async |write: &store::Transaction| -> i32 {
        let ask = Statement::from_string(write.get_database_backend(), "SELECT pg_backend_pid()");
        write.query_one_raw(ask).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    };
    let end = async |process: i32| {
        // it waits until the process is gone
        let end = format!("SELECT pg_terminate_backend({process}, 10000)");
        admin.execute_unprepared(&end).await.unwrap();
    };

    // under a write
    let write = connection.begin_write().await.unwrap();
    write.execute_unprepared(MAKE).await.unwrap();
    end(process(&write).await).await;
    assert!(write.commit().await.is_err());
    assert_eq!(count(&connection, "record").await, 0);

    // between two writes: nobody notices
    let write = connection.begin_write().await.unwrap();
    let left = process(&write).await;
    write.commit().await.unwrap();
    end(left).await;
    let write = connection.begin_write().await.unwrap();
    assert_ne!(process(&write).await, left);
    write.execute_unprepared(MAKE).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(count(&connection, "record").await, 1);
    connection.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_sqlite_writes_to_its_log_is_copied_to_its_place_while_writing_goes_on() {
    // each write puts 100 pages of this file into the log, which SQLite itself would copy at 16,384
    const WRITES: u32 = 500;
    const SMALL: u32 = 100;
    const LONGEST: u64 = 14_000 * 4096;
    let database = TestDatabase::sqlite().await;
    let connection = Connection::open(&database.url).await.unwrap();
    connection.execute_unprepared("CREATE TABLE heap (number integer, filling blob)").await.unwrap();
    connection.execute_unprepared("INSERT INTO heap VALUES (0, zeroblob(400000))").await.unwrap();
    // small ones first: how much they put into the log says nothing about the others
    for _ in 0..SMALL {
        let write = connection.begin_write().await.unwrap();
        write.execute_unprepared("UPDATE heap SET number = number").await.unwrap();
        write.commit().await.unwrap();
    }
    for _ in 0..WRITES {
        let write = connection.begin_write().await.unwrap();
        write.execute_unprepared("UPDATE heap SET number = number + 1, filling = randomblob(400000)").await.unwrap();
        write.commit().await.unwrap();
    }
    let file = database.url.strip_prefix("sqlite://").unwrap();
    let log = std::fs::metadata(format!("{file}-wal")).unwrap().len();
    assert!(log < LONGEST, "{log} bytes are in the log");
    connection.close().await.unwrap();
    assert!(!std::fs::exists(format!("{file}-wal")).unwrap(), "closed, all of it is in the file");

    let connection = Connection::open(&database.url).await.unwrap();
    let kept = Statement::from_string(connection.get_database_backend(), "SELECT number FROM heap");
    let kept: i64 = connection.query_one_raw(kept).await.unwrap().unwrap().try_get_by_index(0).unwrap();
    assert_eq!(kept, i64::from(WRITES));
    connection.close().await.unwrap();
}

/// Has Postgres refuse a record, but not before COMMIT.
const REFUSE_IN_COMMIT: &str = "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_test'; END $$;
    CREATE CONSTRAINT TRIGGER refuses AFTER INSERT ON record DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (new.key = 'wrong') EXECUTE FUNCTION refuse()";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_refused_in_the_commit_of_a_group_is_told_to_whom_it_concerns_and_nobody_else() {
    let Some(database) = TestDatabase::postgres().await else {
        return;
    };
    let (connection, server) = (database.open().await, database.raw().await);
    let writer = Writer::new(connection.clone());
    // one statement writes an organization and commits it
    let organization = |key: &str| {
        let input = json!({ "key": key, "name": "Organization", "kind": "OTHER" });
        let input = input.as_object().expect("fields").clone();
        Box::pin(writer.apply(vec![Edit::Create { kind: RecordKind::Organization, input }], AUTHOR, How::default()))
    };
    server.execute_unprepared(REFUSE_IN_COMMIT).await.unwrap();
    // all of them are in the queue when they get their turn
    let turn = connection.begin_write().await.unwrap();
    let [mut right, mut wrong, mut also_right] = ["right", "wrong", "also-right"].map(organization);
    for one in [&mut right, &mut wrong, &mut also_right] {
        assert!(poll!(one).is_pending());
    }
    turn.roll_back().await.unwrap();
    let (right, wrong, also_right) = tokio::join!(right, wrong, also_right);
    assert_eq!((right.unwrap().len(), also_right.unwrap().len()), (1, 1));
    assert!(matches!(wrong, Err(Failure::Store(store::Error::Constraint { .. }))), "{wrong:?}");
    assert_eq!(organization("next").await.unwrap().len(), 1);
    let written = record::Entity::find().all(&connection).await.unwrap();
    let mut keys: Vec<_> = written.iter().filter_map(|record| record.key.as_deref()).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["also-right", "next", "right"]);
}
