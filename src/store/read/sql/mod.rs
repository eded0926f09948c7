//! Plan -> one statement. Every level is a text expression that yields JSON: correlated subqueries compose the answer inside
//! the database, only the columns asked for are read, and limits hold per parent. `builder` holds the state of a statement and
//! writes single values, `object` objects and short lists, `rows` the rows of a list, `stretch` those on a page, `connection`
//! pages, `root` root fields.

pub mod builder;
mod connection;
mod keyset;
mod object;
mod root;
mod rows;

pub(super) use root::WRONG_KIND;
pub use root::{Statement, statement};
