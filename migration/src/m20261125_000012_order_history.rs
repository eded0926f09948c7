//! The revisions of a record are found by the time at which it was made, and its id. Those of new records come at the end of
//! that index, whatever the ids: a page that is there already, in place of one anywhere for each.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::table::run;

#[derive(DeriveMigrationName)]
pub struct Migration;

const FORMER: &str = "CREATE INDEX ix_revision_record_id_version_id ON revision (record_id, version, id)";
const COPY: &str =
    "UPDATE revision SET record_created_at = (SELECT created_at FROM record WHERE record.id = revision.record_id)";
const PRESENT: &str = "CREATE INDEX ix_revision_record_created_at_record_id_version_id
    ON revision (record_created_at, record_id, version, id)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        take_time(manager).await?;
        // A column that is added needs something to stand in the rows that are there, until the next statement.
        let mut column = ColumnDef::new("record_created_at");
        column.timestamp_with_time_zone().not_null().default("1970-01-01T00:00:00.000Z");
        manager.alter_table(Table::alter().table("revision").add_column(column).take()).await?;
        let statements = ["DROP INDEX ix_revision_record_id_version_id", COPY, PRESENT];
        run(manager, &statements.map(str::to_owned)).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            // SQLite keeps it: it takes none away from a column.
            run(manager, &["ALTER TABLE revision ALTER COLUMN record_created_at DROP DEFAULT".to_owned()]).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        take_time(manager).await?;
        let statements = [
            "DROP INDEX ix_revision_record_created_at_record_id_version_id",
            "ALTER TABLE revision DROP COLUMN record_created_at",
            FORMER,
        ];
        run(manager, &statements.map(str::to_owned)).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// Every row is written anew: with a long history that takes longer than a statement of a connection may take.
async fn take_time(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        run(manager, &["SET LOCAL statement_timeout = 0".to_owned()]).await?;
    }
    Ok(())
}
