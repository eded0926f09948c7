//! Readers of a SQLite file: each is a thread with a read-only connection. On the async workers, reads would block writes.

use super::value::SqliteValue;
use crate::store::read::{MAX_PREPARED_BYTES, ReadError, ReadSettings};
use rusqlite::{
    Connection, ErrorCode, OpenFlags, StatementStatus,
    trace::{TraceEvent, TraceEventCodes},
};
use sea_orm::sea_query::Value;
use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
        mpsc::{self, TrySendError},
    },
    time::{Duration, Instant},
};
use tokio::sync::oneshot;

/// How many reads may wait. Further ones are refused.
const MAX_WAITING: usize = 4096;
/// How many statements a connection keeps prepared.
const PREPARED_STATEMENTS: usize = 256;
/// How many steps of the virtual machine are between two checks of the time.
const STEPS_PER_CHECK: i32 = 10_000;

type Outcome = Result<Option<String>, ReadError>;

struct Job {
    sql: String,
    values: Vec<Value>,
    reply: oneshot::Sender<Outcome>,
}

pub(in crate::store) struct Readers {
    jobs: mpsc::SyncSender<Job>,
}

impl Readers {
    pub(in crate::store) fn open(file: &str, settings: &ReadSettings) -> Result<Self, ReadError> {
        let (jobs, queue) = mpsc::sync_channel(MAX_WAITING);
        let queue = Arc::new(Mutex::new(queue));
        for n in 0..settings.readers {
            let (file, queue, timeout) = (file.to_owned(), Arc::clone(&queue), settings.statement_timeout);
            let (opened, is_opened) = mpsc::channel();
            std::thread::Builder::new()
                .name(format!("sqlite-reader-{n}"))
                .spawn(move || match open(&file) {
                    Ok(connection) => {
                        let _ = opened.send(Ok(()));
                        serve(&connection, &queue, timeout);
                    }
                    Err(error) => {
                        let _ = opened.send(Err(error));
                    }
                })
                .map_err(|error| ReadError::Unavailable(error.to_string()))?;
            is_opened.recv().map_err(|error| ReadError::Unavailable(error.to_string()))?.map_err(failure)?;
        }
        Ok(Self { jobs })
    }

    pub(in crate::store) async fn ask(&self, sql: String, values: Vec<Value>) -> Outcome {
        let (reply, answer) = oneshot::channel();
        self.jobs.try_send(Job { sql, values, reply }).map_err(|error| match error {
            TrySendError::Full(_) => ReadError::Busy("too many reads are waiting".to_owned()),
            TrySendError::Disconnected(_) => ReadError::Unavailable("all readers are gone".to_owned()),
        })?;
        answer.await.map_err(|_| ReadError::Unavailable("the reader is gone".to_owned()))?
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

fn serve(connection: &Connection, queue: &Mutex<mpsc::Receiver<Job>>, timeout: Duration) {
    // When the running statement is stopped, in milliseconds since `began`.
    let began = Instant::now();
    let deadline = Arc::new(AtomicU64::new(u64::MAX));
    let watched = Arc::clone(&deadline);
    let late = move || millis(began) > watched.load(Ordering::Relaxed);
    if let Err(error) = connection.progress_handler(STEPS_PER_CHECK, Some(late)) {
        tracing::warn!(%error, "statements cannot be timed");
    }
    loop {
        let Ok(queue) = queue.lock() else { return };
        let Ok(job) = queue.recv() else { return };
        drop(queue);
        if job.reply.is_closed() {
            continue;
        }
        deadline.store(millis(began) + u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX / 2), Ordering::Relaxed);
        // A panic must not end the reader.
        let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| run(connection, &job.sql, &job.values)))
            .unwrap_or_else(|_| Err(ReadError::Failed("the reader panicked".to_owned())));
        let _ = job.reply.send(outcome);
    }
}

fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}

fn run(connection: &Connection, sql: &str, values: &[Value]) -> Outcome {
    if sql.len() > MAX_PREPARED_BYTES {
        return answer(&mut connection.prepare(sql).map_err(failure)?, values);
    }
    let mut kept = connection.prepare_cached(sql).map_err(failure)?;
    answer(&mut kept, values)
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
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => ReadError::Busy(error.to_string()),
        Some(ErrorCode::CannotOpen) => ReadError::Unavailable(error.to_string()),
        _ if ["too large", "too many", "stack overflow"].iter().any(|limit| error.to_string().contains(limit)) => {
            ReadError::TooMuch
        }
        _ => ReadError::Failed(error.to_string()),
    }
}
