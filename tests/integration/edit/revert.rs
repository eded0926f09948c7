//! A revert is a new change that restores the values before an earlier one, unless later changes prevent it.

use serde_json::{Value, json};

use super::world::{BODY, world};
use crate::{both_databases, support::editor::Editor};

/// The id of the last revision of a record.
async fn last_revision(editor: &Editor, id: &str) -> String {
    let revisions = editor.history(id).await;
    revisions.last().expect("there is one")["id"].as_str().expect("it has an id").to_owned()
}

both_databases! {
    async fn reverting_a_creation_deletes_and_reverting_that_restores(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let place = editor.create("Place", json!({ "name": "Tobruk", "kind": "CITY", "containedIn": editor.id("libya").await })).await;
        let reverted = editor.revert_last(&place.id).await;
        assert_eq!(reverted, json!({ "record": null, "relation": null, "userErrors": null }));
        let bin = editor.read("{ bin { nodes { id } } }").await;
        assert_eq!(bin["bin"]["nodes"], json!([{ "id": place.id }]));
        let redone = editor.revert_last(&place.id).await;
        assert_eq!(redone["record"], json!({ "__typename": "Place", "id": place.id, "version": 3 }));
        let operations: Vec<Value> = editor.history(&place.id).await.into_iter().map(|revision| revision["operation"].clone()).collect();
        assert_eq!(operations, ["CREATE", "REVERT", "REVERT"]);

        let relation = editor.create("Relation", json!({ "source": place.id, "kind": "OTHER", "target": editor.id("egypt").await })).await;
        editor.revert_last(&relation.id).await;
        assert_eq!(editor.revert_last(&relation.id).await["relation"], json!({ "id": relation.id, "version": 3 }));
    }

    async fn every_change_can_be_reverted_and_so_can_its_revert(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let start = editor.all_fields().await;
        let (derna, omar, news) = (editor.id("derna").await, editor.id("omar").await, editor.id("news").await);
        let strike = editor.snapshot(&editor.id("strike").await).await;
        let mentions = editor.snapshot(&news).await["mentions"].clone();
        for (kind, key, input) in [
            ("Place", "libya", json!({ "name": "Libye", "language": "fr", "location": null, "sameAs": null, "key": "ly", "addNames": [{ "text": "LBY" }] })),
            ("Place", "derna", json!({ "containedIn": editor.id("egypt").await, "countryCode": "EG" })),
            ("Organization", "army", json!({ "headquarters": derna, "founded": { "edtf": "1820" }, "country": null })),
            ("Person", "omar", json!({ "occupation": null, "nationalities": null, "born": { "edtf": "1950~" } })),
            ("Article", "news", json!({ "body": format!("Cairo, Tuesday. {BODY}"), "authors": null, "removeMentions": [mentions[0]["id"]] })),
            ("Event", "strike", json!({ "date": { "edtf": "2015-02" }, "addPlaces": [{ "place": derna, "isCertain": false }],
                "removeParticipants": [strike["participants"][0]["id"]], "addParticipants": [{ "participant": omar, "role": "VICTIM" }],
                "updateParticipants": [{ "id": strike["participants"][1]["id"], "count": 3 }],
                "updateCitations": [{ "id": strike["citations"][0]["id"], "quote": "to Derna" }], "removeCitations": [strike["citations"][1]["id"]] })),
            ("Relation", "border", json!({ "kind": "PART_OF", "description": "a part", "since": { "edtf": "1951" }, "citations": null })),
        ] {
            let record = editor.record(key).await;
            editor.update(kind, &record, input).await;
            let changed = editor.all_fields().await;
            assert_ne!(changed, start);
            editor.revert_last(&record.id).await;
            assert_eq!(editor.all_fields().await, start, "{key} as it was");
            editor.revert_last(&record.id).await;
            assert_eq!(editor.all_fields().await, changed, "{key} as it was changed");
            editor.revert_last(&record.id).await;
            assert_eq!(editor.all_fields().await, start, "{key} as it was again");
        }
    }

    async fn deletions_restorations_and_merges_are_reverted_and_made_again(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let libya = editor.record("libya").await;
        let start = editor.all_fields().await;
        editor.delete(&libya).await;
        let reverted = editor.revert_last(&libya.id).await;
        assert_eq!(reverted["record"], json!({ "__typename": "Place", "id": libya.id, "version": 3 }));
        assert_eq!(editor.all_fields().await, start);
        editor.revert_last(&libya.id).await;
        assert_eq!(editor.read("{ bin { nodes { key } } }").await["bin"]["nodes"], json!([{ "key": "libya" }]));
        editor.restore(&libya.id).await;
        assert_eq!(editor.revert_last(&libya.id).await["record"], Value::Null);
        editor.revert_last(&libya.id).await;
        assert_eq!(editor.all_fields().await, start);

        let (tunisia, libya) = (editor.record("tunisia").await, editor.record("libya").await);
        editor.merge(&tunisia, &libya).await;
        let merged = editor.all_fields().await;
        editor.revert_last(&libya.id).await;
        assert_eq!(editor.all_fields().await, start);
        editor.revert_last(&libya.id).await;
        assert_eq!(editor.all_fields().await, merged);
        assert_eq!(editor.record("tunisia").await.id, libya.id);
        editor.revert_last(&libya.id).await;
        assert_eq!(editor.all_fields().await, start);
    }

    async fn reverting_a_link_that_a_merge_moved_reverts_the_merge(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let other = editor.create("Place", json!({ "name": "Dernah", "kind": "CITY" })).await;
        let office = editor.create("Organization", json!({ "name": "Port office", "kind": "OTHER", "headquarters": other.id })).await;
        let before = editor.all_fields().await;
        let derna = editor.merge(&other, &editor.record("derna").await).await;
        assert_eq!(editor.snapshot(&office.id).await["headquarters"], derna.id);
        editor.revert(&last_revision(&editor, &office.id).await).await;
        assert_eq!(editor.all_fields().await, before);
    }

    async fn later_changes_of_other_fields_do_not_block_a_revert(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let libya = editor.update("Place", &editor.record("libya").await, json!({ "population": 1, "addNames": [{ "text": "LBY" }] })).await;
        let change = last_revision(&editor, &libya.id).await;
        let libya = editor.update("Place", &libya, json!({ "countryCode": "MT", "addNames": [{ "text": "Libye", "language": "fr" }] })).await;
        editor.revert(&change).await;
        let snapshot = editor.snapshot(&libya.id).await;
        assert_eq!(json!([snapshot["population"], snapshot["countryCode"], snapshot["version"]]), json!([null, "MT", 4]));
        assert_eq!(snapshot["names"], json!([
            { "text": "ليبيا", "language": "ar", "kind": "MAIN" }, { "text": "Libye", "language": "fr", "kind": "ALIAS" },
        ]));
    }

    async fn later_changes_of_the_same_field_block_a_revert_and_are_named(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let libya = editor.update("Place", &editor.record("libya").await, json!({ "population": 1, "countryCode": "MT" })).await;
        let change = last_revision(&editor, &libya.id).await;
        let libya = editor.update("Place", &libya, json!({ "population": 2 })).await;
        let refusals = editor.try_mutation("revertRevision", json!({ "id": change })).await.unwrap_err();
        assert_eq!(refusals.len(), 1);
        assert_eq!(refusals[0].to_string(), format!("CONFLICT id: population of {} changed after this revision: revert the later changes first", libya.id));
        assert_eq!((&refusals[0].differs, &refusals[0].current["key"]), (&json!(["population"]), &json!("libya")));
        editor.revert_last(&libya.id).await;
        editor.revert(&change).await;
        assert_eq!(editor.snapshot(&libya.id).await["countryCode"], "LY");
        // a reverted change cannot be reverted again
        let again = editor.failed_revert(&change).await;
        assert_eq!(again, [format!("CONFLICT id: countryCode, population of {} changed after this revision: revert the later changes first", libya.id)]);
    }

    async fn a_deleted_or_since_edited_record_is_not_reverted(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let place = editor.create("Place", json!({ "name": "Tobruk", "kind": "CITY" })).await;
        let made = last_revision(&editor, &place.id).await;
        let place = editor.update("Place", &place, json!({ "population": 1 })).await;
        let change = last_revision(&editor, &place.id).await;
        assert_eq!(editor.failed_revert(&made).await, [format!("CONFLICT id: population of {} changed after this revision: revert the later changes first", place.id)]);
        editor.delete(&place).await;
        assert_eq!(editor.failed_revert(&change).await, [format!("CONFLICT id: {} was deleted or merged after this revision: revert that change first", place.id)]);
    }

    async fn a_revert_that_would_break_a_rule_is_refused(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let libya = editor.update("Place", &editor.record("libya").await, json!({ "key": null, "sameAs": null })).await;
        let change = last_revision(&editor, &libya.id).await;
        let other = editor.create("Place", json!({ "key": "libya", "name": "Other", "kind": "OTHER", "sameAs": ["http://www.wikidata.org/entity/Q1016"] })).await;
        assert_eq!(editor.failed_revert(&change).await, [
            format!("DUPLICATE id: cannot be reverted: key: the key is taken by the record {}: choose another key", other.id),
            format!("DUPLICATE id: cannot be reverted: sameAs.0: the address belongs to {}: remove it, or merge the records", other.id),
        ]);
    }

    async fn the_consequences_of_a_change_are_reverted_with_it(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let start = editor.all_fields().await;
        let (news, strike, border) = (editor.record("news").await, editor.id("strike").await, editor.id("border").await);
        editor.update("Article", &news, json!({ "body": BODY.replace("The army of Egypt sent planes", "Somebody sent aircraft") })).await;
        for id in [&strike, &border] {
            assert_eq!(editor.snapshot(id).await["version"], if *id == strike { 2 } else { 1 });
        }
        let consequence = last_revision(&editor, &strike).await;
        let cause = last_revision(&editor, &news.id).await;
        assert_eq!(editor.failed_revert(&consequence).await, [format!("INVALID id: is a consequence of the revision {cause}: revert that revision")]);
        editor.revert(&cause).await;
        assert_eq!(editor.all_fields().await, start);
    }

    async fn a_revert_records_its_actor_and_summary(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let libya = editor.update("Place", &editor.record("libya").await, json!({ "population": 1 })).await;
        let change = last_revision(&editor, &libya.id).await;
        editor.try_mutation("revertRevision", json!({ "id": change, "summary": "A mistake." })).await.unwrap();
        let revision = editor.history(&libya.id).await.pop().unwrap();
        assert_eq!(
            json!([revision["operation"], revision["actor"], revision["summary"], revision["changes"]]),
            json!(["REVERT", "Amina", "A mistake.", [{ "field": "population", "before": 1, "after": null }]])
        );
    }
}
