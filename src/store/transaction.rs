//! A transaction: sea-orm's statements on a connection of its pool. Unlike sea-orm's own it can bind whole columns on Postgres,
//! as arrays with nulls in them.

use std::{io, sync::Arc, time::Duration};

use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement, Values,
    sqlx::{self, AssertSqlSafe, Executor as _, postgres::PgArguments},
};
use sea_query_sqlx::SqlxValues;
use tokio::{sync::Mutex, time::timeout};

use super::{
    Error,
    checkpoint::Checkpoints,
    connection::{STATEMENT_TIMEOUT, readable},
    seat::{Seat, Turn, failed, on_either},
};

/// A Postgres server that says nothing so long, a little longer than a statement may take, is not there any more.
const ANSWERS_WITHIN: Duration = STATEMENT_TIMEOUT.saturating_add(Duration::from_secs(5));

/// A transaction. Dropped without a commit it leaves no trace.
pub struct Transaction {
    inner: Mutex<Option<Open>>,
    backend: DbBackend,
}

/// What a transaction has until it is over.
struct Open {
    seat: Seat,
    /// What one that writes has besides.
    writing: Option<Writing>,
}

/// A transaction that was not begun.
pub(super) struct NotBegun {
    pub(super) error: Error,
    /// Its turn, if it was to write.
    pub(super) writing: Option<Writing>,
}

pub(super) struct Writing {
    pub(super) turn: Turn,
    /// Who is told that something was written.
    pub(super) checkpoints: Option<Arc<Checkpoints>>,
}

impl Transaction {
    /// Begins a transaction by the statement of its database.
    ///
    /// # Errors
    ///
    /// If the database does not answer, or does not let it begin in time.
    pub(super) async fn begin(seat: Seat, writing: Option<Writing>, sql: &str) -> Result<Self, NotBegun> {
        let backend = match seat {
            Seat::Postgres(_) => DbBackend::Postgres,
            Seat::Sqlite(_) => DbBackend::Sqlite,
        };
        // From here on whoever gives up leaves nothing that was begun.
        let mut transaction = Self { inner: Mutex::new(Some(Open { seat, writing })), backend };
        let Err(error) = transaction.execute_unprepared(sql).await else {
            return Ok(transaction);
        };
        let open = transaction.inner.get_mut().take();
        let error = match error {
            // The database has answered, and says why not: nothing was begun.
            DbErr::Exec(RuntimeErr::SqlxError(ref cause)) if cause.as_database_error().is_some() => error,
            error => {
                if let Some(Open { seat, writing }) = open {
                    seat.close().await;
                    return Err(NotBegun { error: Error::Unavailable(error), writing });
                }
                error
            }
        };
        Err(NotBegun { error: error.into(), writing: open.and_then(|open| open.writing) })
    }

    /// Makes everything that was written last.
    ///
    /// # Errors
    ///
    /// If the database does not confirm it. Then nothing was written, unless the connection broke off before the answer came.
    pub async fn commit(mut self) -> Result<(), Error> {
        self.execute_unprepared("COMMIT").await?;
        if let Some(Open { seat, writing: Some(Writing { turn, checkpoints }) }) = self.inner.get_mut().take() {
            if let Some(checkpoints) = checkpoints {
                checkpoints.committed();
            }
            turn.leave(seat);
        }
        Ok(())
    }

    /// Takes everything back.
    ///
    /// # Errors
    ///
    /// If the database does not answer; then it takes everything back by itself.
    pub async fn roll_back(mut self) -> Result<(), Error> {
        self.execute_unprepared("ROLLBACK").await?;
        if let Some(Open { seat, writing: Some(Writing { turn, .. }) }) = self.inner.get_mut().take() {
            turn.leave(seat);
        }
        Ok(())
    }

    /// Carries out a statement of Postgres with arguments as its driver takes them.
    pub(super) async fn execute_with(&self, sql: String, arguments: PgArguments) -> Result<(), Error> {
        match &mut *self.inner.lock().await {
            Some(Open { seat: Seat::Postgres(connection), .. }) => {
                let query = sqlx::query_with(AssertSqlSafe(sql), arguments);
                self.in_time(connection.execute(query)).await.map_err(failed)?;
                Ok(())
            }
            _ => unreachable!("only statements of Postgres have its arguments"),
        }
    }

    /// The answer of the database, or an error if a server is not heard of any more. A file always answers.
    async fn in_time<T>(&self, answer: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
        if self.backend == DbBackend::Sqlite {
            return answer.await;
        }
        let lost = |_| Err(sqlx::Error::Io(io::ErrorKind::TimedOut.into()));
        timeout(ANSWERS_WITHIN, answer).await.unwrap_or_else(lost)
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        // Somebody gave up, or something failed. The next writer comes when everything was taken back; a connection that says
        // nothing is closed, and until its server notices, the lock that it holds there keeps others from what it has begun.
        if let Some(Open { mut seat, writing }) = self.inner.get_mut().take() {
            tokio::spawn(async move {
                match writing {
                    _ if !seat.roll_back().await => seat.close().await,
                    Some(Writing { turn, .. }) => turn.leave(seat),
                    None => {}
                }
            });
        }
    }
}

/// Something was asked of a transaction that is over, which its owner cannot do: ending one takes it.
fn over() -> DbErr {
    DbErr::Custom("the transaction is over".to_owned())
}

/// Does something on the connection of a transaction, on either database.
macro_rules! on {
    ($transaction:expr, $connection:ident => $does:expr) => {
        match &mut *$transaction.inner.lock().await {
            Some(open) => {
                let answer = async { on_either!(&mut open.seat, $connection => $does) };
                $transaction.in_time(answer).await.map_err(failed)
            }
            None => Err(over()),
        }
    };
}

/// The text of a statement and its values, in the form of its database.
fn parts(statement: Statement) -> (AssertSqlSafe<String>, SqlxValues) {
    let statement = readable(statement);
    (AssertSqlSafe(statement.sql), SqlxValues(statement.values.unwrap_or(Values(Vec::new()))))
}

#[async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        self.backend
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let (sql, values) = parts(statement);
        on!(self, connection => connection.execute(sqlx::query_with(sql, values)).await.map(ExecResult::from))
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match &mut *self.inner.lock().await {
            Some(open) => self.in_time(open.seat.execute(sql)).await.map_err(failed),
            None => Err(over()),
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let (sql, values) = parts(statement);
        on!(self, connection => {
            let row = connection.fetch_optional(sqlx::query_with(sql, values)).await;
            row.map(|row| row.map(QueryResult::from))
        })
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let (sql, values) = parts(statement);
        on!(self, connection => {
            let rows = connection.fetch_all(sqlx::query_with(sql, values)).await;
            rows.map(|rows| rows.into_iter().map(QueryResult::from).collect())
        })
    }
}
