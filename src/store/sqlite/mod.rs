//! SQLite: opening a file for writing, reading it, and the stored form of values.

mod copy;
mod file;
mod read;
mod value;
mod watch;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr,
    sqlx::{
        self,
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};

pub use copy::CopyProgress;
pub(super) use copy::{check_unused, copy, remove, rename, replace};
pub use file::FileLock;
pub(super) use file::{OpenFile, beside, lock_folder};
pub(super) use read::Readers;
pub(super) use value::{stored_form, time_text};

use super::{Error, address::check_file, error::driver_error};

/// The cache of a connection, in KiB. SQLite writes changed pages that do not fit before the commit.
pub(super) const CACHE: u32 = 16 * 1024;
/// The same for an import, which is one large transaction.
pub(super) const IMPORT_CACHE: u32 = 512 * 1024;
/// The page size of a new file, in bytes: most articles fit into one page.
const PAGE_SIZE: u32 = 8192;
/// How many statements a connection keeps prepared.
const PREPARED_STATEMENTS: usize = 512;
/// A connection that was idle for longer is tested before it is used.
const TRUSTED_FOR: Duration = Duration::from_secs(1);
/// Updates the statistics from a sample of each index.
pub(super) const ANALYZE: &str = "PRAGMA analysis_limit = 1000; ANALYZE main";

/// Opens a file for writing. A committed write survives a loss of power: `synchronous` is FULL. `cache` is in KiB.
pub(super) async fn open(
    file: &str,
    creates_file: bool,
    lock_timeout: Duration,
    cache: u32,
) -> Result<(DatabaseConnection, OpenFile), Error> {
    check_file(file, creates_file)?;
    if creates_file {
        file::create(Path::new(file))?;
    }
    let open_file = OpenFile::find(Path::new(file))?;
    let path = PathBuf::from(file);
    // An address would give some characters of the file another meaning.
    let mut options = ConnectOptions::new("sqlite:");
    options
        // One for the transaction that writes, one for other statements of the command line.
        .max_connections(2)
        .sqlx_logging(false)
        .acquire_timeout(lock_timeout)
        // The last connection that closes removes the write-ahead log, which looks as if somebody had deleted it.
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire_if_idle_for(TRUSTED_FOR)
        .map_sqlx_sqlite_opts(move |options| {
            options
                .filename(&path)
                .create_if_missing(true)
                // Before the journal mode, which writes the first page of a new file.
                .page_size(PAGE_SIZE)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(lock_timeout)
                .statement_cache_capacity(PREPARED_STATEMENTS)
                .pragma("cache_size", format!("-{cache}"))
                .pragma("temp_store", "MEMORY")
        });
    let connection = Database::connect(options).await.map_err(|error| open_error(file, error))?;
    // This reads the header of the file, which opening it may not do.
    let read_header = connection.execute_unprepared("SELECT count(*) FROM sqlite_master").await;
    read_header.map_err(|error| open_error(file, error))?;
    Ok((connection, open_file.opened()?))
}

fn open_error(file: &str, error: DbErr) -> Error {
    let code = match driver_error(&error) {
        Some(sqlx::Error::Database(cause)) => cause.code().map(std::borrow::Cow::into_owned),
        // Only a locked file makes the pool wait.
        Some(sqlx::Error::PoolTimedOut) => Some("5".to_owned()),
        _ => None,
    };
    match code.as_deref() {
        Some("26" | "11") => Error::NotADatabase { path: file.to_owned() },
        Some("5" | "261") => Error::Busy(error),
        Some("8" | "14" | "1032" | "1544") => {
            Error::Unreadable { path: file.to_owned(), reason: "it or its folder cannot be written to".to_owned() }
        }
        _ => error.into(),
    }
}
