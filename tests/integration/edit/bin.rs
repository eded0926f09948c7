//! A deleted record appears in no read, and comes back unchanged.

use dateline::domain::access::Role;
use serde_json::{Value, json};

use super::world::world;
use crate::{
    both_databases,
    support::editor::{Editor, SavedRecord},
};

/// Everything that readers see: lists, counts and links.
const ALL: [&str; 2] = [
    "{
        places(first: 10) { totalCount nodes { id name containedIn { id } ancestors { id } neighbours(first: 5) { totalCount nodes { id } }
            contains(first: 5) { totalCount nodes { id } } events(first: 5) { totalCount nodes { id } } organizations(first: 5) { totalCount }
            articles(first: 5) { totalCount nodes { id } } mentions(first: 10) { totalCount nodes { article { id } } }
            relations(first: 5) { totalCount nodes { id source { id } target { id } citations(first: 2) { totalCount nodes { article { id } } } } }
            related { entity { id } sharedArticles sharedEvents } } }
        organizations(first: 10) { totalCount nodes { id country { id } headquarters { id } parent { id } published(first: 5) { totalCount nodes { id } }
            events(first: 5) { totalCount nodes { id } } relations(first: 5) { totalCount } } }
        people(first: 10) { totalCount nodes { id nationalities { id } authored(first: 5) { totalCount nodes { id } } events(first: 5) { totalCount } } }
    }",
    "{
        articles(first: 10) { totalCount nodes { id publisher { id } authors { id } dateline { id } mentions(first: 10) { totalCount nodes { id entity { id } meant { id } } }
            places(first: 5) { totalCount nodes { id } } organizations(first: 5) { totalCount } events(first: 5) { totalCount nodes { id } } citations(first: 5) { totalCount nodes { id } } } }
        events(first: 10) { totalCount nodes { id date { edtf relative { anchor { id } } } partOf { id } parts(first: 5) { totalCount nodes { id } } places(first: 5) { totalCount edges { description node { id } } }
            participants(first: 5) { totalCount nodes { id participant { id } description count role citations(first: 5) { totalCount } } }
            citations(first: 5) { totalCount nodes { id article { id } attributedTo { id } } } } }
    }",
];

async fn all(editor: &Editor) -> Value {
    json!([editor.read(ALL[0]).await, editor.read(ALL[1]).await])
}

both_databases! {
    async fn a_deleted_record_appears_nowhere_and_restoring_it_brings_back_all_links(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (seen, said) = (all(&editor).await, editor.all_fields().await);
        for key in ["libya", "derna", "cairo", "army", "agency", "omar", "news", "khabar", "strike", "answer"] {
            let record = editor.record(key).await;
            let deleted = editor.delete(&record).await;
            assert_eq!(deleted, SavedRecord { version: record.version + 1, ..record.clone() });
            let left = all(&editor).await;
            assert!(!left.to_string().contains(&record.id), "{key} is still seen: {left:#}");
            let found = editor.read_with(
                "query ($id: ID!, $key: String) { node(id: $id) { id } nodes(ids: [$id]) { id } record(key: $key) { id } bin { nodes { id } } }",
                json!({ "id": record.id, "key": key }),
            ).await;
            assert_eq!(found, json!({ "node": null, "nodes": [null], "record": null, "bin": { "nodes": [{ "id": record.id }] } }));
            let restored = editor.restore(&record.id).await;
            assert_eq!(restored.version, record.version + 2);
            assert_eq!(all(&editor).await, seen, "after {key} came back");
            assert_eq!(editor.all_fields().await, said, "after {key} came back");
        }
        assert_eq!(editor.read("{ bin { totalCount } }").await["bin"]["totalCount"], 0);
    }

    async fn a_participant_in_the_bin_is_hidden_and_a_described_one_stays(database: TestDatabase) {
        const SEEN: &str = "query ($strike: ID!, $news: ID!, $row: ID!) {
            event(id: $strike) { participants { totalCount nodes { participant { id } description role } } }
            article(id: $news) { citations { totalCount } events { edges { citationCount } } }
            node(id: $row) { id } }";
        let editor = Editor::with_records(&database, &world()).await;
        let (strike, army) = (editor.record("strike").await, editor.record("army").await);
        let officers = json!({ "participant": army.id, "description": "officers", "role": "SPEAKER" });
        editor.update("Event", &strike, json!({ "addParticipants": [officers] })).await;
        let row = editor.snapshot(&strike.id).await["participants"][0]["id"].clone();
        let variables = json!({ "strike": strike.id, "news": editor.id("news").await, "row": row });
        let before = editor.read_with(SEEN, variables.clone()).await;
        assert_eq!(before["event"]["participants"]["totalCount"], 3);
        assert_eq!(before["article"]["citations"]["totalCount"], 3);

        editor.delete(&army).await;
        let after = editor.read_with(SEEN, variables.clone()).await;
        assert_eq!(after["event"]["participants"], json!({ "totalCount": 2, "nodes": [
            { "participant": null, "description": "21 people", "role": "VICTIM" },
            { "participant": null, "description": "officers", "role": "SPEAKER" }] }));
        assert_eq!(after["node"], Value::Null);
        assert_eq!(after["article"]["citations"]["totalCount"], 2, "its evidence is hidden with it");

        editor.restore(&army.id).await;
        assert_eq!(editor.read_with(SEEN, variables).await, before);
    }

    async fn the_evidence_of_a_relation_is_hidden_with_one_of_its_ends(database: TestDatabase) {
        const SEEN: &str = "query ($id: ID!) { article(id: $id) { citations { totalCount nodes { subject { id } } } } }";
        let editor = Editor::with_records(&database, &world()).await;
        let (news, libya) = (json!({ "id": editor.id("news").await }), editor.record("libya").await);
        let before = editor.read_with(SEEN, news.clone()).await;
        assert_eq!(before["article"]["citations"]["totalCount"], 3);
        editor.delete(&libya).await;
        assert_eq!(editor.read_with(SEEN, news.clone()).await["article"]["citations"]["totalCount"], 2);
        editor.restore(&libya.id).await;
        assert_eq!(editor.read_with(SEEN, news).await, before);
    }

    async fn a_relation_disappears_and_comes_back(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (seen, said) = (all(&editor).await, editor.all_fields().await);
        let border = editor.record("border").await;
        editor.delete_relation(&border).await;
        assert!(!all(&editor).await.to_string().contains(&border.id));
        assert_eq!(editor.restore(&border.id).await.version, border.version + 2);
        assert_eq!((all(&editor).await, editor.all_fields().await), (seen, said));
    }

    async fn the_ids_and_keys_of_merged_records_find_a_restored_survivor(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let twin = editor.create("Place", json!({ "key": "lby", "name": "LBY", "kind": "COUNTRY" })).await;
        let libya = editor.merge(&twin, &editor.record("libya").await).await;
        let found = || editor.read_with(
            "query ($id: ID!) { node(id: $id) { id ... on Place { mergedIds } } record(key: \"lby\") { id } }",
            json!({ "id": twin.id }),
        );
        let there = json!({ "node": { "id": libya.id, "mergedIds": [twin.id] }, "record": { "id": libya.id } });
        assert_eq!(found().await, there);
        editor.delete(&libya).await;
        assert_eq!(found().await, json!({ "node": null, "record": null }));
        editor.restore(&twin.id).await;
        assert_eq!(found().await, there);
    }

    async fn the_bin_is_for_editors(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        editor.delete(&editor.record("libya").await).await;
        editor.delete(&editor.record("omar").await).await;
        let bin = editor.read("{ bin { totalCount nodes { __typename key name deletedAt } } people: bin(types: [PERSON]) { nodes { key } } }").await;
        assert_eq!(bin["bin"]["totalCount"], 2);
        let keys: Vec<&Value> = bin["bin"]["nodes"].as_array().unwrap().iter().map(|node| &node["key"]).collect();
        assert_eq!(keys, ["omar", "libya"], "the newest first");
        assert!(bin["bin"]["nodes"][0]["deletedAt"].is_string());
        assert_eq!(bin["people"], json!({ "nodes": [{ "key": "omar" }] }));
        let reader = editor.as_user("reader", Role::Reader).await;
        let answer = reader.answer("{ bin { totalCount } }", json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
        let anonymous: Value = editor.request(reqwest::Method::POST).json(&json!({ "query": "{ bin { totalCount } }" }))
            .send().await.unwrap().json().await.unwrap();
        assert_eq!(anonymous["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    }

    async fn restoring_a_record_that_is_not_deleted_changes_nothing(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let libya = editor.record("libya").await;
        assert_eq!(editor.restore(&libya.id).await, libya);
    }

    async fn a_changed_record_keeps_its_links_to_records_in_the_bin(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let ids = json!([editor.id("libya").await, editor.id("egypt").await, editor.id("tunisia").await]);
        let before = editor.snapshot(&editor.id("news").await).await;
        for key in ["libya", "army"] {
            editor.delete(&editor.record(key).await).await;
        }
        editor.update("Place", &editor.record("derna").await, json!({ "population": 1 })).await;
        editor.update("Person", &editor.record("omar").await, json!({ "addNationalities": [ids[2]] })).await;
        editor.update("Event", &editor.record("strike").await, json!({ "status": "CONFIRMED", "addParticipants": [{ "description": "others", "role": "OTHER" }] })).await;
        editor.update("Article", &editor.record("news").await, json!({ "publishedOn": "2015-02-18" })).await;
        let found = editor.read("{ derna: record(key: \"derna\") { ... on Place { containedIn { id } } } omar: record(key: \"omar\") { ... on Person { nationalities { key } } }
            strike: record(key: \"strike\") { ... on Event { participants { nodes { participant { id } } } } } }").await;
        assert_eq!(found["derna"], json!({ "containedIn": null }));
        assert_eq!(found["omar"], json!({ "nationalities": [{ "key": "egypt" }, { "key": "tunisia" }] }));
        assert_eq!(found["strike"]["participants"]["nodes"], json!([{ "participant": null }, { "participant": null }]), "without the army, which is in the bin");
        let bin = editor.read("{ bin { nodes { id } } }").await;
        for node in bin["bin"]["nodes"].as_array().unwrap() {
            editor.restore(node["id"].as_str().unwrap()).await;
        }
        let found = editor.read("{ derna: record(key: \"derna\") { ... on Place { containedIn { key } } } omar: record(key: \"omar\") { ... on Person { nationalities { id } } }
            strike: record(key: \"strike\") { ... on Event { participants { nodes { participant { key } } } citations { nodes { attributedTo { key } } } } } }").await;
        assert_eq!(found["derna"], json!({ "containedIn": { "key": "libya" } }));
        assert_eq!(found["omar"], json!({ "nationalities": [{ "id": ids[0] }, { "id": ids[1] }, { "id": ids[2] }] }));
        assert_eq!(found["strike"], json!({
            "participants": { "nodes": [{ "participant": { "key": "army" } }, { "participant": null }, { "participant": null }] },
            "citations": { "nodes": [{ "attributedTo": { "key": "army" } }, { "attributedTo": null }] },
        }));
        assert_eq!(editor.snapshot(&editor.id("news").await).await["mentions"], before["mentions"]);
    }
}
