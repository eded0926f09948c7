//! The GraphQL schema, and what every transport needs to run it.

mod cache;
pub mod documents;
pub mod error;
mod lexical;
pub mod limit;
mod merge;
mod rules;
mod value;

use async_graphql::{EmptyMutation, EmptySubscription, Object, Response, SDLExportOptions};

pub type Schema = async_graphql::Schema<Query, EmptyMutation, EmptySubscription>;

pub struct Query;

#[Object]
impl Query {
    async fn hello(&self) -> &'static str {
        "hello"
    }
}

/// The schema over a database.
#[must_use]
pub fn schema(limits: &limit::Limits) -> Schema {
    documents::guarded(
        Schema::build(Query, EmptyMutation, EmptySubscription),
        limits,
    )
    .finish()
}

/// The sorted, described SDL.
#[must_use]
pub fn sdl() -> String {
    let options = SDLExportOptions::new()
        .sorted_fields()
        .sorted_arguments()
        .sorted_enum_items()
        .include_specified_by();
    Schema::build(Query, EmptyMutation, EmptySubscription)
        .finish()
        .sdl_with_options(options)
}

/// Writes an answer as JSON.
#[must_use]
pub fn answer(response: &Response) -> Vec<u8> {
    if error::never_ran(response) {
        return serde_json::to_vec(&serde_json::json!({ "errors": response.errors }))
            .unwrap_or_default();
    }
    serde_json::to_vec(response).unwrap_or_default()
}
