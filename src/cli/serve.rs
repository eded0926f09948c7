//! `dateline serve`: the GraphQL API and the playground.

use std::{io::Write as _, net::IpAddr, num::NonZeroU32, sync::Arc, time::Duration};

use tokio::net::TcpListener;

use super::{
    CommandError,
    import::{Display, ImportError, Source, import},
};
use crate::{
    config::{ADMIN_TOKEN, Compress, Reading, Serve},
    demo,
    domain::{
        access::{
            Fixed, Gate, Role, Viewer,
            token::{self, Secret},
        },
        queue::WriteQueue,
        write::Author,
    },
    graphql, http,
    store::{
        Connection,
        address::without_password,
        backup::lock_for_serving,
        migrate::migrate,
        origin::{DatabaseOrigin, origin},
        read::{ReadSettings, Reader},
        write::other_analysis_version,
    },
};

/// Requests in a second of one client, unless the address is a loopback address.
const DEFAULT_RATE: u32 = 60;
/// How often the tables are measured.
const MEASURE_EVERY: Duration = Duration::from_mins(1);
/// How long a second signal waits until the running reads are cancelled.
const CANCELLATION_TIMEOUT: Duration = Duration::from_millis(500);

/// Serves until a signal.
///
/// # Errors
/// Where the address is taken or the database cannot be used.
pub async fn run(settings: &Serve) -> Result<(), CommandError> {
    let admin = admin()?;
    // First of all, because nothing else matters where the port is taken.
    let listener = listen(&settings.listen).await?;
    let address = listener
        .local_addr()
        .map_err(|error| CommandError::new(format!("cannot listen on {}: {error}", settings.listen)))?;
    let is_loopback = address.ip().to_canonical().is_loopback();
    let reading_is_open = settings.read.map_or(is_loopback, |reading| reading == Reading::Open);
    let nobody_is_known = admin.is_none() && !settings.demo;
    let _lock = lock_for_serving(settings.database_url())?;
    let connection = prepare(settings, !reading_is_open && nobody_is_known).await?;
    let database = connection.clone();
    let queue = WriteQueue::start(connection);
    let reader = Reader::open(settings.database_url(), &ReadSettings::default()).await.map_err(|error| {
        let name = without_password(settings.database_url());
        CommandError::because(format_args!("the database {name} cannot be read"), error)
    })?;
    let demo_editor = if settings.demo { Some(Secret::mint()?) } else { None };
    let admin = admin.map(|secret| Fixed::new(&secret, Viewer::named(token::ADMIN, Role::Admin)));
    let editor = demo_editor.iter().map(|secret| Fixed::new(secret, Viewer::named(token::DEMO_EDITOR, Role::Editor)));
    let gate = Gate::new(reader.clone(), admin.into_iter().chain(editor).collect());
    let app = http::App {
        schema: Arc::new(graphql::schema(reader.clone(), queue.clone(), &settings.limits.graphql())),
        sdl: graphql::sdl().into(),
        access: http::Access { tokens: Arc::new(gate), reading_is_open },
        body_limits: http::BodyLimits { anyone: settings.limits.body, editor: settings.limits.body_editor },
        ready: ready(reader.clone(), database),
        hosts: if address.ip().to_canonical().is_loopback() {
            http::Hosts::loopback_and(&settings.allow_host)
        } else {
            http::Hosts::default()
        },
        times: http::Times::default(),
        compresses: settings.compress.map_or(!is_loopback, |compress| compress == Compress::On),
        fairness: http::Fairness::new(settings.limits.answer_budget, rate(settings, address.ip()), &settings.proxy),
    };
    let router = http::router(app, settings.allow_origin.clone());
    let signals = Signals::catch().map_err(|error| CommandError::new(format!("cannot catch signals: {error}")))?;
    tracing::info!("reading {}", if reading_is_open { "is open to anybody" } else { "needs a token" });
    let mut lines = vec![format!("Dateline listens on http://{address}/  (playground)")];
    lines.extend(
        demo_editor.map(|secret| format!("Playground with editing: http://{address}/#token={}", secret.as_str())),
    );
    announce(&lines);
    let measuring = tokio::spawn(measure(reader.clone()));
    let limits = http::server::ConnectionLimits {
        all: settings.limits.connections,
        of_one: settings.limits.connections_per_address,
        proxies: settings.proxy.clone(),
    };
    http::server::serve(listener, router, http::Times::default(), limits, stopped(signals, reader.clone())).await;
    measuring.abort();
    reader.stop().await;
    Ok(queue.close().await?)
}

/// Checks whether the database answers, and whether its file is still the one that was opened.
fn ready(reader: Reader, database: Connection) -> http::Ready {
    Arc::new(move || {
        let (reader, database) = (reader.clone(), database.clone());
        Box::pin(async move {
            let is_same_file = database.check_file();
            if let Err(cause) = &is_same_file {
                tracing::error!(%cause, "the database cannot be written to");
            }
            let answered = reader.ping().await;
            if let Err(cause) = &answered {
                tracing::warn!(%cause, "the database does not answer");
            }
            is_same_file.is_ok() && answered.is_ok()
        })
    })
}

/// The number of requests in a second of one client; none for any number.
fn rate(settings: &Serve, address: IpAddr) -> Option<NonZeroU32> {
    let default = if address.to_canonical().is_loopback() { 0 } else { DEFAULT_RATE };
    NonZeroU32::new(settings.limits.rate.unwrap_or(default))
}

/// Measures the tables, again and again, so that counts cost what they visit.
async fn measure(reader: Reader) {
    loop {
        if let Err(cause) = reader.measure().await {
            tracing::warn!(%cause, "the tables could not be measured");
        }
        tokio::time::sleep(MEASURE_EVERY).await;
    }
}

/// Opens and migrates the database, and imports the demo corpus at the first start. Returns the connection for writes;
/// reads have connections of their own.
async fn prepare(settings: &Serve, needs_tokens: bool) -> Result<Connection, CommandError> {
    let connection = Connection::open(settings.database_url()).await?;
    let migrations = migrate(&connection).await?;
    if migrations > 0 {
        tracing::info!(migrations, "migrated the database");
    }
    if other_analysis_version(&connection).await?.is_some() {
        tracing::warn!(
            "another version made the search index, by other rules for words: stop editing and run `dateline reindex`"
        );
    }
    if needs_tokens && !token::any(&connection).await? {
        tracing::warn!(
            "reading needs a token, and no token exists: create one with `dateline token create`, or use --read open"
        );
    }
    if settings.demo {
        match origin(&connection).await? {
            DatabaseOrigin::Empty => import_demo(&connection).await?,
            DatabaseOrigin::Written(actor) if actor == token::DEMO => {}
            DatabaseOrigin::Written(_) | DatabaseOrigin::Unknown => {
                let name = connection.name();
                return Err(CommandError::new(format!(
                    "{name} contains records that are not from the demo; use another database for --demo"
                )));
            }
        }
    }
    Ok(connection)
}

async fn import_demo(connection: &Connection) -> Result<(), CommandError> {
    let sources: Vec<_> =
        demo::FILES.iter().map(|(name, text)| Source { name: (*name).into(), text: (*text).into() }).collect();
    let display = Display::new();
    let show = |step| display.show(step);
    let author = Author { actor: token::DEMO, summary: Some("the demo corpus") };
    let outcome = import(connection, &sources, author, &show).await;
    display.finish();
    match outcome {
        Ok(outcome) => {
            tracing::info!(records = outcome.created, "imported the demo corpus");
            Ok(())
        }
        Err(ImportError::Store(error)) => Err(error.into()),
        // A test checks the corpus, so this should not happen.
        Err(ImportError::Problems(problems)) => {
            Err(CommandError::new(format!("the demo corpus cannot be imported: {}", problems.join("; "))))
        }
    }
}

/// Prints that the server is ready. Standard output may be closed.
fn announce(lines: &[String]) {
    let mut out = std::io::stdout();
    let _ = writeln!(out, "{}", lines.join("\n")).and_then(|()| out.flush());
}

/// The administrator's token from the environment, if there is one. Messages never contain it.
fn admin() -> Result<Option<Secret>, CommandError> {
    let Some(text) = std::env::var_os(ADMIN_TOKEN) else {
        return Ok(None);
    };
    let wrong = |wrong: String| CommandError::new(format!("the token in {ADMIN_TOKEN} {wrong}"));
    let text = text.to_str().ok_or_else(|| wrong("is not UTF-8 text".to_owned()))?;
    Secret::chosen(text).map(Some).map_err(wrong)
}

async fn listen(address: &str) -> Result<TcpListener, CommandError> {
    TcpListener::bind(address).await.map_err(|error| {
        CommandError::new(match error.kind() {
            std::io::ErrorKind::AddrInUse => {
                format!("cannot listen on {address}: the port is taken; choose another with --listen")
            }
            std::io::ErrorKind::InvalidInput => {
                format!("cannot listen on {address}: an address is HOST:PORT, such as 127.0.0.1:8000")
            }
            _ => format!("cannot listen on {address}: {error}"),
        })
    })
}

/// Ready at the first signal. The second one ends the process at once.
async fn stopped(mut signals: Signals, reader: Reader) {
    signals.next().await;
    tracing::info!("stopping: waiting for running requests");
    tokio::spawn(async move {
        signals.next().await;
        tracing::warn!("stopped at once by a second signal");
        // Otherwise the database would go on with them.
        let _ = tokio::time::timeout(CANCELLATION_TIMEOUT, reader.stop()).await;
        std::process::exit(1);
    });
}

/// SIGTERM and Ctrl-C, caught from the creation of this value.
#[cfg(unix)]
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn catch() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    #[expect(clippy::unnecessary_wraps, reason = "as on Unix")]
    fn catch() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        // Where Ctrl-C cannot be caught, it ends the process by itself.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    }
}
