//! Errors as clients see them. Which one to use when:
//!
//! - [`Code::BadUserInput`], [`Code::LimitExceeded`], ...: [`Code::error`] with a message that tells the client what to mend.
//! - The database cannot be reached or is too slow: [`unavailable`], or [`unavailable_because`] of something else.
//! - Everything else that goes wrong: [`internal`] with its cause.
//!
//! Causes are logged once, here, by [`finish`]; they never leave. An error of a resolver that carries a Rust error as its source
//! (`?` on anything) counts as internal too, so that no driver text can slip out by accident.

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

    /// An error of the whole request, or of a field whose place is known.
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

/// The request's id, as `http` gave it: put it into the request's data.
#[derive(Debug, Clone)]
pub struct RequestId(pub Arc<str>);

/// What really happened, for the log alone.
struct Cause(String);

/// What a client is told where it can mend nothing.
pub const INTERNAL: &str = "An internal error occurred. The server log has the cause under the request id.";

/// What a client is told where the database is away.
pub const UNREACHABLE: &str = "The database cannot be reached.";

/// What is told of a change whose end is not known.
pub const MAY_BE_WRITTEN: &str = "The change may or may not have been written. Query the record by its id or key, or send the same change again \
    with the same id or key. A DUPLICATE whose `current` is the record then shows that the new record was written. For an update, \
    a CONFLICT and the history of the record show whose change was written.";

/// Whether a change was begun during a request: put it into the request's data. What ends a request early must tell of it.
#[derive(Debug, Clone, Default)]
pub struct WriteStarted(Arc<AtomicBool>);

impl WriteStarted {
    /// From now on something may be written.
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether something may have been written.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Something that no client can mend. The cause goes to the log, once, with the request's id.
#[must_use]
pub fn internal(cause: impl Display) -> Error {
    internal_because(INTERNAL, cause)
}

/// The same with more to tell than that.
#[must_use]
pub fn internal_because(message: &str, cause: impl Display) -> Error {
    Error { source: Some(Arc::new(Cause(cause.to_string()))), ..Code::Internal.error(message) }
}

/// The database cannot be reached, or has no connection free in time. The cause goes to the log.
#[must_use]
pub fn unavailable(cause: impl Display) -> Error {
    unavailable_because(&format!("{UNREACHABLE} Try again in a few seconds."), cause)
}

/// The same for another reason, which is told in these words.
#[must_use]
pub fn unavailable_because(message: &str, cause: impl Display) -> Error {
    Error { source: Some(Arc::new(Cause(cause.to_string()))), ..Code::Unavailable.error(message) }
}

/// A failed read, as clients are told of it.
pub(super) fn read_error(error: ReadError) -> Error {
    match error {
        ReadError::Unavailable(cause) => unavailable(cause),
        ReadError::TooMuch => Code::LimitExceeded.error("The query of this field is too large. Select fewer fields."),
        ReadError::TimedOut => {
            Code::LimitExceeded.error("The query took too long and was stopped. Request smaller pages or fewer fields.")
        }
        ReadError::Failed(cause) => internal(cause),
    }
}

/// The answer to a request that failed before its document was looked at.
#[must_use]
pub fn answer(error: Error, request: Option<&RequestId>) -> Response {
    let mut refused = ServerError::new(error.message, None);
    (refused.source, refused.extensions) = (error.source, error.extensions);
    let mut errors = vec![refused];
    finish(&mut errors, request);
    Response::from_errors(errors)
}

/// Gives every error its code, logs what is internal with its cause and makes it opaque.
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

/// True where nothing was executed: the document, its variables or its limits were refused. Such an answer has no `data` entry.
/// (Every error of execution has a path.)
#[must_use]
pub fn was_not_executed(answer: &Response) -> bool {
    answer.data == Value::Null && !answer.errors.is_empty() && answer.errors.iter().all(|error| error.path.is_empty())
}
