//! An export contains what editors deleted and merged, and it can be edited on in another database.

use serde_json::{Value, json};

use super::world::world;
use crate::{
    both_databases,
    support::{
        database::TestDatabase,
        editor::Editor,
        lines::{export_text, try_import},
    },
};

/// The records that the old id and the old key give.
async fn found(editor: &Editor, id: &str) -> Value {
    let document = "query ($id: ID!) { node(id: $id) { id } record(key: \"old\") { key } }";
    let found = editor.read_with(document, json!({ "id": id })).await;
    json!([found["node"]["id"], found["record"]["key"]])
}

both_databases! {
    async fn an_exported_merge_can_be_reverted_after_its_import(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let twin = json!({ "key": "old", "name": "State of Libya", "kind": "COUNTRY", "containedIn": editor.id("egypt").await });
        let twin = editor.create("Place", twin).await;
        editor.update("Place", &editor.record("derna").await, json!({ "containedIn": twin.id })).await;
        let before = editor.all_fields().await;
        let libya = editor.merge(&twin, &editor.record("libya").await).await;
        let omar = editor.record("omar").await;
        editor.delete(&omar).await;

        for (with_history, to_postgres) in [(false, true), (true, true), (true, false)] {
            let text = export_text(&editor.connection, with_history).await;
            let other = if to_postgres { TestDatabase::postgres().await } else { None };
            let other = match other { Some(other) => other, None => TestDatabase::sqlite().await };
            let elsewhere = Editor::start(&other).await;
            let outcome = try_import(&elsewhere.connection, &text).await.unwrap();
            assert_eq!(outcome.created, before.len());
            assert_eq!(found(&elsewhere, &twin.id).await, json!([libya.id, "libya"]));
            assert_eq!(try_import(&elsewhere.connection, &text).await.map(|outcome| outcome.unchanged), Ok(before.len()));
            if with_history {
                assert!(export_text(&elsewhere.connection, true).await == text, "it comes back as it went");
                elsewhere.revert_last(&libya.id).await;
                elsewhere.restore(&omar.id).await;
                assert_eq!(elsewhere.all_fields().await, before);
            } else {
                assert!(export_text(&elsewhere.connection, false).await == text, "it comes back as it went");
            }
        }
    }
}
