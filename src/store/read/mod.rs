//! Reads, compiled: a declaration says what a field is (`declare`, written with the words of `build`), a plan says what one
//! request wants of it (`plan`, `filter`, `page`), `sql` writes one statement for it in the dialect
//! of either database (`dialect`), `run` runs it, and `splice` adds what only Rust can compute. Used by `graphql`.

pub mod build;
pub mod declare;
pub mod dialect;
mod error;
pub mod expression;
pub mod filter;
mod link;
mod order;
pub mod page;
pub mod plan;
mod run;
mod scalar;
mod settings;
mod splice;
pub mod sql;

pub use error::ReadError;
pub use run::{ReadResult, Reader};
pub(in crate::store) use settings::MAX_PREPARED_BYTES;
pub use settings::ReadSettings;
pub use sql::{Statement, statement};
