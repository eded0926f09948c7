//! The rules: what a record may say, and the one way by which records are written.
//!
//! - [`document`] is the form in which a record is read and written: a header, and the body of its [`kind`];
//! - [`kind`] has one file for each kind of record, [`shape`] the engine that checks JSON against their declarations, and [`rule`] what
//!   single values may be;
//! - [`edit`] turns the changes of editors into documents, and [`queue`] carries them out one after another;
//! - [`mod@write`] is the only path from documents to the database, for edits and imports, and [`export`] the way back;
//! - [`access`] says who may do what.
//!
//! Nothing here knows GraphQL or HTTP.

pub mod access;
pub mod document;
pub mod edit;
pub mod export;
pub mod kind;
pub mod problem;
mod publish;
pub mod queue;
pub mod rule;
pub mod shape;
pub mod write;
