//! Reads, compiled: a declaration says what a field is (`declare`, written with the words of `build`), a plan says what one
//! request wants of it (`plan`, `filter`, `page`), `sql`, `connection` and `root` write one statement for it in the dialect
//! of either database (`dialect`), `run` runs it, and `splice` adds what only Rust can compute. Used by `graphql`.

pub mod build;
mod connection;
pub mod declare;
pub mod dialect;
pub mod filter;
pub mod page;
pub mod plan;
pub mod made;
mod root;
mod run;
mod splice;
pub mod sql;

pub use root::{Statement, statement};
pub use run::{Answer, ReadError, ReadSettings, Reader};
