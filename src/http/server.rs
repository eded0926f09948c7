//! The server: accepts connections, enforces their time limits, and shuts down gracefully.

use std::{convert::Infallible, net::SocketAddr, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt as _;

use super::Times;

/// The maximum size of request line and headers: enough for a document in the address of a GET.
const HEAD_BYTES: usize = 128 * 1024;
/// A pause after a failed accept (such as no file descriptors left), because the next one would fail as well.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves until `stop` is ready, then waits a limited time for running requests.
pub async fn serve(listener: TcpListener, router: Router, times: Times, stop: impl Future<Output = ()>) {
    let connections = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => connect(stream, peer, router.clone(), times, &connections),
                Err(error) => {
                    tracing::warn!(cause = %error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
            () = &mut stop => break,
        }
    }
    drop(listener);
    if tokio::time::timeout(times.drain, connections.shutdown()).await.is_err() {
        tracing::warn!("requests still ran after {} s and were cut off", times.drain.as_secs());
    }
}

fn connect(stream: TcpStream, peer: SocketAddr, router: Router, times: Times, connections: &GracefulShutdown) {
    // Small answers must not wait for the client's acknowledgement. A failure of this call only costs time.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |mut request: Request<Incoming>| {
        let router = router.clone();
        request.extensions_mut().insert(ConnectInfo(peer));
        async move {
            Ok::<_, Infallible>(router.oneshot(request.map(Body::new)).await.unwrap_or_else(|never| match never {}))
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(times.header)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    let connection = connections.watch(connection);
    tokio::spawn(async move {
        // Clients that disconnect or are too slow are not logged.
        if let Err(error) = connection.await {
            tracing::debug!(cause = %error, "a connection ended early");
        }
    });
}
