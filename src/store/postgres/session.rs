//! One connection to Postgres for reads, with its prepared statements.

use crate::store::read::{Asked, BoundSql, MAX_PREPARED_BYTES, Question, ReadError, SnapshotRead, Step};
use sea_orm::sea_query::Value;
use std::{
    collections::HashMap,
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio_postgres::{
    Client, Statement,
    error::SqlState,
    types::{IsNull, ToSql, Type, to_sql_checked},
};

/// How many statements a connection keeps prepared.
const PREPARED_STATEMENTS: usize = 512;

/// The answer of the server.
pub(super) type Answered = Result<Result<Option<String>, tokio_postgres::Error>, ReadError>;

/// A connection.
pub(super) struct Session {
    pub(super) client: Client,
    prepared: RwLock<HashMap<String, Statement>>,
    /// Whether a transaction was left open.
    is_in_transaction: AtomicBool,
}

impl Session {
    pub(super) fn new(client: Client) -> Self {
        Self { client, prepared: RwLock::default(), is_in_transaction: AtomicBool::new(false) }
    }

    /// Whether it can be used no more: the connection is closed, or a transaction was left open, which would hide later writes.
    pub(super) fn is_lost(&self) -> bool {
        self.client.is_closed() || self.is_in_transaction.load(Ordering::Relaxed)
    }

    /// Answers a question. A read of several statements takes at most `most`; the server limits each statement by itself.
    pub(super) async fn ask(&self, question: &Question, most: Duration) -> Answered {
        let max_bytes = question.max_bytes();
        match &question.asked {
            Asked::One(query) => Ok(self.one(query, max_bytes).await),
            Asked::Snapshot(begin) => self.snapshot(begin().as_mut(), max_bytes, most).await,
        }
    }

    /// Sends several statements in one transaction. This connection must have no other reads.
    async fn snapshot(&self, read: &mut dyn SnapshotRead, max_bytes: usize, most: Duration) -> Answered {
        let end = Instant::now() + most;
        if let Err(error) = self.client.batch_execute("begin isolation level repeatable read read only").await {
            return Ok(Err(error));
        }
        let answered = self.steps(read, max_bytes, end).await;
        match self.client.batch_execute("rollback").await {
            Ok(()) => answered,
            Err(error) => {
                // A late cancellation may end any statement, this one included.
                self.is_in_transaction.store(true, Ordering::Relaxed);
                if matches!(answered, Ok(Ok(_))) { Ok(Err(error)) } else { answered }
            }
        }
    }

    async fn steps(&self, read: &mut dyn SnapshotRead, max_bytes: usize, end: Instant) -> Answered {
        let mut answer = None;
        loop {
            match read.next(answer.take())? {
                Step::Done(text) => return Ok(Ok(Some(text))),
                Step::Ask(query) => match self.one_until(&query, max_bytes, end).await? {
                    Ok(Some(text)) if text == TOO_LARGE => return Err(ReadError::AnswerTooLarge),
                    Ok(text) => answer = text,
                    Err(error) => return Ok(Err(error)),
                },
            }
        }
    }

    /// Sends a statement that must end in time.
    async fn one_until(&self, query: &BoundSql, max_bytes: usize, end: Instant) -> Answered {
        let left = end.saturating_duration_since(Instant::now()).as_millis();
        if left == 0 {
            return Err(ReadError::TimedOut);
        }
        let limit = format!("set local statement_timeout = {left}");
        match self.client.batch_execute(&limit).await {
            Ok(()) => Ok(self.one(query, max_bytes).await),
            Err(error) => Ok(Err(error)),
        }
    }

    /// Sends a statement. An answer that is too large is measured in the database and not sent.
    async fn one(&self, query: &BoundSql, max_bytes: usize) -> Result<Option<String>, tokio_postgres::Error> {
        let BoundSql { sql, values } = query;
        tracing::trace!(target: "dateline::statement", sql);
        let sql = &bounded(sql, values.len() + 1);
        let max_bytes = Value::BigInt(Some(i64::try_from(max_bytes).unwrap_or(i64::MAX)));
        let known = self.prepared.read().unwrap_or_else(PoisonError::into_inner).get(sql).cloned();
        let statement = if let Some(statement) = known {
            statement
        } else {
            let statement = self.client.prepare(sql).await?;
            if sql.len() <= MAX_PREPARED_BYTES {
                let mut prepared = self.prepared.write().unwrap_or_else(PoisonError::into_inner);
                if prepared.len() >= PREPARED_STATEMENTS {
                    // Half of them stay, so that not all must be prepared again at once.
                    let mut keep = false;
                    prepared.retain(|_, _| {
                        keep = !keep;
                        keep
                    });
                }
                prepared.insert(sql.clone(), statement.clone());
            }
            statement
        };
        let parameters: Vec<Parameter<'_>> = values.iter().chain([&max_bytes]).map(Parameter).collect();
        let parameters: Vec<&(dyn ToSql + Sync)> = parameters.iter().map(|p| p as &(dyn ToSql + Sync)).collect();
        let row = self.client.query_opt(&statement, &parameters).await?;
        row.map_or(Ok(None), |row| row.try_get(0))
    }
}

/// Stands for an answer that is larger than its limit.
pub(super) const TOO_LARGE: &str = "\u{4}";

/// The statement with a limit of the length of its text, which is the parameter with this number. `offset 0` keeps the planner from
/// computing the text twice.
fn bounded(sql: &str, parameter: usize) -> String {
    format!(
        "select case when octet_length(answer.text) > ${parameter}::bigint then '{TOO_LARGE}' else answer.text end \
         from ({sql} offset 0) as answer(text)"
    )
}

/// A value in the type of its parameter.
#[derive(Debug)]
struct Parameter<'a>(&'a Value);

impl ToSql for Parameter<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut tokio_postgres::types::private::BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self.0 {
            Value::Uuid(Some(id)) => id.to_sql_checked(ty, out),
            Value::String(Some(text)) => text.to_sql_checked(ty, out),
            Value::ChronoDate(Some(date)) => date.to_sql_checked(ty, out),
            Value::ChronoDateTimeUtc(Some(time)) => time.to_sql_checked(ty, out),
            Value::Double(Some(n)) => n.to_sql_checked(ty, out),
            Value::Bool(Some(is)) => is.to_sql_checked(ty, out),
            Value::BigInt(Some(n)) if *ty == Type::INT4 => i32::try_from(*n)?.to_sql_checked(ty, out),
            Value::BigInt(Some(n)) if *ty == Type::INT2 => i16::try_from(*n)?.to_sql_checked(ty, out),
            Value::BigInt(Some(n)) => n.to_sql_checked(ty, out),
            Value::Array(_, Some(items)) if *ty == Type::UUID_ARRAY => {
                let ids: Vec<Option<uuid::Uuid>> =
                    items.iter().map(|item| if let Value::Uuid(id) = item { *id } else { None }).collect();
                ids.to_sql_checked(ty, out)
            }
            Value::Array(_, Some(items)) => {
                let texts: Vec<Option<&str>> = items
                    .iter()
                    .map(|item| if let Value::String(text) = item { text.as_deref() } else { None })
                    .collect();
                texts.to_sql_checked(ty, out)
            }
            other => Err(format!("no parameter for {other:?}").into()),
        }
    }
    fn accepts(_: &Type) -> bool {
        true
    }
    to_sql_checked!();
}

/// The error of a statement; not that of one that was ended early.
pub(super) fn failure(error: &tokio_postgres::Error) -> ReadError {
    match error.code() {
        Some(code) if *code == SqlState::ADMIN_SHUTDOWN || *code == SqlState::CANNOT_CONNECT_NOW => {
            ReadError::Unavailable(error.to_string())
        }
        None if error.is_closed() => ReadError::Unavailable(error.to_string()),
        // The driver's own message does not contain that of the server.
        _ => ReadError::Failed(error.as_db_error().map_or_else(|| error.to_string(), ToString::to_string)),
    }
}

/// Whether the server has ended the statement: by its time limit, or because somebody asked for it.
pub(super) fn was_ended(error: &tokio_postgres::Error) -> bool {
    error.code() == Some(&SqlState::QUERY_CANCELED)
}
