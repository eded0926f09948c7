//! Runs the statements of reads. Both databases are read through their own drivers, not through sea-orm's connection: a
//! pipelined Postgres connection and a SQLite connection on a thread of its own cost half as much for a small query
//! (figures in benches/README.md). Nothing else in the project uses these drivers; writes go through sea-orm.

mod postgres;
mod sqlite;
mod tls;

use super::{
    dialect::Dialect,
    plan::RootPlan,
    splice::splice,
    sql::{WRONG_KIND, statement},
};
use sea_orm::sea_query::Value;
use std::sync::Arc;

/// How a database is read.
#[derive(Clone, Debug)]
pub struct ReadSettings {
    /// Connections (Postgres) or threads (SQLite).
    pub readers: usize,
    /// A statement that takes longer is stopped.
    pub statement_timeout: std::time::Duration,
    /// How long to wait for a connection.
    pub connect_timeout: std::time::Duration,
}

impl Default for ReadSettings {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self {
            readers: cores.clamp(2, 16),
            statement_timeout: std::time::Duration::from_secs(5),
            connect_timeout: std::time::Duration::from_secs(3),
        }
    }
}

/// Why a read failed. The causes are for the log: none of them is shown to a user.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The database cannot be reached now; the same read may succeed later.
    #[error("the database cannot be reached: {0}")]
    Unavailable(String),
    /// The statement took too long.
    #[error("the statement took too long")]
    TimedOut,
    /// The statement is larger than the database or this service takes.
    #[error("the statement is too large")]
    TooMuch,
    /// Anything else: a defect of ours.
    #[error("a statement failed: {0}")]
    Failed(String),
}

/// Bytes of the longest statement that is kept prepared: longer ones are rare, and each takes memory on every connection.
const MAX_PREPARED_BYTES: usize = 32 * 1024;

/// Bytes of the longest statement. Plans are bounded as well; this holds whatever they turn into.
const MAX_STATEMENT_BYTES: usize = 256 * 1024;

/// What a root field's statement gave.
#[derive(Debug, PartialEq)]
pub enum ReadResult {
    /// JSON text.
    Json(String),
    /// Nothing is there.
    Nothing,
    /// The id names a record of this other kind.
    WrongKind(String),
}

/// The way to the data for reads. Cheap to clone.
#[derive(Clone)]
pub struct Reader(Arc<Driver>);

#[expect(clippy::large_enum_variant, reason = "there is one, behind an Arc")]
enum Driver {
    Postgres(postgres::Pipes),
    Sqlite(sqlite::Readers),
}

impl Reader {
    /// Opens a database that exists and is migrated: `postgres://...` or `sqlite://FILE`.
    ///
    /// # Errors
    /// Where it cannot be reached or opened.
    pub async fn open(url: &str, settings: &ReadSettings) -> Result<Self, ReadError> {
        let driver = if let Some(file) = url.strip_prefix("sqlite:") {
            let file = file.strip_prefix("//").unwrap_or(file);
            let file = file.split_once('?').map_or(file, |(file, _)| file);
            Driver::Sqlite(sqlite::Readers::open(file, settings)?)
        } else {
            Driver::Postgres(postgres::Pipes::open(url, settings).await?)
        };
        Ok(Self(Arc::new(driver)))
    }

    /// The dialect that it speaks.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        match &*self.0 {
            Driver::Postgres(_) => Dialect::Postgres,
            Driver::Sqlite(_) => Dialect::Sqlite,
        }
    }

    /// Whether the statement of a root field can be run at all, which its length decides, not its values. For reads that
    /// follow something that must not be done in vain.
    ///
    /// # Errors
    /// [`ReadError::TooMuch`].
    pub fn check(&self, root: &RootPlan) -> Result<(), ReadError> {
        if statement(root, self.dialect()).sql.len() > MAX_STATEMENT_BYTES { Err(ReadError::TooMuch) } else { Ok(()) }
    }

    /// Runs the one statement of a root field.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn read(&self, root: &RootPlan) -> Result<ReadResult, ReadError> {
        let statement = statement(root, self.dialect());
        if statement.sql.len() > MAX_STATEMENT_BYTES {
            return Err(ReadError::TooMuch);
        }
        Ok(match self.text(statement.sql, statement.values).await? {
            None => ReadResult::Nothing,
            Some(text) => match text.strip_prefix(WRONG_KIND) {
                Some(kind) => ReadResult::WrongKind(kind.to_owned()),
                None => ReadResult::Json(
                    splice(text, &statement.slots).map_err(|cause| ReadError::Failed(cause.to_owned()))?,
                ),
            },
        })
    }

    /// Runs a statement of the store's own that gives one text. Values are bound as they are.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub(in crate::store) async fn text(
        &self,
        sql: impl Into<String>,
        values: Vec<Value>,
    ) -> Result<Option<String>, ReadError> {
        match &*self.0 {
            Driver::Postgres(pipes) => pipes.ask(sql.into(), values).await,
            Driver::Sqlite(readers) => readers.ask(sql.into(), values).await,
        }
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// Where it does not.
    pub async fn ping(&self) -> Result<(), ReadError> {
        self.text("select 'pong'", vec![]).await.map(drop)
    }
}
