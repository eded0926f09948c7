//! The connections for reads, whose reads wait for their turns here.

use super::session::{Answered, Session};
use crate::store::read::{
    Question, ReadError, ReadSettings,
    turn::{Client, Lane, Slots, Started, Turns},
};
use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{sync::oneshot, time::timeout};
use tokio_postgres::Config;
use tokio_postgres_rustls::MakeRustlsConnect;

/// How long a cheap read may run. One that takes longer starts again among the expensive ones.
const CHEAP_TIMEOUT: Duration = Duration::from_millis(100);
/// The sizes of the cheap reads that are in the pipeline of one connection together.
const MAX_IN_PIPELINE: usize = 16;
/// How much cost one unit of these sizes stands for.
const COST_PER_SIZE: u64 = 1_500;
/// How much longer than the statement timeout an answer may take before its connection counts as lost.
const ANSWER_GRACE: Duration = Duration::from_secs(2);

/// The connections, and the reads that wait for them.
pub(super) struct Shared {
    config: Config,
    tls: MakeRustlsConnect,
    cheap: Vec<Pipeline>,
    expensive: Vec<Pipeline>,
    queue: Mutex<Queue>,
    /// No read starts any more.
    pub(super) stopped: AtomicBool,
    connect_timeout: Duration,
    pub(super) statement_timeout: Duration,
}

/// The waiting reads, and the sizes of those that run, for each connection.
struct Queue {
    turns: Turns<oneshot::Sender<Turn>>,
    cheap: Vec<usize>,
    expensive: Vec<usize>,
}

/// A connection, which is opened again when it is lost.
struct Pipeline {
    session: RwLock<Option<Arc<Session>>>,
    opening: tokio::sync::Mutex<()>,
    statement_timeout: Duration,
}

/// The place of a running read. Its end lets the next one start.
pub(super) struct Turn {
    pub(super) shared: Arc<Shared>,
    pub(super) lane: Lane,
    size: usize,
    pub(super) at: usize,
}

impl Pipeline {
    fn new(statement_timeout: Duration) -> Self {
        Self { session: RwLock::default(), opening: tokio::sync::Mutex::default(), statement_timeout }
    }

    /// The connection, unless it is lost.
    fn known(&self) -> Option<Arc<Session>> {
        let session = self.session.read().unwrap_or_else(PoisonError::into_inner);
        session.as_ref().filter(|session| !session.is_lost()).cloned()
    }

    fn forget(&self) {
        *self.session.write().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl Shared {
    /// Opens all connections.
    pub(super) async fn open(
        config: Config,
        tls: MakeRustlsConnect,
        settings: &ReadSettings,
    ) -> Result<Arc<Self>, ReadError> {
        let (cheap, expensive) = (settings.readers, settings.expensive());
        let pipelines = |count: usize, statement_timeout: Duration| {
            (0..count).map(|_| Pipeline::new(statement_timeout)).collect::<Vec<_>>()
        };
        let slots = Slots { cheap: cheap * MAX_IN_PIPELINE, expensive, all: cheap * MAX_IN_PIPELINE + expensive };
        let shared = Arc::new(Shared {
            config,
            tls,
            cheap: pipelines(cheap, CHEAP_TIMEOUT.min(settings.statement_timeout)),
            expensive: pipelines(expensive, settings.statement_timeout),
            queue: Mutex::new(Queue { turns: Turns::new(slots), cheap: vec![0; cheap], expensive: vec![0; expensive] }),
            stopped: AtomicBool::new(false),
            connect_timeout: settings.connect_timeout,
            statement_timeout: settings.statement_timeout,
        });
        for pipeline in shared.cheap.iter().chain(&shared.expensive) {
            shared.session(pipeline).await?;
        }
        Ok(shared)
    }

    /// Asks the server to end all statements.
    pub(super) async fn cancel_all(&self) {
        let running = {
            let queue = self.queue();
            let busy = |pipelines: &[usize], lane: Lane| {
                pipelines
                    .iter()
                    .enumerate()
                    .filter(|(_, size)| **size > 0)
                    .map(|(at, _)| (lane, at))
                    .collect::<Vec<_>>()
            };
            [busy(&queue.cheap, Lane::Cheap), busy(&queue.expensive, Lane::Expensive)].concat()
        };
        futures_util::future::join_all(running.into_iter().map(|(lane, at)| self.cancel(lane, at))).await;
    }

    /// Asks the server to end the statement that runs on this connection.
    pub(super) async fn cancel(&self, lane: Lane, at: usize) {
        /// How long that may take.
        const TIMEOUT: Duration = Duration::from_secs(1);
        if let Some(session) = self.pipeline(lane, at).known() {
            let cancelled = timeout(TIMEOUT, session.client.cancel_token().cancel_query(self.tls.clone())).await;
            if let Ok(Err(error)) = cancelled {
                tracing::warn!(%error, "a statement could not be cancelled");
            }
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        // No code panics while it holds this lock.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pipeline(&self, lane: Lane, at: usize) -> &Pipeline {
        match lane {
            Lane::Cheap => &self.cheap[at],
            Lane::Expensive => &self.expensive[at],
        }
    }

    /// Waits for the turn of a read.
    pub(super) async fn turn(self: &Arc<Self>, lane: Lane, client: &Client, cost: u64) -> Result<Turn, ReadError> {
        if self.stopped.load(Ordering::Relaxed) {
            return Err(ReadError::Unavailable("the reads are stopped".to_owned()));
        }
        let full = || ReadError::Busy("too many reads are waiting".to_owned());
        let size = match lane {
            Lane::Cheap => 1 + usize::try_from(cost / COST_PER_SIZE).unwrap_or(MAX_IN_PIPELINE),
            Lane::Expensive => 1,
        };
        let (starts, mut started) = oneshot::channel();
        self.queue().turns.enter(lane, client, size, starts).map_err(|_| full())?;
        self.start_waiting();
        if let Ok(turn) = started.try_recv() {
            return Ok(turn);
        }
        let gone = |_| ReadError::Unavailable("the reads are stopped".to_owned());
        match lane {
            // An expensive read waits as long as its request may.
            Lane::Expensive => started.await.map_err(gone),
            Lane::Cheap => timeout(self.connect_timeout, started).await.map_err(|_| full())?.map_err(gone),
        }
    }

    /// Starts the reads that may start.
    fn start_waiting(self: &Arc<Self>) {
        let mut starting = vec![];
        {
            let mut queue = self.queue();
            while let Some(Started { lane, size, read: starts }) = queue.turns.start() {
                if starts.is_closed() {
                    queue.turns.end(lane, size);
                } else {
                    let at = queue.take_place(lane, size);
                    starting.push((starts, Turn { shared: Arc::clone(self), lane, size, at }));
                }
            }
        }
        for (starts, turn) in starting {
            // Where nobody waits any more, the turn ends at once.
            let _ = starts.send(turn);
        }
    }

    /// The connection of a pipeline, opened again if it was lost.
    async fn session(&self, pipeline: &Pipeline) -> Result<Arc<Session>, ReadError> {
        if let Some(session) = pipeline.known() {
            return Ok(session);
        }
        let opening = async {
            let _guard = pipeline.opening.lock().await;
            if let Some(session) = pipeline.known() {
                return Ok(session);
            }
            let millis = pipeline.statement_timeout.as_millis();
            let given = self.config.get_options().map(|options| format!("{options} ")).unwrap_or_default();
            let mut config = self.config.clone();
            // Before tables are analysed, the planner overestimates these statements, and compiling their many expressions takes far
            // longer than running them.
            config.options(format!(
                "{given}-c statement_timeout={millis} -c default_transaction_read_only=on -c datestyle=ISO -c jit=off"
            ));
            let opened = config.connect(self.tls.clone()).await;
            let (client, connection) = opened.map_err(|error| ReadError::Unavailable(error.to_string()))?;
            tokio::spawn(async move {
                if let Err(error) = connection.await {
                    tracing::warn!(%error, "a connection to Postgres was lost");
                }
            });
            let session = Arc::new(Session::new(client));
            *pipeline.session.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&session));
            Ok(session)
        };
        timeout(self.connect_timeout, opening)
            .await
            .unwrap_or_else(|_| Err(ReadError::Unavailable("no connection in time".to_owned())))
    }
}

impl Queue {
    fn places(&mut self, lane: Lane) -> &mut Vec<usize> {
        match lane {
            Lane::Cheap => &mut self.cheap,
            Lane::Expensive => &mut self.expensive,
        }
    }

    /// Takes a place on the connection with the least to do.
    fn take_place(&mut self, lane: Lane, size: usize) -> usize {
        let places = self.places(lane);
        let at = (0..places.len()).min_by_key(|at| places[*at]).unwrap_or(0);
        places[at] += size;
        at
    }
}

impl Turn {
    fn pipeline(&self) -> &Pipeline {
        self.shared.pipeline(self.lane, self.at)
    }

    /// Runs the statement.
    pub(super) async fn run(&self, question: &Question) -> Answered {
        let pipeline = self.pipeline();
        let ask = async || {
            let session = self.shared.session(pipeline).await?;
            let answered = self.in_time(session.ask(question, self.shared.statement_timeout)).await??;
            Ok((answered, session))
        };
        match ask().await? {
            // A read may be repeated: a connection that was lost is replaced once.
            (Err(error), session) if error.is_closed() || session.client.is_closed() => Ok(ask().await?.0),
            (answered, _) => Ok(answered),
        }
    }

    /// The server ends a statement by itself. If no answer arrives even then, the connection is dropped.
    async fn in_time<T>(&self, asked: impl Future<Output = T>) -> Result<T, ReadError> {
        timeout(self.shared.statement_timeout + ANSWER_GRACE, asked).await.map_err(|_| {
            self.pipeline().forget();
            ReadError::Unavailable("the database does not answer".to_owned())
        })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        {
            let mut queue = self.shared.queue();
            queue.turns.end(self.lane, self.size);
            queue.places(self.lane)[self.at] -= self.size;
        }
        self.shared.start_waiting();
    }
}
