//! GraphQL over HTTP, by the GraphQL-over-HTTP draft: one handler for `/graphql`.
//!
//! async-graphql-axum's extractors are not used here: they ignore `Accept`, run mutations over GET, take any content type and read bodies
//! of any size.

use std::{borrow::Cow, sync::Arc, time::Duration};

use async_graphql::{Extensions, Request as Operation, Value as ConstValue};
use axum::{
    body::Bytes,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::Response,
};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::Deserialize;
use serde_json::Value;

use super::{
    App,
    accept::{Media, is_utf8, negotiate},
    authorize, client,
    language::languages,
    respond::{self, Logged},
    sending,
    unique_keys::UniqueKeys,
};
use crate::graphql::{
    self, ReaderLanguages, ReportsCost,
    budget::{Allowance, Client},
    document::{NeedsPost, QueriesOnly, persisted::EXTENSION},
    error::{Code, MAY_BE_WRITTEN, RequestId, WriteStarted, first_code, was_not_executed},
};

/// The header by which a request asks for its cost. Hot Chocolate, another GraphQL server, has the same one.
const COST: &str = "graphql-cost";
/// When to ask again for a large answer.
const BUDGET_RETRY: Duration = Duration::from_secs(2);

/// A request that is refused before it is executed.
struct RefusedRequest {
    status: StatusCode,
    code: Code,
    message: Cow<'static, str>,
}

fn refuse(status: StatusCode, message: impl Into<Cow<'static, str>>) -> RefusedRequest {
    let code = if status == StatusCode::PAYLOAD_TOO_LARGE { Code::LimitExceeded } else { Code::BadUserInput };
    RefusedRequest { status, code, message: message.into() }
}

pub(super) async fn handle(State(app): State<App>, request: Request) -> Response {
    let Some(media) = negotiate(request.headers()) else {
        let message = "The Accept header allows neither application/json nor application/graphql-response+json. Accept one of them.";
        return sealed(respond::error(StatusCode::NOT_ACCEPTABLE, Media::Json, Code::BadUserInput, message));
    };
    let id = request.extensions().get::<RequestId>().cloned();
    let write_started = request.extensions().get::<WriteStarted>().cloned().unwrap_or_default();
    let languages = languages(request.headers());
    let asks_for_cost =
        request.headers().get(COST).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"report"));
    let method = request.method().clone();
    // The limit of the body depends on the viewer.
    let address = Client::address(client::address(request.extensions(), request.headers(), &app.fairness.proxies));
    let viewer = match app.access.viewer(request.headers()).await {
        Ok(viewer) => viewer,
        Err(denied) => {
            let is_wrong = matches!(denied, authorize::Denied::Wrong(_));
            let counted = if is_wrong { app.fairness.rates.wrong_token(&address) } else { Ok(()) };
            return sealed(match counted {
                Err(wait) => too_many(media, wait, "Too many wrong tokens were sent from your address."),
                Ok(()) => authorize::denied(denied, media, id.as_ref()),
            });
        }
    };
    let client = viewer.name.as_deref().map_or(address, Client::token);
    if let Err(wait) = app.fairness.rates.request(&client) {
        return sealed(too_many(media, wait, "Too many requests were sent by your token or from your address."));
    }
    let read = match method {
        // The server leaves out the body of an answer to HEAD.
        Method::GET | Method::HEAD => {
            from_query(request.uri().query().unwrap_or_default()).map(|operation| operation.data(QueriesOnly))
        }
        Method::POST => from_body(request, app.body_limits.of(&viewer), app.times.body).await,
        _ => Err(refuse(StatusCode::METHOD_NOT_ALLOWED, "Send GraphQL by POST, or a query by GET.")),
    };
    let mut operation = match read {
        Ok(operation) => operation,
        Err(RefusedRequest { status, code, message }) => {
            let said = Logged { token: viewer.name, ..Logged::default() };
            let mut response = respond::logged(respond::error(status, media, code, &message), said);
            if status == StatusCode::METHOD_NOT_ALLOWED {
                response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
            }
            return sealed(response);
        }
    };
    let token = viewer.name.clone();
    operation = operation.data(viewer);
    if let Some(id) = id {
        operation = operation.data(id);
    }
    if !languages.is_empty() {
        operation = operation.data(ReaderLanguages(languages));
    }
    if asks_for_cost {
        operation = operation.data(ReportsCost);
    }
    let name = operation.operation_name.clone();
    let allowance = Allowance::new(&app.fairness.budget, client.clone());
    operation = operation.data(client).data(Arc::clone(&allowance)).data(write_started.clone());
    let response = run(&app, operation, &write_started, &allowance, media).await;
    sealed(respond::logged(response, Logged { operation: name, token, ..Logged::default() }))
}

/// The refusal of a client that sends too much.
fn too_many(media: Media, wait: Duration, message: &str) -> Response {
    let message = format!("{message} Try again in a few seconds.");
    respond::retry_after(respond::error(StatusCode::TOO_MANY_REQUESTS, media, Code::RateLimited, &message), wait)
}

async fn run(
    app: &App,
    operation: Operation,
    write_started: &WriteStarted,
    allowance: &Allowance,
    media: Media,
) -> Response {
    let Ok(answer) = tokio::time::timeout(app.times.run, app.schema.execute(operation)).await else {
        let advice = if write_started.is_set() { MAY_BE_WRITTEN } else { "Request less at once." };
        let seconds = app.times.run.as_secs();
        let message = format!("The request took longer than {seconds} seconds and was stopped. {advice}");
        return respond::error(StatusCode::SERVICE_UNAVAILABLE, media, Code::LimitExceeded, &message);
    };
    let refused = was_not_executed(&answer);
    let needs_post = refused && answer.errors.iter().any(|error| error.source::<NeedsPost>().is_some());
    let status = match media {
        _ if needs_post => StatusCode::METHOD_NOT_ALLOWED,
        _ if allowance.was_refused() => StatusCode::SERVICE_UNAVAILABLE,
        Media::GraphQl if refused => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    };
    let (body, code) = (graphql::answer(&answer), first_code(&answer));
    drop(answer);
    let reservation = allowance.settle(body.len());
    let mut response = respond::json(status, media, sending::body(body, reservation));
    if allowance.was_refused() {
        response = respond::retry_after(response, BUDGET_RETRY);
    }
    if needs_post {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
    }
    respond::logged(response, Logged { code, is_refused: refused, ..Logged::default() })
}

/// Adds the headers of all answers of this route.
fn sealed(mut response: Response) -> Response {
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept, Accept-Language"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// `?query=...&operationName=...&variables={...}&extensions={...}`
fn from_query(query: &str) -> Result<Operation, RefusedRequest> {
    let mut fields = Fields::default();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "query" => fields.query = Some(Value::String(value.into_owned())),
            "operationName" if !value.is_empty() => {
                fields.operation_name = Some(Value::String(value.into_owned()));
            }
            "variables" | "extensions" if !value.is_empty() => {
                refuse_repeated_keys(&format!("`{name}`"), value.as_bytes())?;
                let parsed = serde_json::from_str(&value)
                    .map_err(|error| refuse(StatusCode::BAD_REQUEST, format!("`{name}` is not JSON: {error}.")))?;
                if name == "variables" {
                    fields.variables = Some(parsed);
                } else {
                    fields.extensions = Some(parsed);
                }
            }
            _ => {}
        }
    }
    fields.operation()
}

async fn from_body(request: Request, limit: usize, time: Duration) -> Result<Operation, RefusedRequest> {
    is_json(request.headers())?;
    let too_large = || refuse(StatusCode::PAYLOAD_TOO_LARGE, format!("The body is larger than {limit} bytes."));
    let declared =
        request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|declared| declared > limit as u64) {
        return Err(too_large());
    }
    match tokio::time::timeout(time, Limited::new(request.into_body(), limit).collect()).await {
        Ok(Ok(body)) => from_json(&body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
        Ok(Err(_)) => Err(refuse(StatusCode::BAD_REQUEST, "The connection closed before the end of the body.")),
        Err(_) => Err(refuse(
            StatusCode::REQUEST_TIMEOUT,
            format!("The body did not arrive within {} seconds.", time.as_secs()),
        )),
    }
}

/// Accepts JSON only, so that forms and "simple" cross-site requests of browsers are refused.
fn is_json(headers: &HeaderMap) -> Result<(), RefusedRequest> {
    let unsupported = |message: &'static str| Err(refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = content_type.split(';').map(str::trim);
    if !parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/json")) {
        return unsupported("Send the body as `Content-Type: application/json`.");
    }
    let foreign = |part: &str| {
        part.split_once('=').is_some_and(|(name, value)| name.trim().eq_ignore_ascii_case("charset") && !is_utf8(value))
    };
    if parts.any(foreign) {
        return unsupported("Send the body in UTF-8.");
    }
    match headers.get(header::CONTENT_ENCODING) {
        Some(encoding) if !encoding.as_bytes().eq_ignore_ascii_case(b"identity") => {
            unsupported("Send the body uncompressed.")
        }
        _ => Ok(()),
    }
}

/// A well-formed body.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Posted {
    query: String,
    operation_name: Option<String>,
    #[serde(default)]
    variables: async_graphql::Variables,
    extensions: Option<Extensions>,
}

/// Any JSON object: a request without a document, or a malformed one, whose problem is to be found.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fields {
    query: Option<Value>,
    operation_name: Option<Value>,
    variables: Option<Value>,
    extensions: Option<Value>,
}

/// Of two values with the same key, JSON does not say which one counts. What is not JSON is left to others.
fn refuse_repeated_keys(what: &str, json: &[u8]) -> Result<(), RefusedRequest> {
    match serde_json::from_slice::<UniqueKeys>(json) {
        Err(error) if error.is_data() => Err(refuse(StatusCode::BAD_REQUEST, format!("{what} {error}."))),
        _ => Ok(()),
    }
}

fn from_json(body: &Bytes) -> Result<Operation, RefusedRequest> {
    refuse_repeated_keys("The body", body)?;
    if let Ok(Posted { query, operation_name, variables, extensions }) = serde_json::from_slice::<Posted>(body) {
        let mut operation = Operation::new(query).variables(variables);
        operation.operation_name = operation_name;
        operation.extensions = extensions.unwrap_or_default();
        return Ok(operation);
    }
    let value: Value = serde_json::from_slice(body)
        .map_err(|error| refuse(StatusCode::BAD_REQUEST, format!("The body is not JSON: {error}.")))?;
    match value {
        Value::Array(_) => {
            Err(refuse(StatusCode::BAD_REQUEST, "Batches are not supported: send one operation as an object."))
        }
        value @ Value::Object(_) => serde_json::from_value::<Fields>(value)
            .map_err(|_| refuse(StatusCode::BAD_REQUEST, "The body is not a GraphQL request."))?
            .operation(),
        _ => Err(refuse(StatusCode::BAD_REQUEST, "The body must be a JSON object with a `query`.")),
    }
}

impl Fields {
    fn operation(self) -> Result<Operation, RefusedRequest> {
        let wrong = |message: &'static str| Err(refuse(StatusCode::BAD_REQUEST, message));
        let extensions = match self.extensions {
            None | Some(Value::Null) => Extensions::default(),
            Some(extensions @ Value::Object(_)) => serde_json::from_value(extensions)
                .map_err(|error| refuse(StatusCode::BAD_REQUEST, format!("`extensions` cannot be read: {error}.")))?,
            Some(_) => return wrong("`extensions` must be an object."),
        };
        let query = match self.query {
            Some(Value::String(query)) => query,
            None | Some(Value::Null) if extensions.get(EXTENSION).is_some_and(|hash| *hash != ConstValue::Null) => {
                String::new()
            }
            None | Some(Value::Null) => {
                return wrong("`query` is missing. It must contain the GraphQL document.");
            }
            Some(_) => return wrong("`query` must be a string."),
        };
        let mut operation = Operation::new(query);
        operation.extensions = extensions;
        operation.operation_name = match self.operation_name {
            None | Some(Value::Null) => None,
            Some(Value::String(name)) => Some(name),
            Some(_) => return wrong("`operationName` must be a string."),
        };
        match self.variables {
            None | Some(Value::Null) => {}
            Some(variables @ Value::Object(_)) => {
                operation.variables = async_graphql::Variables::from_json(variables);
            }
            Some(_) => return wrong("`variables` must be an object."),
        }
        Ok(operation)
    }
}
