//! Checks the host name that a request is for. A page of a foreign site could otherwise reach a server on a loopback address, through a
//! name of that site that leads to the loopback address (DNS rebinding).

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{StatusCode, Version, header, uri::Authority},
    middleware::Next,
    response::Response,
};

use super::{accept::Media, respond};
use crate::graphql::error::Code;

/// The names under which a server answers.
#[derive(Debug, Clone, Default)]
pub struct Hosts {
    /// On a loopback address, the names beside the loopback names; else nothing, and every name is allowed.
    others: Option<Arc<[String]>>,
}

impl Hosts {
    /// Loopback names, and these.
    #[must_use]
    pub fn loopback_and(others: &[String]) -> Self {
        Self { others: Some(others.iter().map(|name| name.to_lowercase()).collect()) }
    }

    fn allow(&self, name: &str) -> bool {
        let Some(others) = &self.others else { return true };
        let name = name.trim_end_matches('.').to_lowercase();
        is_loopback(&name) || others.contains(&name)
    }
}

/// Whether a name in lower case leads to this machine only.
fn is_loopback(name: &str) -> bool {
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    name == "localhost"
        || name.ends_with(".localhost")
        || address.is_ok_and(|address| address.to_canonical().is_loopback())
}

/// Refuses requests that name no host, several, or one that is not allowed.
pub(super) async fn check(State(hosts): State<Hosts>, request: Request, next: Next) -> Response {
    let mut given = request.headers().get_all(header::HOST).iter();
    let header = match (given.next(), given.next()) {
        (None, _) if request.version() < Version::HTTP_11 => None,
        (Some(value), None) => match value.to_str().ok().and_then(authority) {
            Some(host) => Some(host),
            None => return refused(StatusCode::BAD_REQUEST, "The header Host is not a host name."),
        },
        _ => return refused(StatusCode::BAD_REQUEST, "A request must have one header Host."),
    };
    let mut names = header.iter().map(Authority::host).chain(request.uri().host());
    if let Some(name) = names.find(|name| !hosts.allow(name)) {
        let message = format!(
            "This server answers to local names only, such as localhost. To allow the name {name}, start it with `--allow-host {name}`."
        );
        return refused(StatusCode::FORBIDDEN, &message);
    }
    next.run(request).await
}

/// A host and an optional port.
fn authority(text: &str) -> Option<Authority> {
    text.parse().ok().filter(|_| !text.contains('@'))
}

fn refused(status: StatusCode, message: &str) -> Response {
    let code = if status == StatusCode::FORBIDDEN { Code::Forbidden } else { Code::BadUserInput };
    respond::error(status, Media::Json, code, message)
}

/// Parses a name of `--allow-host`.
///
/// # Errors
/// What a host name looks like, where the text is none.
pub fn host_name(text: &str) -> Result<String, String> {
    let name = text.parse::<Authority>().ok().filter(|name| name.host() == text && !text.is_empty());
    name.map(|name| name.host().to_lowercase())
        .ok_or_else(|| "a host name has no scheme and no port, such as news.example".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_names_and_allowed_ones_are_allowed() {
        let hosts = Hosts::loopback_and(&["News.example".to_owned()]);
        for name in ["localhost", "LOCALHOST.", "a.localhost", "127.0.0.1", "127.1.2.3", "[::1]", "news.example"] {
            assert!(hosts.allow(name), "{name}");
        }
        for name in
            ["", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1", "[::2]", "0.0.0.0"]
        {
            assert!(!hosts.allow(name), "{name}");
            assert!(Hosts::default().allow(name), "{name}");
        }
    }

    #[test]
    fn a_host_name_has_neither_scheme_nor_port() {
        assert_eq!(host_name("News.example").as_deref(), Ok("news.example"));
        for bad in ["", "https://news.example", "news.example:443", "me@news.example", "news.example/", "a b"] {
            assert!(host_name(bad).is_err(), "{bad}");
        }
    }
}
