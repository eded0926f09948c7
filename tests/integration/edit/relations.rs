//! Relations as objects of their own: by id or key, with times and history, seen from one end, and in the bin.

use dateline::domain::access::Role;
use serde_json::{Value, json};

use super::world::world;
use crate::{both_databases, support::editor::Editor};

both_databases! {
    async fn a_relation_is_found_by_id_and_key_with_its_times_and_history(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let border = editor.record("border").await;
        let border = editor.update("Relation", &border, json!({ "description": "a long border" })).await;
        let fields = "id key version createdAt updatedAt deletedAt source { key } history { totalCount nodes { operation record { id } relation { id } } }";
        let document = format!("query ($id: ID!, $key: ID!) {{ byId: relation(id: $id) {{ {fields} }} byKey: relation(id: $key) {{ {fields} }} }}");
        let found = editor.read_with(&document, json!({ "id": border.id, "key": "border" })).await;
        let relation = &found["byId"];
        assert_eq!(*relation, found["byKey"]);
        assert_eq!((&relation["id"], &relation["version"], &relation["deletedAt"]), (&json!(border.id), &json!(2), &Value::Null));
        assert!(relation["createdAt"].as_str() <= relation["updatedAt"].as_str() && relation["updatedAt"].is_string(), "{relation}");
        let change = |operation: &str| json!({ "operation": operation, "record": null, "relation": { "id": border.id } });
        assert_eq!(relation["history"], json!({ "totalCount": 2, "nodes": [change("UPDATE"), change("CREATE")] }));
        let libya = editor.id("libya").await;
        let answer = editor.answer("query ($id: ID!) { relation(id: $id) { id } }", json!({ "id": "libya" })).await;
        assert_eq!(answer["errors"][0]["message"], "libya is a Place, not a Relation.");
        assert_eq!(editor.read_with("query ($id: ID!) { relation(id: \"none\") { id } node(id: $id) { id } }", json!({ "id": libya })).await["relation"], Value::Null);
    }

    async fn the_other_end_of_a_relation_is_seen_from_either(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (libya, egypt) = (editor.id("libya").await, editor.id("egypt").await);
        let document = "query ($libya: ID!, $egypt: ID!, $army: ID!) { relation(id: \"border\") {
            a: other(of: $libya) { key } b: other(of: $egypt) { key ... on Place { countryCode } } none: other(of: $army) { key } key: other(of: \"libya\") { key }
            unknown: other(of: \"nowhere\") { key } number: other(of: 5) { key } nul: other(of: \"a\\u0000\") { key } } }";
        let found = editor.read_with(document, json!({ "libya": libya, "egypt": egypt, "army": "army" })).await;
        assert_eq!(found["relation"], json!({ "a": { "key": "egypt" }, "b": { "key": "libya", "countryCode": "LY" }, "none": null,
            "key": { "key": "egypt" }, "unknown": null, "number": null, "nul": null }));
        let nested = "{ places { nodes { key relations { nodes { other(of: \"egypt\") { key } } } } } }";
        let places = editor.read(nested).await;
        let of_libya = places["places"]["nodes"].as_array().unwrap().iter().find(|place| place["key"] == "libya").unwrap();
        assert_eq!(of_libya["relations"]["nodes"], json!([{ "other": { "key": "libya" } }]));
        let twin = editor.create("Place", json!({ "key": "misr", "name": "مصر", "kind": "COUNTRY" })).await;
        editor.merge(&twin, &editor.record("egypt").await).await;
        let merged = editor.read_with("query ($id: ID!) { relation(id: \"border\") { other(of: $id) { key } } }", json!({ "id": twin.id })).await;
        assert_eq!(merged["relation"]["other"], json!({ "key": "libya" }), "a merged id stands for its survivor");
    }

    async fn deleted_relations_are_listed_for_editors(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let listed = async || editor.read("{ deletedRelations { totalCount nodes { key deletedAt source { key } target { key } } } relations: bin { totalCount } }").await;
        assert_eq!(listed().await["deletedRelations"], json!({ "totalCount": 0, "nodes": [] }));
        editor.delete_relation(&editor.record("border").await).await;
        editor.delete_relation(&editor.record("army-of").await).await;
        let found = listed().await;
        let nodes = found["deletedRelations"]["nodes"].as_array().unwrap();
        let keys: Vec<_> = nodes.iter().map(|node| (&node["key"], &node["source"]["key"], &node["target"]["key"])).collect();
        assert_eq!(keys, [(&json!("army-of"), &json!("army"), &json!("egypt")), (&json!("border"), &json!("libya"), &json!("egypt"))], "the last comes first");
        assert!(nodes.iter().all(|node| node["deletedAt"].is_string()));
        assert_eq!((&found["deletedRelations"]["totalCount"], &found["relations"]["totalCount"]), (&json!(2), &json!(0)));
        let first = editor.read("{ deletedRelations(first: 1) { edges { cursor node { key } } pageInfo { hasNextPage } } }").await;
        assert_eq!(first["deletedRelations"]["pageInfo"]["hasNextPage"], true);
        let rest = editor.read_with("query ($after: String) { deletedRelations(after: $after) { nodes { key } } }",
            json!({ "after": first["deletedRelations"]["edges"][0]["cursor"] })).await;
        assert_eq!(rest["deletedRelations"]["nodes"], json!([{ "key": "border" }]));
        editor.restore("border").await;
        assert_eq!(listed().await["deletedRelations"]["totalCount"], 1);
        let reader = editor.as_user("reader", Role::Reader).await;
        let answer = reader.answer("{ deletedRelations { totalCount } }", json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
    }

    async fn the_addresses_of_an_article_in_other_databases_are_read(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let same_as = json!(["https://archive.example/1", "http://www.wikidata.org/entity/Q5"]);
        let news = editor.record("news").await;
        editor.update("Article", &news, json!({ "sameAs": same_as })).await;
        let found = editor.read("{ article(id: \"news\") { sameAs } articles { nodes { key sameAs } } }").await;
        assert_eq!(found["article"]["sameAs"], same_as);
        assert!(found["articles"]["nodes"].as_array().unwrap().contains(&json!({ "key": "khabar", "sameAs": [] })));
    }
}
