//! Updates the tables of a database, and refuses databases that this version must not change.
//!
//! Every migration is one transaction with the row that records it. If it is interrupted, the next start runs it again.

use std::{collections::BTreeSet, time::Duration};

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DbBackend, Statement, TransactionTrait};

use super::{Connection, Error, sqlite::lock_folder};

/// The advisory lock by which processes migrate a Postgres database one after the other: "migr" in ASCII.
const MIGRATION_LOCK: i64 = 0x6d69_6772;

/// Updates the tables. Returns how many migrations were run. Fails if the database is damaged, or belongs to another program or a newer
/// version.
pub async fn migrate(connection: &Connection) -> Result<usize, Error> {
    if pending(connection).await?.is_empty() {
        return Ok(0);
    }
    // Another process may have run them while this one waited for the lock.
    if connection.get_database_backend() == DbBackend::Postgres {
        let lock = connection.plain().begin().await?;
        lock.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).await?;
        let pending = pending(connection).await?;
        run(connection, pending.len()).await?;
        lock.commit().await?;
        Ok(pending.len())
    } else {
        let _lock = lock_folder(connection.name().to_owned()).await;
        let pending = pending(connection).await?;
        run(connection, pending.len()).await?;
        Ok(pending.len())
    }
}

/// Runs the pending migrations. Where a folder cannot be locked, two processes may begin at once. Each migration succeeds in one of
/// them; the other one waits as long as the number of pending migrations falls.
async fn run(connection: &Connection, mut left: usize) -> Result<(), Error> {
    const MAX_WAITS: usize = 20;
    const PAUSE: Duration = Duration::from_millis(50);
    let mut waited = 0;
    while left > 0 {
        let Err(error) = Migrator::up(connection.plain(), None).await else {
            return Ok(());
        };
        let now = pending(connection).await?.len();
        if now == left {
            waited += 1;
            if waited > MAX_WAITS {
                return Err(error.into());
            }
            tokio::time::sleep(PAUSE).await;
        } else {
            (left, waited) = (now, 0);
        }
    }
    Ok(())
}

/// Checks that the tables are those of this version.
pub async fn check(connection: &Connection) -> Result<(), Error> {
    if pending(connection).await?.is_empty() {
        Ok(())
    } else {
        Err(Error::Outdated { database: connection.name().to_owned() })
    }
}

/// Checks that the tables are those of this program, of this or an older version.
pub(super) async fn check_origin(connection: &Connection) -> Result<(), Error> {
    if pending(connection).await?.len() == Migrator::migrations().len() {
        return Err(Error::Copy { path: connection.name().to_owned(), reason: "has no tables of dateline".to_owned() });
    }
    Ok(())
}

/// The migrations that were not run yet. Checks first that the database belongs to this program and is not damaged.
async fn pending(connection: &Connection) -> Result<Vec<String>, Error> {
    let database = connection.name().to_owned();
    let known: Vec<String> = Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
    let tables = tables(connection).await?;
    let applied = if tables.contains("seaql_migrations") {
        strings(connection, "SELECT version FROM seaql_migrations").await?
    } else {
        BTreeSet::new()
    };
    if let Some(migration) = applied.iter().find(|name| !known.contains(name)) {
        let ours = known.first().is_some_and(|first| applied.contains(first));
        return Err(if ours {
            Error::Newer { database, migration: migration.clone() }
        } else {
            Error::Foreign { database, table: "seaql_migrations".to_owned() }
        });
    }
    if applied.is_empty() {
        if let Some(table) = tables.iter().find(|table| *table != "seaql_migrations") {
            return Err(if table == "record" || tables.contains("record_name") {
                Error::Damaged { database, reason: "there are tables, but no list of migrations".to_owned() }
            } else {
                Error::Foreign { database, table: table.clone() }
            });
        }
        return Ok(known);
    }
    if let Some(gap) = known.iter().take(applied.len()).find(|name| !applied.contains(*name)) {
        return Err(Error::Damaged {
            database,
            reason: format!("the migration {gap} was never run, but later ones were"),
        });
    }
    if !tables.contains("record") {
        return Err(Error::Damaged { database, reason: "the table record is missing".to_owned() });
    }
    Ok(known.into_iter().skip(applied.len()).collect())
}

/// The tables, without those of the database itself.
async fn tables(connection: &Connection) -> Result<BTreeSet<String>, Error> {
    strings(
        connection,
        match connection.get_database_backend() {
            DbBackend::Postgres => "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()",
            _ => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
        },
    )
    .await
}

async fn strings(connection: &Connection, sql: &str) -> Result<BTreeSet<String>, Error> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    connection.query_all_raw(statement).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}
