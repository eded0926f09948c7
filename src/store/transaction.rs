//! A transaction of sea-orm, with ids and times in the stored form of each database.

use std::{io, time::Duration};

use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement, sqlx,
};
use tokio::time::timeout;

use super::{
    Error,
    postgres::STATEMENT_TIMEOUT,
    sqlite::{OpenFile, stored_form},
};

/// A Postgres server that does not answer for this time counts as lost. A statement may take [`STATEMENT_TIMEOUT`].
const ANSWER_TIMEOUT: Duration = STATEMENT_TIMEOUT.saturating_add(Duration::from_secs(5));

/// A transaction. Dropped without a commit, it is rolled back.
#[derive(Debug)]
pub struct Transaction {
    inner: DatabaseTransaction,
    /// The file of a SQLite database that the transaction writes to.
    file: Option<OpenFile>,
}

impl Transaction {
    pub(super) const fn new(inner: DatabaseTransaction, file: Option<OpenFile>) -> Self {
        Self { inner, file }
    }

    /// Commits the transaction. On an error nothing was written, unless the connection was lost before the answer arrived, or the file was
    /// replaced during the transaction.
    pub async fn commit(self) -> Result<(), Error> {
        let is_postgres = self.is_postgres();
        in_time(is_postgres, self.inner.commit()).await?;
        self.file.as_ref().map_or(Ok(()), OpenFile::check)
    }

    /// Rolls the transaction back. A database that loses the connection does so itself.
    pub async fn roll_back(self) -> Result<(), Error> {
        let is_postgres = self.is_postgres();
        Ok(in_time(is_postgres, self.inner.rollback()).await?)
    }

    fn is_postgres(&self) -> bool {
        self.inner.get_database_backend() == DbBackend::Postgres
    }
}

/// Waits for an answer of the database, on Postgres for a limited time.
async fn in_time<T>(is_postgres: bool, answer: impl Future<Output = Result<T, DbErr>>) -> Result<T, DbErr> {
    if !is_postgres {
        return answer.await;
    }
    let timed_out = |_| Err(DbErr::Conn(RuntimeErr::SqlxError(sqlx::Error::Io(io::ErrorKind::TimedOut.into()).into())));
    timeout(ANSWER_TIMEOUT, answer).await.unwrap_or_else(timed_out)
}

#[async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        in_time(self.is_postgres(), self.inner.execute_raw(stored_form(statement))).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        in_time(self.is_postgres(), self.inner.execute_unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        in_time(self.is_postgres(), self.inner.query_one_raw(stored_form(statement))).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        in_time(self.is_postgres(), self.inner.query_all_raw(stored_form(statement))).await
    }
}
