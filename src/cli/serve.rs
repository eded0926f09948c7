//! `dateline serve`: the GraphQL API and the playground.

use std::{io::Write as _, sync::Arc};

use tokio::net::TcpListener;

use super::Failure;
use crate::{
    config::Serve,
    graphql, http,
    store::read::{ReadSettings, Reader},
};

/// Serves until a signal.
///
/// # Errors
/// Where the address is taken or the database cannot be used.
pub async fn run(settings: &Serve) -> Result<(), Failure> {
    // First of all: nothing else is worth doing where the port is taken.
    let listener = listen(&settings.listen).await?;
    let address = listener
        .local_addr()
        .map_err(|error| Failure::new(format!("cannot listen on {}: {error}", settings.listen)))?;
    let reader = Reader::open(&settings.database_url(), &ReadSettings::default())
        .await
        .map_err(|error| Failure::new(error.to_string()))?;
    let app = http::App {
        schema: Arc::new(graphql::schema(reader.clone(), &settings.limits.graphql())),
        sdl: graphql::sdl().into(),
        body_limit: settings.limits.body,
        ready: Arc::new(move || {
            let reader = reader.clone();
            Box::pin(async move { reader.ping().await.is_ok() })
        }),
        times: http::Times::default(),
    };
    let router = http::router(app, settings.allow_origin.clone());
    let signals =
        Signals::catch().map_err(|error| Failure::new(format!("cannot catch signals: {error}")))?;
    announce(&format!(
        "Dateline listens on http://{address}/  (playground)"
    ));
    http::server::serve(listener, router, http::Times::default(), stopped(signals)).await;
    Ok(())
}

/// Tells people, and tests, that the server is ready. Nobody need be reading.
fn announce(line: &str) {
    let mut out = std::io::stdout();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

async fn listen(address: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        Failure::new(match error.kind() {
            std::io::ErrorKind::AddrInUse => format!(
                "cannot listen on {address}: the port is taken; choose another with --listen"
            ),
            std::io::ErrorKind::InvalidInput => format!(
                "cannot listen on {address}: an address is HOST:PORT, such as 127.0.0.1:8000"
            ),
            _ => format!("cannot listen on {address}: {error}"),
        })
    })
}

/// Ready at the first signal. The second one ends the process at once.
async fn stopped(mut signals: Signals) {
    signals.next().await;
    tracing::info!("stopping: running requests may finish");
    tokio::spawn(async move {
        signals.next().await;
        tracing::warn!("stopped at once by a second signal");
        std::process::exit(1);
    });
}

/// SIGTERM and Ctrl-C, caught from the moment that this is made.
#[cfg(unix)]
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn catch() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
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
