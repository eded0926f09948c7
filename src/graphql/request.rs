//! The state of one request, shared by its fields: the reader's languages, the cost so far, and the mutations that have begun.

use super::document::limit::Limits;
use async_graphql::Context;
use std::{
    collections::HashSet,
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

/// The cost of a request, and the mutations that have started. Each request has one in its data.
#[derive(Default)]
pub struct RequestState {
    cost: AtomicU64,
    fields: AtomicU64,
    /// The response keys of the mutations that have started.
    started_mutations: Mutex<HashSet<String>>,
}

impl RequestState {
    /// Counts a planned field; returns the number so far.
    pub(super) fn count_field(&self) -> u64 {
        self.fields.fetch_add(1, Ordering::Relaxed) + 1
    }
    /// Notes that a mutation starts. Returns whether it is the first with this response key.
    pub(super) fn start_mutation(&self, key: &str) -> bool {
        // no code panics while it holds this lock
        self.started_mutations.lock().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned())
    }
}

/// Adds the cost of a field to that of the request. Returns a message where it exceeds the limit.
pub(super) fn add_cost(ctx: &Context<'_>, cost: u64) -> Result<(), String> {
    let before = ctx.data_opt::<RequestState>().map_or(0, |state| state.cost.fetch_add(cost, Ordering::Relaxed));
    let most = ctx.data_opt::<Limits>().map_or(Limits::DEFAULT.cost, |limits| limits.cost);
    let all = before.saturating_add(cost);
    if all > most {
        return Err(format!(
            "The request has a cost of {all}; the limit is {most}. Request smaller pages or fewer nested lists."
        ));
    }
    Ok(())
}
