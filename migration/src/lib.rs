//! The history of the schema, for SQLite and Postgres alike.
//!
//! Every migration runs in one transaction together with the row that records it, on both databases, so that one which
//! dies half-way leaves nothing behind. A migration that has been released is never changed; the next one follows it.

use sea_orm_migration::prelude::*;

pub use sea_orm_migration::MigratorTrait;

mod m20261123_000001_create_record;
mod m20261123_000002_create_thing;
mod m20261123_000003_create_link;
mod m20261123_000004_create_evidence;
mod m20261123_000005_create_derived;
mod m20261123_000006_create_revision;
mod m20261123_000007_create_token;
mod m20261123_000008_edit_record;
mod m20261124_000009_lighten_index;
mod m20261125_000010_compress_text;
mod m20261125_000011_lighten_date;
mod m20261125_000012_order_history;
mod m20261127_000013_take_turn;
mod m20261127_000014_take_turn_of_sqlite;
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
            Box::new(m20261123_000008_edit_record::Migration),
            Box::new(m20261124_000009_lighten_index::Migration),
            Box::new(m20261125_000010_compress_text::Migration),
            Box::new(m20261125_000011_lighten_date::Migration),
            Box::new(m20261125_000012_order_history::Migration),
            Box::new(m20261127_000013_take_turn::Migration),
            Box::new(m20261127_000014_take_turn_of_sqlite::Migration),
        ]
    }
}
