//! On SQLite, a history that grows at its end alone.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::table::run;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Whoever writes without having looked where the history ends is refused if that is not where he took it to end. Who was refused
/// takes all back, so that SQLite need not keep what stood before the statement: that is what FAIL says.
const EXTEND: &str = "CREATE TRIGGER revision_extends_history BEFORE INSERT ON revision
    WHEN NEW.position <= (SELECT max(position) FROM revision)
    BEGIN SELECT RAISE(FAIL, 'the history has come further'); END";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        only_on_sqlite(manager, EXTEND).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        only_on_sqlite(manager, "DROP TRIGGER revision_extends_history").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// On Postgres the function `take_turn` looks for it, once for all that is written.
async fn only_on_sqlite(manager: &SchemaManager<'_>, statement: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Sqlite {
        run(manager, &[statement.to_owned()]).await?;
    }
    Ok(())
}
