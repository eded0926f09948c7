//! Compiled reads. A declaration says what a field is (`declare`, with the constructors of `build`). A plan says what
//! one request selects (`plan`, `filter`, `page`). `sql` writes one statement for it in the dialect of the database
//! (`dialect`), `run` runs it, and `splice` adds the values that Rust computes.

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
pub mod search;
mod settings;
mod splice;
pub mod sql;

pub use error::ReadError;
pub use run::{ReadResult, Reader};
pub(in crate::store) use settings::MAX_PREPARED_BYTES;
pub use settings::ReadSettings;
pub use sql::{Statement, statement};
