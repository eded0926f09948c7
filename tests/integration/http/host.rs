//! A server on a loopback address answers to loopback names only.

use dateline::http::{Hosts, Times};

use super::Server;

impl Server {
    /// The status of a request with these lines in its head.
    async fn status(&self, head: &str) -> String {
        let answer = self.raw(format!("{head}connection: close\r\n\r\n").as_bytes()).await;
        answer.split(' ').nth(1).unwrap_or_default().to_owned()
    }
}

#[tokio::test]
async fn a_request_for_a_foreign_name_is_refused_on_a_loopback_address() {
    let server = Server::start_as(Times::default(), Hosts::loopback_and(&["news.example".to_owned()])).await;
    for path in ["/", "/graphql?query={hello}", "/schema.graphql", "/readyz"] {
        for host in [
            "localhost",
            "LocalHost:8000",
            "127.0.0.1:8000",
            "[::1]:8000",
            "playground.localhost",
            "news.example",
            "News.Example:443",
        ] {
            assert_eq!(
                server.status(&format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n")).await,
                "200",
                "{host} {path}"
            );
        }
        for host in
            ["evil.example", "evil.example:8000", "localhost.evil.example", "10.0.0.1", "news.example.evil.example"]
        {
            assert_eq!(
                server.status(&format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n")).await,
                "403",
                "{host} {path}"
            );
        }
    }
    let both = "GET http://evil.example/readyz HTTP/1.1\r\nhost: localhost\r\n";
    assert_eq!(server.status(both).await, "403", "also in the address of the request");
    let answer = server.raw(b"GET /readyz HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n").await;
    assert!(answer.contains("--allow-host evil.example") && answer.contains("x-request-id: "), "{answer}");
}

#[tokio::test]
async fn a_request_names_exactly_one_host() {
    for hosts in [Hosts::default(), Hosts::loopback_and(&[])] {
        let server = Server::start_as(Times::default(), hosts).await;
        assert_eq!(server.status("GET /readyz HTTP/1.1\r\n").await, "400");
        assert_eq!(server.status("GET /readyz HTTP/1.0\r\n").await, "200", "HTTP/1.0 has no such header");
        for host in ["", "a b", "me@localhost", "local/host", "é"] {
            assert_eq!(server.status(&format!("GET /readyz HTTP/1.1\r\nhost: {host}\r\n")).await, "400", "{host:?}");
        }
        assert_eq!(server.status("GET /readyz HTTP/1.1\r\nhost: localhost\r\nhost: localhost\r\n").await, "400");
    }
}

#[tokio::test]
async fn a_server_on_another_address_answers_to_every_name() {
    let server = Server::start().await;
    assert_eq!(server.status("GET /readyz HTTP/1.1\r\nhost: anything.example\r\n").await, "200");
}
