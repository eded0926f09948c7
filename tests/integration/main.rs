//! Every behaviour of the service, on SQLite and on Postgres from the same test body.

mod document;
mod migration;
mod support;
