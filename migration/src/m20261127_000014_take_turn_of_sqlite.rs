//! On SQLite, how a write that has looked at nothing finds out whether the history ends where it takes it to end. A migration that
//! makes the table of revisions anew has to make the view anew, too.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::table::run;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Where a function of Postgres takes the position that somebody expects, SQLite takes a row for a view that keeps none.
const VIEW: &str = "CREATE VIEW take_turn (seen) AS SELECT NULL";
/// The transaction is taken back then, and nothing was written in it before.
const REFUSE: &str = "CREATE TRIGGER take_turn_refused INSTEAD OF INSERT ON take_turn
    WHEN NEW.seen IS NOT (SELECT coalesce(max(position), 0) FROM revision)
    BEGIN SELECT RAISE(FAIL, 'the history does not end there'); END";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        only_on_sqlite(manager, &[VIEW, REFUSE]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        only_on_sqlite(manager, &["DROP VIEW take_turn"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn only_on_sqlite(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Sqlite {
        let statements: Vec<String> = statements.iter().map(|&statement| statement.to_owned()).collect();
        run(manager, &statements).await?;
    }
    Ok(())
}
