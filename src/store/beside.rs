//! What a SQLite file has beside its pool while a service writes to it: what copies its log to its place, and a connection on which
//! a whole transaction is carried out by the thread that asks for it.
//!
//! The pool's connections have a thread each. The way there and back takes a small write a good part of its time, in
//! which nothing is written. So whoever has all of a transaction at hand, and a thread that may be kept waiting, goes without.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags};
use sea_orm::{DbBackend, DbErr, Statement, Values};
use tracing::debug;

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

    /// Whether there is a connection on which a whole transaction can be carried out. Where none can be opened, the pool has one.
    pub(super) fn is_ready(&self) -> bool {
        let mut kept = self.kept();
        if kept.is_none() {
            match self.opened.open() {
                Ok(connection) => *kept = Some(connection),
                Err(error) => debug!(cause = %error, "new records are written through the pool"),
            }
        }
        kept.is_some()
    }

    /// Carries out a transaction from its beginning on, and makes it last. Whoever calls this has the turn of writers, and may keep
    /// the thread waiting.
    ///
    /// # Errors
    ///
    /// If a statement is refused, or fails, or if nothing [is ready](Self::is_ready). Then nothing was written.
    pub(super) fn carry_out(&self, statements: Vec<Statement>) -> Result<(), Error> {
        let mut kept = self.kept();
        // Closed, and all taken back, unless it is put back in order.
        let Some(connection) = kept.take() else {
            return Err(Error::Unavailable(DbErr::Custom("no connection is ready".to_owned())));
        };
        let outcome = statements.into_iter().try_for_each(|statement| execute(&connection, statement));
        let outcome = outcome.and_then(|()| execute(&connection, Statement::from_string(DbBackend::Sqlite, "COMMIT")));
        if connection.is_autocommit() || connection.execute_batch("ROLLBACK").is_ok() {
            *kept = Some(connection);
        }
        outcome.map_err(|error| failure(&error))
    }

    fn kept(&self) -> MutexGuard<'_, Option<Connection>> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the copying.
    pub(super) async fn end_copying(&self) {
        self.checkpoints.close().await;
    }

    /// Closes the connection, when nobody writes any more.
    pub(super) fn close(&self) {
        self.kept().take();
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
    use chrono::NaiveDate;
    use sea_orm::{ConnectionTrait as _, DbBackend, Statement, Value};
    use tempfile::TempDir;

    use crate::store::{Connection, Transaction, migrate::migrate};

    const PRAGMAS: [&str; 7] =
        ["synchronous", "foreign_keys", "wal_autocheckpoint", "busy_timeout", "cache_size", "temp_store", "page_size"];
    const RECORD: &str = "INSERT INTO record (id, kind, version, created_at, updated_at)
        VALUES ('019ac000-0000-7000-8000-000000000001', 'PLACE', 1, '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z')";

    async fn open() -> (TempDir, Connection) {
        let folder = tempfile::tempdir().unwrap();
        let connection =
            Connection::open(&format!("sqlite://{}", folder.path().join("test.db").display())).await.unwrap();
        (folder, connection)
    }

    fn statement(sql: &str) -> Statement {
        Statement::from_string(DbBackend::Sqlite, sql)
    }

    async fn number(connection: &Connection, sql: &str) -> i64 {
        connection.query_one_raw(statement(sql)).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    }

    /// A write that takes the history to be empty still.
    async fn relying(connection: &Connection) -> Transaction {
        // A machine that is busy elsewhere may be too late once.
        for _ in 0..50 {
            let before = connection.begin_write().await.unwrap();
            before.leaves_at(0).await;
            before.commit().await.unwrap();
            let write = connection.begin_write_lightly(true).await.unwrap();
            if write.rely_on_end().await == Some(0) {
                return write;
            }
            write.roll_back().await.unwrap();
        }
        panic!("it looks each time");
    }

    #[tokio::test]
    async fn it_keeps_what_is_written_and_checks_what_is_referred_to_as_the_pool_does() {
        let (_folder, connection) = open().await;
        let beside = connection.beside.as_ref().unwrap().opened.open().unwrap();
        for pragma in PRAGMAS {
            let sql = format!("PRAGMA {pragma}");
            let here: i64 = beside.query_row(&sql, (), |row| row.get(0)).unwrap();
            assert_eq!(number(&connection, &sql).await, here, "{pragma}");
        }
        let mode: String = beside.query_row("PRAGMA journal_mode", (), |row| row.get(0)).unwrap();
        assert_eq!(mode, "wal");
    }

    #[tokio::test]
    async fn every_value_is_kept_as_the_pool_keeps_it() {
        let (_folder, connection) = open().await;
        connection.execute_unprepared("CREATE TABLE kept (value)").await.unwrap();
        let beside = connection.beside.as_ref().unwrap();
        let date = |year| Value::ChronoDate(NaiveDate::from_ymd_opt(year, 2, 3));
        let mut values = vec![
            Value::from(true),
            Value::from(false),
            Value::Bool(None),
            Value::from(i16::MIN),
            Value::SmallInt(None),
            Value::from(i32::MIN),
            Value::Int(None),
            Value::from(i64::MAX),
            Value::BigInt(None),
            Value::from(-1.5),
            Value::from(f64::MAX),
            Value::from(f64::NAN),
            Value::Double(None),
            Value::from(""),
            Value::from("\0 نص 'x'"),
            Value::String(None),
            Value::ChronoDate(None),
            Value::from(chrono::DateTime::UNIX_EPOCH),
            Value::ChronoDateTimeUtc(None),
            Value::from(uuid::Uuid::max()),
            Value::Uuid(None),
        ];
        values.extend([-1, 0, 1, 9_999, 10_000].map(date));
        for value in values {
            let insert =
                || Statement::from_sql_and_values(DbBackend::Sqlite, "INSERT INTO kept VALUES (?)", [value.clone()]);
            connection.execute_raw(insert()).await.unwrap();
            assert!(beside.is_ready());
            beside.carry_out(vec![statement("BEGIN IMMEDIATE"), insert()]).unwrap();
            let kept =
                number(&connection, "SELECT count(DISTINCT typeof(value) || hex(value) || quote(value)) FROM kept")
                    .await;
            assert_eq!(kept, 1, "{value:?}");
            connection.execute_unprepared("DELETE FROM kept").await.unwrap();
        }
    }

    #[tokio::test]
    async fn what_nothing_was_sent_of_is_carried_out_there_unless_it_cannot_be_opened() {
        let (folder, connection) = open().await;
        migrate(&connection).await.unwrap();
        let beside = connection.beside.clone().unwrap();
        let path = folder.path().join("test.db");
        for (count, can_be_opened) in [(1, false), (2, true)] {
            let write = relying(&connection).await;
            let record = RECORD.replace("0001'", &format!("000{count}'"));
            write.execute_ahead(vec![statement(&record)]).await.unwrap();
            let elsewhere = folder.path().join("elsewhere.db");
            if !can_be_opened {
                std::fs::rename(&path, &elsewhere).unwrap();
            }
            write.commit_here().await.unwrap();
            if !can_be_opened {
                std::fs::rename(&elsewhere, &path).unwrap();
            }
            assert_eq!(beside.kept().is_some(), can_be_opened);
            assert_eq!(number(&connection, "SELECT count(*) FROM record").await, count);
        }
    }
}
