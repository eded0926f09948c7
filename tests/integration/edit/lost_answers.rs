//! Answers without a result: they say whether the change may have been written, and how to find out.

use std::time::Duration;

use dateline::{http::Times, store::Connection};
use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::world::world;
use crate::{both_databases, support::editor::Editor};

const CREATE: &str = "mutation ($dryRun: Boolean) { applyChanges(dryRun: $dryRun, changes: [{ createPerson: { key: \"late\", name: \"Late\" } }]) {
    userErrors { code current { key } } } }";

async fn send(editor: &Editor, document: &str, variables: Value) -> (StatusCode, Value) {
    let request = editor.request(Method::POST).header("authorization", editor.bearer());
    let response = request.json(&json!({ "query": document, "variables": variables })).send().await.unwrap();
    (response.status(), response.json().await.unwrap())
}

both_databases! {
    async fn a_change_that_took_too_long_may_have_been_written_and_its_answer_says_so(database: TestDatabase) {
        let times = Times { run: Duration::from_millis(400), ..Times::default() };
        let editor = Editor::with_times(&database, &world(), times).await;
        let another = editor.connection.begin_write().await.unwrap();
        let (status, answer) = send(&editor, CREATE, json!({})).await;
        assert_eq!((status, &answer["errors"][0]["extensions"]["code"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("LIMIT_EXCEEDED")));
        let message = answer["errors"][0]["message"].as_str().unwrap();
        for part in ["took longer", "may or may not have been written", "by its id or key", "DUPLICATE", "`current`", "CONFLICT"] {
            assert!(message.contains(part), "{part} in {message}");
        }
        // a dry run is never written
        let (status, answer) = send(&editor, CREATE, json!({ "dryRun": true })).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(!answer["errors"][0]["message"].as_str().unwrap().contains("written"), "{answer}");
        another.roll_back().await.unwrap();

        // the client disconnected before its change began, so nothing was written; the second try writes it, the third finds it
        let again = editor.read_with(CREATE, json!({})).await;
        assert_eq!(again["applyChanges"]["userErrors"], json!([]));
        let once_more = editor.read_with(CREATE, json!({})).await;
        assert_eq!(once_more["applyChanges"]["userErrors"], json!([{ "code": "DUPLICATE", "current": { "key": "late" } }]));
    }

    async fn a_client_that_gives_up_while_it_waits_does_not_block_others(database: TestDatabase) {
        let connection = Connection::open(&database.url).await.unwrap();
        let another = connection.begin_write().await.unwrap();
        let waiting = (0..4).map(|_| timeout(Duration::from_millis(100), connection.begin_write()));
        for outcome in join_all(waiting).await {
            assert!(outcome.is_err(), "another transaction has the lock");
        }
        another.roll_back().await.unwrap();
        let elsewhere = Connection::open(&database.url).await.unwrap();
        elsewhere.begin_write().await.expect("the lock is free for another process").roll_back().await.unwrap();
        connection.begin_write().await.expect("the lock is free for this process").roll_back().await.unwrap();
    }

    async fn a_database_error_before_the_commit_leaves_nothing_and_its_answer_says_so(database: TestDatabase) {
        let editor = Editor::with_records(&database, &[]).await;
        let raw = database.raw().await;
        raw.execute_unprepared("ALTER TABLE revision RENAME TO elsewhere").await.unwrap();
        let (_, answer) = send(&editor, CREATE, json!({})).await;
        let message = answer["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains("Nothing was changed") && !message.contains("elsewhere"), "{message}");
        raw.execute_unprepared("ALTER TABLE elsewhere RENAME TO revision").await.unwrap();
        assert_eq!(editor.read_with(CREATE, json!({})).await["applyChanges"]["userErrors"], json!([]));
    }
}
