//! Every behaviour of the service, on SQLite and on Postgres from the same test body.

mod command;
mod document;
mod http;
mod layering;
mod migration;
mod schema;
mod support;
