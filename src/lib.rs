//! Dateline: a GraphQL knowledge base of articles and of the places, organizations, people and dated events that they speak of.
//!
//! A request walks one way: `http -> graphql -> domain -> store -> entity`. A lower room never imports a higher one.
//! `cli`, `config` and `telemetry` sit on top.

pub mod cli;
pub mod config;
pub mod date;
pub mod demo;
pub mod domain;
pub mod graphql;
pub mod http;
pub mod store;
pub mod telemetry;
pub mod text;
