//! GraphQL over HTTP: media types, methods, bodies, statuses.

use std::sync::atomic::Ordering::SeqCst;

use reqwest::{
    StatusCode,
    header::{ACCEPT, ACCEPT_LANGUAGE, ALLOW, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, VARY},
};
use serde_json::json;

use super::{GRAPHQL, Server, body, header, refusal};

#[tokio::test]
async fn a_query_is_answered_by_post_and_by_get() {
    let server = Server::start().await;
    let document = "query A { a: hello } query B($n: String!) { b: hello(name: $n) }";
    let posted = server
        .post(
            json!({ "query": document, "operationName": "B", "variables": { "n": "x" }, "extensions": {} }).to_string(),
        )
        .send()
        .await
        .unwrap();
    assert_eq!(posted.status(), StatusCode::OK);
    assert_eq!(header(&posted, CONTENT_TYPE), "application/graphql-response+json; charset=utf-8");
    assert!(header(&posted, VARY).to_lowercase().contains("accept"));
    assert_eq!(body(posted).await, json!({ "data": { "b": "hello x" } }));
    let got = server.get(&[("query", document), ("operationName", "B"), ("variables", "{\"n\":\"é &\"}")]).await;
    assert_eq!(body(got).await, json!({ "data": { "b": "hello é &" } }));
}

#[tokio::test]
async fn the_media_type_is_negotiated() {
    let server = Server::start().await;
    let answer = async |accept: Option<&str>, query: &str| {
        let request = server
            .client
            .post(server.at("/graphql"))
            .header(CONTENT_TYPE, "application/json")
            .body(json!({ "query": query }).to_string());
        let request = match accept {
            Some(accept) => request.header(ACCEPT, accept),
            None => request,
        };
        let response = request.send().await.unwrap();
        (response.status().as_u16(), header(&response, CONTENT_TYPE).split(';').next().unwrap().to_owned())
    };
    assert_eq!(answer(None, "{ hello }").await, (200, "application/json".into()));
    assert_eq!(answer(Some("*/*"), "{ nope }").await, (200, "application/json".into()));
    assert_eq!(
        answer(Some("application/json;q=0.4, application/graphql-response+json;q=0.9"), "{ nope }").await,
        (400, GRAPHQL.into())
    );
    assert_eq!(answer(Some("image/png"), "{ hello }").await, (406, "application/json".into()));
}

#[tokio::test]
async fn refused_documents_have_status_400_and_no_data() {
    let server = Server::start().await;
    for query in
        ["{", "{ nope }", "query($v: Int!) { hello @include(if: $v) }", "query($v: String!) { hello(name: $v) }", ""]
    {
        let (status, code, _) = refusal(server.ask(query).await).await;
        assert_eq!((status, code.as_str()), (400, "BAD_USER_INPUT"), "{query}");
    }
    let unknown =
        server.post(json!({ "query": "query A { hello }", "operationName": "B" }).to_string()).send().await.unwrap();
    assert_eq!(refusal(unknown).await.0, 400);
    let many = format!("{{ {} }}", "hello ".repeat(21));
    assert_eq!(refusal(server.ask(&many).await).await.1, "LIMIT_EXCEEDED");
}

#[tokio::test]
async fn malformed_bodies_are_refused_and_the_wrong_part_is_named() {
    let server = Server::start().await;
    let cases = [
        ("{ \"query\": ", "The body is not JSON"),
        ("\"{ hello }\"", "must be a JSON object"),
        ("[{\"query\":\"{ hello }\"}]", "Batches"),
        ("{}", "`query` is missing"),
        ("{\"query\":7}", "`query` must be a string"),
        ("{\"query\":\"{ hello }\",\"variables\":[]}", "`variables` must be an object"),
        ("{\"query\":\"{ hello }\",\"operationName\":{}}", "`operationName` must be a string"),
        ("{\"query\":\"{ hello }\",\"extensions\":\"x\"}", "`extensions` must be an object"),
        ("\u{feff}", "The body is not JSON"),
    ];
    for (sent, message) in cases {
        let (status, code, said) = refusal(server.post(sent).send().await.unwrap()).await;
        assert_eq!((status, code.as_str()), (400, "BAD_USER_INPUT"), "{sent}");
        assert!(said.contains(message), "{sent}: {said}");
    }
    assert!(
        refusal(server.get(&[("query", "{ hello }"), ("variables", "{")]).await)
            .await
            .2
            .contains("`variables` is not JSON")
    );
    let nulls = server
        .post("{\"query\":\"{ hello }\",\"variables\":null,\"operationName\":null,\"extensions\":null}")
        .send()
        .await
        .unwrap();
    assert_eq!(nulls.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_key_that_is_there_twice_is_refused_with_its_place() {
    let server = Server::start().await;
    let query = "\"query\":\"query($n: String) { hello(name: $n) }\"";
    for (sent, key, place) in [
        (format!("{{{query},\"variables\":{{\"n\":\"a\",\"n\":\"b\"}}}}"), "\"n\"", "line 1 column 73"),
        (format!("{{{query},\n\"variables\":{{\"n\":\"a\",\"\\u006e\":\"b\"}}}}"), "\"n\"", "line 2 column"),
        (format!("{{{query},\"variables\":{{\"n\":[{{}},{{\"a\":{{\"b\":1,\"b\":2}}}}]}}}}"), "\"b\"", "line 1 column"),
        (format!("{{{query},\"variables\":{{}},\"variables\":{{}}}}"), "\"variables\"", "line 1 column"),
        (format!("{{{query},{query}}}"), "\"query\"", "line 1 column"),
        (format!("{{{query},\"extensions\":{{\"a\":1,\"a\":1}}}}"), "\"a\"", "line 1 column"),
    ] {
        let (status, code, message) = refusal(server.post(sent.clone()).send().await.unwrap()).await;
        assert_eq!((status, code.as_str()), (400, "BAD_USER_INPUT"), "{sent}");
        assert!(
            message.starts_with(&format!("The body has the key {key} twice in one object at {place}")),
            "{sent}: {message}"
        );
    }
    let got = server.get(&[("query", "{ hello }"), ("variables", "{\"n\":1,\"n\":2}")]).await;
    assert_eq!(refusal(got).await.2, "`variables` has the key \"n\" twice in one object at line 1 column 10.");
    let same_in_two = format!("{{{query},\"variables\":{{\"n\":\"a\",\"list\":[{{\"n\":1}},{{\"n\":1}}]}}}}");
    let response = server.post(same_in_two).send().await.unwrap();
    assert_eq!(body(response).await, json!({ "data": { "hello": "hello a" } }));
}

#[tokio::test]
async fn only_json_in_utf_8_is_read() {
    let server = Server::start().await;
    let send = async |content_type: Option<&str>, encoding: Option<&str>| {
        let mut request = server.client.post(server.at("/graphql")).body("{\"query\":\"{ hello }\"}");
        if let Some(content_type) = content_type {
            request = request.header(CONTENT_TYPE, content_type);
        }
        if let Some(encoding) = encoding {
            request = request.header(CONTENT_ENCODING, encoding);
        }
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(send(Some("application/json"), None).await, 200);
    assert_eq!(send(Some("Application/JSON; charset=\"UTF-8\""), Some("identity")).await, 200);
    for refused in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=x"),
        Some("application/json; charset=latin1"),
    ] {
        assert_eq!(send(refused, None).await, 415, "{refused:?}");
    }
    assert_eq!(send(Some("application/json"), Some("gzip")).await, 415);
}

#[tokio::test]
async fn the_readers_languages_reach_the_schema_best_first() {
    let server = Server::start().await;
    let request = server.post("{\"query\":\"{ languages }\"}").header(ACCEPT_LANGUAGE, "en;q=0.5, ar-EG, *;q=0.1");
    let response = request.send().await.unwrap();
    assert!(header(&response, VARY).contains("Accept-Language"));
    assert_eq!(body(response).await, json!({ "data": { "languages": ["ar-EG", "en"] } }));
    assert_eq!(body(server.ask("{ languages }").await).await, json!({ "data": { "languages": [] } }));
}

#[tokio::test]
async fn mutations_run_by_post_alone() {
    let server = Server::start().await;
    for parameters in [
        &[("query", "mutation { write }")][..],
        &[("query", "query A { hello } mutation M { write }"), ("operationName", "M")],
    ] {
        let refused = server.get(parameters).await;
        assert_eq!(header(&refused, ALLOW), "POST");
        assert_eq!(refusal(refused).await.0, 405);
    }
    assert!(!server.events.written.load(SeqCst));
    let query = server.get(&[("query", "query A { hello } mutation M { write }"), ("operationName", "A")]).await;
    assert_eq!(query.status(), StatusCode::OK);
    assert_eq!(body(server.ask("mutation { write }").await).await, json!({ "data": { "write": true } }));
    let put = server.client.put(server.at("/graphql")).body("{}").send().await.unwrap();
    assert_eq!((put.status().as_u16(), header(&put, ALLOW)), (405, "GET, HEAD, POST"));
}

#[tokio::test]
async fn a_token_that_cannot_be_checked_is_not_reported_as_wrong() {
    let server = Server::start().await;
    let answer = server.post("{\"query\":\"{ hello }\"}").header(AUTHORIZATION, "Bearer of-whom").send().await.unwrap();
    let (status, code, message) = refusal(answer).await;
    assert_eq!((status, code.as_str()), (503, "UNAVAILABLE"));
    assert!(!message.contains("secret"), "{message}");
}

#[tokio::test]
async fn the_size_limit_of_a_body_depends_on_the_role_and_is_checked_before_reading() {
    let server = Server::start().await;
    let head = "POST /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n";
    for (token, length, status) in [
        ("", 262_145, "413"),
        ("authorization: Bearer of-an-editor\r\n", 524_289, "413"),
        ("authorization: Bearer of-nobody\r\n", 1, "401"),
    ] {
        let answer = server.raw(format!("{head}{token}content-length: {length}\r\n\r\n").as_bytes()).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    }
    let body = format!("{{\"query\":\"{{ hello }}\"}}{}", " ".repeat(300 * 1024));
    let edited = server.post(body).header(AUTHORIZATION, "Bearer of-an-editor").send().await.unwrap();
    assert_eq!(edited.status(), StatusCode::OK);
}

#[tokio::test]
async fn large_bodies_are_refused_before_they_are_read() {
    let server = Server::start().await;
    let head = "POST /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n";
    // Only the length is sent, so the answer depends on it alone.
    let declared = server.raw(format!("{head}content-length: 262145\r\n\r\n").as_bytes()).await;
    assert!(declared.starts_with("HTTP/1.1 413 "), "{declared}");
    assert!(declared.contains("LIMIT_EXCEEDED"));
    let chunk = format!("{:x}\r\n{}\r\n", 65_536, " ".repeat(65_536));
    let chunked = server.raw(format!("{head}transfer-encoding: chunked\r\n\r\n{}", chunk.repeat(5)).as_bytes()).await;
    assert!(chunked.starts_with("HTTP/1.1 413 "), "{chunked}");
}
