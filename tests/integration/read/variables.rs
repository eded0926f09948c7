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

    async fn a_json_number_without_a_fraction_is_a_whole_number(database: TestDatabase) {
        let mut records = crowd();
        records.push(json!({ "type": "PLACE", "key": "10", "name": "Ten", "kind": "CITY" }));
        let service = Service::with_records(&database, &records).await;
        let document = "query($first: Int, $ids: [ID!]!) { places(first: $first) { nodes { id } } nodes(ids: $ids) { id } }";
        let answer = service.ask_with(document, json!({ "first": 2.0, "ids": [10.0] })).await;
        assert_eq!(answer["data"]["places"]["nodes"].as_array().map(Vec::len), Some(2));
        assert_eq!(answer["data"]["nodes"], json!([{ "id": service.id("10").await }]), "the key 10");
        for bad in [2.5, -2_147_483_649.0, 1e300] {
            let answer = service.ask_with(document, json!({ "first": bad, "ids": [] })).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{bad}: {answer}");
        }
        let create = "mutation($input: CreatePlaceInput!) { createPlace(input: $input) { place { population location { latitude } } userErrors { message } } }";
        let place = service.data_with(create, json!({ "input": { "name": "N", "kind": "CITY", "population": 1e6, "location": { "latitude": 10.0, "longitude": 0.5 } } })).await;
        assert_eq!(place["createPlace"], json!({ "place": { "population": 1_000_000, "location": { "latitude": 10 } }, "userErrors": [] }));
        let literal = service.ask("{ places(first: 2.0) { nodes { id } } }").await;
        assert_eq!(literal["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "a literal shows its type: {literal}");
    }

    async fn strings_of_a_document_have_the_value_of_the_specification(database: TestDatabase) {
        let service = Service::with_records(&database, &[]).await;
        for (literal, expected) in [
            (r#""""a \""" b""""#, r#"a """ b"#),
            (r#""\uD83D\uDE00 \u{1F600}""#, "😀 😀"),
            (r#""\u{644}\u064A\u{628}يا""#, "ليبيا"),
        ] {
            let create = format!("mutation {{ createPlace(input: {{ name: {literal}, kind: CITY }}) {{ place {{ name }} userErrors {{ message }} }} }}");
            let saved = service.data(&create).await;
            assert_eq!(saved["createPlace"], json!({ "place": { "name": expected }, "userErrors": [] }), "{literal}");
            let found = service.data(&format!("{{ places(where: {{ name: {{ equals: {literal} }} }}) {{ nodes {{ name }} }} }}")).await;
            assert_eq!(found["places"]["nodes"], json!([{ "name": expected }]), "{literal}");
        }
        for literal in [r#""\uD83D""#, r#""\u{D83D}""#, r#""\u{110000}""#] {
            let refused = service.ask(&format!("{{ places(where: {{ name: {{ equals: {literal} }} }}) {{ totalCount }} }}")).await;
            assert!(refused["errors"][0]["message"].as_str().is_some_and(|message| message.starts_with("Syntax error")), "{literal}: {refused}");
        }
    }
}
