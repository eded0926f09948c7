//! The data of edges: each field is set in the lists that its description names, and null in all other lists.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{both_databases, support::service::Service};

/// The root lists, by type of their items.
const ROOTS: [(&str, &str); 5] = [
    ("Article", "articles"),
    ("Event", "events"),
    ("Place", "places"),
    ("Organization", "organizations"),
    ("Person", "people"),
];

fn all(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The lists that a description names as those where the field is always set.
fn named(description: &str) -> BTreeSet<&str> {
    let Some((_, rest)) = description.split_once("Always set in ") else {
        return BTreeSet::new();
    };
    let (lists, _) = rest.split_once(", null in all other lists").unwrap_or_else(|| panic!("{description}"));
    lists.split('`').filter(|part| part.contains('.')).collect()
}

both_databases! {
    async fn link_data_of_edges_is_set_where_its_description_says_so(database: TestDatabase) {
        let service = Service::demo(&database).await;
        let schema = service.data("{ __schema { types { name interfaces { name } fields { name description args { name } type { kind name ofType { name } } } } } }").await;
        let types: BTreeMap<&str, &Value> = all(&schema["__schema"]["types"]).map(|ty| (text(&ty["name"]), ty)).collect();
        let edge_fields: Vec<(&str, &Value)> = types.iter()
            .filter_map(|(name, ty)| Some((name.strip_suffix("Edge")?, *ty)))
            .flat_map(|(name, ty)| all(&ty["fields"]).filter(|field| field["type"]["kind"] != "NON_NULL").map(move |field| (name, field)))
            .collect();
        assert!(edge_fields.len() > 8, "{edge_fields:?}");
        for (item, field) in edge_fields {
            let (name, description) = (text(&field["name"]), text(&field["description"]));
            assert!(description.contains("null in all other lists"), "{item}Edge.{name}: {description}");
            let named = named(description);
            let selection = if field["type"]["kind"] == "OBJECT" { "{ __typename }" } else { "" };
            let mut seen = BTreeSet::new();
            for (parent, root) in ROOTS {
                if parent == item {
                    let edges = service.data(&format!("{{ {root}(first: 5) {{ edges {{ x: {name} {selection} }} }} }}")).await;
                    assert!(all(&edges[root]["edges"]).all(|edge| edge["x"].is_null()), "{root}: {edges}");
                }
                let connection = format!("{item}Connection");
                for list in all(&types[parent]["fields"]).filter(|list| list["type"]["ofType"]["name"] == *connection) {
                    let list = text(&list["name"]);
                    let data = service.data(&format!("{{ {root}(first: 100) {{ nodes {{ {list}(first: 2) {{ edges {{ x: {name} {selection} }} }} }} }} }}")).await;
                    let mut values = all(&data[root]["nodes"]).flat_map(|node| all(&node[list]["edges"])).map(|edge| &edge["x"]).peekable();
                    let declared = [format!("{parent}.{list}"), format!("Entity.{list}")].into_iter().find(|list| named.contains(list.as_str()));
                    if let Some(declared) = declared {
                        assert!(values.peek().is_some() || parent == "Person", "{parent}.{list} is empty");
                        assert!(values.all(|value| !value.is_null()), "{item}Edge.{name} in {parent}.{list}");
                        seen.insert(declared);
                    } else if description.contains("Always set") || !description.contains(&format!("`{parent}.{list}`")) {
                        assert!(values.all(Value::is_null), "{item}Edge.{name} in {parent}.{list}");
                    }
                }
            }
            assert_eq!(seen.iter().map(String::as_str).collect::<BTreeSet<_>>(), named, "{item}Edge.{name}");
        }
    }
}
