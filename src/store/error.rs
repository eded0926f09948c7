//! Errors of databases. The messages are for users; the error of the driver is the source, for the log.

use sea_orm::{DbErr, RuntimeErr, sqlx};

/// An error of the database.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The address of the database is not valid.
    #[error("{0}")]
    Address(String),
    /// The file cannot be opened or created.
    #[error("the database file {path} cannot be opened: {reason}")]
    Unreadable {
        /// The file.
        path: String,
        /// Why, in words.
        reason: String,
    },
    /// The file was deleted or replaced while it was open.
    #[error(
        "the database file {path} was deleted or replaced while the program used it: stop the program, and restore the file or a backup"
    )]
    Replaced {
        /// The file, or its write-ahead log.
        path: String,
    },
    /// Another process serves the file.
    #[error(
        "the database file {path} is in use by another `dateline serve` (process {process}): stop it first, or use another database"
    )]
    InUse {
        /// The file.
        path: String,
        /// The number of the process.
        process: String,
    },
    /// A copy of a database file cannot be made or used.
    #[error("{path} {reason}")]
    Copy {
        /// The file.
        path: String,
        /// What is wrong with it, and what to do.
        reason: String,
    },
    /// The file is not a SQLite database.
    #[error("{path} is not a SQLite database")]
    NotADatabase {
        /// The file.
        path: String,
    },
    /// The tables belong to another program.
    #[error("the database {database} contains the tables of another program ({table}, ...); use another database")]
    Foreign {
        /// The database, without a password.
        database: String,
        /// One of the tables.
        table: String,
    },
    /// A newer version of the program has migrated the database.
    #[error("the database {database} was made by a newer version of dateline (it has {migration}); use that version")]
    Newer {
        /// The database, without a password.
        database: String,
        /// The first migration that this version does not know.
        migration: String,
    },
    /// The tables do not match the list of migrations.
    #[error("the database {database} is damaged ({reason}); restore a backup or start a new one")]
    Damaged {
        /// The database, without a password.
        database: String,
        /// What is wrong.
        reason: String,
    },
    /// A stored value cannot be read.
    #[error("{what} cannot be read, because the stored data is damaged; restore a backup")]
    Corrupt {
        /// What it is.
        what: String,
    },
    /// The tables are older than the program.
    #[error("the tables of the database {database} are out of date; run `dateline migrate`")]
    Outdated {
        /// The database, without a password.
        database: String,
    },
    /// The database does not answer in time.
    #[error("the database is not available at the moment")]
    Unavailable(#[source] DbErr),
    /// Other writes took longer than the lock timeout.
    #[error("the database is busy with other writes; try again in a few seconds")]
    Busy(#[source] DbErr),
    /// A constraint was violated. The checks of a write should prevent this.
    #[error("the change contradicts what is stored ({constraint})")]
    Constraint {
        /// The constraint, or its columns.
        constraint: String,
        /// The error of the driver.
        #[source]
        source: DbErr,
    },
    /// The disk or the memory is full.
    #[error("there is no space left for the database")]
    Full(#[source] DbErr),
    /// Anything else.
    #[error("the database failed")]
    Failed(#[source] DbErr),
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        if matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) {
            return Self::Unavailable(error);
        }
        match driver_error(&error) {
            Some(sqlx::Error::PoolTimedOut | sqlx::Error::Io(_) | sqlx::Error::PoolClosed) => Self::Unavailable(error),
            Some(sqlx::Error::Database(cause)) => {
                let code = cause.code().unwrap_or_default().into_owned();
                let constraint = cause.constraint().map(str::to_owned).or_else(|| sqlite_constraint(cause.message()));
                Self::of_database(&code, constraint, error)
            }
            _ => Self::Failed(error),
        }
    }
}

impl Error {
    /// [`Error::Busy`] without an error of the database.
    #[must_use]
    pub fn busy(reason: &str) -> Self {
        Self::Busy(DbErr::Custom(reason.to_owned()))
    }

    /// [`Error::Failed`], because the program failed in the middle of a write.
    #[must_use]
    pub fn broken_off() -> Self {
        Self::Failed(DbErr::Custom("the write broke off".to_owned()))
    }

    /// The error for a code of either database.
    fn of_database(code: &str, constraint: Option<String>, error: DbErr) -> Self {
        match (constraint, code) {
            (Some(constraint), _) => Self::Constraint { constraint, source: error },
            // SQLITE_BUSY and SQLITE_LOCKED with their extended codes, and lock_not_available of Postgres.
            (None, "5" | "6" | "261" | "517" | "55P03") => Self::Busy(error),
            // Postgres has no connection left, shuts down, or has cancelled a statement that took too long.
            (None, "53300" | "57P01" | "57P02" | "57P03" | "57014") => Self::Unavailable(error),
            (None, "13" | "53100" | "53200") => Self::Full(error),
            _ => Self::Failed(error),
        }
    }
}

/// The error of the driver, if there is one.
pub(super) fn driver_error(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause)) => Some(cause),
        _ => None,
    }
}

/// `CHECK constraint failed: ck_place_population_range`, `UNIQUE constraint failed: record.key`.
fn sqlite_constraint(message: &str) -> Option<String> {
    let (what, name) = message.split_once(" constraint failed")?;
    Some(match name.strip_prefix(": ") {
        Some(name) => name.to_owned(),
        None => what.to_lowercase(),
    })
}
