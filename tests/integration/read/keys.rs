//! Keys where ids are taken: they find the same objects, and answers have ids.

use serde_json::{Value, json};

use crate::{
    both_databases,
    support::{
        crowd::{crowd, id_of},
        editor::Editor,
        service::Service,
    },
};

const TYPES: [(&str, &str); 5] = [
    ("article", "article/hub"),
    ("place", "place/hub"),
    ("organization", "organization/hub"),
    ("person", "person/hub"),
    ("event", "event/hub"),
];

both_databases! {
    async fn a_key_finds_what_its_id_finds(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        for (root, key) in TYPES {
            let id = id_of(key);
            let by_key = service.data(&format!("{{ {root}(id: \"{key}\") {{ id key name history {{ totalCount }} }} node(id: \"{key}\") {{ id __typename }} }}")).await;
            let by_id = service.data(&format!("{{ {root}(id: \"{id}\") {{ id key name history {{ totalCount }} }} node(id: \"{id}\") {{ id __typename }} }}")).await;
            assert_eq!(by_key, by_id);
            assert_eq!(by_key[root]["id"], *id);
        }
        let relation = service.data("{ node(id: \"relation/hub\") { id __typename } }").await;
        assert_eq!(relation["node"], json!({ "id": id_of("relation/hub"), "__typename": "Relation" }));
        let variables = json!({ "id": "place/hub" });
        let place = service.data_with("query ($id: ID!) { place(id: $id) { id } }", variables).await;
        assert_eq!(place["place"]["id"], *id_of("place/hub"));
    }

    async fn ids_and_keys_stand_side_by_side_in_a_list(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        let (place, event) = (id_of("place/hub"), id_of("event/hub"));
        let asked = json!({ "ids": ["event/hub", place, "no/such", "place/hub", event, "relation/hub"] });
        let found = service.data_with("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", asked).await;
        let expected = json!([{ "id": event }, { "id": place }, null, { "id": place }, { "id": event }, { "id": id_of("relation/hub") }]);
        assert_eq!(found["nodes"], expected);
        assert_eq!(service.data("{ nodes(ids: \"place/hub\") { id } }").await["nodes"], json!([{ "id": place }]), "one is a list of one");
    }

    async fn the_key_of_a_deleted_or_merged_record_is_as_its_id(database: TestDatabase) {
        let editor = Editor::with_records(&database, &crowd()).await;
        let (gone, from, into) = (editor.record("place/1").await, editor.record("place/2").await, editor.record("place/3").await);
        editor.delete(&gone).await;
        editor.merge(&from, &into).await;
        let found = editor.read_with("{ place(id: \"place/1\") { id } node(id: \"place/2\") { id } nodes(ids: [\"place/1\", \"place/2\"]) { id } }", json!({})).await;
        assert_eq!(found["place"], Value::Null);
        assert_eq!(found["nodes"][0], Value::Null);
        // A merge may give the key to the survivor or leave it: it leads to the survivor.
        assert_eq!((&found["node"]["id"], &found["nodes"][1]["id"]), (&json!(into.id), &json!(into.id)));
    }
}
