//! A transaction: sea-orm's statements on a connection of its pool. Unlike sea-orm's own it can bind whole columns on Postgres,
//! as arrays with nulls in them.

use std::{mem, sync::Arc};

use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement, Values,
    sqlx::{self, AssertSqlSafe, Executor as _, postgres::PgArguments},
};
use sea_query_sqlx::SqlxValues;
use tokio::{runtime::Handle, sync::Mutex};

use super::{
    Error,
    checkpoint::Checkpoints,
    connection::readable,
    seat::{Seat, Turn, failed, on_either},
};

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
    pub(super) async fn begin(seat: Seat, writing: Option<Writing>, sql: &str) -> Result<Self, Error> {
        let backend = match seat {
            Seat::Postgres(_) => DbBackend::Postgres,
            Seat::Sqlite(_) => DbBackend::Sqlite,
        };
        // From here on whoever gives up leaves nothing that was begun.
        let transaction = Self { inner: Mutex::new(Some(Open { seat, writing })), backend };
        match transaction.execute_unprepared(sql).await {
            Ok(_) => Ok(transaction),
            Err(error) => {
                // Nothing was begun.
                transaction.inner.lock().await.take();
                Err(match error {
                    // The database has answered, and says why not.
                    DbErr::Exec(RuntimeErr::SqlxError(ref cause)) if cause.as_database_error().is_some() => error,
                    DbErr::Exec(cause) => DbErr::Conn(cause),
                    error => error,
                }
                .into())
            }
        }
    }

    /// Makes everything that was written last.
    ///
    /// # Errors
    ///
    /// If the database does not confirm it; then nothing was written.
    pub async fn commit(self) -> Result<(), Error> {
        self.execute_unprepared("COMMIT").await?;
        if let Some(Open { seat, writing: Some(Writing { turn, checkpoints }) }) = self.inner.lock().await.take() {
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
    pub async fn roll_back(self) -> Result<(), Error> {
        self.execute_unprepared("ROLLBACK").await?;
        if let Some(Open { seat, writing: Some(Writing { turn, .. }) }) = self.inner.lock().await.take() {
            turn.leave(seat);
        }
        Ok(())
    }

    /// Carries out a statement of Postgres with arguments as its driver takes them.
    pub(super) async fn execute_with(&self, sql: String, arguments: PgArguments) -> Result<(), Error> {
        match &mut *self.inner.lock().await {
            Some(Open { seat: Seat::Postgres(connection), .. }) => {
                let query = sqlx::query_with(AssertSqlSafe(sql), arguments);
                connection.execute(query).await.map_err(failed)?;
                Ok(())
            }
            _ => unreachable!("only statements of Postgres have its arguments"),
        }
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        // Somebody gave up, or something failed. The next writer comes when everything was taken back.
        if let Some(Open { mut seat, writing }) = mem::take(self.inner.get_mut())
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(async move {
                if seat.execute("ROLLBACK").await.is_err() {
                    return seat.close().await;
                }
                if let Some(Writing { turn, .. }) = writing {
                    turn.leave(seat);
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
            Some(open) => on_either!(&mut open.seat, $connection => $does).map_err(failed),
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
            Some(open) => open.seat.execute(sql).await,
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
