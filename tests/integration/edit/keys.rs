//! Keys where edits take ids: as arguments, as references in inputs, and among the changes of one call.

use serde_json::json;

use super::world::{BODY, world};
use crate::{
    both_databases,
    support::editor::{Editor, messages, saved_record},
};

both_databases! {
    async fn every_argument_that_names_a_record_takes_its_key(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let done = async |mutation: &str, arguments| saved_record(&editor.try_mutation(mutation, arguments).await.expect("it is carried out"));
        let (libya, border) = (editor.id("libya").await, editor.id("border").await);
        assert_eq!(done("updatePlace", json!({ "id": "libya", "version": 1, "input": { "population": 7 } })).await.id, libya);
        assert_eq!(done("updateRelation", json!({ "id": "border", "version": 1, "input": { "description": "long" } })).await.id, border);
        assert_eq!(done("deleteRelation", json!({ "id": "border", "version": 2 })).await.id, border);
        assert_eq!(done("restoreRecord", json!({ "id": "border" })).await.id, border);
        assert_eq!(done("deleteRecord", json!({ "id": "libya", "version": 2 })).await.id, libya);
        assert_eq!(done("restoreRecord", json!({ "id": "libya" })).await.id, libya);
        let tunisia = editor.id("tunisia").await;
        assert_eq!(done("mergeEntities", json!({ "from": "egypt", "fromVersion": 1, "into": "tunisia", "intoVersion": 1 })).await.id, tunisia);
        let mention = json!([{ "entity": "cairo", "field": "BODY", "start": 87, "end": 92 }]);
        assert_eq!(BODY.chars().skip(87).take(5).collect::<String>(), "Cairo");
        let news = editor.record("news").await;
        assert_eq!(done("linkMentions", json!({ "articleId": "news", "version": news.version, "mentions": mention })).await.id, news.id);
        let found = editor.read_with("{ article(id: \"news\") { version mentions { nodes { id text } } } }", json!({})).await;
        let mentions = found["article"]["mentions"]["nodes"].as_array().expect("mentions");
        let cairo = mentions.iter().find(|mention| mention["text"] == "Cairo").expect("it was added");
        let arguments = json!({ "articleId": "news", "version": found["article"]["version"], "mentionIds": [cairo["id"]] });
        assert_eq!(done("unlinkMentions", arguments).await.id, news.id);
    }

    async fn references_in_inputs_are_ids_or_keys(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let egypt = editor.id("egypt").await;
        let event = editor.create("Event", json!({ "name": "Meeting", "kind": "MEETING", "partOf": "strike",
            "places": [{ "place": "derna" }, { "place": egypt }],
            "participants": [{ "participant": "army", "role": "HOST", "citations": [{ "article": "news", "quote": "The army of Egypt" }] }],
            "citations": [{ "article": "news", "quote": "Libya asked Egypt", "attributedTo": "salma", "attributedToCountry": "egypt" }],
            "date": { "relative": { "anchor": "strike", "relation": "AFTER", "duration": "P1D" } } })).await;
        let found = editor.read_with("query ($id: ID!) { event(id: $id) { partOf { key } places { nodes { key } } date { edtf relative { anchor { key } } }
            participants { nodes { participant { key } citations { nodes { article { key } } } } }
            citations { nodes { article { key } attributedTo { key } attributedToCountry { key } } } } }", json!({ "id": event.id })).await;
        assert_eq!(found["event"], json!({ "partOf": { "key": "strike" }, "places": { "nodes": [{ "key": "derna" }, { "key": "egypt" }] },
            "date": { "edtf": "2015-02-17", "relative": { "anchor": { "key": "strike" } } },
            "participants": { "nodes": [{ "participant": { "key": "army" }, "citations": { "nodes": [{ "article": { "key": "news" } }] } }] },
            "citations": { "nodes": [{ "article": { "key": "news" }, "attributedTo": { "key": "salma" }, "attributedToCountry": { "key": "egypt" } }] } }));
        let snapshot = editor.snapshot(&event.id).await;
        assert_eq!(snapshot["places"][1]["place"], *egypt, "the history has ids");
        let omar = editor.record("omar").await;
        let omar = editor.update("Person", &omar, json!({ "removeNationalities": ["libya"], "addNationalities": ["tunisia"] })).await;
        let strike = editor.record("strike").await;
        editor.update("Event", &strike, json!({ "removePlaces": ["derna"], "addPlaces": [{ "place": "cairo" }] })).await;
        let found = editor.read_with("{ person(id: \"omar\") { nationalities { key } } event(id: \"strike\") { places { nodes { key } } } }", json!({})).await;
        assert_eq!(found["person"]["nationalities"], json!([{ "key": "egypt" }, { "key": "tunisia" }]));
        assert_eq!(found["event"]["places"]["nodes"], json!([{ "key": "cairo" }]));
        assert_eq!(omar.version, 2);
    }

    async fn the_id_and_the_key_of_a_record_count_as_one(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (libya, egypt) = (editor.record("libya").await, editor.record("egypt").await);
        let twice = json!({ "name": "Somebody", "nationalities": ["egypt", egypt.id] });
        assert_eq!(editor.failed_create("Person", twice).await, ["DUPLICATE nationalities.1: the nationality is already in the list"]);
        let salma = editor.record("salma").await;
        let salma = editor.update("Person", &salma, json!({ "addNationalities": ["egypt", egypt.id, "libya", libya.id] })).await;
        let found = editor.read_with("query ($id: ID!) { person(id: $id) { nationalities { key } } }", json!({ "id": salma.id })).await;
        assert_eq!(found["person"]["nationalities"], json!([{ "key": "egypt" }, { "key": "libya" }]));
        let one_record = "another change of the call changes the same record: use one change or two calls";
        assert_eq!(editor.failed_apply(json!([
            { "updatePlace": { "id": "libya", "version": 1, "input": { "population": 1 } } },
            { "deleteRecord": { "id": libya.id, "version": 1 } },
            { "updatePlace": { "id": egypt.id, "version": 1, "input": { "population": 1 } } },
            { "updatePlace": { "id": "egypt", "version": 1, "input": { "population": 2 } } },
        ])).await, [format!("DUPLICATE changes.1.id: {one_record}"), format!("DUPLICATE changes.3.id: {one_record}")]);
        let same = editor.try_mutation("mergeEntities", json!({ "from": "libya", "fromVersion": 1, "into": libya.id, "intoVersion": 1 })).await;
        assert_eq!(messages(&same.unwrap_err()), ["DUPLICATE into: must not be the same record as from"]);
    }

    async fn the_key_of_a_record_of_the_same_call_is_known(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let results = editor.apply(json!([
            { "createRelation": { "key": "new/relation", "source": "new/person", "kind": "ACTIVE_IN", "target": "new/city" } },
            { "createPlace": { "key": "new/city", "name": "City", "kind": "CITY", "containedIn": "renamed" } },
            { "createPerson": { "key": "new/person", "id": "_:person", "name": "Person", "nationalities": ["renamed"] } },
            { "updatePlace": { "id": "tunisia", "version": 1, "input": { "key": "renamed" } } },
            { "updateEvent": { "id": "strike", "version": 1, "input": { "addPlaces": [{ "place": "new/city" }],
                "addParticipants": [{ "participant": "new/person", "role": "SPEAKER" }] } } },
        ])).await;
        assert_eq!(results.as_array().map(Vec::len), Some(5));
        let found = editor.read_with("{ place(id: \"new/city\") { containedIn { key } events(includeContained: false) { nodes { key } } }
            person(id: \"new/person\") { nationalities { key } relations { nodes { key } } } }", json!({})).await;
        assert_eq!(found, json!({ "place": { "containedIn": { "key": "renamed" }, "events": { "nodes": [{ "key": "strike" }] } },
            "person": { "nationalities": [{ "key": "renamed" }], "relations": { "nodes": [{ "key": "new/relation" }] } } }));
        let both = json!([
            { "createPerson": { "name": "Twice", "nationalities": ["_:n", "new/country"] } },
            { "createPlace": { "id": "_:n", "key": "new/country", "name": "N", "kind": "COUNTRY" } },
        ]);
        assert_eq!(editor.failed_apply(both).await, ["DUPLICATE changes.0.nationalities.1: the nationality is already in the list"]);
        let changed_too = json!([
            { "createPlace": { "key": "later", "name": "Later", "kind": "CITY" } },
            { "updatePlace": { "id": "later", "version": 1, "input": { "population": 1 } } },
        ]);
        assert_eq!(editor.failed_apply(changed_too).await,
            ["NOT_FOUND changes.1.id: \"later\" is created by another change of the call: put all fields into that change"]);
    }

    async fn a_reference_to_a_record_with_problems_is_not_reported_as_well(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        assert_eq!(editor.failed_apply(json!([
            { "createPlace": { "key": "new/city", "name": "City", "kind": "CITY", "containedIn": "new/country" } },
            { "createPlace": { "key": "new/country", "name": "", "kind": "COUNTRY" } },
        ])).await, ["REQUIRED changes.1.name: is empty"]);
    }

    async fn unknown_keys_are_not_found(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let unknown = |field: &str, key: &str| format!("NOT_FOUND {field}: no record has the key {key:?}: check it, or create the record first");
        for key in ["nowhere", "no key", "ليبيا", "{libya}"] {
            assert_eq!(editor.failed_create("Place", json!({ "name": "City", "kind": "CITY", "containedIn": key })).await, [unknown("containedIn", key)]);
            let salma = editor.record("salma").await;
            assert_eq!(editor.failed_update("Person", &salma, json!({ "addNationalities": [key] })).await, [unknown("addNationalities.0", key)]);
        }
        assert_eq!(editor.failed_create("Person", json!({ "name": "P", "nationalities": ["news"] })).await,
            ["WRONG_TYPE nationalities.0: news is an article, not a place"]);
    }

    async fn items_and_revisions_have_ids_only(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let strike = editor.record("strike").await;
        let no_id = |field: &str| format!("INVALID {field}: \"strike\" is not an id: use a UUID with hyphens");
        assert_eq!(editor.failed_update("Event", &strike, json!({ "removeParticipants": ["strike"] })).await, [no_id("removeParticipants.0")]);
        assert_eq!(editor.failed_update("Event", &strike, json!({ "updateCitations": [{ "id": "strike", "note": "x" }] })).await, [no_id("updateCitations.0.id")]);
        assert_eq!(editor.failed_revert("strike").await, [no_id("id")]);
        assert_eq!(editor.failed_create("Place", json!({ "id": "tobruk", "name": "Tobruk", "kind": "CITY" })).await,
            ["INVALID id: is not an id: use a UUID with hyphens"]);
    }

    async fn a_key_that_looks_like_an_id_is_refused(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let libya = editor.record("libya").await;
        for (key, problem) in [
            ("0190b6f5-7e3c-7000-8000-000000000000", "is not a key: it has the form of an id"),
            ("0190B6F5-7E3C-7000-8000-00000000ABCD", "is not a key: it has the form of an id"),
            ("00000000-0000-0000-0000-000000000000", "is not a key: it has the form of an id"),
            ("_:new", "is not a key: it has the form of a temporary id"),
        ] {
            let expected = [format!("INVALID key: {key:?} {problem}")];
            assert_eq!(editor.failed_create("Place", json!({ "key": key, "name": "City", "kind": "CITY" })).await, expected);
            assert_eq!(editor.failed_update("Place", &libya, json!({ "key": key })).await, expected);
            let change = json!([{ "createPlace": { "key": key, "name": "City", "kind": "CITY" } }]);
            assert_eq!(editor.failed_apply(change).await, [format!("INVALID changes.0.key: {key:?} {problem}")]);
        }
    }
}
