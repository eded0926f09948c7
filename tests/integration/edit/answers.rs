//! The content of payloads: the record after the change with all of its fields, and with a user error the record in conflict.

use serde_json::{Value, json};

use super::{carried_out, payload};
use crate::{both_databases, support::service::Service};

const BODY: &str = "Libya asked Egypt for help. Planes of Egypt flew to Derna.";

fn world() -> Vec<Value> {
    vec![
        json!({"type": "PLACE", "key": "libya", "kind": "COUNTRY", "name": "Libya", "language": "en"}),
        json!({"type": "PLACE", "key": "derna", "kind": "CITY", "name": "Derna", "containedIn": "libya"}),
        json!({"type": "PLACE", "key": "darnah", "kind": "CITY", "name": "Darnah", "containedIn": "libya"}),
        json!({"type": "PLACE", "key": "egypt", "kind": "COUNTRY", "name": "Egypt", "language": "en"}),
        json!({"type": "RELATION", "key": "border", "source": "libya", "kind": "BORDERS", "target": "egypt"}),
        json!({"type": "ARTICLE", "key": "news", "headline": "Help", "language": "en", "body": BODY}),
    ]
}

const DELETE: &str =
    "mutation ($id: ID!, $version: Int!) { deleteRecord(id: $id, version: $version, summary: \"a double\") {
    deletedId version deletedAt at: deletedAt userErrors { code message field } } }";

both_databases! {
    async fn an_event_is_created_with_all_its_parts_and_read_back(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let (libya, derna, news) = (service.id("libya").await, service.id("derna").await, service.id("news").await);
        let document = "mutation ($input: CreateEventInput!) { createEvent(input: $input, summary: \"from the paper\") {
            __typename
            event { __typename id version name kind date { edtf label isApproximate }
                places { edges { description isCertain node { key containedIn { key } } } }
                participants { nodes { role count description participant { __typename key } citations { nodes { quote start end anchor article { key } } } } }
                citations { totalCount nodes { quote } } history { nodes { operation actor summary changes { field } } } }
            same: event { key articles { nodes { headline } } }
            userErrors { code message field current { id } differs } } }";
        let made = carried_out(&service, document, json!({ "input": {
            "key": "flight", "name": "A flight", "kind": "AIRSTRIKE", "date": { "edtf": "2015-02-16~" },
            "places": [{ "place": derna, "description": "the east of", "isCertain": false }],
            "participants": [{ "participant": libya, "role": "TARGET", "citations": [{ "article": news, "quote": "flew to Derna" }] }, { "description": "planes", "count": 6, "role": "ATTACKER" }],
            "citations": [{ "article": news, "quote": "Planes of Egypt" }],
        } })).await;
        assert_eq!(made["__typename"], "CreateEventPayload");
        let event = &made["event"];
        assert_eq!((&event["__typename"], &event["version"], &event["date"]["edtf"]), (&json!("Event"), &json!(1), &json!("2015-02-16~")));
        assert_eq!(event["places"]["edges"], json!([{ "description": "the east of", "isCertain": false, "node": { "key": "derna", "containedIn": { "key": "libya" } } }]));
        assert_eq!(event["participants"]["nodes"][0], json!({ "role": "TARGET", "count": null, "description": null, "participant": { "__typename": "Place", "key": "libya" },
            "citations": { "nodes": [{ "quote": "flew to Derna", "start": 44, "end": 57, "anchor": "ANCHORED", "article": { "key": "news" } }] } }));
        assert_eq!(event["participants"]["nodes"][1]["count"], 6);
        assert_eq!(event["citations"], json!({ "totalCount": 1, "nodes": [{ "quote": "Planes of Egypt" }] }));
        assert_eq!(event["history"]["nodes"][0]["summary"], "from the paper");
        assert_eq!(made["same"], json!({ "key": "flight", "articles": { "nodes": [{ "headline": "Help" }] } }), "the record under another key, by other fields");
        let kept = service.data_with("query ($id: ID!) { event(id: $id) { key } }", json!({ "id": event["id"] })).await;
        assert_eq!(kept["event"]["key"], "flight");
    }

    async fn a_conflict_shows_the_record_as_it_is_and_what_differs(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let id = service.id("derna").await;
        let document = "mutation ($id: ID!, $input: UpdatePlaceInput!) { updatePlace(id: $id, version: 1, input: $input) {
            place { version } userErrors { code field message differs now: current { version ... on Place { population } } current { __typename key } } } }";
        carried_out(&service, "mutation ($id: ID!) { updatePlace(id: $id, version: 1, input: { population: 5 }) { userErrors { code } } }", json!({ "id": id })).await;
        let refused = payload(&service, document, json!({ "id": id, "input": { "name": "x" } })).await;
        assert_eq!(refused["place"], Value::Null);
        let error = &refused["userErrors"][0];
        assert_eq!((&error["code"], &error["field"]), (&json!("CONFLICT"), &json!(["version"])));
        assert_eq!(error["differs"], json!(["population"]));
        assert_eq!(error["now"], json!({ "version": 2, "population": 5 }));
        assert_eq!(error["current"], json!({ "__typename": "Place", "key": "derna" }));
    }

    async fn a_duplicate_key_shows_the_record_that_has_it_even_in_the_bin(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let document = "mutation { createPerson(input: { key: \"derna\", name: \"D\" }) { person { id } userErrors { code field current { id version deletedAt } } } }";
        let id = service.id("derna").await;
        let refused = payload(&service, document, json!({})).await;
        assert_eq!(refused["userErrors"], json!([{ "code": "DUPLICATE", "field": ["key"], "current": { "id": id, "version": 1, "deletedAt": null } }]));
        let deleted = carried_out(&service, DELETE, json!({ "id": id, "version": 1 })).await;
        let refused = payload(&service, document, json!({})).await;
        assert_eq!(refused["userErrors"][0]["current"], json!({ "id": id, "version": 2, "deletedAt": deleted["deletedAt"] }));
    }

    async fn deleting_gives_the_time_and_restoring_brings_the_record_back(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let id = service.id("libya").await;
        let deleted = carried_out(&service, DELETE, json!({ "id": id, "version": 1 })).await;
        assert_eq!((&deleted["deletedId"], &deleted["version"]), (&json!(id), &json!(2)));
        let time = deleted["deletedAt"].as_str().expect("a time");
        assert!(chrono::DateTime::parse_from_rfc3339(time).is_ok() && time.ends_with('Z'), "{time}");
        assert_eq!(deleted["at"], deleted["deletedAt"]);
        let gone = service.data_with("query ($id: ID!) { place(id: $id) { id } }", json!({ "id": id })).await;
        assert_eq!(gone["place"], Value::Null);
        let refused = payload(&service, DELETE, json!({ "id": id, "version": 2 })).await;
        assert_eq!((&refused["deletedId"], &refused["deletedAt"]), (&Value::Null, &Value::Null));
        assert_eq!(refused["userErrors"].as_array().map(Vec::len), Some(1), "it is in the bin already: {refused}");
        let document = "mutation ($id: ID!) { restoreRecord(id: $id) { record { __typename key deletedAt ... on Place { contains { nodes { key } } } } relation { key } userErrors { code message } } }";
        let restored = carried_out(&service, document, json!({ "id": id })).await;
        assert_eq!(restored["record"], json!({ "__typename": "Place", "key": "libya", "deletedAt": null, "contains": { "nodes": [{ "key": "darnah" }, { "key": "derna" }] } }));
        assert_eq!(restored["relation"], Value::Null);
    }

    async fn a_relation_is_created_changed_deleted_and_restored(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let (egypt, derna) = (service.id("egypt").await, service.id("derna").await);
        let document = "mutation ($input: CreateRelationInput!) { createRelation(input: $input) { relation { id version kind source { key } target { key } } userErrors { code field message } } }";
        let made = carried_out(&service, document, json!({ "input": { "source": egypt, "kind": "ACTIVE_IN", "target": derna, "since": { "edtf": "2015" } } })).await["relation"].clone();
        assert_eq!((&made["version"], &made["source"]["key"], &made["target"]["key"]), (&json!(1), &json!("egypt"), &json!("derna")));
        let id = &made["id"];
        let document = "mutation ($id: ID!) { updateRelation(id: $id, version: 1, input: { description: \"from the air\" }) { relation { version description since { edtf } } userErrors { code field message } } }";
        let changed = carried_out(&service, document, json!({ "id": id })).await;
        assert_eq!(changed["relation"], json!({ "version": 2, "description": "from the air", "since": { "edtf": "2015" } }));
        let wrong = payload(&service, DELETE, json!({ "id": id, "version": 2 })).await;
        assert_eq!(wrong["userErrors"][0]["code"], "WRONG_TYPE");
        let document = "mutation ($id: ID!) { deleteRelation(id: $id, version: 2) { deletedId version userErrors { code field message } } }";
        let deleted = carried_out(&service, document, json!({ "id": id })).await;
        assert_eq!(deleted, json!({ "deletedId": id, "version": 3, "userErrors": [] }));
        let document = "mutation ($id: ID!) { restoreRecord(id: $id) { record { id } relation { version source { key } } userErrors { code } } }";
        let restored = carried_out(&service, document, json!({ "id": id })).await;
        assert_eq!((&restored["record"], &restored["relation"]), (&Value::Null, &json!({ "version": 4, "source": { "key": "egypt" } })));
    }

    async fn two_entities_are_merged_and_a_revert_separates_them(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let (from, into) = (service.id("darnah").await, service.id("derna").await);
        let document = "mutation ($from: ID!, $into: ID!) { mergeEntities(from: $from, fromVersion: 1, into: $into, intoVersion: 1) {
            entity { __typename id mergedIds names { text kind } history(first: 1) { nodes { id operation } } } userErrors { code field message } } }";
        let refused = payload(&service, document, json!({ "from": from, "into": "nothing" })).await;
        assert_eq!(refused["userErrors"][0]["field"], json!(["into"]));
        let merged = carried_out(&service, document, json!({ "from": from, "into": into })).await["entity"].clone();
        assert_eq!((&merged["__typename"], &merged["id"], &merged["mergedIds"]), (&json!("Place"), &json!(into), &json!([from])));
        assert_eq!(merged["names"][1]["text"], "Darnah");
        assert_eq!(merged["history"]["nodes"][0]["operation"], "MERGE");
        let document = "mutation ($id: ID!) { revertRevision(id: $id, summary: \"they are two\") { record { id mergedIds } relation { id } userErrors { code field message } } }";
        let reverted = carried_out(&service, document, json!({ "id": merged["history"]["nodes"][0]["id"] })).await;
        assert_eq!(reverted["record"]["mergedIds"], json!([]));
        let both = service.data("{ a: record(key: \"darnah\") { name } b: record(key: \"derna\") { name } }").await;
        assert_eq!(both, json!({ "a": { "name": "Darnah" }, "b": { "name": "Derna" } }));
    }

    async fn mentions_are_linked_and_unlinked_without_an_update(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let (news, libya, egypt) = (service.id("news").await, service.id("libya").await, service.id("egypt").await);
        let link = "mutation ($id: ID!, $version: Int!, $mentions: [MentionInput!]!) { linkMentions(articleId: $id, version: $version, mentions: $mentions) {
            article { version mentions { nodes { id text origin entity { key } } } } userErrors { code field message } } }";
        let refused = payload(&service, link, json!({ "id": news, "version": 1, "mentions": [
            { "entity": libya, "field": "BODY", "start": 0, "end": 5 }, { "entity": egypt, "field": "BODY", "start": 50, "end": 500 }] })).await;
        assert_eq!(refused["article"], Value::Null);
        let first = refused["userErrors"][0]["field"].clone();
        assert_eq!((&first[0], &first[1]), (&json!("mentions"), &json!("1")), "{refused}");
        let refused = payload(&service, link, json!({ "id": "no id", "version": 1, "mentions": [] })).await;
        assert_eq!(refused["userErrors"][0]["field"], json!(["articleId"]));
        let linked = carried_out(&service, link, json!({ "id": news, "version": 1, "mentions": [
            { "entity": libya, "field": "BODY", "start": 0, "end": 5 }, { "entity": egypt, "field": "BODY", "start": 12, "end": 17 }] })).await["article"].clone();
        assert_eq!(linked["version"], 2);
        let mentions = linked["mentions"]["nodes"].as_array().expect("nodes");
        assert_eq!(mentions.iter().map(|mention| mention["text"].as_str().unwrap_or_default()).collect::<Vec<_>>(), ["Libya", "Egypt"]);
        assert_eq!(mentions[0]["origin"], "EDITOR");
        let unlink = "mutation ($id: ID!, $ids: [ID!]!) { unlinkMentions(articleId: $id, version: 2, mentionIds: $ids) { article { version mentions { nodes { text } } } userErrors { code field message } } }";
        let refused = payload(&service, unlink, json!({ "id": news, "ids": [mentions[0]["id"], libya] })).await;
        assert_eq!(refused["userErrors"][0]["field"], json!(["mentionIds", "1"]));
        let left = carried_out(&service, unlink, json!({ "id": news, "ids": mentions[0]["id"] })).await;
        assert_eq!(left["article"], json!({ "version": 3, "mentions": { "nodes": [{ "text": "Egypt" }] } }));
    }

    async fn an_unknown_or_wrongly_typed_id_is_a_user_error_of_its_argument(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let document = "mutation ($id: ID!) { updatePerson(id: $id, version: 1, input: {}) { person { id } userErrors { code field } } }";
        for (id, code) in [(service.id("libya").await, "WRONG_TYPE"), ("0190d8f0-0000-7000-8000-000000000000".to_owned(), "NOT_FOUND"), ("x".to_owned(), "NOT_FOUND")] {
            let refused = payload(&service, document, json!({ "id": id })).await;
            assert_eq!(refused, json!({ "person": null, "userErrors": [{ "code": code, "field": ["id"] }] }), "{id}");
        }
    }
}
