//! Opening a database for writing.
//!
//! Durability is never traded for speed here: SQLite runs in WAL mode with `synchronous=FULL`, and what Postgres is set
//! to is left alone. Writers take turns: one connection is handed from one writer of a process to the next, with SQLite's
//! other one [beside](super::beside) it, SQLite begins every transaction by taking the write lock, and on Postgres every
//! writing transaction takes one advisory lock, before it looks or, where it can be tried anew, when it writes. So what a
//! write has checked is true until it is committed, or it is refused, and the history has one total order.

use std::{path::Path, sync::Arc, time::Duration};

use async_trait::async_trait;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult,
    Statement,
    sqlx::{
        ConnectOptions as _,
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
    },
};

use tokio::{
    runtime::Handle,
    time::{Instant, timeout_at},
};

use super::{
    Error, Transaction,
    address::{look_at_file, sqlite_file, without_password},
    beside::{Beside, Opened},
    checkpoint::{Checkpoints, PAGES},
    error::driver_error,
    seat::{Seat, TAKE_TURN, TRUSTED_FOR, Turn, Turns},
    sqlite_value::readable,
    transaction::{NotBegun, Writing},
};

/// How long a statement waits for another process that writes to the same SQLite file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a write waits for a free Postgres connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);
/// How long a write on Postgres waits for its turn, among those of its process and then among processes.
const LOCK_TIMEOUT: Duration = Duration::from_secs(8);
/// How long one statement of a write may take on Postgres: those of a large import bind thousands of values.
pub(super) const STATEMENT_TIMEOUT: Duration = Duration::from_mins(1);
/// Who waits for another process is told so by the server, unless its answer is late.
const GRACE: Duration = Duration::from_millis(500);
/// The KiB of a SQLite file that a writing connection holds in memory. What changes beyond that within one transaction is
/// written many times over: SQLite's own 2 MB are soon full. Four times as much made small writes a tenth slower, since SQLite
/// goes through all of it after each that has split a page.
const CACHE: u32 = 16 * 1024;
/// The same for an import.
const LARGE_CACHE: u32 = 512 * 1024;
/// The bytes of a page of a new SQLite file: twice SQLite's own, so that most articles fit into one, and large writes take
/// half as many calls of the system.
pub(super) const PAGE_SIZE: u32 = 8192;
/// As many statements are kept prepared on each connection: on SQLite a handful for each number of records that are written
/// together.
const STATEMENTS_KEPT: usize = 512;
/// Has SQLite look at what its tables hold. A sample of each index is enough.
pub(super) const ANALYZE_SQLITE: &str = "PRAGMA analysis_limit = 1000; ANALYZE main";
/// Takes the lock of SQLite at once, so that nobody else writes what is being looked at.
const BEGIN_SQLITE: &str = "BEGIN IMMEDIATE";

/// A database that is open for writing.
#[derive(Debug, Clone)]
pub struct Connection {
    inner: DatabaseConnection,
    name: String,
    /// What a SQLite file has besides while a service writes to it.
    pub(super) beside: Option<Arc<Beside>>,
    /// Whether changes go into a log, of Postgres or of a SQLite file.
    has_log: bool,
    turns: Turns,
    /// How long a write waits for its turn within this process.
    patience: Duration,
}

/// How a database is opened.
struct Opening {
    /// Whether a SQLite file is made where there is none.
    may_make: bool,
    /// How long a statement waits for another process that writes to the same SQLite file.
    patience: Duration,
    /// The KiB of a SQLite file that are held in memory.
    cache: u32,
    /// Whether the log of a SQLite file is copied to its place beside the writes.
    copies_beside: bool,
    /// Whether a SQLite file has a log while it is open.
    has_log: bool,
}

impl Default for Opening {
    fn default() -> Self {
        Self { may_make: true, patience: BUSY_TIMEOUT, cache: CACHE, copies_beside: true, has_log: true }
    }
}

impl Connection {
    /// Opens a database: `sqlite://FILE`, which is made if it does not exist, or `postgres://USER:PASSWORD@HOST/NAME`.
    /// Its tables are left alone; see [`super::migrate`].
    ///
    /// # Errors
    ///
    /// If the address is of neither form, if the file cannot be opened or is no database, or if the server does not
    /// answer.
    pub async fn open(address: &str) -> Result<Self, Error> {
        Self::open_or_make(address, Opening::default()).await
    }

    /// The same for one large write: a statement waits so long for another process that writes to the same SQLite file,
    /// and as much of the file as is likely to change stays in memory until it is committed. A file that is new has no log
    /// until it is closed, so that what is written into it is written once, and others come to it when that is there.
    ///
    /// # Errors
    ///
    /// As [`Self::open`].
    pub async fn open_for_import(address: &str, patience: Duration) -> Result<Self, Error> {
        let has_log = sqlite_file(address)?.is_none_or(|file| Path::new(file).exists());
        let opening = Opening { patience, cache: LARGE_CACHE, copies_beside: false, has_log, ..Opening::default() };
        Self::open_or_make(address, opening).await
    }

    /// The same, but a SQLite file has to exist.
    ///
    /// # Errors
    ///
    /// As [`Self::open`], and if there is no such file.
    pub async fn open_existing(address: &str) -> Result<Self, Error> {
        Self::open_or_make(address, Opening { may_make: false, ..Opening::default() }).await
    }

    async fn open_or_make(address: &str, opening: Opening) -> Result<Self, Error> {
        if let Some(file) = sqlite_file(address)? {
            return Self::open_sqlite(file, opening).await;
        }
        if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            return Self::open_postgres(address).await;
        }
        Err(Error::Address(format!(
            "{:?} is no address of a database: sqlite://FILE or postgres://USER:PASSWORD@HOST/NAME",
            without_password(address)
        )))
    }

    async fn open_sqlite(file: &str, opening: Opening) -> Result<Self, Error> {
        let Opening { may_make, patience, cache, copies_beside, has_log } = opening;
        look_at_file(file, may_make)?;
        // What is copied beside the writes is copied within one only where that cannot keep up.
        let checkpoint = if copies_beside { 2 * PAGES } else { PAGES };
        let mut options = ConnectOptions::new(format!("sqlite://{file}?mode=rwc"));
        // One for whoever writes, and one for whatever else is asked meanwhile.
        options.max_connections(2).sqlx_logging(false).acquire_timeout(patience).map_sqlx_sqlite_opts(move |options| {
            // Before the journal mode, which writes the first page of a new file. Without one there is no log, unless somebody
            // has given it to the file meanwhile.
            let options = options.page_size(PAGE_SIZE);
            let options = if has_log { options.journal_mode(SqliteJournalMode::Wal) } else { options };
            options
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(patience)
                .statement_cache_capacity(STATEMENTS_KEPT)
                .pragma("cache_size", format!("-{cache}"))
                .pragma("wal_autocheckpoint", checkpoint.to_string())
                .pragma("temp_store", "MEMORY")
        });
        options.test_before_acquire_if_idle_for(TRUSTED_FOR);
        let inner = Database::connect(options).await.map_err(|error| name_sqlite_error(file, error))?;
        let turns = Turns::default();
        let beside = copies_beside.then(|| {
            let options = SqliteConnectOptions::new().filename(file).synchronous(SqliteSynchronous::Full);
            let options = options.disable_statement_logging();
            let opened = Opened { file: file.to_owned(), patience, cache, checkpoint, statements: STATEMENTS_KEPT };
            Arc::new(Beside::new(opened, Checkpoints::start(options, turns.clone())))
        });
        let connection = Self { inner, name: file.to_owned(), beside, has_log, turns, patience };
        // The header of the file is read here at the latest.
        connection
            .inner
            .execute_unprepared("SELECT count(*) FROM sqlite_master")
            .await
            .map_err(|error| name_sqlite_error(file, error))?;
        Ok(connection)
    }

    async fn open_postgres(address: &str) -> Result<Self, Error> {
        let mut options = ConnectOptions::new(address);
        options
            // One for whoever writes, one for whatever else is asked meanwhile, and one for whoever holds a lock besides.
            .max_connections(3)
            .sqlx_logging(false)
            .connect_timeout(ACQUIRE_TIMEOUT)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .test_before_acquire_if_idle_for(TRUSTED_FOR)
            // Each statement sees what stands when it is given, whatever the server's own isolation is: so what is read after the
            // turn has come is the present. Who waits in vain, or runs away, does not keep his connection.
            .map_sqlx_postgres_opts(|options| {
                let [lock_timeout, statement_timeout] =
                    [LOCK_TIMEOUT, STATEMENT_TIMEOUT].map(|timeout| format!("{}s", timeout.as_secs()));
                options.statement_cache_capacity(STATEMENTS_KEPT).options([
                    ("default_transaction_isolation", "read committed"),
                    ("lock_timeout", lock_timeout.as_str()),
                    ("statement_timeout", statement_timeout.as_str()),
                    // Lists travel as one parameter: how long one is does not change the way to its rows.
                    ("plan_cache_mode", "force_generic_plan"),
                ])
            });
        let inner = connect_patiently(options).await?;
        let turns = Turns::default();
        Ok(Self { inner, name: without_password(address), beside: None, has_log: true, turns, patience: LOCK_TIMEOUT })
    }

    /// The database as messages call it: the file, or the address without a password.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The connection as sea-orm gave it, for the migrations alone: it writes ids in the driver's own form.
    pub(super) fn plain(&self) -> &DatabaseConnection {
        &self.inner
    }

    /// Begins a transaction that reads one state of the database throughout.
    ///
    /// # Errors
    ///
    /// If the database does not answer.
    pub async fn begin_read(&self) -> Result<Transaction, Error> {
        let begin =
            if self.is_postgres() { "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" } else { "BEGIN DEFERRED" };
        Transaction::begin(Seat::of(&self.inner).await?, None, begin).await.map_err(|not| not.error)
    }

    /// Begins a transaction that writes. Others that write wait until it is over.
    ///
    /// # Errors
    ///
    /// If the database does not answer, or if another process keeps the file locked.
    pub async fn begin_write(&self) -> Result<Transaction, Error> {
        let deadline = Instant::now() + self.patience + GRACE;
        let turn = self.turns.take(self.patience).await?;
        self.noticed(self.begin_in(turn, deadline).await)
    }

    /// The same with fewer ways to the database, for a write that can be tried anew if it turns out to be tentative, see
    /// [`Transaction::is_tentative`]. On SQLite it begins with its first statement, which waits for another process that has the
    /// file locked, and fails where it waits in vain. Others of this process that write wait from now on. Where another process
    /// was met lately that writes, nothing is risked: on Postgres the turn is taken first, and on SQLite nothing is expected.
    ///
    /// # Errors
    ///
    /// As [`Self::begin_write`].
    pub async fn begin_write_lightly(&self, may_risk: bool) -> Result<Transaction, Error> {
        if self.is_postgres() && !may_risk {
            return self.begin_write().await;
        }
        let mut turn = self.turns.take(self.patience).await?;
        let expected = turn.expected_end().filter(|_| may_risk);
        let seat = match turn.seat().await {
            Some(seat) => Ok(seat),
            None => Seat::of(&self.inner).await,
        };
        let writing = Writing { turn, beside: self.beside.clone() };
        let begun = seat.map(|seat| match seat {
            Seat::Postgres(_) => Transaction::begin_tentatively(seat, writing, expected),
            Seat::Sqlite(_) => Transaction::begin_with_first(seat, writing, BEGIN_SQLITE, expected),
        });
        self.noticed(begun.map_err(Error::from))
    }

    /// What came of a beginning; those who wait for theirs are told if the database is not there.
    fn noticed(&self, begun: Result<Transaction, Error>) -> Result<Transaction, Error> {
        if let Err(error @ Error::Unavailable(_)) = &begun {
            self.turns.is_out(error);
        }
        begun
    }

    async fn begin_in(&self, mut turn: Turn, deadline: Instant) -> Result<Transaction, Error> {
        let mut left = turn.seat().await;
        let mut writing = Writing { turn, beside: self.beside.clone() };
        let begin = if self.is_postgres() { "BEGIN" } else { BEGIN_SQLITE };
        let transaction = loop {
            let was_left = left.is_some();
            let seat = match left.take() {
                Some(seat) => seat,
                None => Seat::of(&self.inner).await?,
            };
            match Transaction::begin(seat, Some(writing), begin).await {
                Ok(transaction) => break transaction,
                // The server was started anew since the last write, perhaps.
                Err(NotBegun { error: Error::Unavailable(_), writing: Some(again) }) if was_left => writing = again,
                Err(NotBegun { error, .. }) => return Err(error),
            }
        };
        if self.is_postgres() {
            let taken = timeout_at(deadline, transaction.execute_unprepared(TAKE_TURN)).await;
            taken.map_err(|_| Error::Busy(DbErr::Custom("another process is writing".to_owned())))??;
        }
        Ok(transaction)
    }

    /// Has a task write one transaction after another with [`Transaction::commit_here`]: on SQLite on a thread that may be kept
    /// waiting, and that the end of the runtime waits for.
    pub fn spawn_writing(&self, task: impl Future<Output = ()> + Send + 'static) {
        if self.beside.is_some() {
            let here = Handle::current();
            tokio::task::spawn_blocking(move || here.block_on(task));
        } else {
            tokio::spawn(task);
        }
    }

    /// Closes the database. On SQLite this puts what is in the write-ahead log into the file.
    ///
    /// # Errors
    ///
    /// If the driver cannot close it in order.
    pub async fn close(self) -> Result<(), Error> {
        if let Some(beside) = &self.beside {
            beside.end_copying().await;
        }
        let _nobody_writes = self.turns.end().await;
        if !self.has_log {
            // Where somebody has the file already, it has got its log from him.
            let _ = self.inner.execute_unprepared("PRAGMA journal_mode = WAL").await;
        }
        self.inner.close().await?;
        // One after the other: the last one copies the log, which may take a while, and two at once leave it to each other.
        if let Some(beside) = self.beside {
            let _ = tokio::task::spawn_blocking(move || beside.close()).await;
        }
        Ok(())
    }

    /// Lets the database look at what its tables hold, so that it finds good ways to read them. Outside of transactions.
    ///
    /// # Errors
    ///
    /// If the database does not answer, or is kept locked.
    pub async fn analyze(&self) -> Result<(), Error> {
        let sql = if self.is_postgres() { "ANALYZE" } else { ANALYZE_SQLITE };
        self.inner.execute_unprepared(sql).await?;
        Ok(())
    }

    fn is_postgres(&self) -> bool {
        self.inner.get_database_backend() == DbBackend::Postgres
    }
}

/// A server that is busy or just starting may need longer for the first connection than later ones may wait.
async fn connect_patiently(options: ConnectOptions) -> Result<DatabaseConnection, DbErr> {
    const ATTEMPTS: usize = 3;
    let mut attempt = 1;
    loop {
        match Database::connect(options.clone()).await {
            Err(error)
                if attempt < ATTEMPTS && matches!(driver_error(&error), Some(sea_orm::sqlx::Error::PoolTimedOut)) =>
            {
                attempt += 1;
            }
            outcome => return outcome,
        }
    }
}

#[async_trait]
impl ConnectionTrait for Connection {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.inner.execute_raw(readable(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.inner.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.inner.query_one_raw(readable(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.inner.query_all_raw(readable(statement)).await
    }
}

fn name_sqlite_error(file: &str, error: DbErr) -> Error {
    let code = match driver_error(&error) {
        Some(sea_orm::sqlx::Error::Database(cause)) => cause.code().map(std::borrow::Cow::into_owned),
        // A file is waited for only where somebody has it for himself.
        Some(sea_orm::sqlx::Error::PoolTimedOut) => Some("5".to_owned()),
        _ => None,
    };
    match code.as_deref() {
        Some("26" | "11") => Error::NoDatabase { path: file.to_owned() },
        Some("5" | "261") => Error::Busy(error),
        Some("8" | "14" | "1032" | "1544") => {
            Error::Unreadable { path: file.to_owned(), reason: "it or its folder cannot be written to".to_owned() }
        }
        _ => error.into(),
    }
}
