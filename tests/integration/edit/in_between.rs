//! Changes in between: while a record is in the bin, after a merge, or before a revert.

use serde_json::{Value, json};

use super::world::{BODY, span, world};
use crate::{
    both_databases,
    support::editor::{Editor, SavedRecord, messages},
};

/// Quote, start and anchor state of the first citation of an event.
async fn evidence(editor: &Editor, id: &str) -> Value {
    let citation = editor.snapshot(id).await["citations"][0].clone();
    json!([citation["quote"], citation["start"], citation["anchor"], citation["note"]])
}

const QUOTE: &str = "The army of Egypt sent planes to Derna";

both_databases! {
    async fn evidence_in_the_bin_follows_its_text_as_well(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let strike = editor.delete(&editor.record("strike").await).await;
        let body = format!("Cairo. {BODY}");
        editor.update("Article", &editor.record("news").await, json!({ "body": body })).await;
        editor.restore(&strike.id).await;
        assert_eq!(evidence(&editor, &strike.id).await, json!([QUOTE, span(&body, QUOTE, 0).0, "MOVED", null]));
    }

    async fn evidence_that_was_edited_since_follows_the_revert_of_a_text(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let news = editor.record("news").await;
        editor.update("Article", &news, json!({ "body": format!("Cairo. {BODY}") })).await;
        let change = editor.history(&news.id).await.pop().unwrap()["id"].as_str().unwrap().to_owned();
        let strike = editor.record("strike").await;
        let citation = editor.snapshot(&strike.id).await["citations"][0]["id"].clone();
        editor.update("Event", &strike, json!({ "updateCitations": [{ "id": citation, "note": "Seen." }] })).await;
        editor.revert(&change).await;
        assert_eq!(evidence(&editor, &strike.id).await, json!([QUOTE, span(BODY, QUOTE, 0).0, "MOVED", "Seen."]));
        let border = editor.id("border").await;
        assert_eq!(evidence(&editor, &border).await, json!(["Libya asked Egypt", 0, "ANCHORED", null]));
    }

    async fn a_text_and_quotes_of_it_are_changed_in_one_call(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (news, strike) = (editor.record("news").await, editor.record("strike").await);
        let body = format!("{BODY} Later it did.");
        editor.apply(json!([
            { "updateEvent": { "id": strike.id, "version": strike.version, "input": { "addCitations": [{ "article": news.id, "quote": "Later it did" }] } } },
            { "updateArticle": { "id": news.id, "version": news.version, "input": { "body": body } } },
        ])).await;
        let citation = editor.snapshot(&strike.id).await["citations"][2].clone();
        assert_eq!(json!([citation["quote"], citation["start"], citation["anchor"]]), json!(["Later it did", span(&body, "Later it did", 0).0, "ANCHORED"]));
    }

    async fn dates_follow_the_day_of_publication(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let news = editor.record("news").await;
        let date = json!({ "relative": { "anchor": news.id, "relation": "BEFORE", "duration": "P1D" } });
        let event = editor.create("Event", json!({ "name": "Before", "kind": "OTHER", "date": date })).await;
        let dated = async || {
            editor.read_with("query ($id: ID!) { event(id: $id) { version date { edtf } } }", json!({ "id": event.id })).await["event"].take()
        };
        assert_eq!(dated().await, json!({ "version": 1, "date": { "edtf": "2015-02-16" } }));
        editor.update("Article", &news, json!({ "publishedOn": "2015-03-01" })).await;
        assert_eq!(dated().await["date"], json!({ "edtf": "2015-02-28" }));
        editor.delete(&editor.record("news").await).await;
        assert_eq!(dated().await["date"], json!({ "edtf": "2015-02-28" }));
    }

    async fn the_key_of_a_merged_record_stays_in_use_and_shows_the_survivor(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let twin = editor.create("Place", json!({ "key": "lby", "name": "LBY", "kind": "COUNTRY" })).await;
        let libya = editor.merge(&twin, &editor.record("libya").await).await;
        let refusals = editor.try_mutation("createPlace", json!({ "input": { "key": "lby", "name": "Again", "kind": "COUNTRY" } })).await.unwrap_err();
        assert_eq!(refusals.len(), 1);
        assert_eq!((refusals[0].code.as_str(), &refusals[0].current["id"]), ("DUPLICATE", &json!(libya.id)), "{}", refusals[0]);
    }

    async fn a_place_is_merged_into_what_it_contains(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let before = editor.all_fields().await;
        let derna = editor.record("derna").await;
        let street = editor.create("Place", json!({ "name": "Street", "kind": "SITE", "containedIn": derna.id })).await;
        let merged = editor.merge(&derna, &street).await;
        assert_eq!(editor.snapshot(&street.id).await["containedIn"], editor.id("libya").await);
        editor.revert_last(&merged.id).await;
        let mut after = editor.all_fields().await;
        after.retain(|id, _| *id != street.id);
        assert_eq!(after, before);
    }

    async fn relations_that_a_merge_removed_are_not_restored_alone(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (libya, tunisia, egypt) = (editor.record("libya").await, editor.record("tunisia").await, editor.id("egypt").await);
        let to_itself = editor.create("Relation", json!({ "source": libya.id, "kind": "ALLY_OF", "target": tunisia.id })).await;
        let twice = editor.create("Relation", json!({ "source": egypt, "kind": "BORDERS", "target": tunisia.id })).await;
        let before = editor.all_fields().await;
        editor.merge(&tunisia, &libya).await;
        let merge = editor.history(&libya.id).await.pop().unwrap()["id"].as_str().unwrap().to_owned();
        let restore = async |of: &SavedRecord| messages(&editor.try_mutation("restoreRecord", json!({ "id": of.id })).await.unwrap_err());
        assert_eq!(restore(&to_itself).await, ["INVALID id: cannot be restored: target: must not be the same record as source"]);
        assert_eq!(restore(&twice).await, ["DUPLICATE id: cannot be restored: target: the relation exists already, and a symmetric relation is stored once: change the existing one"]);
        editor.revert(&merge).await;
        assert_eq!(editor.all_fields().await, before);
    }

    async fn a_merge_can_be_reverted_after_a_moved_record_was_deleted_and_restored(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let before = editor.all_fields().await;
        let (derna, cairo) = (editor.record("derna").await, editor.record("cairo").await);
        editor.merge(&derna, &cairo).await;
        let merge = editor.history(&cairo.id).await.pop().unwrap()["id"].as_str().unwrap().to_owned();
        let strike = editor.delete(&editor.record("strike").await).await;
        editor.revert(&merge).await;
        editor.restore(&strike.id).await;
        assert_eq!(editor.all_fields().await, before);
    }

    async fn a_person_who_was_merged_two_times_appears_once_in_every_list(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let before = editor.all_fields().await;
        let (salma, omar) = (editor.record("salma").await, editor.record("omar").await);
        let merged = editor.merge(&salma, &omar).await;
        let first = editor.history(&omar.id).await.pop().unwrap()["id"].as_str().unwrap().to_owned();
        let found = editor.read("{ record(key: \"news\") { ... on Article { authors { key } } } }").await;
        assert_eq!(found["record"]["authors"], json!([{ "key": "omar" }]));
        let third = editor.create("Person", json!({ "name": "Third" })).await;
        let last = editor.merge(&merged, &third).await;
        let found = editor.read("{ record(key: \"news\") { ... on Article { authors { id name } } } salma: record(key: \"salma\") { id ... on Person { names { text } nationalities { key } } } }").await;
        assert_eq!(found["record"]["authors"], json!([{ "id": last.id, "name": "Third" }]));
        assert_eq!(found["salma"], json!({ "id": last.id, "names": [{ "text": "Third" }, { "text": "Omar" }, { "text": "Salma" }], "nationalities": [{ "key": "libya" }, { "key": "egypt" }] }));
        editor.revert_last(&last.id).await;
        editor.revert(&first).await;
        let mut after = editor.all_fields().await;
        after.remove(&third.id);
        assert_eq!(after, before);
    }
}
