//! The connection for everything except reads of the API: migrations, writes, import and export.
//!
//! One transaction writes at a time: SQLite takes its write lock when the transaction begins, and on Postgres the transaction takes an
//! advisory lock first. So the checks of a write are valid until it commits, and the history has one order.

use std::time::Duration;

use async_trait::async_trait;
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, IsolationLevel, QueryResult,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use tokio::time::timeout;

use super::{
    Error, Transaction,
    address::{sqlite_file, without_password},
    postgres,
    sqlite::{self, OpenFile, stored_form},
};

/// How long a write waits for another process that writes to the same database.
pub const LOCK_TIMEOUT: Duration = Duration::from_secs(5);
/// How much longer than the lock timeout to wait for the database, which ends the wait for the lock itself.
const ANSWER_GRACE: Duration = Duration::from_millis(500);
/// Takes the advisory lock of the transaction that writes: "date" in ASCII. The statements after it see what the last writer
/// committed, because each statement sees what was committed before it began.
const LOCK_POSTGRES: &str = "SELECT pg_advisory_xact_lock(x'64617465'::bigint)";

/// A database that is open for writing.
#[derive(Debug, Clone)]
pub struct Connection {
    inner: DatabaseConnection,
    name: String,
    lock_timeout: Duration,
    /// The file of a SQLite database.
    file: Option<OpenFile>,
}

/// How a database is opened.
struct OpenOptions {
    /// Whether a missing SQLite file is created.
    creates_file: bool,
    /// How long a transaction waits for another process.
    lock_timeout: Duration,
    /// The cache of a SQLite file, in KiB.
    sqlite_cache: u32,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self { creates_file: true, lock_timeout: LOCK_TIMEOUT, sqlite_cache: sqlite::CACHE }
    }
}

impl Connection {
    /// Opens a database: `sqlite://FILE`, which is created if it does not exist (not with `?mode=rw`), or `postgres://USER:PASSWORD@HOST/NAME`.
    /// Its tables are not changed; see [`super::migrate`].
    pub async fn open(address: &str) -> Result<Self, Error> {
        Self::open_with(address, OpenOptions::default()).await
    }

    /// Opens a database for one large write, with its own lock timeout.
    pub async fn open_for_import(address: &str, lock_timeout: Duration) -> Result<Self, Error> {
        let options = OpenOptions { lock_timeout, sqlite_cache: sqlite::IMPORT_CACHE, ..OpenOptions::default() };
        Self::open_with(address, options).await
    }

    /// Opens a database that exists: a missing SQLite file is an error.
    pub async fn open_existing(address: &str) -> Result<Self, Error> {
        Self::open_with(address, OpenOptions { creates_file: false, ..OpenOptions::default() }).await
    }

    async fn open_with(address: &str, options: OpenOptions) -> Result<Self, Error> {
        let OpenOptions { creates_file, lock_timeout, sqlite_cache } = options;
        if let Some(file) = sqlite_file(address)? {
            let creates_file = creates_file && !file.must_exist;
            let (inner, open_file) = sqlite::open(&file.path, creates_file, lock_timeout, sqlite_cache).await?;
            return Ok(Self { inner, name: file.path, lock_timeout, file: Some(open_file) });
        }
        if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            let inner = postgres::open(address, lock_timeout).await?;
            return Ok(Self { inner, name: without_password(address), lock_timeout, file: None });
        }
        Err(Error::Address(format!(
            "{:?} is not the address of a database: use sqlite://FILE or postgres://USER:PASSWORD@HOST/NAME",
            without_password(address)
        )))
    }

    /// The name of the database in messages: the file, or the address without a password.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The connection of sea-orm, for the migrations alone: it writes ids in the driver's own form.
    pub(super) fn plain(&self) -> &DatabaseConnection {
        &self.inner
    }

    /// Begins a transaction that reads one state of the database.
    pub async fn begin_read(&self) -> Result<Transaction, Error> {
        let options = if self.is_postgres() {
            TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..TransactionOptions::default()
            }
        } else {
            TransactionOptions::default()
        };
        Ok(Transaction::new(self.inner.begin_with_options(options).await?, None))
    }

    /// Checks that the file of a SQLite database was not deleted or replaced since it was opened.
    pub fn check_file(&self) -> Result<(), Error> {
        self.file.as_ref().map_or(Ok(()), OpenFile::check)
    }

    /// Begins a transaction that writes. No other one writes until it ends. Fails with [`Error::Busy`] if another process writes for
    /// longer than the lock timeout, and with [`Error::Replaced`] if the file is not the one that was opened.
    pub async fn begin_write(&self) -> Result<Transaction, Error> {
        let begin = async {
            match self.begin_locked().await {
                // The pool has waited for a connection in vain.
                Err(error @ Error::Unavailable(DbErr::ConnectionAcquire(_))) => Err(error),
                // The server may have closed an idle connection. The pool opens another one.
                Err(Error::Unavailable(_)) => self.begin_locked().await,
                begun => begun,
            }
        };
        let late = |_| Err(Error::busy("the database did not answer in time"));
        timeout(self.lock_timeout + ANSWER_GRACE, begin).await.unwrap_or_else(late)
    }

    async fn begin_locked(&self) -> Result<Transaction, Error> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = Transaction::new(self.inner.begin_with_options(options).await?, self.file.clone());
        self.check_file()?;
        if self.is_postgres() {
            transaction.execute_unprepared(LOCK_POSTGRES).await?;
        }
        Ok(transaction)
    }

    /// Closes the database. On SQLite this moves the write-ahead log into the file.
    pub async fn close(self) -> Result<(), Error> {
        Ok(self.inner.close().await?)
    }

    /// Updates the statistics by which the database plans its queries.
    pub async fn analyze(&self) -> Result<(), Error> {
        let sql = if self.is_postgres() { "ANALYZE" } else { sqlite::ANALYZE };
        self.inner.execute_unprepared(sql).await?;
        Ok(())
    }

    fn is_postgres(&self) -> bool {
        self.inner.get_database_backend() == DbBackend::Postgres
    }
}

#[async_trait]
impl ConnectionTrait for Connection {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.inner.execute_raw(stored_form(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.inner.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.inner.query_one_raw(stored_form(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.inner.query_all_raw(stored_form(statement)).await
    }
}
