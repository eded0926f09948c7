//! Creates the indexes of an empty SQLite file after its first large import: sorting all rows at once is faster than inserting each.

use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::store::{Error, Transaction};

/// An import with fewer lines gains nothing.
const MIN_LINES: usize = 5_000;

const IS_EMPTY: &str = "SELECT NOT EXISTS (SELECT 1 FROM record)";

/// Unique indexes stay, because they refuse duplicate rows. So does that of `place_closure`, from which other derived tables are filled.
const SECONDARY_INDEXES: &str = "
    SELECT name, sql FROM sqlite_schema
    WHERE type = 'index' AND sql IS NOT NULL AND upper(sql) NOT LIKE 'CREATE UNIQUE %' AND tbl_name <> 'place_closure'";

/// Dropped indexes. The transaction must not be committed before they are created again.
#[must_use]
pub struct DeferredIndexes {
    create: Vec<String>,
}

impl DeferredIndexes {
    /// Drops the secondary indexes before a large import into an empty SQLite file. On a Postgres server, others may be reading.
    pub async fn drop_for_import(transaction: &Transaction, lines: usize) -> Result<Option<Self>, Error> {
        let is_sqlite = transaction.get_database_backend() == DbBackend::Sqlite;
        if lines < MIN_LINES || !is_sqlite || !is_empty(transaction).await? {
            return Ok(None);
        }
        let mut create = Vec::new();
        for index in transaction.query_all_raw(Statement::from_string(DbBackend::Sqlite, SECONDARY_INDEXES)).await? {
            let name: String = index.try_get("", "name")?;
            transaction.execute_unprepared(&format!("DROP INDEX \"{name}\"")).await?;
            create.push(index.try_get("", "sql")?);
        }
        Ok(Some(Self { create }))
    }

    /// Creates the indexes again.
    pub async fn create(self, transaction: &Transaction) -> Result<(), Error> {
        for index in self.create {
            transaction.execute_unprepared(&index).await?;
        }
        Ok(())
    }
}

async fn is_empty(transaction: &Transaction) -> Result<bool, Error> {
    let row = transaction.query_one_raw(Statement::from_string(DbBackend::Sqlite, IS_EMPTY)).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(false))
}
