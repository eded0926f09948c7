//! Errors as clients see them:
//!
//! - [`Code::BadUserInput`], [`Code::LimitExceeded`], ...: [`Code::error`] with a message that says what to correct.
//! - The database cannot be reached or is too slow: [`unavailable`]; with another message, [`unavailable_because`].
//! - All other errors: [`internal`] with the cause.
//!
//! [`finish`] logs each cause once; clients never see it. A resolver's error with a Rust error as its source (from `?`)
//! counts as internal too, so that no message of a driver reaches a client.

use std::{
    fmt::Display,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::store::read::ReadError;
use async_graphql::{Error, ErrorExtensionValues, Pos, Response, ServerError, Value};

/// `extensions.code` of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    Unauthenticated,
    Forbidden,
    BadUserInput,
    /// Not an error for users: the client sends the document.
    PersistedQueryNotFound,
    LimitExceeded,
    RateLimited,
    Unavailable,
    Internal,
}

impl Code {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::PersistedQueryNotFound => "PERSISTED_QUERY_NOT_FOUND",
            Self::LimitExceeded => "LIMIT_EXCEEDED",
            Self::RateLimited => "RATE_LIMITED",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
        }
    }

    /// An error of a field, for resolvers.
    #[must_use]
    pub fn error(self, message: impl Into<String>) -> Error {
        Error { message: message.into(), source: None, extensions: Some(self.extensions()) }
    }

    /// An error of the whole request, or of a field with this position.
    #[must_use]
    pub fn server_error(self, message: impl Into<String>, at: Option<Pos>) -> ServerError {
        let mut error = ServerError::new(message, at);
        error.extensions = Some(self.extensions());
        error
    }

    fn extensions(self) -> ErrorExtensionValues {
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", self.as_str());
        extensions
    }
}

/// The id of the request. The transport puts it into the data of the request.
#[derive(Debug, Clone)]
pub struct RequestId(pub Arc<str>);

/// The cause of an error, for the log only.
struct Cause(String);

/// The message of an internal error.
pub const INTERNAL: &str = "An internal error occurred. The server log has the cause under the request id.";

/// The message where the database is unavailable.
pub const UNREACHABLE: &str = "The database cannot be reached.";

/// The message where too many others use the database.
pub const BUSY: &str = "The database is busy. Try again in a few seconds.";

/// The message where the outcome of a change is not known.
pub const MAY_BE_WRITTEN: &str = "The change may or may not have been written. Query the record by its id or key, or send the same change again \
    with the same id or key. A DUPLICATE whose `current` is the record then shows that the new record was written. For an update, \
    a CONFLICT and the history of the record show whose change was written.";

/// Whether a change has started during a request; in the data of the request. The answer to a request that ends early
/// must mention it.
#[derive(Debug, Clone, Default)]
pub struct WriteStarted(Arc<AtomicBool>);

impl WriteStarted {
    /// Notes that a change has started.
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether a change has started.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// An internal error. The cause is logged once, with the id of the request.
#[must_use]
pub fn internal(cause: impl Display) -> Error {
    internal_because(INTERNAL, cause)
}

/// The same with another message.
#[must_use]
pub fn internal_because(message: &str, cause: impl Display) -> Error {
    Error { source: Some(Arc::new(Cause(cause.to_string()))), ..Code::Internal.error(message) }
}

/// The database cannot be reached, or no connection is free in time. The cause is logged.
#[must_use]
pub fn unavailable(cause: impl Display) -> Error {
    unavailable_because(&format!("{UNREACHABLE} Try again in a few seconds."), cause)
}

/// The same with another message.
#[must_use]
pub fn unavailable_because(message: &str, cause: impl Display) -> Error {
    Error { source: Some(Arc::new(Cause(cause.to_string()))), ..Code::Unavailable.error(message) }
}

/// The error of a failed read for clients.
pub(super) fn read_error(error: ReadError) -> Error {
    match error {
        ReadError::Unavailable(cause) => unavailable(cause),
        ReadError::Busy(cause) => unavailable_because(BUSY, cause),
        ReadError::AnswerTooLarge => {
            Code::LimitExceeded.error("The answer is too large. Request smaller pages, or fewer long texts.")
        }
        ReadError::TooMuch => Code::LimitExceeded.error("The query of this field is too large. Select fewer fields."),
        ReadError::TimedOut => {
            Code::LimitExceeded.error("The query took too long and was stopped. Request smaller pages or fewer fields.")
        }
        ReadError::Refused(message) => Code::BadUserInput.error(message),
        ReadError::Failed(cause) => internal(cause),
    }
}

/// The answer to a request that failed before its document was read.
#[must_use]
pub fn answer(error: Error, request: Option<&RequestId>) -> Response {
    let mut refused = ServerError::new(error.message, None);
    (refused.source, refused.extensions) = (error.source, error.extensions);
    let mut errors = vec![refused];
    finish(&mut errors, request);
    Response::from_errors(errors)
}

/// Gives every error its code. Logs internal errors with their causes and makes them opaque.
pub(super) fn finish(errors: &mut [ServerError], request: Option<&RequestId>) {
    for error in errors {
        let code = error.extensions.as_ref().and_then(|extensions| extensions.get("code"));
        let opaque = match code {
            Some(Value::String(code)) => code == Code::Internal.as_str() || code == Code::Unavailable.as_str(),
            Some(_) => false,
            None => error.source.is_some(),
        };
        if !opaque {
            if code.is_none() {
                error.extensions.get_or_insert_default().set("code", Code::BadUserInput.as_str());
            }
            continue;
        }
        let cause = error.source::<Cause>().map_or(error.message.as_str(), |cause| cause.0.as_str());
        let id = request.map_or("", |request| &request.0);
        let path = path(error);
        tracing::error!(request_id = id, path, cause, "a field failed");
        if code.is_none() {
            INTERNAL.clone_into(&mut error.message);
            error.extensions = Some(Code::Internal.extensions());
        }
        error.source = None;
        if let (Some(request), Some(extensions)) = (request, &mut error.extensions) {
            extensions.set("requestId", &*request.0);
        }
    }
}

fn path(error: &ServerError) -> String {
    use async_graphql::PathSegment;
    let segments = error.path.iter().map(|segment| match segment {
        PathSegment::Field(name) => name.clone(),
        PathSegment::Index(index) => index.to_string(),
    });
    segments.collect::<Vec<_>>().join(".")
}

/// The code of the first error of an answer.
#[must_use]
pub fn first_code(answer: &Response) -> Option<String> {
    match answer.errors.first()?.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code.clone()),
        _ => None,
    }
}

/// Whether nothing was executed, because the document, its variables or its size were refused. Such an answer has no
/// `data`. Every error of execution has a path.
#[must_use]
pub fn was_not_executed(answer: &Response) -> bool {
    answer.data == Value::Null && !answer.errors.is_empty() && answer.errors.iter().all(|error| error.path.is_empty())
}
