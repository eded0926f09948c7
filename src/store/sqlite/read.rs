//! Readers of a SQLite file: each is a thread with a read-only connection. On the async workers, reads would block writes.

use super::{
    value::SqliteValue,
    watch::{Stopped, Watch},
};
use crate::store::read::{
    MAX_PREPARED_BYTES, Question, ReadError, ReadSettings,
    turn::{Lane, Slots, Started, Turns},
};
use rusqlite::{
    Connection, ErrorCode, OpenFlags, StatementStatus,
    limits::Limit,
    trace::{TraceEvent, TraceEventCodes},
};
use sea_orm::sea_query::Value;
use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    time::Duration,
};
use tokio::sync::oneshot;

/// How many statements a connection keeps prepared.
const PREPARED_STATEMENTS: usize = 256;
/// The shortest length limit of a connection: it applies to every value that a statement handles, not only to the answer.
const MIN_LENGTH_LIMIT: usize = 64 * 1024;

type Outcome = Result<Option<String>, ReadError>;

struct Job {
    question: Question,
    reply: oneshot::Sender<Outcome>,
    abandoned: Arc<AtomicBool>,
}

pub(in crate::store) struct Readers(Arc<Shared>);

/// What the readers have in common.
struct Shared {
    turns: Mutex<Turns<Job>>,
    /// Wakes a reader when a job waits, and all of them when they are to end.
    work: Condvar,
    stopped: Arc<AtomicBool>,
}

/// Marks its job as abandoned where nobody waits for the answer any more.
struct Asker(Arc<AtomicBool>);

impl Drop for Asker {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Readers {
    pub(in crate::store) fn open(file: &str, settings: &ReadSettings) -> Result<Self, ReadError> {
        let slots = Slots { cheap: settings.readers, expensive: settings.expensive(), all: settings.readers };
        let shared =
            Arc::new(Shared { turns: Mutex::new(Turns::new(slots)), work: Condvar::new(), stopped: Arc::default() });
        let readers = Self(shared);
        for n in 0..settings.readers {
            let (file, shared, timeout) = (file.to_owned(), Arc::clone(&readers.0), settings.statement_timeout);
            let (opened, is_opened) = mpsc::channel();
            std::thread::Builder::new()
                .name(format!("sqlite-reader-{n}"))
                .spawn(move || match open(&file) {
                    Ok(connection) => {
                        let _ = opened.send(Ok(()));
                        serve(&connection, &shared, timeout);
                    }
                    Err(error) => {
                        let _ = opened.send(Err(error));
                    }
                })
                .map_err(|error| ReadError::Unavailable(error.to_string()))?;
            is_opened.recv().map_err(|error| ReadError::Unavailable(error.to_string()))?.map_err(failure)?;
        }
        Ok(readers)
    }

    pub(in crate::store) async fn ask(&self, question: Question) -> Outcome {
        let (reply, answer) = oneshot::channel();
        let asker = Asker(Arc::default());
        self.0.enter(question.call.cost.lane(), Job { question, reply, abandoned: Arc::clone(&asker.0) });
        answer.await.map_err(|_| ReadError::Unavailable("the reader is gone".to_owned()))?
    }

    /// Ends the running reads. No further one starts.
    pub(in crate::store) fn stop(&self) {
        // With the lock, so that no reader begins to wait in between.
        let _turns = self.0.turns();
        self.0.stopped.store(true, Ordering::Relaxed);
        self.0.work.notify_all();
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Shared {
    fn turns(&self) -> MutexGuard<'_, Turns<Job>> {
        // No code panics while it holds this lock.
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, lane: Lane, job: Job) {
        let client = job.question.call.client.clone();
        let refused = self.turns().enter(lane, &client, 1, job);
        match refused {
            Ok(()) => self.work.notify_one(),
            Err(job) => {
                let _ = job.reply.send(Err(ReadError::Busy("too many reads are waiting".to_owned())));
            }
        }
    }

    /// Waits for the next job, after the job in this lane has ended. `None` where the readers are to end.
    fn next(&self, ended: Option<Lane>) -> Option<Started<Job>> {
        let mut turns = self.turns();
        if let Some(lane) = ended {
            turns.end(lane, 1);
        }
        loop {
            if self.stopped.load(Ordering::Relaxed) {
                return None;
            }
            match turns.start() {
                Some(started) if started.read.reply.is_closed() => turns.end(started.lane, started.size),
                Some(started) => return Some(started),
                None => turns = self.work.wait(turns).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}

fn open(file: &str) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.set_prepared_statement_cache_capacity(PREPARED_STATEMENTS);
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.execute_batch(
        "pragma query_only = on; pragma cache_size = -16384; pragma mmap_size = 1073741824; pragma temp_store = memory;",
    )?;
    if tracing::enabled!(target: "dateline::statement", tracing::Level::TRACE) {
        connection.trace_v2(
            TraceEventCodes::SQLITE_TRACE_STMT,
            Some(|event| {
                if let TraceEvent::Stmt(statement, sql) = event {
                    let prepared_again = statement.get_status(StatementStatus::RePrepare);
                    tracing::trace!(target: "dateline::statement", sql, prepared_again);
                }
            }),
        );
    }
    Ok(connection)
}

fn serve(connection: &Connection, shared: &Shared, timeout: Duration) {
    let watch = Watch::over(connection, timeout, Arc::clone(&shared.stopped));
    let mut ended = None;
    while let Some(Started { lane, read: job, .. }) = shared.next(ended) {
        ended = Some(lane);
        watch.begin(lane, &job.abandoned);
        // A panic must not end the reader.
        let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| run(connection, &job.question)))
            .unwrap_or_else(|_| Err(ReadError::Failed("the reader panicked".to_owned())));
        match (outcome, watch.end()) {
            // It was planned as cheap, but is not: it starts again where it holds up no cheap reads.
            (Err(ReadError::TimedOut), Some(Stopped::NotCheap)) => shared.enter(Lane::Expensive, job),
            (Err(ReadError::TimedOut), Some(Stopped::WithTheService)) => {
                let _ = job.reply.send(Err(ReadError::Unavailable("the service stops".to_owned())));
            }
            (outcome, _) => {
                let _ = job.reply.send(outcome);
            }
        }
    }
}

fn run(connection: &Connection, Question { sql, values, call }: &Question) -> Outcome {
    // Ends the statement while it makes a larger value.
    let limit = i32::try_from(call.max_bytes.max(MIN_LENGTH_LIMIT)).unwrap_or(i32::MAX);
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, limit).map_err(failure)?;
    let answered = if sql.len() > MAX_PREPARED_BYTES {
        answer(&mut connection.prepare(sql).map_err(failure)?, values)
    } else {
        let mut kept = connection.prepare_cached(sql).map_err(failure)?;
        answer(&mut kept, values)
    };
    match answered {
        Ok(Some(text)) if text.len() > call.max_bytes => Err(ReadError::AnswerTooLarge),
        other => other,
    }
}

fn answer(statement: &mut rusqlite::Statement<'_>, values: &[Value]) -> Outcome {
    let mut rows = statement.query(rusqlite::params_from_iter(values.iter().map(SqliteValue))).map_err(failure)?;
    match rows.next().map_err(failure)? {
        Some(row) => row.get(0).map_err(failure),
        None => Ok(None),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the signature that map_err needs")]
fn failure(error: rusqlite::Error) -> ReadError {
    match error.sqlite_error_code() {
        Some(ErrorCode::OperationInterrupted) => ReadError::TimedOut,
        Some(ErrorCode::TooBig) => ReadError::AnswerTooLarge,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => ReadError::Busy(error.to_string()),
        Some(ErrorCode::CannotOpen) => ReadError::Unavailable(error.to_string()),
        _ if ["too large", "too many", "stack overflow"].iter().any(|limit| error.to_string().contains(limit)) => {
            ReadError::TooMuch
        }
        _ => ReadError::Failed(error.to_string()),
    }
}
