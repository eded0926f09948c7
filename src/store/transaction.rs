//! A transaction: sea-orm's statements on a connection of its pool. Unlike sea-orm's own it can bind whole columns on Postgres,
//! as arrays with nulls in them, and on SQLite send its beginning and its end along with other statements, or all of it to a
//! connection [beside](super::beside) the pool: each way to the thread that carries them out costs a small write as much as a
//! statement does.

mod filling;
mod open;

use std::{
    io,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement,
    sqlx::{self, Executor as _, postgres::PgArguments},
};
use tokio::{sync::Mutex, time::timeout};

use super::{
    Error,
    connection::STATEMENT_TIMEOUT,
    seat::{Seat, Seen, failed, on_either},
};
pub(super) use open::Writing;
pub(super) use open::joined;
use open::{Open, followed, parts};

/// A Postgres server that says nothing so long, a little longer than a statement may take, is not there any more.
const ANSWERS_WITHIN: Duration = STATEMENT_TIMEOUT.saturating_add(Duration::from_secs(5));

/// A transaction. Dropped without a commit it leaves no trace.
pub struct Transaction {
    inner: Mutex<Option<Open>>,
    backend: DbBackend,
    is_tentative: AtomicBool,
}

/// A transaction that was not begun.
pub(super) struct NotBegun {
    pub(super) error: Error,
    /// Its turn, if it was to write.
    pub(super) writing: Option<Writing>,
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
        let mut transaction = Self::of(Open::new(seat, writing), backend, false);
        let Err(error) = transaction.execute_unprepared(sql).await else {
            return Ok(transaction);
        };
        let open = transaction.inner.get_mut().take();
        let error = match error {
            // The database has answered, and says why not: nothing was begun.
            DbErr::Exec(RuntimeErr::SqlxError(ref cause)) if cause.as_database_error().is_some() => error,
            error => {
                if let Some(Open { seat, writing, .. }) = open {
                    seat.close().await;
                    return Err(NotBegun { error: Error::Unavailable(error), writing });
                }
                error
            }
        };
        Err(NotBegun { error: error.into(), writing: open.and_then(|open| open.writing) })
    }

    /// A transaction of SQLite that begins with its first statement, which fails if it cannot begin.
    pub(super) fn begin_with_first(seat: Seat, writing: Writing, sql: &str, expected: Option<i64>) -> Self {
        let beginning = vec![Statement::from_string(DbBackend::Sqlite, sql)];
        Self::of(Open { beginning, expected, ..Open::new(seat, Some(writing)) }, DbBackend::Sqlite, false)
    }

    /// A tentative one, on Postgres. It begins with what it writes first, unless that is all.
    pub(super) fn begin_tentatively(seat: Seat, writing: Writing, expected: Option<i64>) -> Self {
        Self::of(Open { is_begun: false, expected, ..Open::new(seat, Some(writing)) }, DbBackend::Postgres, true)
    }

    const fn of(open: Open, backend: DbBackend, is_tentative: bool) -> Self {
        Self { inner: Mutex::const_new(Some(open)), backend, is_tentative: AtomicBool::new(is_tentative) }
    }

    /// Whether it may come to nothing because another process writes, and is to be tried anew then: it fails with
    /// [`Error::Overtaken`] unless what it has read, or expected, is still the present when it writes. Every write adds a revision:
    /// where the history ends shows it. On Postgres it fails, too, if another process has the turn. On SQLite nobody else
    /// writes from its first statement on, so that it is tentative only if it relies on what is expected.
    #[must_use]
    pub fn is_tentative(&self) -> bool {
        self.is_tentative.load(Ordering::Relaxed)
    }

    /// Says where the history ended when the first question was answered.
    pub(super) async fn has_seen(&self, position: i64) {
        if let Some(open) = &mut *self.inner.lock().await {
            // What was read first is the oldest that has to be the present.
            open.seen.0.get_or_insert(position);
        }
    }

    /// Relies on it that the history ends where the last writer of this process has just left it, if nothing was looked at yet,
    /// and says where that is. The transaction is tentative then.
    pub(super) async fn rely_on_end(&self) -> Option<i64> {
        let mut inner = self.inner.lock().await;
        let end = inner.as_mut()?.rely_on_end()?;
        self.is_tentative.store(true, Ordering::Relaxed);
        Some(end)
    }

    /// Says where the history ends with what is written.
    pub(super) async fn leaves_at(&self, position: i64) {
        if let Some(open) = &mut *self.inner.lock().await {
            open.end = Some(position);
        }
    }

    /// What the next statement has to take the turn with, if it is the first that a tentative one writes.
    pub(super) async fn before_first_write(&self) -> Option<Seen> {
        match &*self.inner.lock().await {
            Some(open) if !open.is_begun && open.last.is_none() => Some(open.seen),
            _ => None,
        }
    }

    /// Has Postgres carry out a statement that takes the turn by itself: at the end, as all that there is to write, or before
    /// the next one.
    pub(super) async fn execute_last(&self, sql: String, arguments: PgArguments) -> Result<(), Error> {
        match &mut *self.inner.lock().await {
            Some(open) if !open.is_owed && !open.is_begun && open.last.is_none() => {
                open.last = Some((sql, arguments));
                Ok(())
            }
            _ => Err(over().into()),
        }
    }

    /// Has SQLite carry out statements whose answers nobody waits for: with the end of the transaction, or before the next
    /// statement. They fail if one of these does.
    pub(super) async fn execute_ahead(&self, statements: Vec<Statement>) -> Result<(), Error> {
        match &mut *self.inner.lock().await {
            Some(open) if !open.is_owed => {
                if !open.ahead.is_empty() {
                    open.send_ahead().await.map_err(failed)?;
                }
                open.ahead = statements;
                Ok(())
            }
            _ => Err(over().into()),
        }
    }

    /// Makes everything that was written last.
    ///
    /// # Errors
    ///
    /// If the database does not confirm it. Then nothing was written, unless the connection broke off before the answer came.
    /// A tentative one may fail with [`Error::Overtaken`].
    pub async fn commit(mut self) -> Result<(), Error> {
        if self.inner.get_mut().as_ref().is_some_and(|open| open.filling.is_some()) {
            self.check_other_references().await?;
        }
        let is_overtaken = self.end("COMMIT").await?;
        self.is_written(is_overtaken).await;
        if is_overtaken { Err(Error::Overtaken) } else { Ok(()) }
    }

    /// The same, for who may keep this thread waiting: a transaction of SQLite of which nothing was sent yet is carried out by the
    /// thread itself, see [`super::beside`].
    ///
    /// # Errors
    ///
    /// As [`Self::commit`].
    pub async fn commit_here(mut self) -> Result<(), Error> {
        let Some((beside, statements)) = self.inner.get_mut().as_mut().and_then(Open::take_whole) else {
            return self.commit().await;
        };
        let outcome = beside.carry_out(statements);
        match outcome {
            Ok(()) => self.is_written(false).await,
            // Nothing was begun on the connection of the seat, which need not be in order itself: a file does not go away.
            Err(_) => {
                if let Some(open) = self.inner.get_mut().take() {
                    open.leave(None).await;
                }
            }
        }
        outcome
    }

    /// Leaves the turn to the next writer when the database has confirmed the end.
    async fn is_written(&mut self, is_overtaken: bool) {
        if let Some(open) = self.inner.get_mut().take() {
            if let Some(Writing { beside: Some(beside), .. }) = &open.writing {
                beside.committed();
            }
            let end = open.end.filter(|_| !is_overtaken);
            open.leave(end).await;
        }
    }

    /// Takes everything back.
    ///
    /// # Errors
    ///
    /// If the database does not answer; then it takes everything back by itself.
    pub async fn roll_back(mut self) -> Result<(), Error> {
        let mut has_something_to_say = true;
        if let Some(open) = self.inner.get_mut() {
            open.last = None;
            // Who has asked for nothing yet has nothing to take back.
            has_something_to_say = !open.ahead.is_empty() || std::mem::take(&mut open.beginning).is_empty();
        }
        if has_something_to_say {
            self.end("ROLLBACK").await?;
        }
        if let Some(open) = self.inner.get_mut().take() {
            open.leave(None).await;
        }
        Ok(())
    }

    /// Ends it in the database, after what was to be carried out before: who only tries is told, too, what would be refused.
    /// Says whether nothing was written because another process has the turn.
    async fn end(&self, sql: &str) -> Result<bool, DbErr> {
        let ahead = match &mut *self.inner.lock().await {
            Some(Open { is_begun: false, is_owed: false, seat, last, .. }) => {
                return match last.take() {
                    Some((sql, arguments)) => {
                        let written = self.in_time(seat.execute_with(sql, arguments)).await.map_err(failed)?;
                        Ok(written == 0)
                    }
                    None => Ok(false),
                };
            }
            Some(open) => joined(open.take_ahead()),
            None => None,
        };
        if let Some(ahead) = ahead {
            self.execute_raw(followed(ahead, Statement::from_string(self.backend, sql))).await?;
        } else {
            self.execute_unprepared(sql).await?;
        }
        Ok(false)
    }

    /// Carries out a statement of Postgres with arguments as its driver takes them.
    pub(super) async fn execute_with(&self, sql: String, arguments: PgArguments) -> Result<(), Error> {
        match &mut *self.inner.lock().await {
            Some(open) if !open.is_owed => {
                let answer = async {
                    open.begin().await?;
                    open.seat.execute_with(sql, arguments).await
                };
                self.in_time(answer).await.map_err(failed)?;
                Ok(())
            }
            _ => Err(over().into()),
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
        if let Some(mut open) = self.inner.get_mut().take() {
            tokio::spawn(async move {
                let is_in_order = if open.is_begun { open.seat.roll_back().await } else { open.seat.answers().await };
                if is_in_order {
                    open.leave(None).await;
                } else {
                    open.seat.close().await;
                }
            });
        }
    }
}

/// Something was asked of a transaction that has failed, or is over, which its owner cannot do: ending one takes it.
fn over() -> DbErr {
    DbErr::Custom("the transaction is over".to_owned())
}

/// Does something with a statement on the connection of a transaction, on either database.
macro_rules! on {
    ($transaction:expr, $statement:expr, $connection:ident, $query:ident => $does:expr) => {
        match &mut *$transaction.inner.lock().await {
            Some(open) if !open.is_owed => {
                let answer = async {
                    let (seat, statement) = open.next($statement).await?;
                    let (sql, values) = parts(statement);
                    on_either!(seat, $connection => {
                        let $query = sqlx::query_with(sql, values);
                        $does
                    })
                };
                let answer = $transaction.in_time(answer).await.map_err(failed)?;
                open.is_owed = false;
                Ok(answer)
            }
            _ => Err(over()),
        }
    };
}

#[async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        self.backend
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        on!(self, statement, connection, query => connection.execute(query).await.map(ExecResult::from))
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match &mut *self.inner.lock().await {
            Some(open) if !open.is_owed => {
                let answer = async {
                    open.begin().await?;
                    open.send_ahead().await?;
                    open.seat.execute(sql).await
                };
                self.in_time(answer).await.map_err(failed)
            }
            _ => Err(over()),
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        on!(self, statement, connection, query => {
            let row = connection.fetch_optional(query).await;
            row.map(|row| row.map(QueryResult::from))
        })
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        on!(self, statement, connection, query => {
            let rows = connection.fetch_all(query).await;
            rows.map(|rows| rows.into_iter().map(QueryResult::from).collect())
        })
    }
}
