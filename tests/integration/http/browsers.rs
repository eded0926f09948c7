//! What browsers and caches expect: CORS for allowed origins, HEAD, and compressed answers.

use reqwest::{
    Method, Response, StatusCode,
    header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ORIGIN, VARY},
};
use serde_json::json;

use super::{GRAPHQL, Server, header};

const ALLOWED: &str = "https://news.example";

async fn preflight(server: &Server, path: &str, origin: &str, headers: &str) -> Response {
    let request = server.client.request(Method::OPTIONS, server.at(path)).header(ORIGIN, origin);
    let request =
        request.header("access-control-request-method", "POST").header("access-control-request-headers", headers);
    request.send().await.unwrap()
}

#[tokio::test]
async fn pages_of_an_allowed_origin_may_send_the_headers_that_their_client_adds() {
    let server = Server::start().await;
    let asked = "authorization,content-type,apollo-require-preflight,x-apollo-operation-name,traceparent";
    for path in ["/graphql", "/schema.graphql"] {
        let answer = preflight(&server, path, ALLOWED, asked).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        assert_eq!(header(&answer, "access-control-allow-origin"), ALLOWED, "{path}");
        assert_eq!(header(&answer, "access-control-allow-headers"), asked, "{path}");
        let methods = header(&answer, "access-control-allow-methods");
        assert!(["GET", "HEAD", "POST"].iter().all(|method| methods.contains(method)), "{path}: {methods}");
        let foreign = preflight(&server, path, "https://evil.example", asked).await;
        assert_eq!(header(&foreign, "access-control-allow-origin"), "", "{path}");
    }
}

#[tokio::test]
async fn pages_of_an_allowed_origin_may_read_every_answer() {
    let server = Server::start().await;
    let posted = |query: &str| server.post(json!({ "query": query }).to_string());
    let get = |path: &str| server.client.get(server.at(path));
    for (request, status) in [
        (posted("{ hello }"), 200),
        (posted("{ nope }"), 400),
        (posted("{ panics }"), 500),
        (posted("{ hello }").header("authorization", "Bearer of-nobody"), 401),
        (get("/schema.graphql"), 200),
        (get("/healthz"), 200),
        (get("/nothing-here"), 404),
    ] {
        let answer = request.header(ORIGIN, ALLOWED).send().await.unwrap();
        let at = answer.url().path().to_owned();
        assert_eq!(answer.status().as_u16(), status, "{at}");
        assert_eq!(header(&answer, "access-control-allow-origin"), ALLOWED, "{at} {status}");
        assert!(header(&answer, "access-control-expose-headers").contains("x-request-id"), "{at} {status}");
        let varies = answer.headers().get_all(VARY).iter().any(|value| value.to_str().unwrap().contains("origin"));
        assert!(varies, "{at} {status}: a cache must keep answers to other origins apart");
    }
}

#[tokio::test]
async fn head_is_answered_like_get_without_a_body() {
    let server = Server::start().await;
    for path in ["/graphql?query={hello}", "/schema.graphql", "/healthz", "/readyz", "/", "/graphql?query={"] {
        let ask = async |method: Method| {
            server.client.request(method, server.at(path)).header("accept", "*/*").send().await.unwrap()
        };
        let (get, head) = (ask(Method::GET).await, ask(Method::HEAD).await);
        assert_eq!(head.status(), get.status(), "{path}");
        for name in [CONTENT_TYPE, CONTENT_LENGTH, VARY] {
            assert_eq!(header(&head, &name), header(&get, &name), "{path}: {name}");
        }
        assert!(!get.bytes().await.unwrap().is_empty(), "{path}");
        assert!(head.bytes().await.unwrap().is_empty(), "{path}");
    }
    let written = server.client.head(server.at("/graphql?query=mutation{write}")).send().await.unwrap();
    assert_eq!(written.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn answers_of_1_kib_are_compressed_for_clients_that_accept_it() {
    let server = Server::start().await;
    let ask = async |length: usize, accepted: &str| {
        let name = "a".repeat(length);
        let request = server.post(json!({ "query": format!("{{ hello(name: \"{name}\") }}") }).to_string());
        request.header(ACCEPT_ENCODING, accepted).send().await.unwrap()
    };
    for (accepted, used) in [("gzip", "gzip"), ("gzip, deflate, br", "br"), ("br;q=0.5, gzip", "gzip")] {
        let large = ask(2_000, accepted).await;
        assert_eq!(header(&large, CONTENT_ENCODING), used, "{accepted}");
        assert_eq!(header(&large, CONTENT_TYPE), format!("{GRAPHQL}; charset=utf-8"));
        let varies = large.headers().get_all(VARY).iter().map(|value| value.to_str().unwrap().to_lowercase());
        let varies = varies.collect::<Vec<_>>().join(", ");
        assert!(["accept-encoding", "accept-language"].iter().all(|name| varies.contains(name)), "{varies}");
        assert!(large.bytes().await.unwrap().len() < 200, "{accepted}");
        assert_eq!(header(&ask(500, accepted).await, CONTENT_ENCODING), "", "{accepted}: it is small");
    }
    for refused in ["", "identity", "gzip;q=0", "zstd"] {
        let answer = ask(2_000, refused).await;
        assert_eq!(header(&answer, CONTENT_ENCODING), "", "{refused}");
        assert!(answer.bytes().await.unwrap().len() > 2_000, "{refused}");
    }
}
