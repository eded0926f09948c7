//! Runs the statements of reads through the driver of each database: for a small query they take half the time of sea-orm's pool.
//! Writes go through sea-orm.

use super::{
    Asked, Question, ReadCall,
    budget::Budget,
    dialect::Dialect,
    error::ReadError,
    path::{PathPlan, PathSearch},
    plan::RootPlan,
    record_search::fill_in_hits,
    search_memory::memory_of_searches,
    settings::ReadSettings,
    splice::{SpliceProblem, splice},
    sql::{MAX_STATEMENT_BYTES, Statement, WRONG_KIND, statement},
    table_size::TableSizes,
};
use crate::store::{address::sqlite_file, postgres::Pipelines, sqlite::Readers};
use sea_orm::sea_query::Value;
use std::sync::{Arc, PoisonError, RwLock};

/// Bytes of a text in which computed values are put on a thread of its own.
const LARGE_TEXT: usize = 256 * 1024;

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
pub struct Reader {
    driver: Arc<Driver>,
    sizes: Arc<RwLock<Arc<TableSizes>>>,
    /// Where many postings are ranked.
    pub(super) memory_of_searches: Arc<Budget>,
}

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
        let file = sqlite_file(url).map_err(|error| ReadError::Unavailable(error.to_string()))?;
        let driver = match file {
            Some(file) => Driver::Sqlite(Readers::open(&file.path, settings)?),
            None => Driver::Postgres(Pipelines::open(url, settings).await?),
        };
        Ok(Self { driver: Arc::new(driver), sizes: Arc::default(), memory_of_searches: memory_of_searches() })
    }

    /// The dialect that it speaks.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        match &*self.driver {
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
    pub async fn read(&self, root: &RootPlan, call: ReadCall) -> Result<ReadResult, ReadError> {
        let Statement { sql, mut values, slots, searches } = statement(root, self.dialect());
        if sql.len() > MAX_STATEMENT_BYTES {
            return Err(ReadError::TooMuch);
        }
        fill_in_hits(&mut values, &self.find_hits(&searches, &call).await?);
        let max_bytes = call.max_bytes;
        let Some(text) = self.ask(Question::one(sql, values, call)).await? else {
            return Ok(ReadResult::Nothing);
        };
        if let Some(kind) = text.strip_prefix(WRONG_KIND) {
            return Ok(ReadResult::WrongKind(kind.to_owned()));
        }
        let spliced = if text.len() < LARGE_TEXT || slots.is_empty() {
            splice(text, &slots, max_bytes)
        } else {
            // It takes a while, in which an async worker could do nothing else.
            let spliced = tokio::task::spawn_blocking(move || splice(text, &slots, max_bytes)).await;
            spliced.map_err(|error| ReadError::Failed(error.to_string()))?
        };
        let text = spliced.map_err(SpliceProblem::into_error)?;
        if text.len() > max_bytes { Err(ReadError::AnswerTooLarge) } else { Ok(ReadResult::Json(text)) }
    }

    /// Finds paths, and reads their records.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn find_paths(&self, plan: Arc<PathPlan>, call: ReadCall) -> Result<ReadResult, ReadError> {
        let dialect = self.dialect();
        let mut hits = vec![];
        for (_, object) in &plan.objects {
            hits.push(self.find_hits(&statement(object, dialect).searches, &call).await?);
        }
        let max_bytes = call.max_bytes;
        let begin =
            Arc::new(move || Box::new(PathSearch::new(Arc::clone(&plan), hits.clone(), dialect, max_bytes)) as Box<_>);
        let answer = self.ask(Question { asked: Asked::Snapshot(begin), call }).await?;
        Ok(answer.map_or(ReadResult::Nothing, ReadResult::Json))
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
        self.ask(Question::one(sql.into(), values, ReadCall::of_service())).await
    }

    pub(super) async fn ask(&self, question: Question) -> Result<Option<String>, ReadError> {
        match &*self.driver {
            Driver::Postgres(pipelines) => pipelines.ask(question).await,
            Driver::Sqlite(readers) => readers.ask(question).await,
        }
    }

    /// The sizes of the tables when they were last measured.
    #[must_use]
    pub fn sizes(&self) -> Arc<TableSizes> {
        Arc::clone(&self.sizes.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Measures the tables, so that counts cost what they visit.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn measure(&self) -> Result<(), ReadError> {
        let text = self.text(TableSizes::statement(), vec![]).await?.unwrap_or_default();
        let sizes = TableSizes::from_json(&text).map_err(|error| ReadError::Failed(error.to_string()))?;
        *self.sizes.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(sizes);
        Ok(())
    }

    /// Ends the running reads. No further one starts.
    pub async fn stop(&self) {
        match &*self.driver {
            Driver::Postgres(pipelines) => pipelines.stop().await,
            Driver::Sqlite(readers) => readers.stop(),
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
