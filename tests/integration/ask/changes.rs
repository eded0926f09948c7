//! Filters of the list of all changes, and of the bin.

use serde_json::{Value, json};

use crate::{both_databases, support::service::Service};

const LIST: &str = "query ($where: ChangeWhere) { changes(first: 100, where: $where) { nodes { operation recordId actor } totalCount } }";
const BIN: &str = "query ($where: BinWhere) { bin(where: $where) { nodes { key } } }";

async fn changed(service: &Service, condition: Value) -> Vec<String> {
    let data = service.data_with(LIST, json!({ "where": condition })).await;
    let nodes = data["changes"]["nodes"].as_array().expect("changes").iter();
    nodes
        .map(|node| {
            format!(
                "{} {}",
                node["actor"].as_str().expect("an actor"),
                node["operation"].as_str().expect("an operation")
            )
        })
        .collect()
}

async fn run(service: &Service, document: &str, key: &str) {
    let record = service.data(&format!("{{ record(key: \"{key}\") {{ id version }} }}")).await["record"].clone();
    let data = service.data_with(document, record).await;
    let payload = data.as_object().and_then(|data| data.values().next()).expect("a payload");
    assert_eq!(payload["userErrors"], json!([]));
}

fn world() -> Vec<Value> {
    vec![
        json!({ "type": "PLACE", "key": "libya", "name": "Libya", "kind": "COUNTRY", "countryCode": "LY" }),
        json!({ "type": "PLACE", "key": "derna", "name": "Derna", "kind": "CITY", "containedIn": "libya" }),
        json!({ "type": "PERSON", "key": "nadia", "name": "Nadia", "names": [{ "text": "نادية", "language": "ar", "kind": "MAIN" }] }),
        json!({ "type": "ARTICLE", "key": "news", "headline": "Planes", "language": "en" }),
        json!({ "type": "EVENT", "key": "raid", "name": "Raid", "kind": "ATTACK", "places": [{ "place": "derna" }] }),
        json!({ "type": "ORGANIZATION", "key": "council", "name": "Council", "kind": "OTHER", "headquarters": "derna" }),
        json!({ "type": "RELATION", "key": "works", "source": "nadia", "kind": "EMPLOYED_BY", "target": "council" }),
    ]
}

const RENAME: &str = "mutation ($id: ID!, $version: Int!) { updatePerson(id: $id, version: $version, input: { occupation: \"pilot\" }) { userErrors { message } } }";
const DELETE: &str =
    "mutation ($id: ID!, $version: Int!) { deleteRecord(id: $id, version: $version) { userErrors { message } } }";

both_databases! {
    async fn changes_are_found_by_person_period_type_record_and_operation(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        run(&service, RENAME, "nadia").await;
        run(&service, DELETE, "news").await;
        assert_eq!(changed(&service, json!({})).await.len(), 9);
        assert_eq!(changed(&service, json!({ "actor": { "equals": "tester" } })).await, ["tester UPDATE", "tester DELETE"]);
        assert_eq!(changed(&service, json!({ "actor": { "notIn": ["tester"] } })).await.len(), 7);
        assert_eq!(changed(&service, json!({ "operation": { "in": ["DELETE", "MERGE"] } })).await, ["tester DELETE"]);
        assert_eq!(changed(&service, json!({ "types": ["RELATION", "PERSON"] })).await, ["test CREATE", "test CREATE", "tester UPDATE"]);
        assert_eq!(changed(&service, json!({ "types": [] })).await, [""; 0]);
        assert_eq!(changed(&service, json!({ "ids": ["nadia", "nothing"] })).await, ["test CREATE", "tester UPDATE"]);
        assert_eq!(changed(&service, json!({ "ids": ["news"], "operation": { "notIn": ["CREATE"] } })).await, ["tester DELETE"]);
        assert_eq!(changed(&service, json!({ "at": { "gt": "2999-01-01T00:00:00Z" } })).await, [""; 0]);
        assert_eq!(changed(&service, json!({ "at": { "gt": "2001-01-01T00:00:00Z" }, "actor": { "equals": "tester" } })).await.len(), 2);
        let here = changed(&service, json!({ "within": ["libya"] })).await;
        assert_eq!(here.len(), 4, "two places, an event and an organization");
        assert_eq!(changed(&service, json!({ "within": ["derna"], "types": ["EVENT"] })).await, ["test CREATE"]);
    }

    async fn a_cursor_of_all_changes_goes_on_with_a_filter(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let first = service.data("{ changes(first: 3) { pageInfo { endCursor } } }").await;
        let rest = service.data_with(
            "query ($after: String) { changes(after: $after, where: { types: [PLACE, PERSON, ORGANIZATION, EVENT, ARTICLE] }) { totalCount nodes { id } } }",
            json!({ "after": first["changes"]["pageInfo"]["endCursor"] }),
        ).await;
        assert_eq!(rest["changes"]["totalCount"], 6);
        assert_eq!(rest["changes"]["nodes"].as_array().map(Vec::len), Some(3));
    }

    async fn the_bin_is_searched_by_key_name_and_time(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        run(&service, DELETE, "news").await;
        run(&service, DELETE, "raid").await;
        let keys = async |condition: Value| {
            let data = service.data_with(BIN, json!({ "where": condition })).await;
            let nodes = data["bin"]["nodes"].as_array().expect("records").iter();
            nodes.map(|node| node["key"].as_str().expect("a key").to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(keys(json!({})).await, ["raid", "news"]);
        assert_eq!(keys(json!({ "name": { "equals": "Planes" } })).await, ["news"]);
        assert_eq!(keys(json!({ "name": { "equals": "Raid" } })).await, ["raid"]);
        assert_eq!(keys(json!({ "name": { "notIn": ["Raid"] } })).await, ["news"]);
        assert_eq!(keys(json!({ "key": { "in": ["raid", "nadia"] } })).await, ["raid"]);
        assert_eq!(keys(json!({ "deletedAt": { "lt": "2001-01-01T00:00:00Z" } })).await, [""; 0]);
        assert_eq!(keys(json!({ "not": { "key": { "equals": "raid" } }, "deletedAt": { "gte": "2001-01-01T00:00:00Z" } })).await, ["news"]);
    }
}
