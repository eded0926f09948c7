//! What payloads give to the caches of clients: ids under names of their own, and edges for lists.

use serde_json::{Value, json};

use super::carried_out;
use crate::{both_databases, support::service::Service};

both_databases! {
    async fn no_payload_has_the_id_of_a_record_in_a_field_named_id(database: TestDatabase) {
        let service = Service::new(&database).await;
        let data = service.data("{ __schema { types { name kind interfaces { name } fields { name } } } }").await;
        let mut nodes = 0;
        for ty in data["__schema"]["types"].as_array().expect("types") {
            let has_id = ty["fields"].as_array().is_some_and(|fields| fields.iter().any(|field| field["name"] == "id"));
            let is_node = ty["interfaces"].as_array().is_some_and(|all| all.contains(&json!({ "name": "Node" })));
            nodes += usize::from(is_node);
            assert!(!has_id || is_node || ty["kind"] == "INTERFACE", "{} has an id but is not a Node", ty["name"]);
        }
        assert!(nodes > 8);
    }

    async fn a_new_record_is_an_edge_of_the_list_of_all(database: TestDatabase) {
        let service = Service::with_records(&database, &[
            json!({ "type": "PLACE", "key": "a", "name": "Alpha", "kind": "COUNTRY" }),
            json!({ "type": "PLACE", "key": "z", "name": "زليتن", "kind": "COUNTRY" }),
            json!({ "type": "ORGANIZATION", "name": "Alpha", "key": "oa", "kind": "OTHER" }),
            json!({ "type": "PERSON", "name": "Zoe", "key": "pz" }),
            json!({ "type": "EVENT", "name": "E", "key": "ea", "kind": "OTHER", "date": { "edtf": "2015-02-16" } }),
            json!({ "type": "EVENT", "name": "E", "key": "eu", "kind": "OTHER" }),
            json!({ "type": "ARTICLE", "headline": "A", "key": "aa", "language": "en", "publishedOn": "2015-02-16" }),
            json!({ "type": "ARTICLE", "headline": "A", "key": "au", "language": "en" }),
        ]).await;
        for (kind, field, list, input) in [
            ("Place", "place", "places", json!({ "name": "Beta", "kind": "CITY" })),
            ("Place", "place", "places", json!({ "name": "درنة", "kind": "CITY" })),
            ("Organization", "organization", "organizations", json!({ "name": "Beta", "kind": "OTHER" })),
            ("Person", "person", "people", json!({ "name": "Beta" })),
            ("Event", "event", "events", json!({ "name": "E", "kind": "OTHER", "date": { "edtf": "2015-02" } })),
            ("Event", "event", "events", json!({ "name": "E", "kind": "OTHER" })),
            ("Article", "article", "articles", json!({ "headline": "B", "language": "en", "publishedOn": "2015-02-17" })),
            ("Article", "article", "articles", json!({ "headline": "B", "language": "en" })),
        ] {
            let document = format!("mutation ($input: Create{kind}Input!) {{ create{kind}(input: $input) {{
                {field} {{ id }} {field}Edge {{ __typename cursor node {{ __typename id name }} ... on {kind}Edge {{ mentionCount }} }} userErrors {{ message }} }} }}");
            let made = carried_out(&service, &document, json!({ "input": input })).await;
            let (id, edge) = (&made[field]["id"], &made[format!("{field}Edge")]);
            let name = input.get("name").or(input.get("headline"));
            assert_eq!(*edge, json!({ "__typename": format!("{kind}Edge"), "cursor": edge["cursor"], "mentionCount": null,
                "node": { "__typename": kind, "id": id, "name": name } }));
            let all = service.data(&format!("{{ {list} {{ edges {{ cursor node {{ id }} }} }} }}")).await;
            let edges = all[list]["edges"].as_array().expect("edges");
            let at = edges.iter().position(|other| other["node"]["id"] == *id).expect("the record is in the list");
            assert_eq!(edges[at]["cursor"], edge["cursor"], "{kind}");
            let rest = service.data_with(&format!("query ($after: String) {{ {list}(after: $after) {{ nodes {{ id }} }} }}"), json!({ "after": edge["cursor"] })).await;
            assert_eq!(rest[list]["nodes"].as_array().map(Vec::len), Some(edges.len() - at - 1));
        }
    }

    async fn a_new_relation_is_an_edge_of_the_relations_of_its_entities(database: TestDatabase) {
        let service = Service::with_records(&database, &[
            json!({ "type": "PLACE", "key": "a", "name": "Alpha", "kind": "COUNTRY" }),
            json!({ "type": "PLACE", "key": "b", "name": "Beta", "kind": "COUNTRY" }),
        ]).await;
        let (source, target) = (service.id("a").await, service.id("b").await);
        let document = "mutation ($input: CreateRelationInput!) { createRelation(input: $input) { relationEdge { cursor node { id } } userErrors { message } } }";
        let made = carried_out(&service, document, json!({ "input": { "source": source, "kind": "BORDERS", "target": target } })).await;
        for id in [&source, &target] {
            let relations = service.data_with("query ($id: ID!) { place(id: $id) { relations { edges { cursor node { id } } } } }", json!({ "id": id })).await;
            assert_eq!(relations["place"]["relations"]["edges"], json!([made["relationEdge"]]));
        }
    }

    async fn nothing_is_an_edge_where_nothing_was_created(database: TestDatabase) {
        let service = Service::new(&database).await;
        let document = "mutation { createPlace(input: { name: \"\", kind: CITY }) { place { id } placeEdge { cursor } userErrors { field } } }";
        let refused = service.data(document).await;
        assert_eq!((&refused["createPlace"]["placeEdge"], &refused["createPlace"]["place"]), (&Value::Null, &Value::Null));
        assert_eq!(refused["createPlace"]["userErrors"], json!([{ "field": ["name"] }]));
    }
}
