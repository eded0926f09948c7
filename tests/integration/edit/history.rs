//! The history of a record: who changed what, when and why, and the record after each change.

use chrono::{DateTime, Utc};
use dateline::domain::access::Role;
use serde_json::{Value, json};

use super::world::world;
use crate::{
    both_databases,
    support::editor::{Editor, NAME},
};

both_databases! {
    async fn the_history_says_who_did_what_when_and_why(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let other = editor.as_user("Yusuf", Role::Admin).await;
        let begin = Utc::now();
        let place = editor.create("Place", json!({ "name": "Tobruk", "kind": "CITY" })).await;
        let arguments = json!({ "id": place.id, "version": 1, "input": { "population": 5, "name": "Tubruq" }, "summary": "As it is\nspelt." });
        other.try_mutation("updatePlace", arguments).await.unwrap();
        let found = editor.read_with(
            "query ($id: ID!) { place(id: $id) { createdAt updatedAt history { totalCount nodes { operation actor at summary record { id } changes { field before after } snapshot } } } }",
            json!({ "id": place.id }),
        ).await["place"].take();
        let [changed, made] = found["history"]["nodes"].as_array().unwrap().as_slice() else { panic!("{found}") };
        assert_eq!(json!([made["operation"], made["actor"], made["summary"], made["record"]]), json!(["CREATE", NAME, null, { "id": place.id }]));
        assert_eq!(json!([changed["operation"], changed["actor"], changed["summary"]]), json!(["UPDATE", "Yusuf", "As it is\nspelt."]));
        assert_eq!(made["changes"], json!([
            { "field": "name", "before": null, "after": "Tobruk" }, { "field": "language", "before": null, "after": "und" },
            { "field": "kind", "before": null, "after": "CITY" },
        ]));
        assert_eq!(changed["changes"], json!([
            { "field": "name", "before": "Tobruk", "after": "Tubruq" }, { "field": "population", "before": null, "after": 5 },
        ]));
        let times: Vec<DateTime<Utc>> = [made, changed].map(|revision| revision["at"].as_str().unwrap().parse().unwrap()).to_vec();
        assert!(begin.timestamp_millis() <= times[0].timestamp_millis() && times[0] <= times[1] && times[1] <= Utc::now(), "{times:?}");
        assert_eq!((&found["createdAt"], &found["updatedAt"]), (&made["at"], &changed["at"]));
        assert_eq!(json!([made["snapshot"]["name"], made["snapshot"]["version"], changed["snapshot"]["name"], changed["snapshot"]["version"]]), json!(["Tobruk", 1, "Tubruq", 2]));
    }

    async fn a_snapshot_is_the_whole_record_with_the_ids_of_its_links(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let strike = editor.record("strike").await;
        editor.update("Event", &strike, json!({ "status": "CONFIRMED" })).await;
        let snapshot = editor.snapshot(&strike.id).await;
        let (derna, army, news) = (editor.id("derna").await, editor.id("army").await, editor.id("news").await);
        assert_eq!(json!([snapshot["id"], snapshot["key"], snapshot["version"], snapshot["status"]]), json!([strike.id, "strike", 2, "CONFIRMED"]));
        assert_eq!(snapshot["places"], json!([{ "place": derna, "description": "the east of" }]));
        let participant = &snapshot["participants"][0];
        assert_eq!(json!([participant["participant"], participant["citations"][0]["article"]]), json!([army, news]));
        assert!(participant["id"].is_string() && participant["citations"][0]["id"].is_string());
        assert_eq!(json!([snapshot["citations"][0]["article"], snapshot["citations"][0]["attributedTo"]]), json!([news, army]));
    }

    async fn changes_of_links_are_recorded_like_those_of_any_field(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (derna, egypt, libya) = (editor.record("derna").await, editor.id("egypt").await, editor.id("libya").await);
        editor.update("Place", &derna, json!({ "containedIn": egypt })).await;
        let revision = editor.history(&derna.id).await.pop().unwrap();
        assert_eq!(revision["changes"], json!([{ "field": "containedIn", "before": libya, "after": egypt }]));
        let border = editor.record("border").await;
        editor.update("Relation", &border, json!({ "citations": null, "description": "long" })).await;
        let revision = editor.history(&border.id).await.pop().unwrap();
        let fields: Vec<&Value> = revision["changes"].as_array().unwrap().iter().map(|change| &change["field"]).collect();
        assert_eq!(fields, ["description", "citations"]);
        assert_eq!(revision["record"], Value::Null, "a relation is no Record");
    }

    async fn replaying_the_changes_of_a_record_gives_its_present_state(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let libya = editor.record("libya").await;
        let libya = editor.update("Place", &libya, json!({ "population": 1, "addNames": [{ "text": "LBY" }] })).await;
        let libya = editor.update("Place", &libya, json!({ "location": null, "removeNames": [{ "text": "ليبيا" }] })).await;
        let libya = editor.delete(&libya).await;
        let libya = editor.restore(&libya.id).await;
        editor.revert_last(&libya.id).await;
        editor.revert_last(&libya.id).await;
        let mut replayed = serde_json::Map::new();
        for revision in editor.history(&libya.id).await {
            for change in revision["changes"].as_array().unwrap() {
                let field = change["field"].as_str().unwrap().to_owned();
                assert_eq!(replayed.get(&field).cloned().unwrap_or_default(), change["before"], "{field}");
                match &change["after"] {
                    Value::Null => drop(replayed.remove(&field)),
                    after => drop(replayed.insert(field, after.clone())),
                }
            }
            let mut whole = revision["snapshot"].as_object().unwrap().clone();
            for name in ["type", "id", "version", "createdAt", "updatedAt"] {
                whole.remove(name);
            }
            assert_eq!(Value::from(replayed.clone()), Value::from(whole));
        }
    }

    async fn a_refused_change_leaves_no_trace(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let before = (editor.changes().await, editor.all_fields().await);
        editor.failed_update("Place", &editor.record("libya").await, json!({ "population": 5, "countryCode": "lybia" })).await;
        editor.failed_merge(&editor.record("libya").await, &editor.record("army").await).await;
        assert_eq!((editor.changes().await, editor.all_fields().await), before);
    }
}
