//! Reverts after later changes: what they restore, and what prevents them.

use serde_json::{Value, json};

use super::world::{BODY, span, world};
use crate::{
    both_databases,
    support::editor::{Editor, SavedRecord},
};

async fn last_revision(editor: &Editor, id: &str) -> String {
    editor.history(id).await.pop().expect("a history")["id"].as_str().expect("an id").to_owned()
}

/// Prepends a word to the text of the article.
async fn prepend(editor: &Editor, word: &str) {
    let news = editor.record("news").await;
    let body = format!("{word} {}", editor.snapshot(&news.id).await["body"].as_str().expect("a body"));
    editor.update("Article", &news, json!({ "body": body })).await;
}

fn places(citations: &Value) -> Vec<Value> {
    citations
        .as_array()
        .expect("a list")
        .iter()
        .map(|item| json!([item["quote"], item["start"], item["anchor"]]))
        .collect()
}

both_databases! {
    async fn the_change_of_an_order_is_reverted(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let ids = [editor.id("libya").await, editor.id("egypt").await, editor.id("tunisia").await];
        let omar = editor.update("Person", &editor.record("omar").await, json!({ "nationalities": [ids[1], ids[0]] })).await;
        let turned = last_revision(&editor, &omar.id).await;
        editor.update("Person", &omar, json!({ "addNationalities": [ids[2]] })).await;
        editor.revert(&turned).await;
        assert_eq!(editor.snapshot(&omar.id).await["nationalities"], json!(ids));
    }

    async fn a_change_of_which_nothing_is_left_is_not_reverted(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let libya = editor.update("Place", &editor.record("libya").await, json!({ "addNames": [{ "text": "LBY" }] })).await;
        let named = last_revision(&editor, &libya.id).await;
        editor.revert(&named).await;
        let version = editor.record("libya").await.version;
        assert_eq!(editor.failed_revert(&named).await, ["CONFLICT id: nothing is left to revert: later changes have reverted it already"]);
        assert_eq!(editor.record("libya").await.version, version);
    }

    async fn a_merge_is_not_made_again_if_the_restored_record_has_new_links(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let twin = editor.create("Person", json!({ "name": "Umar" })).await;
        let omar = editor.record("omar").await;
        let back = || async {
            editor.merge(&editor.record_by_id(&twin.id).await, &editor.record("omar").await).await;
            editor.revert_last(&omar.id).await;
            last_revision(&editor, &omar.id).await
        };
        let refused = |what: &str| [format!("CONFLICT id: {} {what} since its merge was reverted: use mergeEntities", twin.id)];

        let merged_no_more = back().await;
        let event = json!({ "name": "A talk", "kind": "MEETING", "participants": [{ "participant": twin.id, "role": "HOST" }] });
        let event = editor.create("Event", event).await;
        assert_eq!(editor.failed_revert(&merged_no_more).await, refused("has new links"));
        editor.update("Event", &event, json!({ "participants": [] })).await;
        editor.revert(&merged_no_more).await;
        editor.revert_last(&omar.id).await;

        let merged_no_more = last_revision(&editor, &omar.id).await;
        let relation = json!({ "source": twin.id, "kind": "MEMBER_OF", "target": editor.id("agency").await });
        editor.create("Relation", relation).await;
        assert_eq!(editor.failed_revert(&merged_no_more).await, refused("has new links"));

        let third = editor.create("Person", json!({ "name": "Third" })).await;
        editor.merge(&third, &editor.record_by_id(&twin.id).await).await;
        assert_eq!(editor.failed_revert(&merged_no_more).await, refused("was changed"));
        let found = editor.read_with("query ($id: ID!) { node(id: $id) { id } }", json!({ "id": third.id })).await;
        assert_eq!(found["node"]["id"], json!(twin.id));
    }

    async fn a_merge_is_not_made_again_if_its_parts_have_new_links(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let refused = |id: &str| [format!("CONFLICT id: {id} has new links since its merge was reverted: use mergeEntities")];
        let part = |person: &str, role: &str| json!({ "participant": person, "role": role });
        let twin = editor.create("Person", json!({ "name": "Umar" })).await;
        let omar = editor.record("omar").await;
        let talk = json!({ "name": "A talk", "kind": "MEETING", "participants": [part(&twin.id, "HOST"), part(&omar.id, "SPEAKER")] });
        let talk = editor.create("Event", talk).await;
        editor.merge(&twin, &omar).await;
        editor.revert_last(&omar.id).await;
        let merged_no_more = last_revision(&editor, &omar.id).await;
        let given = json!({ "addParticipants": [part(&twin.id, "SPEAKER")] });
        editor.update("Event", &editor.record_by_id(&talk.id).await, given).await;
        assert_eq!(editor.failed_revert(&merged_no_more).await, refused(&twin.id));
        editor.revert_last(&talk.id).await;
        editor.revert(&merged_no_more).await;
        let said = editor.snapshot(&talk.id).await["participants"].clone();
        assert_eq!(json!([said[0]["participant"], said[1]["participant"]]), json!([omar.id, omar.id]));

        // for every kind of link, whether another record or the survivor has it
        let (strike, answer) = (editor.record("strike").await, editor.id("answer").await);
        let whole = editor.create("Event", json!({ "name": "The strikes", "kind": "AIRSTRIKE" })).await;
        editor.merge(&strike, &whole).await;
        editor.revert_last(&whole.id).await;
        let merged_no_more = last_revision(&editor, &whole.id).await;
        let quote = json!({ "article": editor.id("news").await, "quote": "sent planes", "attributedTo": strike.id });
        for (of, given) in [
            (&answer, json!({ "addCitations": [quote] })),
            (&answer, json!({ "addParticipants": [part(&strike.id, "TOPIC")] })),
            (&whole.id, json!({ "partOf": strike.id })),
        ] {
            editor.update("Event", &editor.record_by_id(of).await, given).await;
            assert_eq!(editor.failed_revert(&merged_no_more).await, refused(&strike.id));
            editor.revert_last_own_change(of).await;
        }
        editor.revert(&merged_no_more).await;
        assert_eq!(editor.snapshot(&answer).await["partOf"], json!(whole.id));
    }

    async fn a_merge_is_not_made_again_if_it_would_create_duplicates(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let member = |person: &str, agency: &str| json!({ "source": person, "kind": "MEMBER_OF", "target": agency });
        let talk = |person: &str| json!({ "participants": [{ "participant": person, "role": "HOST" }] });
        let (agency, omar) = (editor.id("agency").await, editor.record("omar").await);
        let twin = editor.create("Person", json!({ "name": "Umar" })).await;
        let tie = editor.create("Relation", member(&twin.id, &agency)).await;
        let event = editor.create("Event", json!({ "name": "A talk", "kind": "MEETING", "participants": talk(&twin.id)["participants"] })).await;
        editor.merge(&twin, &omar).await;
        editor.revert_last(&omar.id).await;
        let merged_no_more = last_revision(&editor, &omar.id).await;

        let other = editor.create("Relation", member(&omar.id, &agency)).await;
        let twice = |id: &str| [format!("CONFLICT id: {id} would repeat what the survivor got since its merge was reverted: use mergeEntities")];
        assert_eq!(editor.failed_revert(&merged_no_more).await, twice(&tie.id));
        editor.delete_relation(&other).await;
        let event = editor.record_by_id(&event.id).await;
        let event = editor.update("Event", &event, json!({ "addParticipants": talk(&omar.id)["participants"] })).await;
        assert_eq!(editor.failed_revert(&merged_no_more).await, twice(&event.id));
        editor.update("Event", &event, talk(&twin.id)).await;
        editor.update("Person", &editor.record_by_id(&omar.id).await, json!({ "occupation": "editor" })).await;
        editor.revert(&merged_no_more).await;
        let said = editor.snapshot(&omar.id).await;
        assert_eq!((&said["mergedIds"], &said["occupation"]), (&json!([twin.id]), &json!("editor")));
    }

    async fn a_merge_is_made_again_if_evidence_has_only_moved(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let twin = editor.create("Event", json!({ "name": "The strikes", "kind": "AIRSTRIKE" })).await;
        let strike = editor.record("strike").await;
        editor.merge(&strike, &twin).await;
        editor.revert_last(&twin.id).await;
        let merged_no_more = last_revision(&editor, &twin.id).await;
        prepend(&editor, "Update:").await;
        editor.revert(&merged_no_more).await;
        let said = editor.snapshot(&twin.id).await;
        assert_eq!(said["mergedIds"], json!([strike.id]));
        let first = span(&format!("Update: {BODY}"), "The army of Egypt sent planes to Derna", 0).0;
        assert_eq!(places(&said["citations"])[0], json!(["The army of Egypt sent planes to Derna", first, "MOVED"]));
        assert_eq!(places(&said["participants"][0]["citations"])[0][2], "MOVED");
    }

    async fn a_revert_can_be_reverted_whatever_happened_to_its_consequences(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let news = editor.record("news").await;
        prepend(&editor, "Update:").await;
        editor.revert_last(&news.id).await;
        let latest_revert = last_revision(&editor, &news.id).await;
        let strike = editor.record_by_id(&editor.id("strike").await).await;
        let citation = editor.snapshot(&strike.id).await["citations"][0]["id"].clone();
        editor.update("Event", &strike, json!({ "removeCitations": [citation] })).await;
        editor.revert(&latest_revert).await;
        assert_eq!(editor.snapshot(&news.id).await["body"], json!(format!("Update: {BODY}")));
        let left = editor.snapshot(&strike.id).await["citations"].clone();
        assert_eq!(left.as_array().unwrap().len(), 1, "it does not come back");
    }

    async fn empty_updates_and_consequences_are_not_reverted(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let refused = async |record: &SavedRecord| {
            let last = last_revision(&editor, &record.id).await;
            let [refusal] = editor.try_mutation("revertRevision", json!({ "id": last })).await.unwrap_err().try_into().unwrap();
            assert_eq!(refusal.to_string(), "CONFLICT id: nothing is left to revert: later changes have reverted it already");
            let current = (refusal.current["id"].as_str(), refusal.current["version"].as_i64());
            assert_eq!((current, refusal.differs), ((Some(record.id.as_str()), Some(record.version)), json!([])));
        };
        let libya = editor.update("Place", &editor.record("libya").await, json!({})).await;
        refused(&libya).await;
        // the same if it is a consequence of another change of the call
        let (strike, news) = (editor.record("strike").await, editor.record("news").await);
        editor.apply(json!([
            { "updateEvent": { "id": strike.id, "version": strike.version, "input": {} } },
            { "updateArticle": { "id": news.id, "version": news.version, "input": { "body": format!("Update: {BODY}") } } },
        ])).await;
        let before = editor.all_fields().await;
        refused(&editor.record_by_id(&strike.id).await).await;
        assert_eq!(editor.all_fields().await, before);
    }

    async fn merges_within_a_merge_are_reverted_in_order(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let start = editor.all_fields().await;
        let (omar, salma) = (editor.record("omar").await, editor.record("salma").await);
        let people = editor.merge(&omar, &salma).await;
        let people = last_revision(&editor, &people.id).await;
        let (libya, egypt) = (editor.record("libya").await, editor.record("egypt").await);
        let places = editor.merge(&libya, &egypt).await;
        let places = last_revision(&editor, &places.id).await;
        // the merged person names two countries that became one
        editor.revert(&people).await;
        assert_eq!(editor.snapshot(&omar.id).await["nationalities"], json!([egypt.id]));
        editor.revert_last(&salma.id).await;
        editor.revert(&places).await;
        editor.revert(&people).await;
        assert_eq!(editor.all_fields().await, start);
    }

    async fn evidence_that_moved_with_its_text_does_not_block_a_revert(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let news = editor.id("news").await;
        let quote = |quote: &str| json!({ "article": news, "quote": quote });
        let strike = editor.record("strike").await;
        let before = editor.snapshot(&strike.id).await["citations"].clone();
        let strike = editor.update("Event", &strike, json!({ "addCitations": [quote("Cairo did not confirm it")] })).await;
        let added = last_revision(&editor, &strike.id).await;
        prepend(&editor, "Update:").await;
        editor.revert(&added).await;
        let now = editor.snapshot(&strike.id).await["citations"].clone();
        assert_eq!(now[0]["start"].as_i64(), before[0]["start"].as_i64().map(|start| start + 8), "it stays where it has moved to");
        assert_eq!(places(&now).len(), places(&before).len());

        let made = editor.create("Event", json!({ "name": "Help", "kind": "OTHER", "citations": [quote("Libya asked Egypt for help")] })).await;
        let creation = last_revision(&editor, &made.id).await;
        prepend(&editor, "Corrected.").await;
        editor.revert(&creation).await;
        assert_eq!(editor.read("{ bin { nodes { ... on Event { name } } } }").await["bin"]["nodes"], json!([{ "name": "Help" }]));

        let twin = editor.create("Organization", json!({ "name": "Army of Egypt", "kind": "MILITARY" })).await;
        let start = editor.all_fields().await;
        let merged = editor.merge(&editor.record("army").await, &twin).await;
        prepend(&editor, "New.").await;
        editor.revert_last(&merged.id).await;
        let now = editor.all_fields().await;
        let said = |id: &str, field: &str| (start[id].get(field).cloned(), now[id].get(field).cloned());
        let (then, back) = said(&strike.id, "participants");
        assert_eq!(then.unwrap()[0]["participant"], back.unwrap()[0]["participant"]);
        assert_eq!(start[&merged.id], now[&merged.id]);
    }

    async fn restored_evidence_is_where_its_words_are_now_or_is_an_orphan(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let strike = editor.record("strike").await;
        let all = editor.snapshot(&strike.id).await["citations"].clone();
        let quote = all[0]["quote"].as_str().unwrap().to_owned();
        editor.update("Event", &strike, json!({ "removeCitations": [all[0]["id"]] })).await;
        let removed = last_revision(&editor, &strike.id).await;
        prepend(&editor, "Update:").await;
        editor.revert(&removed).await;
        let at = span(&format!("Update: {BODY}"), &quote, 0).0;
        assert_eq!(places(&editor.snapshot(&strike.id).await["citations"])[0], json!([quote, at, "MOVED"]));

        editor.revert_last(&strike.id).await;
        let removed = last_revision(&editor, &strike.id).await;
        let news = editor.update("Article", &editor.record("news").await, json!({ "body": "Nothing at all." })).await;
        editor.revert(&removed).await;
        assert_eq!(places(&editor.snapshot(&strike.id).await["citations"])[0], json!([quote, null, "ORPHANED"]));

        // the same for mentions
        let body = "Salma met Omar in Derna.";
        let (salma, omar) = (editor.id("salma").await, editor.id("omar").await);
        let mention = |entity: &str, text: &str| json!({ "entity": entity, "field": "BODY", "start": span(body, text, 0).0, "end": span(body, text, 0).1 });
        let news = editor.update("Article", &news, json!({ "body": body, "mentions": [mention(&salma, "Salma"), mention(&omar, "Omar")] })).await;
        let news = editor.update("Article", &news, json!({ "mentions": [] })).await;
        let emptied = last_revision(&editor, &news.id).await;
        editor.update("Article", &news, json!({ "body": "On Monday Salma met a friend." })).await;
        editor.revert(&emptied).await;
        let mentions = editor.snapshot(&news.id).await["mentions"].clone();
        let state = |mention: &Value| json!([mention["text"], mention["start"], mention["anchor"]]);
        let mut found: Vec<Value> = mentions.as_array().unwrap().iter().map(state).collect();
        found.sort_by_key(ToString::to_string);
        assert_eq!(found, [json!(["Omar", 10, "ORPHANED"]), json!(["Salma", 10, "MOVED"])]);
    }
}
