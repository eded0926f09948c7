//! Answers of the transport, and the operation name for the log.

use std::time::Duration;

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};

use super::accept::Media;
use crate::graphql::error::Code;

/// The name of the requested operation, for the log.
#[derive(Debug, Clone)]
pub(super) struct OperationName(pub String);

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
    json(status, media, body.to_string().into_bytes())
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
