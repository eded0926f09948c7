//! Variables and literals have the values that the specification gives them, in a document that is new as in one that was asked before.

use serde_json::{Value, json};

use crate::{
    both_databases,
    support::{
        crowd::{crowd, id_of},
        service::Service,
    },
};

both_databases! {
    async fn null_is_refused_where_a_value_must_be_whether_the_document_was_asked_before_or_not(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        let hub = id_of("place/hub");
        let unknown = "0190d8f0-0000-7000-8000-000000000000";
        for (document, good, bad) in [
            ("query($v: Boolean = true) { viewer { role name @include(if: $v) } }", json!(false), "Boolean!"),
            ("query($v: Boolean = true) { __typename @skip(if: $v) viewer { role } }", json!(false), "Boolean!"),
            ("query($v: ID = \"x\") { place(id: $v) { id } }", json!(hub), "ID!"),
            ("query($v: ID = \"x\") { nodes(ids: [\"x\", $v]) { id } }", json!(hub), "ID!"),
            ("query($v: [ID!] = []) { nodes(ids: $v) { id } }", json!([hub]), "[ID!]!"),
            ("query($v: String = \"x\") { places(where: { or: [{ key: { in: [$v] } }] }) { totalCount } }", json!("place/hub"), "String!"),
            ("query($v: PlaceOrderField = NAME) { places(orderBy: [{ field: $v }]) { totalCount } }", json!("ID"), "PlaceOrderField!"),
            ("query($v: Boolean = true) { places(first: 1) { nodes { ...F } } } fragment F on Place { contains { nodes { ... @include(if: $v) { id } } } }", json!(false), "Boolean!"),
            ("mutation($v: String = \"x\") { createPlace(input: { name: $v, kind: CITY }) { place { name } } }", json!("Name"), "String!"),
            ("mutation($v: Int = 1) { deleteRecord(id: \"x\", version: $v) { userErrors { code } } }", json!(7), "Int!"),
        ] {
            let document = &document.replace("\"x\"", &format!("\"{unknown}\""));
            let refused = service.ask_with(document, json!({ "v": null })).await;
            let error = &refused["errors"][0];
            assert_eq!(error["message"], format!("Variable \"$v\" must not be null where \"{bad}\" is expected."), "{document}: {refused}");
            assert_eq!((&error["extensions"]["code"], refused.get("data")), (&json!("BAD_USER_INPUT"), None), "{document}");
            assert!(error["locations"][0]["line"].is_u64(), "{document}");
            service.data_with(document, json!({ "v": good })).await;
            service.data_with(document, json!({})).await;
            assert_eq!(service.ask_with(document, json!({ "v": null })).await["errors"][0]["message"], error["message"], "{document}, once more");
        }
    }

    async fn a_bad_value_is_refused_alike_before_and_after_the_document_is_known(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        let document = "query A($first: Int, $in: [PlaceKind!]) { places(first: $first, where: { kind: { in: $in } }) { totalCount } } query B { viewer { role } }";
        let ask = async |variables: Value| {
            let request = async_graphql::Request::new(document).operation_name("A").variables(async_graphql::Variables::from_json(variables));
            service.answer(request).await
        };
        let bad = [json!({ "first": "1" }), json!({ "first": 1.5 }), json!({ "first": 3_000_000_000_i64 }), json!({ "in": ["CITY", null] }), json!({ "in": ["TOWN"] })];
        let mut before = vec![];
        for variables in &bad {
            before.push(ask(variables.clone()).await["errors"].clone());
        }
        assert_eq!(ask(json!({ "first": 1, "in": ["CITY"] })).await["data"]["places"]["totalCount"], 6);
        for (variables, before) in bad.iter().zip(&before) {
            assert!(before[0]["message"].as_str().is_some_and(|message| message.contains("got an invalid value at")), "{before}");
            assert_eq!(&ask(variables.clone()).await["errors"], before, "{variables}");
        }
    }
}
