//! Answers of the transport, and what the log says about them.

use std::time::Duration;

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};

use super::accept::Media;
use crate::graphql::error::Code;

/// What the log says about a request, beside its address and the status of the answer.
#[derive(Debug, Clone, Default)]
pub(super) struct Logged {
    /// The name of the operation.
    pub operation: Option<String>,
    /// The name of the token.
    pub token: Option<String>,
    /// The code of the first error.
    pub code: Option<String>,
    /// Whether nothing was executed.
    pub is_refused: bool,
}

/// The answer with what the log says about it. What an answer has already stays.
pub(super) fn logged(mut response: Response, said: Logged) -> Response {
    let before = response.extensions_mut().remove::<Logged>().unwrap_or_default();
    response.extensions_mut().insert(Logged {
        operation: before.operation.or(said.operation),
        token: before.token.or(said.token),
        code: before.code.or(said.code),
        is_refused: before.is_refused || said.is_refused,
    });
    response
}

/// A JSON body.
pub(super) fn json(status: StatusCode, media: Media, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, media.content_type());
    response
}

/// `{"errors":[{"message":...,"extensions":{"code":...}}]}`
pub(super) fn error(status: StatusCode, media: Media, code: Code, message: &str) -> Response {
    let body = serde_json::json!({ "errors": [{ "message": message, "extensions": { "code": code.as_str() } }] });
    let said = Logged { code: Some(code.as_str().to_owned()), is_refused: true, ..Logged::default() };
    logged(json(status, media, body.to_string().into_bytes()), said)
}

/// Adds when to try again, in whole seconds.
pub(super) fn retry_after(mut response: Response, wait: Duration) -> Response {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    response.headers_mut().insert(header::RETRY_AFTER, seconds.max(1).into());
    response
}

/// Text that is the same for everybody.
pub(super) fn text(status: StatusCode, content_type: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
