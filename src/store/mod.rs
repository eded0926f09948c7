//! The only module with SQL, for SQLite and for Postgres.
//!
//! - [`address`] reads the address of a database, [`connection`] opens it, and [`transaction`] is a transaction on it;
//! - [`sqlite`] and [`postgres`] have the code for one database each;
//! - [`backup`] copies SQLite files;
//! - [`migrate`] creates and updates the tables;
//! - [`read`] answers the compiled reads of the API, and [`write`] reads and writes the rows of records for `domain`;
//! - [`origin`] finds out who filled a database, and [`token`] stores access tokens.

pub mod address;
pub mod backup;
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
pub use sqlite::FileLock;
pub use transaction::Transaction;
