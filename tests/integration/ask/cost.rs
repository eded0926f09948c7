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

/// Filters of each kind and what they add to the cost of a page. 10 of it are for a look at each row, where no index serves the filter.
const COSTS: [(&str, &str, u64); 44] = [
    ("places", "id: { equals: \"x\" }", 1),
    ("places", "id: { in: [\"x\", \"y\"] }", 1),
    ("places", "kind: { equals: CITY }", 1 + 10),
    ("places", "population: { gte: 1, lt: 9 }", 2 + 10),
    ("places", "population: { isNull: true }", 1 + 10),
    ("places", "createdAt: { gte: \"2015-02-24T10:30:00Z\" }", 2 + 10),
    ("places", "countryCode: { equals: \"LY\" }", 1),
    ("places", "key: { equals: \"x\" }", 2),
    ("places", "key: { startsWith: \"x\" }", 2 + 10),
    ("places", "key: { contains: \"city/\" }", 20 + 2),
    ("places", "name: { equals: \"x\" }", 20),
    ("places", "name: { in: [\"x\", \"y\"] }", 20),
    ("places", "name: { notIn: [\"x\"] }", 20 + 10),
    ("places", "name: { startsWith: \"dern\" }", 20),
    ("places", "name: { startsWith: \"d\" }", 20 + 10),
    ("places", "name: { contains: \"derna\" }", 20 + 20),
    ("places", "name: { contains: \"der\" }", 20 + 20 + 10),
    ("places", "name: { contains: \"d\" }", 20 + 10),
    ("places", "search: \"derna\"", 1 + 50),
    ("places", "within: [\"x\"]", 20),
    ("places", "near: { latitude: 0, longitude: 0, radiusKm: 1 }", 7),
    ("places", "inBox: { south: 0, west: 0, north: 1, east: 1 }", 6),
    ("places", "containedIn: { is: {} }", 1 + 10),
    ("places", "containedIn: { is: { kind: { equals: CITY } } }", 2 + 10),
    ("places", "containedIn: { is: { id: { equals: \"x\" } } }", 2),
    ("places", "containedIn: { isNull: true }", 1 + 10),
    ("places", "events: { some: {} }", 10 + 10),
    ("places", "events: { none: { kind: { equals: OTHER } } }", 20 + 10),
    ("places", "events: { some: { id: { equals: \"x\" } } }", 20),
    ("places", "relations: { some: { either: { id: { equals: \"x\" } } } }", 10 * (1 + 2 * 2)),
    ("events", "date: { overlaps: { from: \"2015-01-01\" } }", 4),
    ("events", "date: { within: { from: \"2015-01-01\" } }", 6),
    ("events", "date: { isNull: true }", 1 + 10),
    ("events", "date: { isApproximate: true }", 4 + 10),
    ("events", "date: { isUncertain: true }", 2 + 10),
    ("events", "places: { some: { kind: { equals: CITY } } }", 20 + 10),
    ("people", "born: { within: { from: \"1950-01-01\", to: \"1959-12-31\" } }", 3),
    ("people", "born: { overlaps: { from: \"1950-01-01\" } }", 3 + 10),
    ("articles", "publishedOn: { from: \"2015-01-01\", to: \"2015-12-31\" }", 2),
    ("articles", "language: { equals: \"ar\" }", 1 + 10),
    ("articles", "language: { equals: \"ar\" }, publishedOn: { from: \"2015-01-01\" }", 3),
    ("articles", "or: [{ language: { equals: \"ar\" } }, { publishedOn: { from: \"2015-01-01\" } }]", 3 + 10),
    ("articles", "mentions: { any: [\"x\"] }", 20),
    ("articles", "mentions: { all: [\"x\", \"y\"] }", 20 + 10),
];

both_databases! {
    async fn each_filter_has_its_cost(database: TestDatabase) {
        let service = Service::new(&database).await;
        let address = serve_service(&service).await;
        let total = async |arguments: &str, list: &str| {
            let answer = answer(&address, Some("report"), &format!("{{ {list}(first: 1{arguments}) {{ nodes {{ id }} }} }}")).await;
            assert_eq!(answer.get("errors"), None, "{list}{arguments}");
            answer["extensions"]["cost"]["total"].as_u64().expect("a cost")
        };
        let mut wrong = vec![];
        for (list, condition, expected) in COSTS {
            let cost = total(&format!(", where: {{ {condition} }}"), list).await - total("", list).await;
            if cost != expected {
                wrong.push(format!("{list} where {condition}: {cost} instead of {expected}"));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

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
