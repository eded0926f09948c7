//! The state of one request, shared by its fields: the reader's languages, and the plans of its root fields.

use async_graphql::{Context, ServerError};
use std::{
    any::Any,
    collections::HashMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// The reader's languages, best first. The transport puts them into the data of the request.
pub struct ReaderLanguages(pub Vec<String>);

/// The reader's languages, best first.
pub(super) fn languages<'a>(ctx: &'a Context<'_>) -> &'a [String] {
    ctx.data_opt::<ReaderLanguages>().map_or(&[], |languages| &languages.0)
}

/// The state of a request. Each request has one in its data.
#[derive(Default)]
pub struct RequestState {
    fields: AtomicU64,
    /// Each root field holds it while it runs, so that they run one after the other.
    pub(super) roots: tokio::sync::Mutex<RootFields>,
    /// Why the whole request is refused.
    refusal: Mutex<Option<ServerError>>,
}

/// The root fields of one request.
#[derive(Default)]
pub(super) struct RootFields {
    pub(super) are_planned: bool,
    /// The plan of each field, or its error, by response key.
    pub(super) plans: HashMap<String, Box<dyn Any + Send>>,
    /// The bytes of the answer so far.
    pub(super) bytes: usize,
}

impl RequestState {
    /// Counts a planned field; returns the number so far.
    pub(super) fn count_field(&self) -> u64 {
        self.fields.fetch_add(1, Ordering::Relaxed) + 1
    }
    /// Refuses the whole request: nothing of it has run.
    pub(super) fn refuse(&self, error: ServerError) {
        *self.refusal.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }
    /// Why the whole request is refused.
    pub(super) fn refusal(&self) -> Option<ServerError> {
        self.refusal.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
