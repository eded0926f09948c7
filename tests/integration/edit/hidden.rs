//! An editor who replaces a list replaces what the editor sees: what the bin hides comes back with its record.

use serde_json::{Value, json};

use super::world::{BODY, span, world};
use crate::{both_databases, support::editor::Editor};

/// Replaces lists of a record while another record is in the bin. Gives the record before the change, and after the other one is back.
async fn replaced(editor: &Editor, kind: &str, key: &str, in_bin: &str, input: Value) -> (Value, Value) {
    let record = editor.record(key).await;
    let before = editor.snapshot(&record.id).await;
    let deleted = editor.record(in_bin).await;
    editor.delete(&deleted).await;
    editor.update(kind, &record, input).await;
    editor.restore(&deleted.id).await;
    (before, editor.snapshot(&record.id).await)
}

both_databases! {
    async fn what_happened_in_a_deleted_place_happened_in_no_place_that_contains_it(database: TestDatabase) {
        let place = |key: &str, kind: &str| json!({ "type": "PLACE", "key": key, "name": key, "kind": kind });
        let mut derna = place("derna", "CITY");
        derna["containedIn"] = json!("libya");
        let strike = json!({ "type": "EVENT", "key": "strike", "name": "Strike", "kind": "ATTACK", "places": [{ "place": "derna" }] });
        let editor = Editor::with_records(&database, &[place("libya", "COUNTRY"), derna, strike]).await;
        let document = "{ place: record(key: \"libya\") { ... on Place { events { totalCount } } }
            events(where: { places: { within: [\"libya\"] } }) { totalCount }
            all: events(first: 0) { facets(by: [PLACE, COUNTRY]) { missing buckets { value: label count } } } }";
        let shown = editor.read(document).await;
        assert_eq!((&shown["place"]["events"]["totalCount"], &shown["events"]["totalCount"]), (&json!(1), &json!(1)));
        let (libya, derna) = (json!({ "value": "libya", "count": 1 }), json!({ "value": "derna", "count": 1 }));
        assert_eq!(shown["all"]["facets"], json!([{ "missing": 0, "buckets": [derna, libya] }, { "missing": 0, "buckets": [libya] }]));

        let deleted = editor.delete(&editor.record("derna").await).await;
        let hidden = editor.read(document).await;
        assert_eq!((&hidden["place"]["events"]["totalCount"], &hidden["events"]["totalCount"]), (&json!(0), &json!(0)));
        assert_eq!(hidden["all"]["facets"], json!([{ "missing": 1, "buckets": [] }, { "missing": 1, "buckets": [] }]));
        let bin = editor.read("{ bin { nodes { ... on Place { events { totalCount } } } } }").await;
        assert_eq!(bin["bin"]["nodes"], json!([{ "events": { "totalCount": 1 } }]), "an editor still sees what happened there");

        editor.restore(&deleted.id).await;
        assert_eq!(editor.read(document).await, shown);
    }

    async fn links_to_a_deleted_record_survive_a_new_list(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let id = async |key: &str| editor.id(key).await;
        let (egypt, tunisia, libya) = (id("egypt").await, id("tunisia").await, id("libya").await);
        let (omar, salma, cairo) = (id("omar").await, id("salma").await, id("cairo").await);

        let (_, after) = replaced(&editor, "Person", "omar", "libya", json!({ "nationalities": [tunisia] })).await;
        assert_eq!(after["nationalities"], json!([libya, tunisia]));
        let (_, after) = replaced(&editor, "Person", "omar", "tunisia", json!({ "nationalities": null })).await;
        assert_eq!(after["nationalities"], json!([tunisia]), "null clears what the editor sees");

        let (_, after) = replaced(&editor, "Article", "news", "omar", json!({ "authors": [salma] })).await;
        assert_eq!(after["authors"], json!([omar, salma]));

        let (start, end) = span(BODY, "Egypt", 0);
        let given = json!({ "mentions": [{ "entity": egypt, "field": "BODY", "start": start, "end": end }] });
        let (before, after) = replaced(&editor, "Article", "news", "libya", given).await;
        assert_eq!(after["mentions"], json!([before["mentions"][0], before["mentions"][1], before["mentions"][4]]));

        let (before, after) = replaced(&editor, "Event", "strike", "derna", json!({ "places": [{ "place": cairo }] })).await;
        assert_eq!(after["places"], json!([before["places"][0], { "place": cairo }]));
        let relation = json!({ "citations": [] });
        let (before, after) = replaced(&editor, "Relation", "border", "news", relation).await;
        assert_eq!(after["citations"], before["citations"]);
    }

    async fn participants_and_evidence_of_a_deleted_record_survive_a_new_list(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (army, news) = (editor.id("army").await, editor.id("news").await);
        let group = json!({ "description": "21 people", "count": 21, "role": "VICTIM" });

        let given = json!({ "participants": [{ "description": "a pilot", "role": "ATTACKER" }, group] });
        let (before, after) = replaced(&editor, "Event", "strike", "army", given).await;
        assert_eq!(after["participants"][0], before["participants"][0], "with its id and its evidence");
        assert_eq!(after["participants"][1]["description"], "a pilot");
        assert_eq!(after["participants"][2], before["participants"][1]);

        let quote = json!({ "article": news, "quote": "Cairo did not confirm it" });
        let (before, after) = replaced(&editor, "Event", "strike", "khabar", json!({ "citations": [quote] })).await;
        assert_eq!(after["citations"][0]["quote"], "Cairo did not confirm it");
        assert_eq!(after["citations"][1], before["citations"][1]);

        let given = json!({ "participants": [{ "participant": army, "role": "ATTACKER" }], "citations": [] });
        let (before, after) = replaced(&editor, "Event", "strike", "news", given).await;
        assert_eq!(after["participants"], json!([before["participants"][0]]), "the evidence of a participant, too");
        let mut kept = before["citations"].clone();
        kept.as_array_mut().expect("a list").truncate(1);
        assert_eq!(after["citations"], kept);
        let given = json!({ "updateParticipants": [{ "id": before["participants"][0]["id"], "citations": [] }] });
        let (before, after) = replaced(&editor, "Event", "strike", "news", given).await;
        assert_eq!(after["participants"], before["participants"]);
    }

    async fn a_hidden_link_of_an_item_stays_with_the_item(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let strike = editor.record("strike").await;
        let (army, news) = (editor.id("army").await, editor.id("news").await);
        let officers = json!({ "participant": army, "description": "officers", "role": "SPEAKER" });
        editor.update("Event", &strike, json!({ "addParticipants": [officers] })).await;
        let given = json!({
            "citations": [{ "article": news, "quote": "The army of Egypt sent planes to Derna", "note": "on page 1" }],
            "participants": [{ "description": "officers", "role": "SPEAKER" }],
        });
        let (before, after) = replaced(&editor, "Event", "strike", "army", given).await;
        let mut cited = before["citations"][0].clone();
        cited["note"] = "on page 1".into();
        assert_eq!(after["citations"], json!([cited]));
        assert_eq!(after["participants"], json!([before["participants"][0], before["participants"][2]]));
    }

    async fn a_hidden_item_is_removed_by_its_id_and_a_problem_names_the_item_of_the_input(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let news = editor.record("news").await;
        let khabar = editor.record("khabar").await;
        editor.delete(&news).await;
        let strike = editor.record("strike").await;
        let before = editor.snapshot(&strike.id).await;
        let wrong = json!({ "citations": [
            { "article": khabar.id, "quote": "الطائرات ضربت درنة" }, { "article": khabar.id, "quote": "ليست هنا" }] });
        assert_eq!(
            editor.failed_update("Event", &strike, wrong).await,
            ["INVALID citations.1.quote: is not in the body of the article"],
        );
        editor.update("Event", &strike, json!({ "removeCitations": [before["citations"][0]["id"]] })).await;
        editor.restore(&news.id).await;
        assert_eq!(editor.snapshot(&strike.id).await["citations"], json!([before["citations"][1]]));
    }

    async fn a_line_of_an_import_is_the_whole_record(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let news = editor.record("news").await;
        editor.delete(&news).await;
        let line = json!({ "type": "EVENT", "key": "strike", "kind": "AIRSTRIKE", "name": "Air strikes on Derna" });
        crate::support::lines::import_all(&editor.connection, &[line]).await;
        editor.restore(&news.id).await;
        let strike = editor.record("strike").await;
        assert_eq!(editor.snapshot(&strike.id).await.get("citations"), None);
    }
}
