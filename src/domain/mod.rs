//! The rules: what a record may contain, and the one path by which records are written.
//!
//! - [`document`]: a record as JSON, with a header and the body of its [`kind`];
//! - [`kind`]: one file for each kind of record;
//! - [`shape`]: checks JSON against the declarations of the kinds;
//! - [`rule`]: checks single values;
//! - [`edit`]: turns the changes of editors into documents;
//! - [`queue`]: carries out the edits, one call after another;
//! - [`mod@write`]: the only path from documents to the database, for edits and imports;
//! - [`export`]: the path from the database to documents;
//! - [`check`]: checks a whole database;
//! - [`reindex`]: builds the search index again;
//! - [`access`]: tokens and roles.
//!
//! Nothing here knows GraphQL or HTTP.

pub mod access;
pub mod check;
mod country;
pub mod document;
pub mod edit;
pub mod export;
pub mod kind;
pub mod problem;
mod publish;
pub mod queue;
pub mod reindex;
pub mod rule;
pub mod shape;
pub mod write;
