//! The rules of the house: what a record may say, and the one way by which records are written.
//!
//! [`document`] is the form in which a record is handed in, [`shape`] what that form may hold, [`rule`] what single
//! values may be, [`edit`] what editors may change, and [`mod@write`] the only path from documents to the database.
//! [`export`] is the way back. [`access`] says who may come in, and as whom. This room knows nothing of GraphQL or HTTP.

pub mod access;
pub mod document;
pub mod edit;
pub mod export;
pub mod kind;
pub mod problem;
pub mod rule;
pub mod shape;
pub mod write;
