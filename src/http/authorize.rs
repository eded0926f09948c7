//! Authorization of requests by the `Authorization` header.
//!
//! A token that is not accepted, or a required token that is missing, gives status 401 in either media type, before the
//! body is read.

use std::sync::Arc;

use async_graphql::Error;
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};

use super::{
    accept::Media,
    respond::{self, Logged},
};
use crate::graphql::{
    self,
    error::{self, Code, RequestId},
    viewer::{Recognize, Role, Viewer},
};

/// How requests are authorized.
#[derive(Clone)]
pub struct Access {
    /// Recognizes tokens.
    pub tokens: Arc<dyn Recognize>,
    /// Whether everybody may read; otherwise every request needs a token.
    pub reading_is_open: bool,
}

/// Why a request is not authorized.
pub(super) enum Denied {
    /// The token or the header is not accepted.
    Wrong(&'static str),
    /// Reading needs a token, and there is none.
    Missing,
    /// The token could not be checked.
    Failed(Error),
}

impl Access {
    /// The viewer of the request, by its headers.
    pub(super) async fn viewer(&self, headers: &HeaderMap) -> Result<Viewer, Denied> {
        let viewer = match token(headers)? {
            None => Viewer::ANONYMOUS,
            Some(token) => {
                let known = self.tokens.recognize(token).await.map_err(Denied::Failed)?;
                known.ok_or(Denied::Wrong("The token is unknown, expired or revoked."))?
            }
        };
        if self.reading_is_open || viewer.may(Role::Reader) { Ok(viewer) } else { Err(Denied::Missing) }
    }
}

/// The token of `Authorization: Bearer TOKEN`; `None` without that header.
fn token(headers: &HeaderMap) -> Result<Option<&str>, Denied> {
    let wrong = || Denied::Wrong("The Authorization header must be given once, as `Bearer TOKEN`.");
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = all.next() else {
        return Ok(None);
    };
    let value = value.to_str().ok().filter(|_| all.next().is_none()).ok_or_else(wrong)?;
    let (scheme, token) = value.trim().split_once(' ').ok_or_else(wrong)?;
    let token = token.trim_start();
    if scheme.eq_ignore_ascii_case("bearer") && token.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(Some(token))
    } else {
        Err(wrong())
    }
}

/// The answer to a request that is not authorized.
pub(super) fn denied(denied: Denied, media: Media, request: Option<&RequestId>) -> Response {
    const MISSING: &str = "Reading needs a token on this server. Send it as `Authorization: Bearer TOKEN`.";
    let (message, challenge) = match denied {
        Denied::Wrong(message) => (message, r#"Bearer realm="dateline", error="invalid_token""#),
        Denied::Missing => (MISSING, r#"Bearer realm="dateline""#),
        Denied::Failed(cause) => {
            let code = cause.extensions.as_ref().and_then(|extensions| extensions.get("code"));
            let is_away = code == Some(&Code::Unavailable.as_str().into());
            let code = if is_away { Code::Unavailable } else { Code::Internal };
            let status = if is_away { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::INTERNAL_SERVER_ERROR };
            let said = Logged { code: Some(code.as_str().to_owned()), is_refused: true, ..Logged::default() };
            return respond::logged(
                respond::json(status, media, graphql::answer(&error::answer(cause, request))),
                said,
            );
        }
    };
    let mut response = respond::error(StatusCode::UNAUTHORIZED, media, Code::Unauthenticated, message);
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[&str]) -> Result<Option<String>, ()> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        }
        token(&headers).map(|token| token.map(str::to_owned)).map_err(drop)
    }

    #[test]
    fn the_scheme_is_bearer_in_any_case() {
        assert_eq!(read(&[]), Ok(None));
        for value in ["Bearer abc", "bearer abc", "BEARER   abc", " Bearer abc "] {
            assert_eq!(read(&[value]), Ok(Some("abc".to_owned())), "{value}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for value in ["", "Bearer", "Bearer ", "abc", "Basic dTpw", "Bearer a b", "Bearer \u{e4}", "Bearer,abc"] {
            assert_eq!(read(&[value]), Err(()), "{value}");
        }
        assert_eq!(read(&["Bearer abc", "Bearer abc"]), Err(()));
    }
}
