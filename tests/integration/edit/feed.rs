//! The order of all changes, and the bin.

use async_graphql::Request;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::carried_out;
use crate::{
    both_databases,
    read::{lists::List, paging::walk},
    support::service::{Service, refusal},
};

/// Creates seven records and a relation, changes one, and deletes six of them, the last one first.
async fn edited(service: &Service) -> Vec<String> {
    let create = "mutation ($changes: [ChangeInput!]!) { applyChanges(changes: $changes) { results { id: recordId } userErrors { field message } } }";
    let changes: Vec<Value> = (0..6)
        .map(|n| match n {
            0 => json!({ "createPlace": { "id": "_:0", "name": "P", "kind": "COUNTRY" } }),
            1 => json!({ "createOrganization": { "id": "_:1", "name": "O", "kind": "OTHER", "headquarters": "_:0" } }),
            2 => json!({ "createPerson": { "name": "Q", "nationalities": ["_:0"] } }),
            3 => json!({ "createEvent": { "name": "E", "kind": "MEETING", "participants": [{ "participant": "_:1", "role": "HOST" }] } }),
            4 => json!({ "createArticle": { "headline": "A", "language": "en" } }),
            _ => json!({ "createPlace": { "name": "R", "kind": "CITY" } }),
        })
        .chain([
            json!({ "createRelation": { "source": "_:0", "kind": "OTHER", "target": "_:1" } }),
            json!({ "createPlace": { "name": "S", "kind": "CITY" } }),
        ])
        .collect();
    let made = carried_out(service, create, json!({ "changes": changes })).await;
    let ids: Vec<String> = (0..8).map(|n| made["results"][n]["id"].as_str().expect("an id").to_owned()).collect();
    let delete = "mutation ($id: ID!) { deleteRecord(id: $id, version: 1) { deletedId userErrors { field message } } }";
    for id in ids[..6].iter().rev() {
        carried_out(service, delete, json!({ "id": id })).await;
    }
    ids
}

fn texts<'a>(nodes: &'a Value, pointer: &str) -> Vec<&'a str> {
    let nodes = nodes.as_array().expect("a list").iter();
    nodes
        .map(|node| node.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("no {pointer} in {node}")))
        .collect()
}

both_databases! {
    async fn changes_come_in_the_order_in_which_they_were_made(database: TestDatabase) {
        let service = Service::new(&database).await;
        edited(&service).await;
        let data = service.data("{ changes(first: 100) { totalCount pageInfo { hasNextPage endCursor } edges { cursor node { cursor operation record { name } snapshot } } } }").await;
        let changes = &data["changes"];
        assert_eq!((&changes["totalCount"], &changes["pageInfo"]["hasNextPage"]), (&json!(14), &json!(false)));
        let operations = texts(&changes["edges"], "/node/operation");
        assert_eq!(operations, [["CREATE"; 8].as_slice(), ["DELETE"; 6].as_slice()].concat());
        assert_eq!(texts(&changes["edges"], "/cursor"), texts(&changes["edges"], "/node/cursor"), "a revision knows its own place");
        assert_eq!(changes["pageInfo"]["endCursor"], changes["edges"][13]["cursor"]);
        assert_eq!(changes["edges"][0]["node"]["record"], Value::Null, "it is in the bin");
        assert_eq!(changes["edges"][7]["node"]["record"]["name"], "S");
    }

    async fn every_change_names_its_record_even_a_relation_or_a_record_in_the_bin(database: TestDatabase) {
        let service = Service::new(&database).await;
        let ids = edited(&service).await;
        let data = service.data("{ changes(first: 100) { nodes { recordId recordKind again: recordKind record { id } } } }").await;
        let nodes = &data["changes"]["nodes"];
        let kinds = ["PLACE", "ORGANIZATION", "PERSON", "EVENT", "ARTICLE", "PLACE", "RELATION", "PLACE"];
        for (n, kind) in kinds.into_iter().enumerate() {
            let shown = if n == 7 { json!({ "id": ids[n] }) } else { Value::Null };
            assert_eq!(nodes[n], json!({ "recordId": ids[n], "recordKind": kind, "again": kind, "record": shown }));
        }
        assert_eq!(texts(nodes, "/recordId")[8..], [&ids[5], &ids[4], &ids[3], &ids[2], &ids[1], &ids[0]]);
        // as a node of its own, and in the history of a record
        let found = service.data("{ places { nodes { id history { nodes { id recordId recordKind } } } } }").await;
        let place = &found["places"]["nodes"][0];
        let revision = &place["history"]["nodes"][0];
        assert_eq!((&revision["recordId"], &revision["recordKind"]), (&place["id"], &json!("PLACE")));
        let node = service.data_with("query ($id: ID!) { node(id: $id) { ... on Revision { recordId recordKind } } }", json!({ "id": revision["id"] })).await;
        assert_eq!(node["node"], json!({ "recordId": place["id"], "recordKind": "PLACE" }));
    }

    async fn paging_on_from_a_cursor_misses_and_repeats_nothing(database: TestDatabase) {
        let service = Service::new(&database).await;
        edited(&service).await;
        let whole = service.data("{ changes(first: 100) { nodes { id cursor } } }").await["changes"]["nodes"].clone();
        let document = "query ($after: String) { changes(first: 3, after: $after) { nodes { id cursor } pageInfo { hasNextPage endCursor } } }";
        let (mut seen, mut after) = (vec![], Value::Null);
        loop {
            let page = service.data_with(document, json!({ "after": after })).await["changes"].clone();
            seen.extend(page["nodes"].as_array().expect("nodes").clone());
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(json!(seen), whole);
        // from the cursor of a revision that another field gave
        let history = service.data("{ places { nodes { history { nodes { cursor } } } } }").await;
        let met = history["places"]["nodes"][0]["history"]["nodes"][0]["cursor"].clone();
        let page = service.data_with(document, json!({ "after": met })).await;
        assert_eq!(page["changes"]["nodes"].as_array().map(Vec::len), Some(3));
        assert_eq!(page["changes"]["nodes"][0], whole[8]);
        let empty = service.data_with(document, json!({ "after": whole[13]["cursor"] })).await;
        assert_eq!(empty["changes"], json!({ "nodes": [], "pageInfo": { "hasNextPage": false, "endCursor": null } }));
        carried_out(&service, "mutation { createPerson(input: { name: \"new\" }) { userErrors { message } } }", json!({})).await;
        let later = service.data_with("query ($after: String) { changes(after: $after) { nodes { record { name } } } }", json!({ "after": whole[13]["cursor"] })).await;
        assert_eq!(later["changes"]["nodes"], json!([{ "record": { "name": "new" } }]));
    }

    async fn changes_and_the_bin_keep_the_contract_of_lists(database: TestDatabase) {
        let service = Service::new(&database).await;
        edited(&service).await;
        for list in [List::at_root("changes", "Revision"), List::at_root("bin", "Record")] {
            walk(&service, &list, "").await;
        }
    }

    async fn a_cursor_of_another_list_or_none_is_refused(database: TestDatabase) {
        let service = Service::new(&database).await;
        edited(&service).await;
        let data = service.data("{ changes(first: 1) { nodes { cursor } } bin(first: 1) { edges { cursor } } places(first: 1) { edges { cursor } } }").await;
        let change = data["changes"]["nodes"][0]["cursor"].as_str().expect("a cursor");
        let (bin, place) = (data["bin"]["edges"][0]["cursor"].as_str().expect("a cursor"), data["places"]["edges"][0]["cursor"].as_str().expect("a cursor"));
        let foreign = "`after` is a cursor of another list or another order.";
        let broken = "`after` is not a cursor of this service.";
        let parts: Vec<Value> = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(change).expect("base64")).expect("JSON");
        let forged = |value: Value| URL_SAFE_NO_PAD.encode(json!([parts[0], value]).to_string());
        for (list, cursor, message) in [
            ("changes", bin.to_owned(), foreign),
            ("changes", place.to_owned(), foreign),
            ("bin", change.to_owned(), foreign),
            ("changes", "?".to_owned(), broken),
            ("changes", change[..change.len() - 1].to_owned(), broken),
            ("changes", forged(json!("1")), broken),
            ("changes", forged(json!(1.5)), broken),
            ("changes", forged(json!(1e300)), broken),
            ("bin", URL_SAFE_NO_PAD.encode(json!(["x", 1]).to_string()), foreign),
        ] {
            let answer = service.ask_with(&format!("query ($after: String) {{ {list}(after: $after) {{ totalCount }} }}"), json!({ "after": cursor })).await;
            assert_eq!(refusal(&answer), (list.to_owned(), message.to_owned()), "{cursor}");
        }
        for far in [i64::MAX, i64::MIN] {
            let answer = service.data_with("query ($after: String) { changes(after: $after) { nodes { id } } }", json!({ "after": forged(json!(far)) })).await;
            assert_eq!(answer["changes"]["nodes"].as_array().map(Vec::len), Some(if far > 0 { 0 } else { 14 }));
        }
    }

    async fn changes_and_the_bin_can_be_filtered_by_type(database: TestDatabase) {
        let service = Service::new(&database).await;
        edited(&service).await;
        let data = service.data("{ all: changes { totalCount } none: changes(types: []) { totalCount } relations: changes(types: RELATION) { totalCount } places: changes(types: PLACE) { totalCount nodes { operation } }
            five: changes(types: [ARTICLE, PLACE, ORGANIZATION, PERSON, EVENT]) { totalCount } null: changes(types: null) { totalCount }
            bin { totalCount } people: bin(types: [PERSON, EVENT]) { totalCount nodes { __typename } } empty: bin(types: []) { totalCount } }").await;
        let total = |name: &str| data[name]["totalCount"].as_u64();
        assert_eq!((total("all"), total("null"), total("none")), (Some(14), Some(14), Some(0)));
        assert_eq!((total("five"), total("relations")), (Some(13), Some(1)));
        assert_eq!(texts(&data["places"]["nodes"], "/operation"), ["CREATE", "CREATE", "CREATE", "DELETE", "DELETE"]);
        assert_eq!((total("bin"), total("empty")), (Some(6), Some(0)));
        assert_eq!(texts(&data["people"]["nodes"], "/__typename"), ["Person", "Event"]);
    }

    async fn the_bin_shows_what_was_deleted_with_its_history(database: TestDatabase) {
        let service = Service::new(&database).await;
        let ids = edited(&service).await;
        let data = service.data("{ bin { nodes { __typename id name version deletedAt history { nodes { operation actor } }
            ... on Place { kind organizations { nodes { name } } containedIn { id } }
            ... on Organization { headquarters { id } names { text } }
            ... on Person { nationalities { id } }
            ... on Event { participants { nodes { role participant { id } } } } } } }").await;
        let nodes = data["bin"]["nodes"].as_array().expect("nodes");
        assert_eq!(texts(&data["bin"]["nodes"], "/id"), ids[..6], "the last that was deleted comes first");
        for node in nodes {
            assert_eq!(node["version"], 2);
            assert!(node["deletedAt"].is_string(), "{node}");
            assert_eq!(node["history"]["nodes"], json!([{ "operation": "DELETE", "actor": "tester" }, { "operation": "CREATE", "actor": "tester" }]));
        }
        assert_eq!((&nodes[0]["name"], &nodes[0]["kind"], &nodes[0]["organizations"]["nodes"]), (&json!("P"), &json!("COUNTRY"), &json!([])), "what it leads to is hidden by itself");
        assert_eq!((&nodes[1]["headquarters"], &nodes[1]["names"][0]["text"]), (&Value::Null, &json!("O")));
        let restore = "mutation ($id: ID!) { restoreRecord(id: $id) { record { id } userErrors { message } } }";
        carried_out(&service, restore, json!({ "id": ids[1] })).await;
        let data = service.data("{ bin { totalCount nodes { ... on Event { participants { nodes { role participant { name } } } } } } }").await;
        assert_eq!(data["bin"]["totalCount"], 5);
        assert_eq!(data["bin"]["nodes"][2], json!({ "participants": { "nodes": [{ "role": "HOST", "participant": { "name": "O" } }] } }), "links of what is in the bin can be followed");
    }

    async fn only_editors_see_the_bin_and_everybody_the_changes(database: TestDatabase) {
        let service = Service::new(&database).await;
        edited(&service).await;
        let answer = service.answer_without_token(Request::new("{ bin(first: 0) { totalCount } }")).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{answer}");
        assert_eq!((&answer["errors"][0]["path"], &answer["data"]), (&json!(["bin"]), &Value::Null));
        let answer = service.answer_without_token(Request::new("{ changes { totalCount } }")).await;
        assert_eq!(answer, json!({ "data": { "changes": { "totalCount": 14 } } }));
    }
}
