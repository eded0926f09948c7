//! What editing needs: revisions know the change that they are a part of, and mentions that are found no more may have
//! been at the same place.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::table::run;

#[derive(DeriveMigrationName)]
pub struct Migration;

const FORMER: &str = "uq_mention_article_id_field_span_start_span_end_entity_id";
const PLACE: &str = "mention (article_id, field, span_start, span_end, entity_id)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let id = if manager.get_database_backend() == DbBackend::Postgres { "uuid" } else { "text" };
        run(
            manager,
            &[
                // No foreign key: a part of the history may be kept without the rest.
                format!("ALTER TABLE revision ADD COLUMN cause_id {id}"),
                "CREATE INDEX ix_revision_cause_id ON revision (cause_id) WHERE cause_id IS NOT NULL".to_owned(),
                format!("DROP INDEX {FORMER}"),
                format!("CREATE UNIQUE INDEX uq_mention_place ON {PLACE} WHERE anchor <> 'ORPHANED'"),
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(
            manager,
            &[
                "DROP INDEX uq_mention_place".to_owned(),
                format!("CREATE UNIQUE INDEX {FORMER} ON {PLACE}"),
                "DROP INDEX ix_revision_cause_id".to_owned(),
                "ALTER TABLE revision DROP COLUMN cause_id".to_owned(),
            ],
        )
        .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
