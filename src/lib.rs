//! Dateline: a GraphQL knowledge base of articles and of the places, organizations, people and dated events that they speak of.

pub mod store;
