//! The history of every record.

use sea_orm_migration::prelude::*;

use entity::vocabulary::Operation;

use crate::table::{NewTable, OnDelete, drop_tables};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        NewTable::new(manager, "revision")
            .id()
            .reference("record_id", "record", OnDelete::Cascade)
            .integer("version")
            .big_integer("position")
            .vocabulary::<Operation>("operation")
            .text("actor")
            .sort_key("actor_key")
            .time("at")
            .optional_text("summary")
            .text("changes")
            .optional_text("snapshot")
            // No foreign key: an import may bring a part of a history.
            .optional_id("cause_id")
            .unique(["position"])
            // with the time, so that a filter by both reads only rows that match
            .index(["actor", "position", "at"])
            .index(["cause_id"])
            .index(["record_id", "version", "id"])
            .create(manager)
            .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["revision"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
