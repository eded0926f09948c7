//! The only layer that speaks SQL. It knows both databases and hides the difference.
//!
//! - [`address`] reads the address of a database, [`connection`] opens it, and [`transaction`] is a transaction on it;
//! - [`sqlite`] and [`postgres`] hold what each database does in its own way;
//! - [`migrate`] creates the tables and brings them up to date;
//! - [`read`] answers the compiled reads of the API, and [`write`] reads and writes the rows of records for `domain`;
//! - [`origin`] says who filled a database, and [`token`] stores access tokens.

pub mod address;
pub mod connection;
mod error;
pub mod migrate;
pub mod origin;
mod postgres;
pub mod read;
mod sqlite;
pub mod token;
pub mod transaction;
pub mod write;

pub use connection::Connection;
pub use error::Error;
pub use transaction::Transaction;
