//! Postgres: opening a connection for writing, and reading.

mod pipeline;
mod read;
mod running;
mod session;
mod tls;

use std::time::Duration;

use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr, sqlx};

pub(super) use read::Pipelines;

use super::{Error, error::driver_error};

/// How long one statement may take. A large import writes thousands of rows by one.
pub(super) const STATEMENT_TIMEOUT: Duration = Duration::from_mins(1);
/// How long to wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// How many statements a connection keeps prepared.
const PREPARED_STATEMENTS: usize = 512;
/// A connection that was idle for longer is tested before it is used.
const TRUSTED_FOR: Duration = Duration::from_secs(1);

/// Opens the database at an address. Its durability settings are not changed.
pub(super) async fn open(address: &str, lock_timeout: Duration) -> Result<DatabaseConnection, Error> {
    let mut options = ConnectOptions::new(address);
    options
        // One for the transaction that writes, one for other statements of the command line, one for the lock of a migration.
        .max_connections(3)
        .sqlx_logging(false)
        .connect_timeout(CONNECT_TIMEOUT)
        .acquire_timeout(CONNECT_TIMEOUT)
        .test_before_acquire_if_idle_for(TRUSTED_FOR)
        .map_sqlx_postgres_opts(move |options| {
            let [lock_timeout, statement_timeout] =
                [lock_timeout, STATEMENT_TIMEOUT].map(|timeout| format!("{}ms", timeout.as_millis()));
            options.statement_cache_capacity(PREPARED_STATEMENTS).options([
                // Each statement sees what was committed before it, so a write sees everything that was committed before its lock.
                ("default_transaction_isolation", "read committed"),
                ("lock_timeout", lock_timeout.as_str()),
                ("statement_timeout", statement_timeout.as_str()),
                // A list is one parameter, and its length does not change the best plan.
                ("plan_cache_mode", "force_generic_plan"),
            ])
        });
    Ok(connect(options).await?)
}

/// A server that is starting may need longer for its first connection.
async fn connect(options: ConnectOptions) -> Result<DatabaseConnection, DbErr> {
    const ATTEMPTS: usize = 3;
    let mut attempt = 1;
    loop {
        match Database::connect(options.clone()).await {
            Err(error) if attempt < ATTEMPTS && matches!(driver_error(&error), Some(sqlx::Error::PoolTimedOut)) => {
                attempt += 1;
            }
            outcome => return outcome,
        }
    }
}
