//! Postgres compresses long texts by lz4, if it was built with it, because that is faster than its default.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// The columns with long texts: table and column.
const LONG_TEXTS: [(&str, &str); 6] = [
    ("article", "abstract"),
    ("article", "body"),
    ("record_description", "text"),
    ("citation", "quote"),
    ("revision", "changes"),
    ("revision", "snapshot"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        set(manager, "lz4").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        set(manager, "default").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// SQLite does not compress, and Postgres may have been built without lz4.
async fn set(manager: &SchemaManager<'_>, compression: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let set: Vec<String> = LONG_TEXTS
        .iter()
        .map(|(table, column)| format!("ALTER TABLE {table} ALTER COLUMN \"{column}\" SET COMPRESSION {compression};"))
        .collect();
    let statement = format!(
        "DO $$ BEGIN
            IF EXISTS (SELECT 1 FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) THEN
                {}
            END IF;
        END $$",
        set.join("\n                ")
    );
    manager.get_connection().execute_unprepared(&statement).await?;
    Ok(())
}
