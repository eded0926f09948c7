//! The only room that speaks SQL: it knows both databases and hides the difference.
//!
//! [`address`] reads what a database is called, [`connection`] opens one for writing, which
//! goes in a [`transaction`] on the [`seat`] of whose turn it is ([`beside`] is what SQLite has besides, [`checkpoint`] copies what
//! it wrote to its place, [`sqlite_value`] is the form in which it keeps values), [`migrate`] brings it up to date,
//! [`read`] answers compiled reads, [`write`] reads and writes the rows of records for `domain`, [`origin`] says whose they
//! are, and [`token`] keeps the tokens of those who may come in. The errors of all of them are [`Error`].

pub mod address;
mod beside;
mod checkpoint;
pub mod connection;
mod error;
pub mod migrate;
pub mod origin;
pub mod read;
mod seat;
mod sqlite_value;
pub mod token;
pub mod transaction;
pub mod write;

pub use connection::Connection;
pub use error::Error;
pub use transaction::Transaction;
