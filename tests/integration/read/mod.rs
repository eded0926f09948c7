//! Reads, on SQLite and on Postgres from the same test bodies.

mod abandoned;
mod concurrent_paging;
mod cursors;
mod deleted;
mod documents;
mod filters;
mod languages;
pub mod lists;
mod orders;
pub mod paging;
mod playground;
mod refusals;
mod same_answers;
mod sample;
mod statements;
mod weight;
