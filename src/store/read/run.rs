//! Runs the statements of reads through the driver of each database: for a small query they take half the time of sea-orm's pool.
//! Writes go through sea-orm.

use super::{
    dialect::Dialect,
    error::ReadError,
    plan::RootPlan,
    settings::ReadSettings,
    splice::splice,
    sql::{WRONG_KIND, statement},
};
use crate::store::{postgres::Pipelines, sqlite::Readers};
use sea_orm::sea_query::Value;
use std::sync::Arc;

/// Bytes of the longest statement. Plans are bounded as well; this holds whatever they turn into.
pub(super) const MAX_STATEMENT_BYTES: usize = 256 * 1024;

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
    Postgres(Pipelines),
    Sqlite(Readers),
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
            Driver::Sqlite(Readers::open(file, settings)?)
        } else {
            Driver::Postgres(Pipelines::open(url, settings).await?)
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
