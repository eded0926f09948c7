//! Filling an empty SQLite file. References are looked at once for each value, before the transaction is committed, in place of
//! once for each row as it comes; and as long as nothing looks at them by itself, SQLite copies the rows of a table from another
//! file as they are, with those of its indexes (see `store::write::aside`).
//!
//! Whether references are looked at is a setting of a connection, which cannot be changed within a transaction. So a connection that has
//! filled a file is closed, whatever comes of it.

use std::collections::HashSet;

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use super::{Transaction, open::Open};
use crate::store::Error;

/// The tables whose references were looked at already.
pub(super) type LookedAt = HashSet<String>;

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
        self.set_filling(Some(LookedAt::new())).await;
        self.execute_unprepared(LOOK_AT_NOTHING).await?;
        // For a moment anybody could have written.
        if self.is_empty().await? {
            return Ok(true);
        }
        self.execute_unprepared(LOOK_AT_ALL).await?;
        self.set_filling(None).await;
        Ok(false)
    }

    /// Whether it fills an empty file.
    pub(crate) async fn fills(&self) -> bool {
        self.inner.lock().await.as_ref().is_some_and(|open| open.filling.is_some())
    }

    async fn set_filling(&self, filling: Option<LookedAt>) {
        if let Some(open) = &mut *self.inner.lock().await {
            open.filling = filling;
        }
    }

    async fn is_empty(&self) -> Result<bool, Error> {
        let row = self.query_one_raw(Statement::from_string(DbBackend::Sqlite, IS_EMPTY)).await?;
        Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(false))
    }

    /// Looks whether every reference of these tables leads somewhere, which is not done again when the transaction is committed:
    /// nothing must be written to them afterwards, and nothing deleted that they refer to.
    ///
    /// # Errors
    ///
    /// If one leads nowhere, or the database fails.
    pub(in crate::store) async fn check_references(&self, is_meant: impl Fn(&str) -> bool + Send) -> Result<(), Error> {
        let mut looks = Vec::new();
        let mut looked_at = HashSet::new();
        for row in self.query_all_raw(Statement::from_string(DbBackend::Sqlite, REFERENCES)).await? {
            let [table, column, to_table, to_column]: [String; 4] = [
                row.try_get("", "table")?,
                row.try_get("", "column")?,
                row.try_get("", "to_table")?,
                row.try_get("", "to_column")?,
            ];
            if !is_meant(&table) {
                continue;
            }
            // Each value is looked up once. Most references are the first of an index, which gives each value once.
            looks.push(format!(
                r#"SELECT '{table}.{column}' WHERE EXISTS (
                    SELECT 1 FROM (SELECT DISTINCT "{column}" AS referred FROM "{table}") AS each
                    WHERE referred IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM "{to_table}" WHERE "{to_column}" = referred)
                )"#
            ));
            looked_at.insert(table);
        }
        if looks.is_empty() {
            return Ok(());
        }
        let looks = Statement::from_string(DbBackend::Sqlite, looks.join(" UNION ALL "));
        if let Some(row) = self.query_one_raw(looks).await? {
            return Err(Error::Constraint {
                constraint: row.try_get_by_index(0)?,
                source: DbErr::Custom("it refers to what is not there".to_owned()),
            });
        }
        if let Some(Open { filling: Some(looked_at_before), .. }) = &mut *self.inner.lock().await {
            looked_at_before.extend(looked_at);
        }
        Ok(())
    }

    /// The same for all tables at which nobody has looked.
    pub(super) async fn check_other_references(&self) -> Result<(), Error> {
        let looked_at = self.inner.lock().await.as_mut().and_then(|open| open.filling.clone()).unwrap_or_default();
        self.check_references(|table| !looked_at.contains(table)).await
    }
}
