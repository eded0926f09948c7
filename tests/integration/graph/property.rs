//! Related entities and paths of random small graphs are what a naive recomputation gives.

use serde_json::{Value, json};

use super::naive::Naive;
use crate::{
    ask::world::world,
    both_databases,
    support::{
        database::TestDatabase,
        service::{Service, import},
    },
};

const RELATED: &str =
    "query ($id: ID!) { node(id: $id) { ... on Entity { articleCount articles(first: 0) { totalCount }
    related(first: 100) { entity { id } sharedArticles sharedEvents score } } } }";
const PATHS: &str = "query ($from: ID!, $to: ID!, $length: Int, $first: Int) {
    paths(from: $from, to: $to, maxLength: $length, first: $first) { length steps { from { id } to { id } via { id } } }
    pathSearch(from: $from, to: $to, maxLength: $length, first: $first) { isComplete hubs { id } paths { length } } }";

/// A random world, part of which is in the bin.
async fn random_world(database: &TestDatabase, seed: u64) -> (Service, Naive) {
    let world = world(seed);
    import(database, &world.lines).await;
    let service = Service::with_records(database, &world.deletions).await;
    let naive = Naive::read(&service).await;
    (service, naive)
}

/// The steps of each path.
fn steps(paths: &Value) -> Value {
    let step = |step: &Value| json!([step["from"]["id"], step["to"]["id"], step["via"]["id"]]);
    let path = |path: &Value| path["steps"].as_array().expect("steps").iter().map(step).collect::<Value>();
    paths.as_array().expect("paths").iter().map(path).collect()
}

async fn assert_related(service: &Service, naive: &Naive) {
    for (entity, articles) in &naive.articles {
        let found = &service.data_with(RELATED, json!({ "id": entity })).await["node"];
        assert_eq!(found["articleCount"], articles.len(), "{entity}");
        assert_eq!(found["articles"]["totalCount"], articles.len(), "{entity}");
        let related = found["related"].as_array().expect("a list").iter();
        let related: Value = related
            .map(|one| json!([one["entity"]["id"], one["sharedArticles"], one["sharedEvents"], one["score"].as_f64()]))
            .collect();
        assert_eq!(related, naive.related(entity), "{entity}");
    }
}

async fn assert_paths(service: &Service, naive: &Naive) {
    let entities: Vec<&String> = naive.articles.keys().collect();
    for (n, from) in entities.iter().enumerate() {
        // Each entity with some others, with all lengths and several numbers of paths.
        for (to, length, first) in [(n + 1, 3, 100), (n + 7, 4, 3), (n + 19, 2, 5), (n + 31, 1, 1)] {
            let to = entities[to % entities.len()];
            let asked = json!({ "from": from, "to": to, "length": length, "first": first });
            let data = service.data_with(PATHS, asked.clone()).await;
            let expected = naive.paths(from, to, length, first);
            assert_eq!(steps(&data["paths"]), expected, "{asked}");
            let lengths = |paths: &Value| -> Vec<usize> {
                paths.as_array().expect("paths").iter().map(|path| path.as_array().expect("steps").len()).collect()
            };
            let of_search = data["pathSearch"]["paths"].as_array().expect("paths").iter();
            let of_search: Vec<Value> = of_search.map(|path| path["length"].clone()).collect();
            assert_eq!(json!(of_search), json!(lengths(&expected)), "{asked}");
            assert_eq!(data["pathSearch"]["isComplete"], true, "{asked}");
            assert_eq!(data["pathSearch"]["hubs"], json!([]), "{asked}");
        }
    }
}

both_databases! {
    async fn related_entities_and_paths_are_what_a_naive_recomputation_gives(database: TestDatabase) {
        let (service, naive) = random_world(&database, 7).await;
        assert_related(&service, &naive).await;
        assert_paths(&service, &naive).await;
    }

    async fn so_they_are_in_another_random_graph(database: TestDatabase) {
        let (service, naive) = random_world(&database, 2015).await;
        assert_related(&service, &naive).await;
        assert_paths(&service, &naive).await;
    }
}
