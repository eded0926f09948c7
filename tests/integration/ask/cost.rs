//! What a request costs, for clients that ask for it.

use dateline::{
    domain::queue::WriteQueue,
    graphql::{self, document::limit::Limits},
};
use serde_json::{Value, json};

use crate::{
    both_databases,
    support::service::{Service, serve_service},
};

const FILTERED: &str =
    "{ events(first: 50, where: { places: { some: { name: { contains: \"derna\" } } } }) { nodes { name } } }";

async fn answer(address: &str, header: Option<&str>, document: &str) -> Value {
    let request = reqwest::Client::new().post(address).json(&json!({ "query": document }));
    let request = if let Some(value) = header { request.header("GraphQL-Cost", value) } else { request };
    let text = request.send().await.expect("an answer").text().await.expect("a text");
    serde_json::from_str(&text).expect("JSON")
}

both_databases! {
    async fn a_request_that_asks_for_its_cost_gets_it_with_the_limit(database: TestDatabase) {
        let mut service = Service::new(&database).await;
        let limits = Limits { cost: 1_000, ..Limits::DEFAULT };
        service.schema = graphql::schema(service.reader.clone(), WriteQueue::start(database.open().await), &limits);
        let address = serve_service(&service).await;

        assert_eq!(answer(&address, None, FILTERED).await.get("extensions"), None);
        assert_eq!(answer(&address, Some("validate"), FILTERED).await.get("extensions"), None);
        let filtered = answer(&address, Some("report"), FILTERED).await;
        assert_eq!(filtered["data"], json!({ "events": { "nodes": [] } }));
        assert_eq!(filtered["extensions"]["cost"]["limit"], 1_000);
        let plain = answer(&address, Some("Report"), "{ events(first: 50) { nodes { name } } }").await;
        let total = |answer: &Value| answer["extensions"]["cost"]["total"].as_u64().expect("a cost");
        assert!(total(&plain) >= 50, "{plain}");
        assert!(total(&filtered) > total(&plain) + 100, "a filter through links costs: {filtered}, {plain}");

        let nothing = answer(&address, Some("report"), "{ __typename }").await;
        assert_eq!(nothing["extensions"]["cost"], json!({ "total": 0, "limit": 1_000 }));

        // what is refused by its cost says both, too
        let refused = answer(&address, Some("report"), "{ events(first: 100) { nodes { places(first: 100) { nodes { name } } } } }").await;
        let message = refused["errors"][0]["message"].as_str().expect("a message");
        assert!(message.starts_with(&format!("The request has a cost of {}; the limit is 1000.", total(&refused))), "{message}");
        assert_eq!(refused.get("data"), None);
    }
}
