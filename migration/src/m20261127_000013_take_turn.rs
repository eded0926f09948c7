//! On Postgres, how one statement takes the turn of writers by itself.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::table::run;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Takes the lock of writers ("date" in ASCII) for the rest of the transaction if it is free, and says whether it was, and whether
/// the history still ends where the caller has seen it end; null if he has looked at nothing yet. A function, because the
/// statements in it see what stands when the lock is taken, and not when the statement around them was begun.
const TAKE_TURN: &str = "CREATE FUNCTION take_turn(seen bigint) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
    BEGIN
        IF NOT pg_try_advisory_xact_lock(x'64617465'::bigint) THEN
            RETURN false;
        END IF;
        RETURN seen IS NULL OR seen = (SELECT coalesce(max(revision.position), 0) FROM revision);
    END
$$";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        only_on_postgres(manager, TAKE_TURN).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        only_on_postgres(manager, "DROP FUNCTION take_turn(bigint)").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn only_on_postgres(manager: &SchemaManager<'_>, statement: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        run(manager, &[statement.to_owned()]).await?;
    }
    Ok(())
}
