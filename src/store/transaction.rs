//! A transaction: sea-orm's statements on a connection of its pool. Unlike sea-orm's own it can bind whole columns on Postgres,
//! as arrays with nulls in them.

use std::sync::Arc;

use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement, Values,
    sqlx::{self, AssertSqlSafe, Executor as _, Postgres, Sqlite, postgres::PgArguments},
};
use sea_query_sqlx::SqlxValues;
use tokio::sync::{Mutex, MutexGuard};

use super::{Error, checkpoint::Checkpoints, connection::readable};

/// A transaction. Dropped without a commit it leaves no trace.
pub struct Transaction {
    inner: Mutex<Open>,
    backend: DbBackend,
    /// Who is told that something was written.
    checkpoints: Option<Arc<Checkpoints>>,
}

enum Open {
    Postgres(sqlx::Transaction<'static, Postgres>),
    Sqlite(sqlx::Transaction<'static, Sqlite>),
}

/// Does the same on either database.
macro_rules! on_either {
    ($open:expr, $transaction:ident => $does:expr) => {
        match $open {
            Open::Postgres($transaction) => $does,
            Open::Sqlite($transaction) => $does,
        }
    };
}

impl Transaction {
    /// Begins a transaction by the statement of its database.
    ///
    /// # Errors
    ///
    /// If the database does not answer, or does not let it begin in time.
    pub(super) async fn begin(
        connection: &DatabaseConnection,
        postgres: &'static str,
        sqlite: &'static str,
        checkpoints: Option<Arc<Checkpoints>>,
    ) -> Result<Self, Error> {
        let backend = connection.get_database_backend();
        let open = if backend == DbBackend::Postgres {
            connection.get_postgres_connection_pool().begin_with(postgres).await.map(Open::Postgres)
        } else {
            connection.get_sqlite_connection_pool().begin_with(sqlite).await.map(Open::Sqlite)
        };
        let open = open.map_err(|error| match error {
            // The database has answered, and says why not.
            sqlx::Error::Database(_) => failed(error),
            _ => DbErr::Conn(RuntimeErr::SqlxError(error.into())),
        });
        Ok(Self { inner: Mutex::new(open?), backend, checkpoints })
    }

    /// Makes everything that was written last.
    ///
    /// # Errors
    ///
    /// If the database does not confirm it; then nothing was written.
    pub async fn commit(self) -> Result<(), Error> {
        on_either!(self.inner.into_inner(), transaction => transaction.commit().await).map_err(failed)?;
        if let Some(checkpoints) = self.checkpoints {
            checkpoints.committed();
        }
        Ok(())
    }

    /// Takes everything back.
    ///
    /// # Errors
    ///
    /// If the database does not answer; then it takes everything back by itself.
    pub async fn roll_back(self) -> Result<(), Error> {
        Ok(on_either!(self.inner.into_inner(), transaction => transaction.rollback().await).map_err(failed)?)
    }

    /// Carries out a statement of Postgres with arguments as its driver takes them.
    pub(super) async fn execute_with(&self, sql: String, arguments: PgArguments) -> Result<(), Error> {
        match &mut *self.open().await {
            Open::Postgres(transaction) => {
                let query = sqlx::query_with(AssertSqlSafe(sql), arguments);
                transaction.execute(query).await.map_err(failed)?;
                Ok(())
            }
            Open::Sqlite(_) => unreachable!("only statements of Postgres have its arguments"),
        }
    }

    async fn open(&self) -> MutexGuard<'_, Open> {
        self.inner.lock().await
    }
}

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(error.into()))
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
        on_either!(&mut *self.open().await, transaction => {
            transaction.execute(sqlx::query_with(sql, values)).await.map(ExecResult::from).map_err(failed)
        })
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let sql = AssertSqlSafe(sql.to_owned());
        on_either!(&mut *self.open().await, transaction => {
            transaction.execute(sql).await.map(ExecResult::from).map_err(failed)
        })
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let (sql, values) = parts(statement);
        on_either!(&mut *self.open().await, transaction => {
            let row = transaction.fetch_optional(sqlx::query_with(sql, values)).await;
            row.map(|row| row.map(QueryResult::from)).map_err(failed)
        })
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let (sql, values) = parts(statement);
        on_either!(&mut *self.open().await, transaction => {
            let rows = transaction.fetch_all(sqlx::query_with(sql, values)).await;
            rows.map(|rows| rows.into_iter().map(QueryResult::from).collect()).map_err(failed)
        })
    }
}
