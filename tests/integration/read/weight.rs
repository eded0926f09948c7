//! What an answer may weigh, and what a request may cost.

use async_graphql::Request;
use dateline::{
    domain::{
        access::{Role, Viewer},
        queue::WriteQueue,
    },
    graphql::{self, document::limit::Limits},
};
use serde_json::{Value, json};

use crate::{
    both_databases,
    support::{
        crowd::{crowd, id_of},
        database::TestDatabase,
        service::Service,
    },
};

/// The whole answer to an editor, with these limits.
async fn answer(service: &Service, database: &TestDatabase, limits: Limits, document: &str) -> Value {
    let queue = WriteQueue::start(database.open().await);
    let schema = graphql::schema(service.reader.clone(), queue, &limits);
    let response = schema.execute(Request::new(document).data(Viewer::named("tester", Role::Editor))).await;
    serde_json::from_slice(&graphql::answer(&response)).expect("an answer is JSON")
}

/// The code and the message of the only error of a request of which nothing was executed.
fn refused(answer: &Value) -> (&str, &str) {
    assert_eq!(answer.get("data"), None, "{answer}");
    assert_eq!(answer["errors"].as_array().map(Vec::len), Some(1), "{answer}");
    let error = &answer["errors"][0];
    (error["extensions"]["code"].as_str().expect("a code"), error["message"].as_str().expect("a message"))
}

fn articles(bytes: usize, language: &str, letter: &str) -> Vec<Value> {
    let article = |n: usize| {
        json!({ "type": "ARTICLE", "key": format!("{language}/{n}"), "headline": format!("Article {n}"), "language": language,
            "body": letter.repeat(bytes / letter.len()) })
    };
    (0..10).map(article).collect()
}

both_databases! {
    async fn an_answer_is_limited_over_all_root_fields(database: TestDatabase) {
        let lines = [articles(30_000, "en", "x"), articles(30_000, "ar", "م")].concat();
        let service = Service::with_records(&database, &lines).await;
        let limits = || Limits { answer_bytes: 200_000, ..Limits::DEFAULT };
        let five = |alias: &str| format!("{alias}: articles(first: 5) {{ nodes {{ body }} }}");
        let fits = answer(&service, &database, limits(), &format!("{{ {} }}", five("a"))).await;
        assert_eq!(fits["data"]["a"]["nodes"].as_array().map(Vec::len), Some(5));
        for document in [
            format!("{{ {} {} }}", five("a"), five("b")),
            "{ b: articles(first: 20) { nodes { body } } }".to_owned(),
            "{ b: articles(first: 5) { nodes { body again: body } } }".to_owned(),
            format!("{{ {} b: articles(last: 20) {{ edges {{ node {{ body }} }} }} }}", five("a")),
        ] {
            let answer = answer(&service, &database, limits(), &document).await;
            let errors = answer["errors"].as_array().expect("errors");
            assert_eq!((errors.len(), &errors[0]["path"]), (1, &json!(["b"])), "{document}");
            assert_eq!(errors[0]["extensions"]["code"], "LIMIT_EXCEEDED");
            let message = errors[0]["message"].as_str().expect("a message");
            assert!(message.contains("more than 200000 bytes") && message.contains("smaller pages"), "{message}");
        }
    }

    async fn what_is_made_of_a_small_answer_of_the_database_is_limited_as_well(database: TestDatabase) {
        let person = |key: &str| json!({ "type": "PERSON", "key": key, "name": key, "descriptions": [{ "text": "x".repeat(2_000), "language": "en" }] });
        let relation = |n: usize| json!({ "type": "RELATION", "key": format!("r/{n}"), "source": "a", "kind": "OTHER", "target": format!("p/{n}") });
        let mut lines = vec![person("a"), person("b")];
        for n in 0..100 {
            lines.extend([person(&format!("p/{n}")), relation(n)]);
            lines.push(json!({ "type": "RELATION", "key": format!("s/{n}"), "source": format!("p/{n}"), "kind": "OTHER", "target": "b" }));
        }
        let service = Service::with_records(&database, &lines).await;
        let limits = || Limits { answer_bytes: 300_000, ..Limits::DEFAULT };
        let columns: Vec<String> = (0..80).map(|n| format!("c{n}_{}: count", "x".repeat(100))).collect();
        let bars = format!(
            "{{ events(first: 0, where: {{ date: {{ overlaps: {{ from: \"2014-01-01\", to: \"2015-02-04\" }} }} }}) {{ histogram(interval: DAY) {{ buckets {{ {} }} }} }} }}",
            columns.join(" ")
        );
        // The record at the start is read once, but is in the answer once for each path.
        let paths = "{ paths(from: \"a\", to: \"b\", first: 100) { steps { from { ... on Entity { description } } } } }";
        for document in [bars.as_str(), paths] {
            let refused = answer(&service, &database, limits(), document).await;
            assert_eq!(refused["errors"][0]["extensions"]["code"], "LIMIT_EXCEEDED", "{document}");
            let allowed = answer(&service, &database, Limits::DEFAULT, document).await;
            assert_eq!(allowed["errors"], Value::Null, "{document}");
        }
    }

    async fn an_answer_of_allowed_cost_may_still_be_too_large(database: TestDatabase) {
        let service = Service::with_records(&database, &articles(500_000, "en", "x")).await;
        let bodies = (0..10).map(|n| format!("b{n}: body")).collect::<Vec<_>>().join(" ");
        let answer = answer(&service, &database, Limits::DEFAULT, &format!("{{ articles(first: 10) {{ nodes {{ {bodies} }} }} }}")).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "LIMIT_EXCEEDED", "{}", answer["errors"]);
        assert!(answer["errors"][0]["message"].as_str().expect("a message").contains("16777216 bytes"));
    }

    async fn long_texts_cost_under_each_alias_again(database: TestDatabase) {
        let service = Service::with_records(&database, &[]).await;
        let bodies = (0..28).map(|n| format!("b{n}: body")).collect::<Vec<_>>().join(" ");
        let document = format!("{{ articles(first: 100) {{ nodes {{ {bodies} }} }} }}");
        let answered = answer(&service, &database, Limits::DEFAULT, &document).await;
        let (code, message) = refused(&answered);
        assert_eq!(code, "LIMIT_EXCEEDED");
        assert!(message.contains("`articles` with a page of 100") && message.contains("the request would cost about"), "{message}");
        let one = answer(&service, &database, Limits::DEFAULT, "{ articles(first: 100) { nodes { body } } }").await;
        assert_eq!(one, json!({ "data": { "articles": { "nodes": [] } } }));
    }

    async fn of_a_refused_request_nothing_runs(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        let deep = "places(first: 100) { nodes { contains(first: 100) { nodes { events(first: 100) { nodes { id } } } } } }";
        let answered = answer(&service, &database, Limits::DEFAULT, &format!("{{ viewer {{ name }} articles {{ nodes {{ id }} }} {deep} }}")).await;
        let (code, message) = refused(&answered);
        assert!(code == "LIMIT_EXCEEDED" && message.contains("`places` with a page of 100"), "{message}");

        let create = |alias: &str, selection: &str| {
            format!("{alias}: createPlace(input: {{ name: \"New\", key: \"{alias}\", kind: CITY }}) {{ {selection} }}")
        };
        let expensive = "place { contains(first: 100) { nodes { contains(first: 100) { nodes { events(first: 100) { nodes { id } } } } } } }";
        let document = format!("mutation {{ {} {} }}", create("first", "place { id }"), create("second", expensive));
        refused(&answer(&service, &database, Limits::DEFAULT, &document).await);
        assert_eq!(service.data("{ record(key: \"first\") { id } }").await, json!({ "record": null }));
    }

    async fn counts_cost_by_the_size_of_their_table(database: TestDatabase) {
        let people: Vec<_> = (0..1_001).map(|n| json!({ "type": "PERSON", "key": format!("p{n}"), "name": "P" })).collect();
        let service = Service::with_records(&database, &people).await;
        service.reader.measure().await.expect("the tables can be measured");
        let counts = |list: &str| {
            let counts = (0..18).map(|n| format!("c{n}: totalCount")).collect::<Vec<_>>().join(" ");
            format!("{{ {list} {{ {counts} }} }}")
        };
        let limits = || Limits { cost: 1_000, ..Limits::DEFAULT };
        let people = answer(&service, &database, limits(), &counts("people")).await;
        assert!(refused(&people).1.contains("has a cost of 1801"), "{people}");
        let places = answer(&service, &database, limits(), &counts("places")).await;
        assert_eq!(places["data"]["places"]["c17"], 0);
    }

    async fn an_id_that_is_given_twice_is_answered_twice(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        let (hub, other) = (id_of("place/hub"), id_of("place/0"));
        let data = service.data_with("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": [hub, other, hub, hub] })).await;
        assert_eq!(data["nodes"], json!([{ "id": hub }, { "id": other }, { "id": hub }, { "id": hub }]));
    }
}
