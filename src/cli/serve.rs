//! `dateline serve`: the GraphQL API and the playground.

use std::sync::Arc;

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
        schema: graphql::schema(reader.clone(), &settings.limits.graphql()),
        sdl: graphql::sdl().into(),
        body_limit: settings.limits.body,
        ready: Arc::new(|| Box::pin(async { true })),
    };
    let router = http::router(app, settings.allow_origin.clone());
    println!("Dateline listens on http://{address}/  (playground)");
    http::server::serve(listener, router, stopped()).await;
    Ok(())
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

/// Ready at the first SIGTERM or Ctrl-C. The second one ends the process at once.
async fn stopped() {
    signal().await;
    tracing::info!("stopping: running requests may finish");
    tokio::spawn(async {
        signal().await;
        tracing::warn!("stopped at once by a second signal");
        std::process::exit(1);
    });
}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}

#[cfg(not(unix))]
async fn signal() {
    drop(tokio::signal::ctrl_c().await);
}
