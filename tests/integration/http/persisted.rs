//! Automatic persisted queries: a hash in place of a document.

use std::sync::atomic::Ordering::SeqCst;

use reqwest::{
    StatusCode,
    header::{ACCEPT, ALLOW, CONTENT_TYPE},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{Server, body, header, refusal};

fn hash(document: &str) -> String {
    Sha256::digest(document).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

/// `extensions` with the hash of a document.
fn extension(document: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": hash(document) } })
}

impl Server {
    async fn send(&self, request: Value) -> reqwest::Response {
        self.post(request.to_string()).send().await.unwrap()
    }

    async fn send_hash(&self, document: &str) -> reqwest::Response {
        self.send(json!({ "extensions": extension(document) })).await
    }

    async fn register(&self, document: &str) -> reqwest::Response {
        self.send(json!({ "query": document, "extensions": extension(document) })).await
    }
}

#[tokio::test]
async fn a_hash_is_unknown_until_it_comes_with_its_document() {
    let server = Server::start().await;
    let document = "query A { a: hello } query B($n: String!) { b: hello(name: $n) }";
    let by_hash = json!({ "extensions": extension(document), "operationName": "B", "variables": { "n": "é" } });
    let unknown = refusal(server.send(by_hash.clone()).await).await;
    assert_eq!(unknown, (400, "PERSISTED_QUERY_NOT_FOUND".into(), "PersistedQueryNotFound".into()));

    let mut with_document = by_hash.clone();
    with_document["query"] = document.into();
    let expected = json!({ "data": { "b": "hello é" } });
    assert_eq!(body(server.send(with_document).await).await, expected);
    assert_eq!(body(server.send(by_hash.clone()).await).await, expected);

    let extensions = extension(document).to_string();
    let got = server.get(&[("extensions", &extensions), ("operationName", "B"), ("variables", "{\"n\":\"é\"}")]).await;
    assert_eq!(body(got).await, expected);
    for empty in [Value::Null, "".into()] {
        let mut request = by_hash.clone();
        request["query"] = empty;
        assert_eq!(body(server.send(request).await).await, expected);
    }
    let mut upper = by_hash.clone();
    upper["extensions"]["persistedQuery"]["sha256Hash"] = hash(document).to_uppercase().into();
    assert_eq!(body(server.send(upper).await).await, expected);
    let mut wrong_variables = by_hash;
    wrong_variables["variables"] = json!({});
    assert_eq!(
        refusal(server.send(wrong_variables).await).await.1,
        "BAD_USER_INPUT",
        "variables are checked each time"
    );
}

#[tokio::test]
async fn a_document_that_was_sent_without_its_hash_can_be_registered_later() {
    let server = Server::start().await;
    assert_eq!(server.ask("{ hello }").await.status(), StatusCode::OK);
    assert_eq!(refusal(server.send_hash("{ hello }").await).await.1, "PERSISTED_QUERY_NOT_FOUND");
    assert_eq!(server.register("{ hello }").await.status(), StatusCode::OK);
    assert_eq!(body(server.send_hash("{ hello }").await).await, json!({ "data": { "hello": "hello " } }));
}

#[tokio::test]
async fn an_unknown_hash_has_status_200_for_clients_that_accept_plain_json() {
    let server = Server::start().await;
    let request = server.client.post(server.at("/graphql")).header(CONTENT_TYPE, "application/json");
    let request =
        request.header(ACCEPT, "application/json").body(json!({ "extensions": extension("{ hello }") }).to_string());
    assert_eq!(refusal(request.send().await.unwrap()).await.0, 200);
}

#[tokio::test]
async fn a_document_is_registered_under_its_own_hash_alone() {
    let server = Server::start().await;
    let wrong = json!({ "query": "{ hello }", "extensions": extension("{ languages }") });
    let (status, code, message) = refusal(server.send(wrong).await).await;
    assert_eq!((status, code.as_str()), (400, "BAD_USER_INPUT"));
    assert!(message.contains("is not the SHA-256"), "{message}");
    for document in ["{ hello }", "{ languages }"] {
        assert_eq!(refusal(server.send_hash(document).await).await.1, "PERSISTED_QUERY_NOT_FOUND", "{document}");
    }
}

#[tokio::test]
async fn what_is_invalid_or_beyond_a_limit_is_refused_and_not_registered() {
    let server = Server::start().await;
    let many = format!("{{ {} }}", "hello ".repeat(21));
    let long = format!("{{ hello }}{}", " ".repeat(40_000));
    for (document, code) in
        [("{ nope }", "BAD_USER_INPUT"), ("{", "BAD_USER_INPUT"), (&many, "LIMIT_EXCEEDED"), (&long, "LIMIT_EXCEEDED")]
    {
        assert_eq!(refusal(server.register(document).await).await.1, code);
        assert_eq!(refusal(server.send_hash(document).await).await.1, "PERSISTED_QUERY_NOT_FOUND");
    }
}

#[tokio::test]
async fn a_mutation_by_its_hash_runs_by_post_alone() {
    let server = Server::start().await;
    let document = "mutation { write }";
    let extensions = extension(document).to_string();
    let refused = server.get(&[("query", document), ("extensions", &extensions)]).await;
    assert_eq!((refused.status().as_u16(), header(&refused, ALLOW)), (405, "POST"));
    assert!(!server.events.written.load(SeqCst));
    assert_eq!(server.register(document).await.status(), StatusCode::OK);
    server.events.written.store(false, SeqCst);
    let refused = server.get(&[("extensions", &extensions)]).await;
    assert_eq!((refused.status().as_u16(), header(&refused, ALLOW)), (405, "POST"));
    assert!(!server.events.written.load(SeqCst));
    assert_eq!(body(server.send_hash(document).await).await, json!({ "data": { "write": true } }));
}

#[tokio::test]
async fn a_malformed_extension_is_refused_with_its_form() {
    let server = Server::start().await;
    let good = hash("{ hello }");
    for bad in [
        json!("x"),
        json!({}),
        json!({ "version": 1 }),
        json!({ "version": 1, "sha256Hash": 7 }),
        json!({ "version": 1, "sha256Hash": "abc" }),
        json!({ "version": 1, "sha256Hash": "z".repeat(64) }),
        json!({ "version": 2, "sha256Hash": good }),
        json!({ "version": "1", "sha256Hash": good }),
        json!({ "sha256Hash": good }),
    ] {
        for request in [
            json!({ "extensions": { "persistedQuery": bad } }),
            json!({ "query": "{ hello }", "extensions": { "persistedQuery": bad } }),
        ] {
            let (status, code, message) = refusal(server.send(request.clone()).await).await;
            assert_eq!((status, code.as_str()), (400, "BAD_USER_INPUT"), "{request}");
            assert!(message.contains("extensions.persistedQuery"), "{request}: {message}");
        }
    }
    let none = server.send(json!({ "query": "{ hello }", "extensions": { "persistedQuery": null, "other": 1 } })).await;
    assert_eq!(none.status(), StatusCode::OK);
    let neither = refusal(server.send(json!({ "extensions": { "persistedQuery": null } })).await).await;
    assert!(neither.2.contains("`query` is missing"), "{}", neither.2);
}
