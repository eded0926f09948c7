//! Reads, on SQLite and on Postgres from the same test bodies.

mod cursors;
mod documents;
mod filters;
mod gone;
mod growing;
mod languages;
pub mod lists;
mod orders;
pub mod paging;
mod playground;
mod refusals;
mod same_answers;
mod sample;
mod statements;
