//! The records, and the names, descriptions and `sameAs` addresses of all of them.

use sea_orm_migration::prelude::*;

use entity::vocabulary::{NameKind, RecordKind, Vocabulary};

use crate::table::{NewTable, OnDelete, drop_tables};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        NewTable::new(manager, "record")
            .id()
            .vocabulary::<RecordKind>("kind")
            .optional_sort_key("key")
            .optional_sort_key("key_key")
            .integer("version")
            .time("created_at")
            .time("updated_at")
            .optional_time("deleted_at")
            .optional_reference("merged_into_id", "record", OnDelete::Restrict)
            .count("article_count")
            .check("version_from_one", Expr::col("version").gte(1))
            .check("merged_into_another", Expr::col("merged_into_id").ne(Expr::col("id")))
            .unique(["key"])
            .index(["key_key"])
            .index(["kind", "created_at", "id"])
            .index(["kind", "updated_at", "id"])
            .index(["kind", "article_count", "id"])
            .index(["merged_into_id"])
            .index(["deleted_at", "id"])
            .create(manager)
            .await?;
        NewTable::new(manager, "record_name")
            .reference("record_id", "record", OnDelete::Cascade)
            .integer("position")
            .sort_key("text")
            .sort_key("text_key")
            .text("language")
            .vocabulary::<NameKind>("kind")
            .primary_key(["record_id", "position"])
            .unique(["record_id", "text", "language", "kind"])
            .unique_where("one_main", ["record_id", "language"], Expr::col("kind").eq(NameKind::Main.as_str()))
            .index(["text"])
            .index(["text_key", "record_id"])
            .create(manager)
            .await?;
        NewTable::new(manager, "record_description")
            .reference("record_id", "record", OnDelete::Cascade)
            .text("language")
            .integer("position")
            .text("text")
            .primary_key(["record_id", "language"])
            .create(manager)
            .await?;
        NewTable::new(manager, "same_as")
            .sort_key("url")
            .reference("record_id", "record", OnDelete::Cascade)
            .integer("position")
            .primary_key(["url"])
            .index(["record_id", "position"])
            .create(manager)
            .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["same_as", "record_description", "record_name", "record"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
