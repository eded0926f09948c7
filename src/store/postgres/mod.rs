//! What Postgres does in its own way: opening a connection for writing, and reading.

mod read;
mod tls;

use std::time::Duration;

use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr, sqlx};

pub(super) use read::Pipes;

use super::{Error, error::driver_error};

/// How long one statement may take. Those of a large import write thousands of rows.
pub(super) const STATEMENT_TIMEOUT: Duration = Duration::from_mins(1);
/// How long to wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// How many statements a connection keeps prepared.
const PREPARED_STATEMENTS: usize = 512;
/// How long a connection is used without asking first whether it still works.
const TRUSTED_FOR: Duration = Duration::from_secs(1);

/// Opens the database at an address. What it is set to for durability is left as it is.
pub(super) async fn open(address: &str, lock_timeout: Duration) -> Result<DatabaseConnection, Error> {
    let mut options = ConnectOptions::new(address);
    options
        // One for the transaction that writes, one for what the command line asks meanwhile, one for the lock of a migration.
        .max_connections(3)
        .sqlx_logging(false)
        .connect_timeout(CONNECT_TIMEOUT)
        .acquire_timeout(CONNECT_TIMEOUT)
        .test_before_acquire_if_idle_for(TRUSTED_FOR)
        .map_sqlx_postgres_opts(move |options| {
            let [lock_timeout, statement_timeout] =
                [lock_timeout, STATEMENT_TIMEOUT].map(|timeout| format!("{}ms", timeout.as_millis()));
            options.statement_cache_capacity(PREPARED_STATEMENTS).options([
                // Each statement sees what was committed before it, so that a writer sees all that was written before its lock.
                ("default_transaction_isolation", "read committed"),
                ("lock_timeout", lock_timeout.as_str()),
                ("statement_timeout", statement_timeout.as_str()),
                // Lists travel as one parameter, and their length does not change the best plan.
                ("plan_cache_mode", "force_generic_plan"),
            ])
        });
    Ok(connect(options).await?)
}

/// A server that is just starting may need longer for the first connection than for later ones.
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
