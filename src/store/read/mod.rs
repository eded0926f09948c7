//! Compiled reads. A declaration says what a field is (`declare`, with the constructors of `build` and `filter_kind`). A plan says what
//! one request selects (`plan`, `filter`, `page`). `sql` writes one statement for it in the dialect of the database
//! (`dialect`), `run` runs it, and `splice` adds the values that Rust computes. `cost` says what a plan costs, and `turn` whose read
//! runs next.

pub mod budget;
pub mod build;
mod call;
mod comparison;
pub mod cost;
pub mod declare;
pub mod dialect;
mod error;
pub mod expression;
pub mod facet;
pub mod filter;
pub mod filter_kind;
pub mod histogram;
pub mod json;
mod link;
mod order;
pub mod page;
pub mod path;
pub mod plan;
pub mod record_search;
pub mod related;
mod run;
mod scalar;
pub mod search;
mod search_memory;
mod selective;
mod settings;
mod splice;
pub mod sql;
pub mod suggest;
mod table;
mod table_size;
pub mod turn;
mod words;

pub use call::ReadCall;
pub(in crate::store) use call::{Asked, BoundSql, Question, SnapshotRead, Step};
pub use error::ReadError;
pub use run::{ReadResult, Reader};
pub(in crate::store) use settings::MAX_PREPARED_BYTES;
pub use settings::ReadSettings;
pub use sql::{Statement, statement};
pub use table_size::TableSizes;
