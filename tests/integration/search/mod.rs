//! Full-text search: what is found, in which order, and that the index follows every write.

mod filters;
mod follows;
mod found;
mod guide;
mod limits;
mod paging;
mod refusals;
mod spelling;

use serde_json::{Value, json};

use crate::support::service::Service;

const DOCUMENT: &str = "query ($query: String!, $types: [RecordType!]) {
    search(query: $query, types: $types, first: 100) { totalCount nodes { key } } }";

/// The keys of the records that a query finds, the best first.
async fn keys(service: &Service, query: &str, types: Value) -> Vec<String> {
    let data = service.data_with(DOCUMENT, json!({ "query": query, "types": types })).await;
    let nodes = data["search"]["nodes"].as_array().expect("a list");
    assert_eq!(data["search"]["totalCount"], nodes.len(), "{query}");
    nodes.iter().map(|node| node["key"].as_str().expect("every record has a key").to_owned()).collect()
}

/// The same in the order of the keys.
async fn sorted_keys(service: &Service, query: &str) -> Vec<String> {
    let mut keys = keys(service, query, Value::Null).await;
    keys.sort_unstable();
    keys
}
