//! What a SQLite file has beside its pool while a service writes to it: what copies its log to its place, and a connection on which
//! a whole transaction is carried out by the thread that asks for it.
//!
//! The pool's connections have a thread each. The way there and back takes a small write about half as long as the disk does, and
//! meanwhile nothing is written. So whoever has all of a transaction at hand, and a thread that may be kept waiting, goes without.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags};
use sea_orm::{DbErr, Statement, Values};

use super::{
    Error,
    checkpoint::Checkpoints,
    sqlite_value::{SqliteValue, readable},
};

/// How the file is opened.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) file: String,
    /// How long a statement waits for another process that writes to it.
    pub(super) patience: Duration,
    /// The KiB of it that are held in memory.
    pub(super) cache: u32,
    /// The pages of its log at which SQLite copies them within a write.
    pub(super) checkpoint: u32,
    /// The statements that are kept prepared.
    pub(super) statements: usize,
}

/// What a SQLite file has beside its pool.
#[derive(Debug)]
pub(super) struct Beside {
    opened: Opened,
    checkpoints: Checkpoints,
    /// The connection, from the first transaction on.
    connection: Mutex<Option<Connection>>,
}

impl Beside {
    pub(super) fn new(opened: Opened, checkpoints: Checkpoints) -> Self {
        Self { opened, checkpoints, connection: Mutex::default() }
    }

    /// Says that something was written.
    pub(super) fn committed(&self) {
        self.checkpoints.committed();
    }

    /// Carries out a transaction from its beginning on, and makes it last. Whoever calls this has the turn of writers, and may keep
    /// the thread waiting.
    ///
    /// # Errors
    ///
    /// If a statement is refused, or fails. Then nothing was written.
    pub(super) fn carry_out(&self, statements: Vec<Statement>) -> Result<(), Error> {
        let mut kept = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let connection = match &mut *kept {
            Some(connection) => connection,
            none => {
                none.insert(self.opened.open().map_err(|error| Error::Unavailable(DbErr::Custom(error.to_string())))?)
            }
        };
        let outcome = statements.into_iter().try_for_each(|statement| execute(connection, statement));
        let outcome = outcome.and_then(|()| connection.execute_batch("COMMIT"));
        // What cannot be taken back is given up with its connection.
        if !connection.is_autocommit() && connection.execute_batch("ROLLBACK").is_err() {
            *kept = None;
        }
        outcome.map_err(|error| failure(&error))
    }

    /// Ends the copying.
    pub(super) async fn end_copying(&self) {
        self.checkpoints.close().await;
    }

    /// Closes the connection, when nobody writes any more.
    pub(super) fn close(&self) {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

impl Opened {
    fn open(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.file, flags)?;
        connection.busy_timeout(self.patience)?;
        connection.set_prepared_statement_cache_capacity(self.statements);
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "cache_size", -i64::from(self.cache))?;
        connection.pragma_update(None, "wal_autocheckpoint", self.checkpoint)?;
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        Ok(connection)
    }
}

fn failure(error: &rusqlite::Error) -> Error {
    let message = error.to_string();
    match error.sqlite_error() {
        Some(cause) => Error::of_sqlite(cause.extended_code, message),
        None => Error::Failed(DbErr::Custom(message)),
    }
}

fn execute(connection: &Connection, statement: Statement) -> rusqlite::Result<()> {
    let Statement { sql, values, .. } = readable(statement);
    let Values(values) = values.unwrap_or(Values(Vec::new()));
    connection.prepare_cached(&sql)?.execute(rusqlite::params_from_iter(values.iter().map(SqliteValue)))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

    use crate::store::Connection;

    #[tokio::test]
    async fn it_keeps_what_is_written_and_checks_what_is_referred_to_as_the_pool_does() {
        let folder = tempfile::tempdir().unwrap();
        let address = format!("sqlite://{}", folder.path().join("test.db").display());
        let connection = Connection::open(&address).await.unwrap();
        let beside = connection.beside.as_ref().unwrap().opened.open().unwrap();
        for pragma in [
            "synchronous",
            "foreign_keys",
            "wal_autocheckpoint",
            "busy_timeout",
            "cache_size",
            "temp_store",
            "page_size",
        ] {
            let here: i64 = beside.query_row(&format!("PRAGMA {pragma}"), (), |row| row.get(0)).unwrap();
            let question = Statement::from_string(DbBackend::Sqlite, format!("PRAGMA {pragma}"));
            let pooled = connection.query_one_raw(question).await.unwrap().unwrap();
            assert_eq!(pooled.try_get_by_index::<i64>(0).unwrap(), here, "{pragma}");
        }
        let mode: String = beside.query_row("PRAGMA journal_mode", (), |row| row.get(0)).unwrap();
        assert_eq!(mode, "wal");
        drop(beside);
        connection.close().await.unwrap();
    }
}
