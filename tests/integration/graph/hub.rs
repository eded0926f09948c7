//! Entities with very many links: their links are not followed, and the answer says so where paths may be missing for that.

use serde_json::{Value, json};

use crate::{both_databases, support::service::Service};

/// More links than are followed.
const LINKS: usize = 1_001;

/// `a - hub - b`, `a - hub - c - d - e`, and many others that only the hub is linked to.
fn world() -> Vec<Value> {
    let person = |key: &str| json!({ "type": "PERSON", "key": key, "name": key });
    let relation = |source: &str, target: &str| json!({ "type": "RELATION", "key": format!("{source}-{target}"), "source": source, "kind": "OTHER", "target": target });
    let mut lines = vec![json!({ "type": "PLACE", "key": "hub", "name": "Hub", "kind": "COUNTRY" })];
    lines.extend(["a", "b", "c", "d", "e"].map(person));
    lines.extend(
        [("a", "hub"), ("b", "hub"), ("hub", "c"), ("c", "d"), ("d", "e")]
            .map(|(source, target)| relation(source, target)),
    );
    for n in 0..LINKS - 3 {
        let key = format!("other/{n}");
        lines.extend([person(&key), relation(&key, "hub")]);
    }
    lines
}

/// The keys of each path, whether the search is complete, and the hubs.
async fn search(service: &Service, from: &str, to: &str, max_length: usize) -> Value {
    let document = format!(
        "{{ pathSearch(from: \"{from}\", to: \"{to}\", maxLength: {max_length}, first: 2) {{ isComplete hubs {{ key }} paths {{ steps {{ to {{ key }} }} }} }} }}"
    );
    let data = service.data(&document).await;
    let search = &data["pathSearch"];
    let keys = |list: &Value, pointer: &str| -> Vec<String> {
        let keys = list
            .as_array()
            .expect("a list")
            .iter()
            .map(|item| item.pointer(pointer).and_then(Value::as_str).expect("a key"));
        keys.map(str::to_owned).collect()
    };
    let paths: Vec<String> = search["paths"]
        .as_array()
        .expect("paths")
        .iter()
        .map(|path| keys(&path["steps"], "/to/key").join(" "))
        .collect();
    json!([paths, search["isComplete"], keys(&search["hubs"], "/key")])
}

both_databases! {
    async fn paths_through_a_hub_are_found_from_its_sides(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        assert_eq!(search(&service, "a", "b", 2).await, json!([["hub b"], true, []]), "it is where both sides meet");
        assert_eq!(search(&service, "a", "d", 3).await, json!([["hub c d"], true, []]), "the other side reaches it");
        assert_eq!(search(&service, "a", "e", 4).await, json!([["hub c d e"], true, []]));
        assert_eq!(search(&service, "e", "a", 4).await, json!([["d c hub a"], true, []]), "also the other way round");
        assert_eq!(search(&service, "hub", "e", 4).await, json!([["c d e"], true, []]), "as an end it may have more links");
    }

    async fn a_search_that_needs_the_links_of_a_hub_says_so(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        // Both sides come to the hub, and none of its other links is followed.
        assert_eq!(search(&service, "a", "b", 4).await, json!([["hub b"], false, ["hub"]]));
        assert_eq!(search(&service, "other/1", "a", 6).await, json!([["hub a"], false, ["hub"]]));
    }
}
