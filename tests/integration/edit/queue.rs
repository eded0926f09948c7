//! Edits that wait for each other: one that waits too long, loses its client or fails in the database does not block the others.

use std::time::Duration;

use dateline::http::Times;
use futures_util::future::join_all;
use reqwest::Method;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use tokio::{
    task::JoinHandle,
    time::{Instant, timeout},
};

use crate::{
    both_databases,
    support::{database::TestDatabase, editor::Editor},
};

const CREATE: &str = "mutation ($key: String!) {
    createPlace(input: { key: $key, name: \"Place\", kind: OTHER }) { place { key } userErrors { code } } }";

/// Sends a new place without waiting for the answer.
fn create(editor: &Editor, key: &str) -> JoinHandle<Value> {
    let (editor, key) = (editor.clone(), key.to_owned());
    tokio::spawn(async move { editor.answer(CREATE, json!({ "key": key })).await })
}

/// The keys of all records, in the order of creation.
async fn keys(editor: &Editor) -> Vec<String> {
    let changes = editor.changes().await;
    changes.iter().map(|revision| revision["snapshot"]["key"].as_str().expect("a key").to_owned()).collect()
}

fn is_created(answer: &Value) -> bool {
    answer["data"]["createPlace"]["userErrors"] == json!([])
}

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or("no error")
}

/// An editor whose requests have no time limit.
async fn editor_without_time_limit(database: &TestDatabase) -> Editor {
    Editor::with_times(database, &[], Times { run: Duration::from_mins(1), ..Times::default() }).await
}

both_databases! {
    async fn an_edit_waits_for_another_process_that_writes(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let other = editor.connection.begin_write().await.unwrap();
        let mut new = create(&editor, "new");
        assert!(timeout(Duration::from_millis(200), &mut new).await.is_err(), "another process is writing");
        other.commit().await.unwrap();
        assert!(is_created(&new.await.unwrap()));
        assert_eq!(keys(&editor).await, ["new"]);
    }

    async fn all_waiting_edits_fail_when_another_process_writes_for_too_long(database: TestDatabase) {
        let editor = editor_without_time_limit(&database).await;
        let other = editor.connection.begin_write().await.unwrap();
        let start = Instant::now();
        let early = (0..10).map(|number| create(&editor, &format!("early/{number}")));
        let mut early: Vec<_> = early.collect();
        assert!(timeout(Duration::from_secs(2), &mut early[0]).await.is_err(), "it waits");
        let late = create(&editor, "late");
        for answer in join_all(early.into_iter().chain([late])).await {
            let answer = answer.unwrap();
            assert_eq!(code(&answer), "UNAVAILABLE", "{answer}");
            assert!(answer["errors"][0]["message"].as_str().unwrap().contains("Nothing was changed"), "{answer}");
        }
        assert!(start.elapsed() < Duration::from_secs(9), "a write waits five seconds in all: {:?}", start.elapsed());
        other.roll_back().await.unwrap();
        assert!(is_created(&create(&editor, "next").await.unwrap()));
        assert_eq!(keys(&editor).await, ["next"]);
    }

    async fn a_client_that_disconnects_while_it_waits_writes_nothing(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let other = editor.connection.begin_write().await.unwrap();
        let stays = create(&editor, "stays");
        let leaves = editor.request(Method::POST).header("authorization", editor.bearer()).timeout(Duration::from_millis(300));
        let leaves = leaves.json(&json!({ "query": CREATE, "variables": { "key": "leaves" } })).send().await;
        assert!(leaves.unwrap_err().is_timeout());
        other.commit().await.unwrap();
        assert!(is_created(&stays.await.unwrap()));
        assert!(is_created(&create(&editor, "next").await.unwrap()));
        assert_eq!(keys(&editor).await, ["stays", "next"]);
    }

    async fn only_the_sender_learns_that_the_database_refused_an_edit(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        database.raw().await.execute_unprepared(if database.is_postgres() { REFUSE_POSTGRES } else { REFUSE_SQLITE }).await.unwrap();
        // They wait at the same time, so that one transaction runs them.
        let other = editor.connection.begin_write().await.unwrap();
        let mut sent = ["right", "wrong", "also-right"].map(|key| create(&editor, key));
        assert!(timeout(Duration::from_millis(300), &mut sent[2]).await.is_err(), "another process is writing");
        other.roll_back().await.unwrap();
        let [right, wrong, also_right] = sent.map(async |answer| answer.await.unwrap());
        let (right, wrong, also_right) = tokio::join!(right, wrong, also_right);
        assert!(is_created(&right) && is_created(&also_right), "{right} {also_right}");
        assert!(!is_created(&wrong) && !wrong.to_string().contains("refused by"), "{wrong}");
        assert!(is_created(&create(&editor, "next").await.unwrap()));
        let mut keys = keys(&editor).await;
        keys.sort_unstable();
        assert_eq!(keys, ["also-right", "next", "right"]);
    }

    async fn the_database_closes_after_the_waiting_edits(database: TestDatabase) {
        use dateline::domain::{edit::{Edit, EditOptions}, queue::WriteQueue, write::Author};
        let queue = WriteQueue::start(database.open().await);
        let author = Author { actor: "Amina", summary: None };
        let place = |key: &str| {
            let Value::Object(input) = json!({ "key": key, "name": "Place", "kind": "OTHER" }) else { unreachable!() };
            vec![Edit::Create { kind: entity::vocabulary::RecordKind::Place, input }]
        };
        let edits = ["a", "b", "c"].map(|key| queue.apply(place(key), author, EditOptions::default()));
        let (done, closed) = tokio::join!(join_all(edits), queue.clone().close());
        assert!(done.iter().all(Result::is_ok), "{done:?}");
        closed.unwrap();
        assert!(queue.apply(place("d"), author, EditOptions::default()).await.is_err(), "it is closed");
        assert_eq!(keys(&Editor::start(&database).await).await.len(), 3);
    }
}

const REFUSE_SQLITE: &str = "CREATE TRIGGER refuses BEFORE INSERT ON record WHEN new.key = 'wrong'
    BEGIN SELECT RAISE(ABORT, 'refused by a trigger'); END";
/// It refuses the row at the end of the transaction.
const REFUSE_POSTGRES: &str = "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'refused by a trigger' USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_test'; END $$;
    CREATE CONSTRAINT TRIGGER refuses AFTER INSERT ON record DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (new.key = 'wrong') EXECUTE FUNCTION refuse()";

/// Closes all other connections to the database.
const CLOSE_ALL: &str = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_the_server_has_closed_is_replaced() {
    let Some(database) = TestDatabase::postgres().await else {
        return;
    };
    let editor = Editor::start(&database).await;
    let server = database.raw().await;
    for key in ["a", "b", "c"] {
        assert!(is_created(&create(&editor, key).await.unwrap()), "{key}");
        server.execute_unprepared(CLOSE_ALL).await.unwrap();
    }
}
