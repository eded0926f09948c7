//! Automatic persisted queries, in the protocol of Apollo: a client sends the SHA-256 of a document in
//! `extensions.persistedQuery` instead of the document. If the hash is not known, the client sends the document beside it,
//! and from then on the hash is enough.

use std::fmt::Write as _;

use async_graphql::{Request, ServerError, Value};
use sha2::{Digest as _, Sha256};

use super::{cache::Cache, error::Code};

/// The extension of a request.
pub const EXTENSION: &str = "persistedQuery";

/// The message that clients recognize. They then send the document.
const NOT_FOUND: &str = "PersistedQueryNotFound";

/// The texts of registered documents by hash.
pub(super) type PersistedQueries = Cache<str>;

/// The hash of a document, in hexadecimal digits of lower case.
pub(super) struct DocumentHash(String);

/// Puts the document of a registered hash into a request that has only the hash.
///
/// # Errors
/// Where the hash is not known, and where the extension is malformed.
///
/// # Returns
/// The hash that a request has beside its document: to be registered once the document is valid.
pub(super) fn find(known: &PersistedQueries, request: &mut Request) -> Result<Option<DocumentHash>, ServerError> {
    let Some(hash) = hash(request)? else {
        return Ok(None);
    };
    if !request.query.is_empty() {
        return Ok(Some(hash));
    }
    let text = known.find(&hash.0).ok_or_else(|| Code::PersistedQueryNotFound.server_error(NOT_FOUND, None))?;
    (*text).clone_into(&mut request.query);
    Ok(None)
}

fn hash(request: &Request) -> Result<Option<DocumentHash>, ServerError> {
    let given = match request.extensions.get(EXTENSION) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Object(given)) => given,
        Some(_) => return Err(malformed()),
    };
    let is_first_version = matches!(given.get("version"), Some(Value::Number(version)) if version.as_u64() == Some(1));
    match given.get("sha256Hash") {
        Some(Value::String(hash))
            if is_first_version && hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) =>
        {
            Ok(Some(DocumentHash(hash.to_ascii_lowercase())))
        }
        _ => Err(malformed()),
    }
}

fn malformed() -> ServerError {
    let message = "`extensions.persistedQuery` must be {\"version\": 1, \"sha256Hash\": \"...\"}, with the SHA-256 of the document in 64 \
                   hexadecimal digits.";
    Code::BadUserInput.server_error(message, None)
}

impl DocumentHash {
    /// # Errors
    /// Where it is the hash of another document.
    pub(super) fn check(&self, text: &str) -> Result<(), ServerError> {
        let mut actual = String::with_capacity(64);
        for byte in Sha256::digest(text) {
            // Writing to a String does not fail.
            let _ = write!(actual, "{byte:02x}");
        }
        if actual == self.0 {
            return Ok(());
        }
        let message = "`extensions.persistedQuery.sha256Hash` is not the SHA-256 of `query`. Send the hash of exactly this text in UTF-8.";
        Err(Code::BadUserInput.server_error(message, None))
    }

    /// Registers a valid document.
    pub(super) fn register(&self, known: &PersistedQueries, text: &str) {
        if known.find(&self.0).is_none() {
            known.insert(&self.0, text.into(), text.len());
        }
    }
}
