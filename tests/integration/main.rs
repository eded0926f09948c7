//! The behaviour of the service, on SQLite and on Postgres from the same test bodies.

mod access;
mod command;
mod command_token;
mod document;
mod edit;
mod export;
mod http;
mod import;
mod import_large;
mod import_limits;
mod import_link;
mod import_many;
mod import_problems;
mod interchange;
mod layering;
mod migration;
mod read;
mod schema;
mod search;
mod support;
