//! What applies to every request on every route: time limits, panics, ids, headers, health, and the stop of the server.

use std::{sync::atomic::Ordering::SeqCst, time::Duration};

use dateline::http::{self, Times};
use reqwest::{
    Method, StatusCode,
    header::{CONTENT_TYPE, ORIGIN},
};
use serde_json::json;
use tokio::net::TcpStream;

use super::{Server, body, header, refusal};

#[tokio::test]
async fn slow_clients_are_cut_off() {
    let short = Duration::from_millis(50);
    let server = Server::start_with(Times { header: short, body: short, ..Times::default() }).await;
    assert_eq!(server.raw(b"POST /graphql HTTP/1.1\r\nhost:").await, "");
    let body = server
        .raw(b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{")
        .await;
    assert!(body.starts_with("HTTP/1.1 408 "), "{body}");
    assert_eq!(server.ask("{ hello }").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_stopped() {
    let server = Server::start_with(Times { run: Duration::from_millis(50), ..Times::default() }).await;
    let (status, code, message) = refusal(server.ask("{ hang }").await).await;
    assert_eq!((status, code.as_str()), (503, "LIMIT_EXCEEDED"));
    assert!(message.contains("took longer"));
}

#[tokio::test]
async fn a_panic_is_a_500_with_the_request_id_and_the_process_keeps_running() {
    let server = Server::start().await;
    let response = server.post("{\"query\":\"{ panics }\"}").header("x-request-id", "mine-1").send().await.unwrap();
    assert_eq!(header(&response, "x-request-id"), "mine-1");
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let body = body(response).await;
    assert_eq!(body["errors"][0]["extensions"], json!({ "code": "INTERNAL", "requestId": "mine-1" }));
    assert!(!body.to_string().contains("on purpose"));
    assert_eq!(server.ask("{ hello }").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn an_internal_error_names_the_request_and_nothing_else() {
    let server = Server::start().await;
    let response = server.ask("{ hello fails }").await;
    assert_eq!(response.status(), StatusCode::OK);
    let id = header(&response, "x-request-id").to_owned();
    assert_eq!(uuid::Uuid::parse_str(&id).unwrap().get_version_num(), 7);
    let body = body(response).await;
    assert_eq!(body["data"], json!({ "hello": "hello ", "fails": null }));
    assert_eq!(body["errors"][0]["extensions"], json!({ "code": "INTERNAL", "requestId": id }));
    assert_eq!(body["errors"][0]["path"], json!(["fails"]));
    assert!(!body.to_string().contains("secret"));
}

#[tokio::test]
async fn an_invalid_request_id_is_replaced() {
    let server = Server::start().await;
    for bad in ["a b", "", &"x".repeat(129), "<script>"] {
        let response = server.post("{\"query\":\"{ hello }\"}").header("x-request-id", bad).send().await.unwrap();
        assert!(uuid::Uuid::parse_str(header(&response, "x-request-id")).is_ok(), "{bad}");
    }
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let server = Server::start().await;
    for path in ["/graphql", "/healthz", "/schema.graphql", "/nothing-here"] {
        let response = server.client.get(server.at(path)).send().await.unwrap();
        assert_eq!(header(&response, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header(&response, "x-frame-options"), "DENY", "{path}");
        assert_eq!(header(&response, "referrer-policy"), "no-referrer", "{path}");
        assert!(header(&response, "content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert!(!header(&response, "x-request-id").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn other_origins_may_call_only_where_they_are_allowed() {
    let server = Server::start().await;
    let allowed = async |method: Method, origin: &str| {
        let request = server.client.request(method, server.at("/graphql?query={hello}")).header(ORIGIN, origin);
        let request = request
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "content-type");
        header(&request.send().await.unwrap(), "access-control-allow-origin").to_owned()
    };
    assert_eq!(allowed(Method::OPTIONS, "https://news.example").await, "https://news.example");
    assert_eq!(allowed(Method::GET, "https://news.example").await, "https://news.example");
    assert_eq!(allowed(Method::OPTIONS, "https://evil.example").await, "");
    assert_eq!(allowed(Method::GET, "https://evil.example").await, "");
    for bad in ["*", "news.example", "https://news.example/path", "https://"] {
        assert!(http::origin(bad).is_err(), "{bad}");
    }
}

#[tokio::test]
async fn health_describes_the_process_and_readiness_the_database() {
    let server = Server::start().await;
    let status = async |path: &str| server.client.get(server.at(path)).send().await.unwrap().status().as_u16();
    assert_eq!((status("/healthz").await, status("/readyz").await), (200, 200));
    server.ready.store(false, SeqCst);
    assert_eq!((status("/healthz").await, status("/readyz").await), (200, 503));
    let schema = server.client.get(server.at("/schema.graphql")).send().await.unwrap();
    assert!(header(&schema, CONTENT_TYPE).contains("charset=utf-8"));
    assert_eq!(schema.text().await.unwrap(), "type Query");
}

#[tokio::test]
async fn a_stop_lets_running_requests_finish_and_takes_no_new_ones() {
    let mut server = Server::start().await;
    let running = tokio::spawn(server.post("{\"query\":\"{ hang }\"}").send());
    server.events.hanging.notified().await;
    server.stop.take().unwrap().send(()).unwrap();
    // The listener closes at once; until then, new connections get no answer.
    while TcpStream::connect(server.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(!server.task.is_finished());
    server.events.go_on.notify_one();
    assert_eq!(body(running.await.unwrap().unwrap()).await, json!({ "data": { "hang": "done" } }));
    server.task.await.unwrap();
}

#[tokio::test]
async fn a_stop_waits_for_a_limited_time() {
    let mut server = Server::start_with(Times { drain: Duration::from_millis(50), ..Times::default() }).await;
    let running = tokio::spawn(server.post("{\"query\":\"{ hang }\"}").send());
    server.events.hanging.notified().await;
    server.stop.take().unwrap().send(()).unwrap();
    server.task.await.unwrap();
    running.abort();
}
