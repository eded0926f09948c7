//! A few pipelined connections to Postgres, shared by all requests, each with its prepared statements. A connection that is
//! lost is opened again by the next read that finds it so.

use super::tls;
use crate::store::read::{MAX_PREPARED_BYTES, ReadError, ReadSettings};
use sea_orm::sea_query::Value;
use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::sync::Semaphore;
use tokio_postgres::{
    Client, Config, Statement,
    error::SqlState,
    types::{IsNull, ToSql, Type, to_sql_checked},
};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Statements that each connection keeps prepared.
const PREPARED: usize = 512;
/// Statements that may wait in one pipe; more would only wait longer.
const IN_FLIGHT: usize = 64;
/// How much longer than the server's own time limit an answer may take before its connection counts as dead.
const GRACE: Duration = Duration::from_secs(2);

pub(in crate::store) struct Pipes {
    config: Config,
    tls: MakeRustlsConnect,
    all: Vec<Pipe>,
    next: AtomicUsize,
    connect_timeout: Duration,
    statement_timeout: Duration,
}

struct Pipe {
    live: RwLock<Option<Arc<Live>>>,
    opening: tokio::sync::Mutex<()>,
    places: Semaphore,
}

struct Live {
    client: Client,
    prepared: RwLock<HashMap<String, Statement>>,
}

impl Default for Pipe {
    fn default() -> Self {
        Self { live: RwLock::default(), opening: tokio::sync::Mutex::default(), places: Semaphore::new(IN_FLIGHT) }
    }
}

impl Pipes {
    pub(in crate::store) async fn open(url: &str, settings: &ReadSettings) -> Result<Self, ReadError> {
        let (mut config, tls) = tls::read(url)?;
        let millis = settings.statement_timeout.as_millis();
        let given = config.get_options().map(|options| format!("{options} ")).unwrap_or_default();
        // One statement has hundreds of expressions, and what the planner guesses it to cost is far too much before tables
        // are analysed: to compile them took up to a hundred times as long as to run them.
        config.options(format!(
            "{given}-c statement_timeout={millis} -c default_transaction_read_only=on -c datestyle=ISO -c jit=off"
        ));
        config
            .application_name("dateline-read")
            .connect_timeout(settings.connect_timeout)
            .keepalives_idle(Duration::from_secs(30))
            .tcp_user_timeout(Duration::from_secs(10));
        let pipes = Self {
            config,
            tls,
            all: (0..settings.readers).map(|_| Pipe::default()).collect(),
            next: AtomicUsize::new(0),
            connect_timeout: settings.connect_timeout,
            statement_timeout: settings.statement_timeout,
        };
        for pipe in &pipes.all {
            pipes.live(pipe).await?;
        }
        Ok(pipes)
    }

    pub(in crate::store) async fn ask(&self, sql: String, values: Vec<Value>) -> Result<Option<String>, ReadError> {
        let pipe = self.emptiest();
        let crowded = |_| ReadError::Unavailable("too many reads are waiting".to_owned());
        let place = tokio::time::timeout(self.connect_timeout, pipe.places.acquire()).await.map_err(crowded)?;
        let _place = place.map_err(|error| ReadError::Unavailable(error.to_string()))?;
        let live = self.live(pipe).await?;
        tracing::trace!(target: "dateline::statement", sql);
        match self.in_time(pipe, live.ask(&sql, &values)).await? {
            // reads may be repeated: a connection that broke under this one is replaced once
            Err(error) if error.is_closed() || live.client.is_closed() => {
                let live = self.live(pipe).await?;
                self.in_time(pipe, live.ask(&sql, &values)).await?.map_err(|error| failure(&error))
            }
            other => other.map_err(|error| failure(&error)),
        }
    }

    /// The pipe in which the fewest statements wait; of equals, each in turn.
    fn emptiest(&self) -> &Pipe {
        let from = self.next.fetch_add(1, Ordering::Relaxed);
        let in_turn = (0..self.all.len()).map(|i| &self.all[(from + i) % self.all.len()]);
        in_turn.max_by_key(|pipe| pipe.places.available_permits()).unwrap_or(&self.all[0])
    }

    /// The server stops a statement by itself. Where even that does not come, nobody answers at the other end: the connection is
    /// given up.
    async fn in_time<T>(&self, pipe: &Pipe, asked: impl Future<Output = T>) -> Result<T, ReadError> {
        tokio::time::timeout(self.statement_timeout + GRACE, asked).await.map_err(|_| {
            *pipe.live.write().unwrap_or_else(PoisonError::into_inner) = None;
            ReadError::Unavailable("the database does not answer".to_owned())
        })
    }

    /// The pipe's connection, opened again if it was lost.
    async fn live(&self, pipe: &Pipe) -> Result<Arc<Live>, ReadError> {
        let known = || {
            let live = pipe.live.read().unwrap_or_else(PoisonError::into_inner);
            live.as_ref().filter(|live| !live.client.is_closed()).cloned()
        };
        if let Some(live) = known() {
            return Ok(live);
        }
        let opening = async {
            let _one = pipe.opening.lock().await;
            if let Some(live) = known() {
                return Ok(live);
            }
            let (client, connection) = self
                .config
                .connect(self.tls.clone())
                .await
                .map_err(|error| ReadError::Unavailable(error.to_string()))?;
            tokio::spawn(async move {
                if let Err(error) = connection.await {
                    tracing::warn!(%error, "a connection to Postgres was lost");
                }
            });
            let live = Arc::new(Live { client, prepared: RwLock::default() });
            *pipe.live.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&live));
            Ok(live)
        };
        tokio::time::timeout(self.connect_timeout, opening)
            .await
            .unwrap_or_else(|_| Err(ReadError::Unavailable("no connection in time".to_owned())))
    }
}

impl Live {
    async fn ask(&self, sql: &str, values: &[Value]) -> Result<Option<String>, tokio_postgres::Error> {
        let known = self.prepared.read().unwrap_or_else(PoisonError::into_inner).get(sql).cloned();
        let statement = if let Some(statement) = known {
            statement
        } else {
            let statement = self.client.prepare(sql).await?;
            if sql.len() <= MAX_PREPARED_BYTES {
                let mut prepared = self.prepared.write().unwrap_or_else(PoisonError::into_inner);
                if prepared.len() >= PREPARED {
                    // half of them, so that not all must be prepared again at once
                    let mut keep = false;
                    prepared.retain(|_, _| {
                        keep = !keep;
                        keep
                    });
                }
                prepared.insert(sql.to_owned(), statement.clone());
            }
            statement
        };
        let parameters: Vec<Parameter<'_>> = values.iter().map(Parameter).collect();
        let parameters: Vec<&(dyn ToSql + Sync)> = parameters.iter().map(|p| p as &(dyn ToSql + Sync)).collect();
        let row = self.client.query_opt(&statement, &parameters).await?;
        row.map_or(Ok(None), |row| row.try_get(0))
    }
}

/// A value in the width that the statement asks for.
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

fn failure(error: &tokio_postgres::Error) -> ReadError {
    match error.code() {
        Some(code) if *code == SqlState::QUERY_CANCELED => ReadError::TimedOut,
        Some(code) if *code == SqlState::ADMIN_SHUTDOWN || *code == SqlState::CANNOT_CONNECT_NOW => {
            ReadError::Unavailable(error.to_string())
        }
        None if error.is_closed() => ReadError::Unavailable(error.to_string()),
        // the driver keeps the server's words apart from its own
        _ => ReadError::Failed(error.as_db_error().map_or_else(|| error.to_string(), ToString::to_string)),
    }
}
