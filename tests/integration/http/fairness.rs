//! What keeps one client from taking everything: rates, connections, and the memory of answers.

use std::{num::NonZeroU32, time::Duration};

use dateline::http::{Drain, Fairness, Times, client::network, server::ConnectionLimits};
use reqwest::{StatusCode, header::AUTHORIZATION};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::{Server, header, refusal};

const SOON: Duration = Duration::from_secs(10);

#[tokio::test]
async fn too_many_requests_are_refused_until_some_time_has_passed() {
    let server = Server::start_fair(Times::default(), Fairness::new(0, NonZeroU32::new(1), &[])).await;
    let mut response = server.ask("{ hello }").await;
    for _ in 0..10 {
        if response.status() != StatusCode::OK {
            break;
        }
        response = server.ask("{ hello }").await;
    }
    assert!(header(&response, "retry-after").parse::<u64>().unwrap() >= 1);
    let (status, code, message) = refusal(response).await;
    assert_eq!((status, code.as_str()), (429, "RATE_LIMITED"));
    assert!(message.contains("Try again"), "{message}");
    // the holder of a token has a rate of its own
    let editor =
        server.post(r#"{"query":"{ hello }"}"#).header(AUTHORIZATION, "Bearer of-an-editor").send().await.unwrap();
    assert_eq!(editor.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_proxy_names_the_client_and_nobody_else_does() {
    let from = async |server: &Server, address: &str| {
        let request = server.post(r#"{"query":"{ hello }"}"#).header("x-forwarded-for", address);
        request.send().await.unwrap().status().as_u16()
    };
    let rate = NonZeroU32::new(1);
    let behind = Server::start_fair(Times::default(), Fairness::new(0, rate, &[network("127.0.0.1").unwrap()])).await;
    let direct = Server::start_fair(Times::default(), Fairness::new(0, rate, &[])).await;
    for n in 0..20 {
        assert_eq!(from(&behind, &format!("198.51.100.{n}")).await, 200);
    }
    let mut statuses = vec![];
    for n in 0..20 {
        statuses.push(from(&direct, &format!("198.51.100.{n}")).await);
    }
    assert!(statuses.contains(&429), "{statuses:?}");
}

#[tokio::test]
async fn many_wrong_tokens_are_refused_and_the_right_one_is_not() {
    let server = Server::start().await;
    let with = async |token: &str| {
        let request = server.post(r#"{"query":"{ hello }"}"#).header(AUTHORIZATION, format!("Bearer {token}"));
        request.send().await.unwrap().status().as_u16()
    };
    let mut statuses = vec![];
    for n in 0..100 {
        statuses.push(with(&format!("wrong-{n}")).await);
    }
    assert_eq!((statuses[0], statuses.contains(&429)), (401, true), "{statuses:?}");
    assert_eq!(with("of-an-editor").await, 200);
}

#[tokio::test]
async fn a_connection_too_many_is_told_so() {
    let limits = ConnectionLimits { of_one: 2, ..ConnectionLimits::DEFAULT };
    let server = Server::start_limited(Times::default(), Fairness::default(), limits).await;
    let ask = b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
    let mut open = vec![];
    for _ in 0..2 {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(ask).await.unwrap();
        let mut start = [0; 12];
        stream.read_exact(&mut start).await.unwrap();
        assert_eq!(&start, b"HTTP/1.1 200");
        open.push(stream);
    }
    let refused = server.raw(ask).await;
    assert!(refused.starts_with("HTTP/1.1 503 ") && refused.contains("retry-after: "), "{refused}");
    assert!(refused.contains("Your address has too many open connections."), "{refused}");
}

/// Asks for some megabytes, and does not read the answer.
async fn ask_without_reading(server: &Server, query: &str) -> TcpStream {
    let body = json!({ "query": query }).to_string();
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all((head + &body).as_bytes()).await.unwrap();
    let mut start = [0; 12];
    stream.read_exact(&mut start).await.unwrap();
    assert_eq!(&start, b"HTTP/1.1 200");
    stream
}

#[tokio::test]
async fn a_client_that_reads_too_slowly_is_cut_off() {
    let sending = Drain { rate: 1024 * 1024 * 1024, grace: Duration::from_millis(200) };
    let server = Server::start_fair(Times { sending, ..Times::default() }, Fairness::default()).await;
    let mut stream = ask_without_reading(&server, "{ long(megabytes: 30) }").await;
    // A write fails once the server has closed the connection.
    let cut_off = async {
        while stream.write_all(b"x").await.is_ok() {
            assert_eq!(server.ask("{ hello }").await.status(), StatusCode::OK, "others are answered meanwhile");
        }
    };
    tokio::time::timeout(SOON, cut_off).await.expect("the connection is closed");
}

#[tokio::test]
async fn who_reads_at_once_gets_all_of_a_large_answer() {
    let server = Server::start().await;
    let response = server.ask("{ long(megabytes: 10) }").await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.bytes().await.unwrap().len(), 10 * 1024 * 1024 + r#"{"data":{"long":""}}"#.len());
}
