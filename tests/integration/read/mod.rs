//! Reads, on SQLite and on Postgres from the same test bodies.

mod abandoned;
mod concurrent_paging;
mod cursors;
mod deleted;
mod documents;
mod edges;
mod filters;
mod inverses;
mod keys;
mod languages;
pub mod lists;
mod orders;
pub mod paging;
mod plans;
mod playground;
mod refusals;
mod same_answers;
mod sample;
mod statements;
mod stored_forms;
mod suggest;
mod variables;
mod weight;
