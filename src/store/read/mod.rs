//! Reads, compiled: a declaration says what a field is (`declare`, written with the words of `build`), a plan says what one
//! request wants of it (`plan`, `filter`, `page`), `sql` writes one statement for it in the dialect
//! of either database (`dialect`), `run` runs it, and `splice` adds what only Rust can compute. Used by `graphql`.

pub mod build;
pub mod declare;
pub mod dialect;
pub mod expression;
pub mod filter;
mod link;
mod order;
pub mod page;
pub mod plan;
mod run;
mod scalar;
mod splice;
pub mod sql;

pub use run::{ReadError, ReadResult, ReadSettings, Reader};
pub use sql::{Statement, statement};
