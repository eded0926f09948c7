//! The migrations of the schema, for SQLite and Postgres.
//!
//! Every migration runs in one transaction with the row that records it. An interrupted migration changes nothing. After the first
//! release, a migration is never changed: a new one follows it.

use sea_orm_migration::prelude::*;

pub use sea_orm_migration::MigratorTrait;

mod m20261123_000001_create_record;
mod m20261123_000002_create_thing;
mod m20261123_000003_create_link;
mod m20261123_000004_create_evidence;
mod m20261123_000005_create_derived;
mod m20261123_000006_create_revision;
mod m20261123_000007_create_token;
mod m20261123_000008_compress_text;
mod table;

/// All migrations, in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_create_record::Migration),
            Box::new(m20261123_000002_create_thing::Migration),
            Box::new(m20261123_000003_create_link::Migration),
            Box::new(m20261123_000004_create_evidence::Migration),
            Box::new(m20261123_000005_create_derived::Migration),
            Box::new(m20261123_000006_create_revision::Migration),
            Box::new(m20261123_000007_create_token::Migration),
            Box::new(m20261123_000008_compress_text::Migration),
        ]
    }
}
