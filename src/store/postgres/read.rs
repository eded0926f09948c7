//! A few pipelined connections to Postgres, which all requests share. Each has its prepared statements. The next read opens a lost
//! connection again.

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

/// How many statements a connection keeps prepared.
const PREPARED_STATEMENTS: usize = 512;
/// How many statements may be in one pipeline.
const MAX_IN_FLIGHT: usize = 64;
/// How much longer than the statement timeout an answer may take before its connection counts as lost.
const ANSWER_GRACE: Duration = Duration::from_secs(2);

pub(in crate::store) struct Pipelines {
    config: Config,
    tls: MakeRustlsConnect,
    all: Vec<Pipeline>,
    next: AtomicUsize,
    connect_timeout: Duration,
    statement_timeout: Duration,
}

struct Pipeline {
    session: RwLock<Option<Arc<Session>>>,
    opening: tokio::sync::Mutex<()>,
    permits: Semaphore,
}

struct Session {
    client: Client,
    prepared: RwLock<HashMap<String, Statement>>,
}

impl Default for Pipeline {
    fn default() -> Self {
        Self {
            session: RwLock::default(),
            opening: tokio::sync::Mutex::default(),
            permits: Semaphore::new(MAX_IN_FLIGHT),
        }
    }
}

impl Pipelines {
    pub(in crate::store) async fn open(url: &str, settings: &ReadSettings) -> Result<Self, ReadError> {
        let (mut config, tls) = tls::read(url)?;
        let millis = settings.statement_timeout.as_millis();
        let given = config.get_options().map(|options| format!("{options} ")).unwrap_or_default();
        // Before tables are analysed, the planner overestimates these statements, and compiling their many expressions takes far longer
        // than running them.
        config.options(format!(
            "{given}-c statement_timeout={millis} -c default_transaction_read_only=on -c datestyle=ISO -c jit=off"
        ));
        config
            .application_name("dateline-read")
            .connect_timeout(settings.connect_timeout)
            .keepalives_idle(Duration::from_secs(30))
            .tcp_user_timeout(Duration::from_secs(10));
        let pipelines = Self {
            config,
            tls,
            all: (0..settings.readers).map(|_| Pipeline::default()).collect(),
            next: AtomicUsize::new(0),
            connect_timeout: settings.connect_timeout,
            statement_timeout: settings.statement_timeout,
        };
        for pipeline in &pipelines.all {
            pipelines.session(pipeline).await?;
        }
        Ok(pipelines)
    }

    pub(in crate::store) async fn ask(&self, sql: String, values: Vec<Value>) -> Result<Option<String>, ReadError> {
        let pipeline = self.least_used();
        let full = |_| ReadError::Unavailable("too many reads are waiting".to_owned());
        let permit = tokio::time::timeout(self.connect_timeout, pipeline.permits.acquire()).await.map_err(full)?;
        let _permit = permit.map_err(|error| ReadError::Unavailable(error.to_string()))?;
        let session = self.session(pipeline).await?;
        tracing::trace!(target: "dateline::statement", sql);
        match self.in_time(pipeline, session.ask(&sql, &values)).await? {
            // A read may be repeated: a connection that was lost is replaced once.
            Err(error) if error.is_closed() || session.client.is_closed() => {
                let session = self.session(pipeline).await?;
                self.in_time(pipeline, session.ask(&sql, &values)).await?.map_err(|error| failure(&error))
            }
            other => other.map_err(|error| failure(&error)),
        }
    }

    /// The pipeline with the fewest statements; of equals, each in turn.
    fn least_used(&self) -> &Pipeline {
        let from = self.next.fetch_add(1, Ordering::Relaxed);
        let in_turn = (0..self.all.len()).map(|i| &self.all[(from + i) % self.all.len()]);
        in_turn.max_by_key(|pipeline| pipeline.permits.available_permits()).unwrap_or(&self.all[0])
    }

    /// The server ends a statement by itself. If no answer arrives even then, the connection is dropped.
    async fn in_time<T>(&self, pipeline: &Pipeline, asked: impl Future<Output = T>) -> Result<T, ReadError> {
        tokio::time::timeout(self.statement_timeout + ANSWER_GRACE, asked).await.map_err(|_| {
            *pipeline.session.write().unwrap_or_else(PoisonError::into_inner) = None;
            ReadError::Unavailable("the database does not answer".to_owned())
        })
    }

    /// The connection of a pipeline, opened again if it was lost.
    async fn session(&self, pipeline: &Pipeline) -> Result<Arc<Session>, ReadError> {
        let known = || {
            let session = pipeline.session.read().unwrap_or_else(PoisonError::into_inner);
            session.as_ref().filter(|session| !session.client.is_closed()).cloned()
        };
        if let Some(session) = known() {
            return Ok(session);
        }
        let opening = async {
            let _guard = pipeline.opening.lock().await;
            if let Some(session) = known() {
                return Ok(session);
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
            let session = Arc::new(Session { client, prepared: RwLock::default() });
            *pipeline.session.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&session));
            Ok(session)
        };
        tokio::time::timeout(self.connect_timeout, opening)
            .await
            .unwrap_or_else(|_| Err(ReadError::Unavailable("no connection in time".to_owned())))
    }
}

impl Session {
    async fn ask(&self, sql: &str, values: &[Value]) -> Result<Option<String>, tokio_postgres::Error> {
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

fn failure(error: &tokio_postgres::Error) -> ReadError {
    match error.code() {
        Some(code) if *code == SqlState::QUERY_CANCELED => ReadError::TimedOut,
        Some(code) if *code == SqlState::ADMIN_SHUTDOWN || *code == SqlState::CANNOT_CONNECT_NOW => {
            ReadError::Unavailable(error.to_string())
        }
        None if error.is_closed() => ReadError::Unavailable(error.to_string()),
        // The driver's own message does not contain that of the server.
        _ => ReadError::Failed(error.as_db_error().map_or_else(|| error.to_string(), ToString::to_string)),
    }
}
