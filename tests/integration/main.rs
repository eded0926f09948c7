//! The behaviour of the service, on SQLite and on Postgres from the same test bodies.

mod access;
mod ask;
mod backup;
mod command;
mod command_database;
mod command_token;
mod document;
mod edit;
mod export;
mod export_bounds;
mod files;
mod http;
mod import;
mod import_large;
mod import_limits;
mod import_link;
mod import_many;
mod import_problems;
mod interchange;
mod layering;
mod log;
mod migration;
mod read;
mod schema;
mod search;
mod support;
