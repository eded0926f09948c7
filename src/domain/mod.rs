//! The rules of the house: what a record may say, and the one way by which records are written.
//!
//! [`document`] is the form in which a record is handed in, [`shape`] what that form may hold, [`rule`] what single
//! values may be. It knows nothing of GraphQL or HTTP.

pub mod document;
pub mod problem;
pub mod rule;
pub mod shape;
