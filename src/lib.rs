//! Dateline: a GraphQL knowledge base of articles and of the places, organizations, people and dated events in them.
//!
//! The layers are `http -> graphql -> domain -> store -> entity`. A lower layer never imports a higher one. `cli`,
//! `config` and `telemetry` are above them.

pub mod cli;
pub mod config;
pub mod date;
pub mod demo;
pub mod domain;
pub mod graphql;
pub mod http;
pub mod sphere;
pub mod store;
pub mod telemetry;
pub mod text;
