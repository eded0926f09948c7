//! The rules of the house: what a record may say, and the one way by which records are written.
//!
//! [`document`] is the form in which a record is handed in. [`kind`] says what each kind of record holds, in the language of
//! [`shape`]. [`rule`] says what single values may be, [`edit`] what editors may change. [`mod@write`] is the only path from documents
//! to the database, and [`export`] the way back. [`access`] says who may come in, and as whom. Nothing here knows of GraphQL or HTTP.

pub mod access;
pub mod document;
pub mod edit;
pub mod export;
pub mod kind;
pub mod problem;
pub mod rule;
pub mod shape;
pub mod write;
