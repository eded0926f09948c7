//! The access tokens.

use sea_orm_migration::prelude::*;

use entity::vocabulary::Role;

use crate::table::{NewTable, drop_tables};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        NewTable::new(manager, "token")
            .id()
            .sort_key("name")
            .vocabulary::<Role>("role")
            .text("hash")
            .time("created_at")
            .optional_time("expires_at")
            .optional_time("revoked_at")
            .unique(["hash"])
            .unique_where("live_name", ["name"], Expr::col("revoked_at").is_null())
            .create(manager)
            .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["token"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
