//! Filling an empty SQLite file. References are looked at once for each value, before the transaction is committed, in place of
//! once for each row as it comes; and as long as nothing looks at them by itself, SQLite copies the rows of a table from another
//! file as they are, with those of its indexes (see `store::write::aside`).
//!
//! Whether references are looked at is a setting of a connection, which cannot be changed within a transaction. So a connection that has
//! filled a file is closed, whatever comes of it.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use super::Transaction;
use crate::store::Error;

/// The transaction is begun anew, since one that has begun keeps the setting.
const LOOK_AT_NOTHING: &str = "ROLLBACK; PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE";
const LOOK_AT_ALL: &str = "ROLLBACK; PRAGMA foreign_keys = ON; BEGIN IMMEDIATE";

const IS_EMPTY: &str = "SELECT NOT EXISTS (SELECT 1 FROM record)";

/// Each has one column, and names the one that it refers to.
const REFERENCES: &str = r#"
    SELECT of_table.name AS "table", reference."from" AS "column", reference."table" AS "to_table", reference."to" AS "to_column"
    FROM sqlite_schema of_table, pragma_foreign_key_list(of_table.name) reference
    WHERE of_table.type = 'table'"#;

impl Transaction {
    /// Has it fill the database, if that is an empty SQLite file and nothing was written yet. Says whether it does. References
    /// are not looked at from then on, and nothing is deleted because of one, until it is committed.
    ///
    /// # Errors
    ///
    /// If the database fails, or if another process has come first.
    pub async fn fill(&self) -> Result<bool, Error> {
        if self.backend != DbBackend::Sqlite || !self.is_empty().await? {
            return Ok(false);
        }
        self.set_fills(true).await;
        self.execute_unprepared(LOOK_AT_NOTHING).await?;
        // For a moment anybody could have written.
        if self.is_empty().await? {
            return Ok(true);
        }
        self.execute_unprepared(LOOK_AT_ALL).await?;
        self.set_fills(false).await;
        Ok(false)
    }

    async fn set_fills(&self, fills: bool) {
        if let Some(open) = &mut *self.inner.lock().await {
            open.fills = fills;
        }
    }

    async fn is_empty(&self) -> Result<bool, Error> {
        let row = self.query_one_raw(Statement::from_string(DbBackend::Sqlite, IS_EMPTY)).await?;
        Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(false))
    }

    /// Looks whether every reference of every table leads somewhere. What is referred to is looked up once for each value: most
    /// references are the first of an index, which gives each value once.
    pub(super) async fn check_references(&self) -> Result<(), Error> {
        let mut looks = Vec::new();
        for row in self.query_all_raw(Statement::from_string(DbBackend::Sqlite, REFERENCES)).await? {
            let [table, column, to_table, to_column]: [String; 4] = [
                row.try_get("", "table")?,
                row.try_get("", "column")?,
                row.try_get("", "to_table")?,
                row.try_get("", "to_column")?,
            ];
            looks.push(format!(
                r#"SELECT '{table}.{column}' WHERE EXISTS (
                    SELECT 1 FROM (SELECT DISTINCT "{column}" AS referred FROM "{table}") AS each
                    WHERE referred IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM "{to_table}" WHERE "{to_column}" = referred)
                )"#
            ));
        }
        let looks = Statement::from_string(DbBackend::Sqlite, looks.join(" UNION ALL "));
        match self.query_one_raw(looks).await? {
            None => Ok(()),
            Some(row) => Err(Error::Constraint {
                constraint: row.try_get_by_index(0)?,
                source: DbErr::Custom("it refers to what is not there".to_owned()),
            }),
        }
    }
}
