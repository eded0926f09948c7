//! Middleware of all routes: the id of the request, its line in the log, headers of all answers, and status 500 after a
//! panic.

use std::{any::Any, panic::AssertUnwindSafe, sync::Arc, time::Instant};

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};
use futures_util::FutureExt as _;
use uuid::Uuid;

use super::{
    accept::Media,
    respond::{self, OperationName},
};
use crate::graphql::error::{Code, INTERNAL, MAY_BE_WRITTEN, RequestId, WriteStarted};

pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Headers of answers that do not set them themselves.
const HEADERS: [(HeaderName, HeaderValue); 5] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];

pub(super) async fn request(mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request_id(request.headers());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    request.extensions_mut().insert(RequestId(id.clone()));
    request.extensions_mut().insert(WriteStarted::default());

    // No tracing span, which is expensive. Log lines of a request contain its id.
    let mut response = next.run(request).await;

    let headers = response.headers_mut();
    for (name, value) in &HEADERS {
        if !headers.contains_key(name) {
            headers.insert(name, value.clone());
        }
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, id);
    }
    log(&method, &path, &response, &id, started);
    response
}

/// Answers after a panic. It runs within CORS, so that pages of allowed origins can read the answer.
pub(super) async fn answer_panics(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let write_started = request.extensions().get::<WriteStarted>().cloned().unwrap_or_default();
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    answer.unwrap_or_else(|panic| panicked(&id, &write_started, &*panic))
}

fn log(method: &axum::http::Method, path: &str, response: &Response, id: &str, started: Instant) {
    let status = response.status().as_u16();
    let ms = started.elapsed().as_secs_f64() * 1000.0;
    let operation = response.extensions().get::<OperationName>().map(|name| name.0.as_str());
    if response.status().is_server_error() {
        tracing::warn!(%method, path, status, ms, request_id = id, operation, "answered");
    } else {
        tracing::info!(%method, path, status, ms, request_id = id, operation, "answered");
    }
}

/// The id of the client where it is valid, else a new `UUIDv7`.
fn request_id(headers: &HeaderMap) -> Arc<str> {
    let sane = |id: &&str| {
        (1..=128).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._:/+=-".contains(&byte))
    };
    match headers.get(&REQUEST_ID).and_then(|id| id.to_str().ok()).filter(sane) {
        Some(id) => id.into(),
        None => Uuid::now_v7().hyphenated().encode_lower(&mut Uuid::encode_buffer()).to_owned().into(),
    }
}

/// The panic hook has logged the location already.
fn panicked(id: &str, write_started: &WriteStarted, panic: &(dyn Any + Send)) -> Response {
    let cause = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    tracing::error!(request_id = id, cause, "a request panicked");
    let message = if write_started.is_set() { format!("{INTERNAL} {MAY_BE_WRITTEN}") } else { INTERNAL.to_owned() };
    let body = serde_json::json!({ "errors": [{
        "message": message,
        "extensions": { "code": Code::Internal.as_str(), "requestId": id },
    }] });
    respond::json(StatusCode::INTERNAL_SERVER_ERROR, Media::Json, body.to_string().into_bytes())
}
