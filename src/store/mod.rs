//! The only room that speaks SQL: it knows both databases and hides the difference.
//!
//! [`connection`] opens a database for writing, [`migrate`] brings it up to date, [`write`] reads and writes the rows of
//! records for `domain`, [`origin`] says whose they are, and [`token`] keeps the tokens of those who may come in. The errors
//! of all of them are [`Error`].

pub mod connection;
mod error;
pub mod migrate;
pub mod origin;
pub mod read;
pub mod token;
pub mod write;

pub use connection::{Connection, Transaction};
pub use error::Error;
