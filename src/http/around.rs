//! Middleware of all routes: the id of the request, its line in the log, headers of all answers, and status 500 after a
//! panic.

use std::{
    any::Any,
    net::{IpAddr, SocketAddr},
    panic::AssertUnwindSafe,
    sync::Arc,
    time::Instant,
};

use axum::{
    extract::{ConnectInfo, Request},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use futures_util::FutureExt as _;
use uuid::Uuid;

use super::{
    accept::Media,
    respond::{self, Logged},
};
use crate::graphql::error::{Code, INTERNAL, MAY_BE_WRITTEN, RequestId, WriteStarted};

pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// How many characters of the name of an operation are logged.
const MAX_OPERATION_NAME: usize = 100;

/// Headers of answers that do not set them themselves.
const HEADERS: [(HeaderName, HeaderValue); 7] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
];

pub(super) async fn request(mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request_id(request.headers());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let client = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|client| client.0.ip().to_canonical());
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
    log(&Line { method, path, id, client, started }, &response);
    response
}

/// Answers after a panic. It runs within CORS, so that pages of allowed origins can read the answer.
pub(super) async fn answer_panics(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let write_started = request.extensions().get::<WriteStarted>().cloned().unwrap_or_default();
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    answer.unwrap_or_else(|panic| panicked(&id, &write_started, &*panic))
}

/// What the log says about a request before it is answered.
struct Line {
    method: Method,
    path: String,
    id: Arc<str>,
    client: Option<IpAddr>,
    started: Instant,
}

fn log(Line { method, path, id, client, started }: &Line, response: &Response) {
    let status = response.status().as_u16();
    let ms = started.elapsed().as_secs_f64() * 1000.0;
    let client = client.map(tracing::field::display);
    let none = Logged::default();
    let Logged { operation, token, code, is_refused } = response.extensions().get().unwrap_or(&none);
    let operation: Option<String> = operation.as_ref().map(|name| name.chars().take(MAX_OPERATION_NAME).collect());
    let (operation, token, code) = (operation.as_deref(), token.as_deref(), code.as_deref());
    if response.status().is_server_error() {
        tracing::warn!(%method, path, status, ms, request_id = &**id, operation, code, token, client, "failed");
    } else if *is_refused || response.status().is_client_error() {
        tracing::info!(%method, path, status, ms, request_id = &**id, operation, code, token, client, "refused");
    } else if code.is_some() {
        tracing::info!(%method, path, status, ms, request_id = &**id, operation, code, token, client, "answered with errors");
    } else {
        tracing::info!(%method, path, status, ms, request_id = &**id, operation, token, client, "answered");
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
