//! Every behaviour of the service, on SQLite and on Postgres from the same test body.

mod migration;
mod support;
