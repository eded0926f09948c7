//! The connection on which writers take turns.
//!
//! Whoever writes next takes over the connection of the last one. Given back to the pool it would be tested, and be missed by
//! the next writer meanwhile: on SQLite that is a tenth of what a small write costs.

use std::{
    sync::{Arc, MutexGuard, PoisonError},
    time::Duration,
};

use sea_orm::{
    DatabaseConnection, DbBackend, DbErr, ExecResult, RuntimeErr,
    sqlx::{
        self, AssertSqlSafe, Connection as _, Executor as _, Postgres, Row as _, Sqlite, pool::PoolConnection,
        postgres::PgArguments,
    },
};
use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    time::{Instant, timeout},
};

use super::Error;

/// A connection that was at work so recently is not asked whether it still stands: that costs as much as a statement.
pub(super) const TRUSTED_FOR: Duration = Duration::from_secs(1);
/// So long the history is expected to end where a writer of this process left it. Another process would have to write just then.
const EXPECTED_FOR: Duration = Duration::from_millis(100);
/// A connection that does not answer so long when it is to be put in order is given up.
const GIVEN_UP_AFTER: Duration = Duration::from_secs(3);

/// The code of SQLite for a ROLLBACK where there is no transaction. Those of Postgres are longer.
const NO_TRANSACTION: &str = "1";

/// Takes the advisory lock that writers on Postgres take in turn: "date" in ASCII, as the database's function `take_turn` does. It is a statement of its own, so that what
/// the following ones see is what stands when it was given, and not a part of BEGIN, so that whoever gives up while waiting for
/// it leaves no transaction open.
pub(super) const TAKE_TURN: &str = "SELECT pg_advisory_xact_lock(x'64617465'::bigint)";
/// Where the history ended when one that has looked already has seen it, or where it is taken to end. Nothing if it has looked at
/// nothing yet.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen(pub(super) Option<i64>);

/// What keeps a transaction from its beginning: another process has the turn, or has written since it looked.
#[derive(Debug, thiserror::Error)]
#[error("another process has written meanwhile")]
pub(super) struct TurnIsLost;

impl From<TurnIsLost> for sqlx::Error {
    fn from(lost: TurnIsLost) -> Self {
        Self::AnyDriverError(lost.into())
    }
}

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

    pub(super) async fn execute(&mut self, sql: &str) -> Result<ExecResult, sqlx::Error> {
        let sql = AssertSqlSafe(sql.to_owned());
        on_either!(self, connection => connection.execute(sql).await.map(ExecResult::from))
    }

    /// Carries out a statement of Postgres with arguments as its driver takes them. Says how many rows it wrote last.
    pub(super) async fn execute_with(&mut self, sql: String, arguments: PgArguments) -> Result<u64, sqlx::Error> {
        match self {
            Self::Postgres(connection) => {
                let query = sqlx::query_with(AssertSqlSafe(sql), arguments);
                Ok(connection.execute(query).await?.rows_affected())
            }
            Self::Sqlite(_) => unreachable!("only statements of Postgres have its arguments"),
        }
    }

    /// Begins a transaction of Postgres that takes the turn, if that is free and nothing was written since somebody looked.
    pub(super) async fn begin_after(&mut self, Seen(seen): Seen) -> Result<(), sqlx::Error> {
        let seen = seen.map_or_else(|| "NULL".to_owned(), |position| position.to_string());
        let sql = AssertSqlSafe(format!("BEGIN; SELECT take_turn({seen})"));
        match self {
            Self::Postgres(connection) => {
                let is_mine = connection.fetch_one(sqlx::raw_sql(sql)).await?.try_get(0)?;
                if is_mine { Ok(()) } else { Err(TurnIsLost.into()) }
            }
            Self::Sqlite(_) => unreachable!("SQLite takes the turn as it begins"),
        }
    }

    /// Whether it still stands, and answers in time.
    pub(super) async fn answers(&mut self) -> bool {
        matches!(timeout(GIVEN_UP_AFTER, self.ping()).await, Ok(Ok(())))
    }

    /// Asks whether it still stands.
    async fn ping(&mut self) -> Result<(), sqlx::Error> {
        on_either!(self, connection => connection.ping().await)
    }

    /// Takes back what was begun on it, if it answers in time.
    pub(super) async fn roll_back(&mut self) -> bool {
        match timeout(GIVEN_UP_AFTER, self.execute("ROLLBACK")).await {
            Ok(Ok(_)) => true,
            // On SQLite nothing was begun.
            Ok(Err(sqlx::Error::Database(cause))) => cause.code().as_deref() == Some(NO_TRANSACTION),
            _ => false,
        }
    }

    /// Closes it, for it is in no state to be used again. What was begun on it is taken back by the database.
    pub(super) async fn close(self) {
        // Nobody can do anything if even this fails, and the pool makes another one in any case.
        let _ = timeout(GIVEN_UP_AFTER, async { on_either!(self, connection => connection.close().await) }).await;
    }
}

pub(super) fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(error.into()))
}

/// The turn of writers, which come in the order in which they ask.
#[derive(Debug, Clone, Default)]
pub(super) struct Turns {
    last: Arc<Mutex<Option<Left>>>,
    /// When it was last found that the database is not there, and how.
    outage: Arc<std::sync::Mutex<Option<(Instant, Error)>>>,
}

/// What the last writer left for the next one.
#[derive(Debug)]
pub(super) struct Left {
    seat: Seat,
    /// Where the history ends, if the writer has told that.
    end: Option<i64>,
    at: Instant,
}

/// The turn of one writer. It lasts until it is dropped.
pub(super) struct Turn(OwnedMutexGuard<Option<Left>>);

impl Turns {
    /// Waits for the turn, so long at most. If meanwhile somebody else has found that the database is not there, that is told
    /// at once: each would find it anew.
    pub(super) async fn take(&self, patience: Duration) -> Result<Turn, Error> {
        let asked = Instant::now();
        let turn = timeout(patience, Arc::clone(&self.last).lock_owned()).await;
        // It is no other process that writes, but what one can do about it is the same.
        let turn = turn.map_err(|_| Error::Busy(DbErr::Custom("others are writing".to_owned())))?;
        match &*self.outage() {
            Some((at, error)) if *at >= asked => Err(error.clone()),
            _ => Ok(Turn(turn)),
        }
    }

    /// Says that the database is not there.
    pub(super) fn is_out(&self, error: &Error) {
        *self.outage() = Some((Instant::now(), error.clone()));
    }

    fn outage(&self) -> MutexGuard<'_, Option<(Instant, Error)>> {
        self.outage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for whoever writes, and gives the connection back to the pool. Nobody else gets a turn while the turn that comes
    /// back is kept.
    pub(super) async fn end(&self) -> Turn {
        let mut last = Arc::clone(&self.last).lock_owned().await;
        last.take();
        Turn(last)
    }
}

impl Turn {
    /// Where the last writer left the history, if that was just now, so that it is likely to be the present.
    pub(super) fn expected_end(&self) -> Option<i64> {
        self.0.as_ref().filter(|left| left.at.elapsed() < EXPECTED_FOR)?.end
    }

    /// The connection that the last writer left, if it still stands.
    pub(super) async fn seat(&mut self) -> Option<Seat> {
        let Left { mut seat, at, .. } = self.0.take()?;
        if at.elapsed() < TRUSTED_FOR || seat.answers().await {
            return Some(seat);
        }
        seat.close().await;
        None
    }

    /// Leaves the connection to the next writer, whose turn it is, and says where the history ends, if that is known.
    pub(super) fn leave(mut self, seat: Seat, end: Option<i64>) {
        *self.0 = Some(Left { seat, end, at: Instant::now() });
    }
}
