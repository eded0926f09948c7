//! Pages of hits, in both directions.

use serde_json::{Value, json};

use crate::{
    both_databases,
    support::service::{Service, import, refusal},
};

const PAGE: &str = "query ($query: String!, $first: Int, $after: String, $last: Int, $before: String) {
    search(query: $query, first: $first, after: $after, last: $last, before: $before) {
        totalCount edges { cursor node { key } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";

/// Articles that differ in their scores, and some that do not.
fn articles() -> Vec<Value> {
    (0..23)
        .map(|number| {
            let body = format!("strike {}", "planes over the city ".repeat(number / 3 + 1));
            json!({ "type": "ARTICLE", "key": format!("a{number:02}"), "headline": "News", "language": "en", "body": body })
        })
        .collect()
}

async fn page(service: &Service, variables: Value) -> Value {
    service.data_with(PAGE, variables).await["search"].take()
}

fn keys(page: &Value) -> Vec<String> {
    let edges = page["edges"].as_array().expect("a list");
    edges.iter().map(|edge| edge["node"]["key"].as_str().expect("a key").to_owned()).collect()
}

both_databases! {
    async fn pages_give_all_hits_once_in_both_directions(database: TestDatabase) {
        let service = Service::with_records(&database, &articles()).await;
        let all = page(&service, json!({ "query": "strikes", "first": 100 })).await;
        assert_eq!((all["totalCount"].clone(), keys(&all).len()), (json!(23), 23));
        assert_eq!(all["pageInfo"]["hasNextPage"], false);

        let (mut forward, mut after) = (vec![], Value::Null);
        loop {
            let page = page(&service, json!({ "query": "strikes", "first": 5, "after": after })).await;
            assert_eq!(page["pageInfo"]["hasPreviousPage"], !forward.is_empty());
            forward.extend(keys(&page));
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(forward, keys(&all));

        let (mut backward, mut before) = (vec![], Value::Null);
        loop {
            let page = page(&service, json!({ "query": "strikes", "last": 4, "before": before })).await;
            let mut shown = keys(&page);
            shown.append(&mut backward);
            backward = shown;
            before = page["pageInfo"]["startCursor"].clone();
            if page["pageInfo"]["hasPreviousPage"] == false {
                break;
            }
        }
        assert_eq!(backward, keys(&all));
    }

    async fn a_cursor_stays_valid_when_records_are_added(database: TestDatabase) {
        // Equal lengths, and a number of records that stays in its step: then the scores stay as they are.
        let article = |key: &str, strikes: usize| {
            let body = format!("{}{}", "strike ".repeat(strikes), "plane ".repeat(40 - strikes));
            json!({ "type": "ARTICLE", "key": key, "headline": "News", "language": "en", "body": body })
        };
        let records: Vec<Value> = (0..31).map(|number| article(&format!("a{number:02}"), number + 2)).collect();
        let service = Service::with_records(&database, &records).await;
        let before = keys(&page(&service, json!({ "query": "strikes", "first": 100 })).await);
        let first = page(&service, json!({ "query": "strikes", "first": 10 })).await;
        import(&database, &[article("best", 39), article("worst", 1)]).await;

        let after = json!({ "query": "strikes", "first": 100, "after": first["pageInfo"]["endCursor"] });
        let rest = keys(&page(&service, after).await);
        assert_eq!(rest, [&before[10..], &["worst".to_owned()]].concat(), "no hit is repeated or left out");
        let before_first = json!({ "query": "strikes", "last": 100, "before": first["pageInfo"]["startCursor"] });
        assert_eq!(keys(&page(&service, before_first).await), ["best"]);
    }

    async fn a_cursor_belongs_to_its_query(database: TestDatabase) {
        let service = Service::with_records(&database, &articles()).await;
        let cursor = page(&service, json!({ "query": "strikes", "first": 1 })).await["pageInfo"]["endCursor"].clone();
        let answer = service.ask_with(PAGE, json!({ "query": "planes", "after": cursor })).await;
        assert_eq!(
            refusal(&answer),
            ("search".to_owned(), "`after` is a cursor of another list or another order.".to_owned())
        );
        let next = page(&service, json!({ "query": " Strikes ", "first": 1, "after": cursor })).await;
        assert_eq!(keys(&next).len(), 1, "the same query in other letters");
    }

    async fn a_page_without_records_counts_them(database: TestDatabase) {
        let service = Service::with_records(&database, &articles()).await;
        assert_eq!(
            service.data("{ search(query: \"strike\") { __typename totalCount } }").await,
            json!({ "search": { "__typename": "SearchConnection", "totalCount": 23 } })
        );
        let twice = "{ search(query: \"strike\", first: 1) { nodes { id } edges { node { __typename } } } \
            none: search(query: \"nothing\") { pageInfo { endCursor } nodes { id } } }";
        let data = service.data(twice).await;
        assert_eq!(data["search"]["edges"], json!([{ "node": { "__typename": "Article" } }]));
        assert_eq!(data["none"], json!({ "pageInfo": { "endCursor": null }, "nodes": [] }));
    }
}
