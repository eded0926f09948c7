//! A tree less for an article, and one for each entity that it speaks of: days are found by one index in both directions.

use sea_orm_migration::prelude::*;

use crate::table::run;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Name, table and columns.
const DROPPED: [(&str, &str, &str); 2] = [
    ("ix_article_published_asc_id", "article", "published_asc, id"),
    ("ix_article_entity_entity_id_published_asc_article_id", "article_entity", "entity_id, published_asc, article_id"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &DROPPED.map(|(name, _, _)| format!("DROP INDEX {name}"))).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &DROPPED.map(|(name, table, columns)| format!("CREATE INDEX {name} ON {table} ({columns})"))).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
