//! Editing: what can be changed, what is refused, and that no work is lost.

mod answers;
mod batch;
mod bin;
mod calls;
mod changes;
mod clock;
mod consequences;
mod create;
mod dates;
mod duplicates;
mod errors;
mod evidence;
mod export;
mod feed;
mod forged_requests;
mod forms;
mod guide;
mod hidden;
mod history;
mod identical;
mod in_between;
mod keys;
mod laws;
mod lost_answers;
mod mentions;
mod merge;
mod merge_refused;
mod orphans;
mod payloads;
mod queue;
mod relations;
mod revert;
mod revert_evidence;
mod revert_later;
mod rules;
mod samples;
mod schema;
mod selector;
mod stays_editable;
mod update;
mod update_event;
mod world;
mod writers;

use serde_json::{Value, json};

use crate::support::service::Service;

/// The payload of the only mutation of a document, which must have no user errors.
async fn carried_out(service: &Service, document: &str, variables: Value) -> Value {
    let payload = payload(service, document, variables).await;
    assert_eq!(payload["userErrors"], json!([]), "{document}");
    payload
}

/// The payload of the only mutation of a document, which must ask for `userErrors`.
async fn payload(service: &Service, document: &str, variables: Value) -> Value {
    let data = service.data_with(document, variables).await;
    let payloads = data.as_object().expect("an object");
    assert_eq!(payloads.len(), 1, "{document}");
    payloads.values().next().expect("one").clone()
}

/// The number of all changes.
async fn count(service: &Service) -> u64 {
    let data = service.data("{ changes { totalCount } }").await;
    data["changes"]["totalCount"].as_u64().expect("a count")
}
