//! Filling an empty SQLite file: its indexes are made when all rows are there. One that grows row by row is searched, and its
//! pages split, for each of them; made at once it is sorted, in memory as the import itself is, and written in order.

use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::store::{Error, Transaction};

/// From so many records on it is less work to make the indexes afterwards: for 2,000 places it is as much, for 1,000 more.
const MANY: usize = 5_000;

/// The indexes but for those that keep values unique, for which rows are looked at as they come, and that of the places which
/// contain one, by which the events of places are found.
const INDEXES: &str = "
    SELECT name, sql FROM sqlite_schema
    WHERE type = 'index' AND sql IS NOT NULL AND upper(sql) NOT LIKE 'CREATE UNIQUE %' AND tbl_name <> 'place_closure'";

/// The statements that make the indexes which were taken away. Dropped without [`Self::bring_back`] it leaves a transaction
/// that must not be committed.
#[must_use]
pub struct Unindexed(Vec<String>);

/// Takes the indexes of an empty SQLite file away, if so many records are to come.
///
/// # Errors
///
/// If the database fails.
pub async fn without_indexes(transaction: &Transaction, records: usize) -> Result<Unindexed, Error> {
    let backend = transaction.get_database_backend();
    // A server lets nobody read what loses an index.
    if backend != DbBackend::Sqlite || records < MANY {
        return Ok(Unindexed(Vec::new()));
    }
    let any = transaction.query_one_raw(Statement::from_string(backend, "SELECT 1 FROM record LIMIT 1")).await?;
    if any.is_some() {
        return Ok(Unindexed(Vec::new()));
    }
    let mut makes = Vec::new();
    for index in transaction.query_all_raw(Statement::from_string(backend, INDEXES)).await? {
        let name: String = index.try_get("", "name")?;
        transaction.execute_unprepared(&format!("DROP INDEX \"{name}\"")).await?;
        makes.push(index.try_get("", "sql")?);
    }
    Ok(Unindexed(makes))
}

impl Unindexed {
    /// Whether none was taken away.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Makes the indexes that were taken away.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn bring_back(self, transaction: &Transaction) -> Result<(), Error> {
        for sql in self.0 {
            transaction.execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}
