//! Filling an empty SQLite file: its indexes are made when all rows are there. One that grows row by row is searched, and its
//! pages split, for each of them; made at once it is sorted, in memory as the import itself is, and written in order. Meanwhile
//! another thread makes a part of the tables, see [`super::aside`].

use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::store::{Error, Transaction, connection::ANALYZE_SQLITE};

use super::{
    Rows, Touched,
    aside::{Aside, beside},
};

/// From so many lines on it is less work to make the indexes afterwards: for 2,000 places it is as much, for 1,000 more. From so
/// many mentions on it is less to make them beside.
const MANY: usize = 5_000;

/// The indexes but for those that keep values unique, for which rows are looked at as they come, and that of the places which
/// contain one, by which the events of places are found.
const INDEXES: &str = "
    SELECT tbl_name, name, sql FROM sqlite_schema
    WHERE type = 'index' AND sql IS NOT NULL AND upper(sql) NOT LIKE 'CREATE UNIQUE %' AND tbl_name <> 'place_closure'";

/// An empty SQLite file on its way to be filled, without most of its indexes. Dropped without [`Self::finish`] it leaves a
/// transaction that must not be committed.
#[must_use]
pub struct Filling {
    indexes: Vec<Index>,
    aside: Option<Aside>,
}

/// An index that was taken away.
pub(super) struct Index {
    pub(super) table: String,
    /// The statement that makes it.
    pub(super) makes: String,
}

impl Filling {
    /// Has a transaction that has not written yet fill an empty SQLite file, if so many lines are to come.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn begin(transaction: &Transaction, lines: usize) -> Result<Option<Self>, Error> {
        // A server lets nobody read what loses an index.
        if lines < MANY || !transaction.fill().await? {
            return Ok(None);
        }
        let mut indexes = Vec::new();
        for index in transaction.query_all_raw(Statement::from_string(DbBackend::Sqlite, INDEXES)).await? {
            let name: String = index.try_get("", "name")?;
            transaction.execute_unprepared(&format!("DROP INDEX \"{name}\"")).await?;
            indexes.push(Index { table: index.try_get("", "tbl_name")?, makes: index.try_get("", "sql")? });
        }
        Ok(Some(Self { indexes, aside: None }))
    }

    /// Takes the rows that are made beside the others, if they are many, and what follows from them.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn set_aside(
        &mut self,
        transaction: &Transaction,
        rows: &mut Rows,
        touched: &mut Touched,
    ) -> Result<(), Error> {
        if rows.mention.len() >= MANY
            && let Some(beside) = beside(transaction).await
        {
            let (of_aside, others) = self.indexes.drain(..).partition(|index| Aside::has(&index.table));
            self.indexes = others;
            self.aside = Some(Aside::begin(beside, transaction, of_aside, rows, touched).await?);
        }
        Ok(())
    }

    /// Makes the indexes that were taken away, brings in what was made beside, and has the database look at what its tables
    /// hold.
    ///
    /// # Errors
    ///
    /// If a reference leads nowhere, or the database fails.
    pub async fn finish(self, transaction: &Transaction) -> Result<(), Error> {
        for index in self.indexes {
            transaction.execute_unprepared(&index.makes).await?;
        }
        transaction.execute_unprepared(ANALYZE_SQLITE).await?;
        if let Some(aside) = self.aside {
            // The other thread is not ready yet as a rule, so that this takes no time of its own.
            transaction.check_references(|table| !Aside::has(table)).await?;
            aside.bring_in(transaction).await?;
        }
        Ok(())
    }
}
