//! The index follows every write, in the very next request.

use dateline::{domain::reindex::reindex, store::Connection};
use entity::search_document;
use sea_orm::{EntityTrait as _, QueryOrder as _, QuerySelect as _};
use serde_json::{Value, json};

use super::keys;
use crate::{
    both_databases,
    support::{
        database::TestDatabase,
        service::{Service, import},
    },
};

/// Runs a mutation without user errors, and gives its payload.
async fn change(service: &Service, document: &str, variables: Value) -> Value {
    let data = service.data_with(document, variables).await;
    let payload = data.as_object().and_then(|data| data.values().next()).expect("one mutation").clone();
    assert_eq!(payload["userErrors"], json!([]), "{document}");
    payload
}

async fn found(service: &Service, query: &str) -> Vec<String> {
    keys(service, query, Value::Null).await
}

/// The numbers of the records of the index, in order.
async fn numbers(database: &TestDatabase) -> Vec<i32> {
    let connection = database.raw().await;
    let numbers = search_document::Entity::find().select_only().column(search_document::Column::Number);
    let numbers = numbers.order_by_asc(search_document::Column::Number).into_tuple().all(&connection).await.unwrap();
    connection.close().await.unwrap();
    numbers
}

both_databases! {
    async fn a_record_is_found_as_soon_as_it_is_written_and_until_it_is_deleted(database: TestDatabase) {
        let service = Service::new(&database).await;
        let created = change(
            &service,
            "mutation { createPlace(input: { key: \"derna\", name: \"درنة\", language: \"ar\", kind: CITY }) { place { id version } userErrors { message } } }",
            json!({}),
        )
        .await;
        let id = created["place"]["id"].clone();
        assert_eq!(found(&service, "درنه").await, ["derna"]);

        let update = "mutation ($id: ID!, $version: Int!, $input: UpdatePlaceInput!) { updatePlace(id: $id, version: $version, input: $input) { place { version } userErrors { message } } }";
        let input = json!({ "addNames": [{ "text": "Derna", "language": "en" }], "addDescriptions": [{ "text": "A port.", "language": "en" }] });
        change(&service, update, json!({ "id": id, "version": 1, "input": input })).await;
        assert_eq!((found(&service, "ports").await, found(&service, "درنة derna").await), (vec!["derna".to_owned()], vec!["derna".to_owned()]));
        let input = json!({ "removeNames": [{ "text": "Derna", "language": "en" }] });
        let updated = change(&service, update, json!({ "id": id, "version": 2, "input": input })).await;
        assert_eq!((found(&service, "derna").await, found(&service, "ports").await), (vec![], vec!["derna".to_owned()]));

        let delete = "mutation ($id: ID!, $version: Int!) { deleteRecord(id: $id, version: $version) { userErrors { message } } }";
        change(&service, delete, json!({ "id": id, "version": updated["place"]["version"] })).await;
        assert_eq!(found(&service, "درنة").await, [""; 0]);
        change(&service, "mutation ($id: ID!) { restoreRecord(id: $id) { userErrors { message } } }", json!({ "id": id })).await;
        assert_eq!(found(&service, "درنة").await, ["derna"]);
    }

    async fn a_merged_record_is_found_as_its_survivor(database: TestDatabase) {
        let place = |key: &str, name: &str| json!({ "type": "PLACE", "key": key, "kind": "CITY", "name": name, "language": "en" });
        let service = Service::with_records(&database, &[place("derna", "Derna"), place("darnah", "Darnah")]).await;
        let (from, into) = (service.id("darnah").await, service.id("derna").await);
        let merge = "mutation ($from: ID!, $into: ID!) { mergeEntities(from: $from, fromVersion: 1, into: $into, intoVersion: 1) { userErrors { message } } }";
        change(&service, merge, json!({ "from": from, "into": into })).await;
        assert_eq!(found(&service, "darnah").await, ["derna"], "it takes over the name");
        assert_eq!(found(&service, "derna").await, ["derna"]);

        let history = service.data("{ changes(last: 2) { nodes { id operation } } }").await;
        let merge = history["changes"]["nodes"].as_array().and_then(|all| all.iter().find(|revision| revision["operation"] == "MERGE"));
        let id = merge.expect("the merge is a change")["id"].clone();
        change(&service, "mutation ($id: ID!) { revertRevision(id: $id) { userErrors { message } } }", json!({ "id": id })).await;
        assert_eq!((found(&service, "darnah").await, found(&service, "derna").await), (vec!["darnah".to_owned()], vec!["derna".to_owned()]));
    }

    async fn an_import_replaces_what_it_wrote_before(database: TestDatabase) {
        let article = |body: &str| json!({ "type": "ARTICLE", "key": "news", "headline": "News", "language": "en", "body": body });
        let service = Service::with_records(&database, &[article("The minister met the army in Tripoli.")]).await;
        assert_eq!(found(&service, "minister \"the army in\"").await, ["news"]);
        import(&database, &[article("The army met in Tripoli.")]).await;
        assert_eq!(found(&service, "minister").await, [""; 0]);
        assert_eq!(found(&service, "\"army met\" tripoli").await, ["news"]);
    }

    async fn a_number_of_the_index_is_never_used_for_another_record(database: TestDatabase) {
        let place = |key: &str| json!({ "type": "PLACE", "key": key, "kind": "CITY", "name": key, "language": "en" });
        let service = Service::with_records(&database, &[place("derna"), place("sirte"), place("tripoli")]).await;
        let last = *numbers(&database).await.last().unwrap();
        let delete = "mutation ($id: ID!) { deleteRecord(id: $id, version: 1) { userErrors { message } } }";
        for key in ["sirte", "tripoli"] {
            change(&service, delete, json!({ "id": service.id(key).await })).await;
        }
        import(&database, &[place("tobruk")]).await;
        let before = numbers(&database).await;
        assert_eq!(before[1..], [last + 1]);
        let connection = Connection::open_existing(&database.url).await.unwrap();
        reindex(&connection, &|_, _| {}).await.unwrap();
        assert_eq!(numbers(&database).await, before, "they stay");
        change(&service, delete, json!({ "id": service.id("tobruk").await })).await;
        reindex(&connection, &|_, _| {}).await.unwrap();
        connection.close().await.unwrap();
        import(&database, &[place("ghat")]).await;
        assert_eq!(numbers(&database).await[1..], [last + 2]);
        assert_eq!((found(&service, "derna").await, found(&service, "ghat").await), (vec!["derna".to_owned()], vec!["ghat".to_owned()]));
    }
}
