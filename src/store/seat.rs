//! The connection on which writers take turns.
//!
//! Whoever writes next takes over the connection of the last one. Given back to the pool it would be tested, and be missed by
//! the next writer meanwhile: on SQLite that is a tenth of what a small write costs.

use std::{sync::Arc, time::Duration};

use sea_orm::{
    DatabaseConnection, DbBackend, DbErr, RuntimeErr,
    sqlx::{self, AssertSqlSafe, Executor as _, Postgres, Sqlite, pool::PoolConnection},
};
use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    time::{Instant, timeout},
};

use super::Error;

/// A connection that was at work so recently is not asked whether it still stands: that costs as much as a statement.
pub(super) const TRUSTED_FOR: Duration = Duration::from_secs(1);

/// A connection of the pool.
#[derive(Debug)]
pub(super) enum Seat {
    Postgres(PoolConnection<Postgres>),
    Sqlite(PoolConnection<Sqlite>),
}

/// Does the same on either database.
macro_rules! on_either {
    ($seat:expr, $connection:ident => $does:expr) => {
        match $seat {
            $crate::store::seat::Seat::Postgres($connection) => $does,
            $crate::store::seat::Seat::Sqlite($connection) => $does,
        }
    };
}
pub(super) use on_either;

impl Seat {
    /// Takes a connection from the pool.
    pub(super) async fn of(connection: &DatabaseConnection) -> Result<Self, DbErr> {
        let seat = if connection.get_database_backend() == DbBackend::Postgres {
            connection.get_postgres_connection_pool().acquire().await.map(Self::Postgres)
        } else {
            connection.get_sqlite_connection_pool().acquire().await.map(Self::Sqlite)
        };
        seat.map_err(|error| DbErr::Conn(RuntimeErr::SqlxError(error.into())))
    }

    pub(super) async fn execute(&mut self, sql: &str) -> Result<sea_orm::ExecResult, DbErr> {
        let sql = AssertSqlSafe(sql.to_owned());
        on_either!(self, connection => connection.execute(sql).await.map(sea_orm::ExecResult::from)).map_err(failed)
    }

    /// Closes it, for it is in no state to be used again. What was begun on it is taken back by the database.
    pub(super) async fn close(self) {
        // Nobody can do anything if even this fails, and the pool makes another one in any case.
        let _ = on_either!(self, connection => connection.close().await);
    }
}

pub(super) fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(error.into()))
}

/// The turn of writers, which come in the order in which they ask.
#[derive(Debug, Clone, Default)]
pub(super) struct Turns(Arc<Mutex<Option<Left>>>);

/// What the last writer left for the next one.
#[derive(Debug)]
struct Left {
    seat: Seat,
    at: Instant,
}

/// The turn of one writer. It lasts until it is dropped.
pub(super) struct Turn(OwnedMutexGuard<Option<Left>>);

impl Turns {
    /// Waits for the turn, so long at most.
    pub(super) async fn take(&self, patience: Duration) -> Result<Turn, Error> {
        let turn = timeout(patience, Arc::clone(&self.0).lock_owned()).await;
        // It is no other process that writes, but what one can do about it is the same.
        Ok(Turn(turn.map_err(|_| Error::Busy(DbErr::Custom("others are writing".to_owned())))?))
    }

    /// Waits for whoever writes, and gives the connection back to the pool.
    pub(super) async fn end(&self) {
        self.0.lock().await.take();
    }
}

impl Turn {
    /// The connection that the last writer left, if it is certain to stand, or else one from the pool.
    pub(super) async fn seat(&mut self, connection: &DatabaseConnection) -> Result<Seat, DbErr> {
        match self.0.take() {
            Some(Left { seat, at }) if at.elapsed() < TRUSTED_FOR => Ok(seat),
            // The pool tests what is given back to it.
            _ => Seat::of(connection).await,
        }
    }

    /// Leaves the connection to the next writer, whose turn it is.
    pub(super) fn leave(mut self, seat: Seat) {
        *self.0 = Some(Left { seat, at: Instant::now() });
    }
}
