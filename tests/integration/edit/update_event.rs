//! The parts of an event are changed through the event: its places, its participants and its evidence.

use serde_json::{Value, json};

use super::world::world;
use crate::{both_databases, support::editor::Editor};

both_databases! {
    async fn participants_are_added_changed_and_removed_and_the_others_stay(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (news, omar) = (editor.id("news").await, editor.id("omar").await);
        let strike = editor.record("strike").await;
        let [army, people] = [0, 1].map(|at| move |snapshot: &Value| snapshot["participants"][at].clone());
        let before = editor.snapshot(&strike.id).await;
        let changed = editor.update("Event", &strike, json!({
            "addParticipants": [{ "participant": omar, "role": "SPEAKER", "citations": [{ "article": news, "quote": "did not confirm" }] }],
            "updateParticipants": [{ "id": people(&before)["id"], "count": 20, "description": "20 people" }],
        })).await;
        assert_eq!(changed.version, strike.version + 1);
        let after = editor.snapshot(&strike.id).await;
        assert_eq!(army(&after), army(&before));
        assert_eq!(people(&after), json!({ "id": people(&before)["id"], "description": "20 people", "count": 20, "role": "VICTIM" }));
        let added = &after["participants"][2];
        assert_eq!(json!([added["participant"], added["role"], added["citations"][0]["quote"]]), json!([omar, "SPEAKER", "did not confirm"]));
        assert_eq!(after["citations"], before["citations"]);

        let changed = editor.update("Event", &changed, json!({ "removeParticipants": [people(&after)["id"]] })).await;
        let last = editor.snapshot(&strike.id).await;
        assert_eq!(last["participants"], json!([army(&before), added]));
        let gone = editor.failed_update("Event", &changed, json!({
            "removeParticipants": [people(&after)["id"]], "updateParticipants": [{ "id": people(&after)["id"], "count": 1 }, { "id": "x" }],
        })).await;
        assert_eq!(gone, [
            "INVALID updateParticipants.1.id: \"x\" is not an id: use a UUID with hyphens",
            "NOT_FOUND removeParticipants.0: is not in the list, so it cannot be removed",
            "NOT_FOUND updateParticipants.0.id: no item of participants has this id: add it, or read the record again",
        ]);
        let army = army(&before)["id"].clone();
        let twice = editor.failed_update("Event", &changed, json!({ "removeParticipants": [army, army] })).await;
        assert_eq!(twice, ["NOT_FOUND removeParticipants.1: is not in the list, so it cannot be removed"]);
        let twice = json!({ "updateParticipants": [{ "id": army, "count": 1 }, { "id": army, "count": 2 }] });
        assert_eq!(
            editor.failed_update("Event", &changed, twice).await,
            ["DUPLICATE updateParticipants.1.id: another item of this list has the same id"],
        );
    }

    async fn a_participant_needs_a_record_or_a_description(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let strike = editor.record("strike").await;
        let people = editor.snapshot(&strike.id).await["participants"][1]["id"].clone();
        let problems = editor.failed_update("Event", &strike, json!({
            "addParticipants": [{ "role": "HOST" }, { "role": "HOST", "description": " " }],
            "updateParticipants": [{ "id": people, "description": null, "role": null }],
        })).await;
        assert_eq!(problems, [
            "REQUIRED updateParticipants.0.role: is required: it cannot be cleared",
            "REQUIRED updateParticipants.0.participant: is missing: give participant, description or both",
            "REQUIRED addParticipants.0.participant: is missing: give participant, description or both",
            "REQUIRED addParticipants.1.participant: is missing: give participant, description or both",
        ]);
    }

    async fn the_evidence_of_a_participant_is_changed_through_it(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let news = editor.id("news").await;
        let strike = editor.record("strike").await;
        let army = editor.snapshot(&strike.id).await["participants"][0].clone();
        let citation = &army["citations"][0];
        let changed = editor.update("Event", &strike, json!({ "updateParticipants": [{
            "id": army["id"],
            "addCitations": [{ "article": news, "quote": "The army of Egypt sent planes" }],
            "updateCitations": [{ "id": citation["id"], "quote": "planes to Derna", "modality": "CLAIM" }],
        }] })).await;
        let after = editor.snapshot(&strike.id).await["participants"][0].clone();
        assert_eq!(after["id"], army["id"]);
        let shown = |citation: &Value| json!([citation["id"] == army["citations"][0]["id"], citation["quote"], citation["modality"], citation["anchor"]]);
        assert_eq!(shown(&after["citations"][0]), json!([true, "planes to Derna", "CLAIM", "ANCHORED"]));
        assert_eq!(shown(&after["citations"][1]), json!([false, "The army of Egypt sent planes", "FACT", "ANCHORED"]));

        let problems = editor.failed_update("Event", &changed, json!({ "updateParticipants": [{
            "id": army["id"],
            "addCitations": [{ "article": news, "quote": "nowhere" }],
            "updateCitations": [{ "id": citation["id"], "quote": "Libya" }],
            "removeCitations": [news],
        }] })).await;
        assert_eq!(problems, [
            "NOT_FOUND updateParticipants.0.removeCitations.0: is not in the list, so it cannot be removed",
            "INVALID updateParticipants.0.updateCitations.0.quote: occurs more than once in the body of the article: give its start",
            "INVALID updateParticipants.0.addCitations.0.quote: is not in the body of the article",
        ]);

        editor.update("Event", &changed, json!({ "updateParticipants": [{ "id": army["id"], "removeCitations": [citation["id"]] }] })).await;
        let last = editor.snapshot(&strike.id).await["participants"][0].clone();
        assert_eq!(last["citations"], json!([after["citations"][1]]));
    }

    async fn citations_keep_their_ids_and_are_searched_again_when_their_words_change(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (news, egypt) = (editor.id("news").await, editor.id("egypt").await);
        let strike = editor.record("strike").await;
        let before = editor.snapshot(&strike.id).await["citations"].clone();
        let strike = editor.update("Event", &strike, json!({
            "updateCitations": [
                { "id": before[0]["id"], "note": "A remark.", "attributedTo": null, "attributedToCountry": egypt, "date": { "edtf": "2015" } },
                { "id": before[1]["id"], "article": news, "quote": "on Monday" },
            ],
        })).await;
        let after = editor.snapshot(&strike.id).await["citations"].clone();
        let mut first = before[0].clone();
        first.as_object_mut().unwrap().remove("attributedTo");
        (first["note"], first["attributedToCountry"], first["date"]) = ("A remark.".into(), egypt.into(), json!({ "edtf": "2015" }));
        assert_eq!(after[0], first);
        assert_eq!(json!([after[1]["id"], after[1]["article"], after[1]["quote"], after[1]["anchor"]]), json!([before[1]["id"], news, "on Monday", "ANCHORED"]));
        let strike = editor.update("Event", &strike, json!({ "removeCitations": [before[0]["id"]], "addCitations": [{ "article": news, "quote": "Cairo" }] })).await;
        let last = editor.snapshot(&strike.id).await["citations"].clone();
        assert_eq!(json!([last[0], last[1]["quote"], last[2]]), json!([after[1], "Cairo", null]));
    }

    async fn the_places_of_an_event_are_unique_and_can_be_described_again(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (derna, cairo, libya) = (editor.id("derna").await, editor.id("cairo").await, editor.id("libya").await);
        let strike = editor.record("strike").await;
        let strike = editor.update("Event", &strike, json!({ "addPlaces": [{ "place": cairo }, { "place": derna, "isCertain": false }] })).await;
        assert_eq!(editor.snapshot(&strike.id).await["places"], json!([{ "place": derna, "isCertain": false }, { "place": cairo }]));
        let strike = editor.update("Event", &strike, json!({ "removePlaces": [derna] })).await;
        assert_eq!(editor.snapshot(&strike.id).await["places"], json!([{ "place": cairo }]));
        assert_eq!(
            editor.failed_update("Event", &strike, json!({ "removePlaces": [derna] })).await,
            ["NOT_FOUND removePlaces.0: is not in the list, so it cannot be removed"]
        );
        assert_eq!(
            editor.failed_update("Event", &strike, json!({ "places": [{ "place": libya }, { "place": libya }] })).await,
            ["DUPLICATE places.1.place: the place is already in the list"]
        );
        let within = "query ($id: ID!) { place(id: $id) { events { totalCount } } }";
        assert_eq!(editor.read_with(within, json!({ "id": libya })).await["place"]["events"]["totalCount"], 0);
    }

    async fn a_date_that_is_relative_follows_its_anchor_and_an_asserted_one_does_not(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let dates = || async {
            let found = editor.read("{ events(orderBy: [{ field: NAME }]) { nodes { key version date { edtf } } } }").await;
            let nodes = found["events"]["nodes"].as_array().unwrap().clone();
            json!(nodes.iter().map(|event| json!([event["key"], event["version"], event["date"]["edtf"]])).collect::<Vec<_>>())
        };
        assert_eq!(dates().await, json!([["strike", 1, "2015-02-16"], ["answer", 1, "2015-02-23"]]));
        let strike = editor.update("Event", &editor.record("strike").await, json!({ "date": { "edtf": "2015-02-20" } })).await;
        let moved = dates().await;
        assert_eq!(json!([moved[0], moved[1][2]]), json!([["strike", 2, "2015-02-20"], "2015-02-27"]));
        let answer = editor.record("answer").await;
        let relative = json!({ "anchor": strike.id, "relation": "AFTER", "duration": "P1W" });
        editor.update("Event", &answer, json!({ "date": { "edtf": "2015-02-24", "relative": relative } })).await;
        editor.update("Event", &strike, json!({ "date": { "edtf": "2015-02-10" } })).await;
        assert_eq!(dates().await[1][2], "2015-02-24");
    }
}
