//! The server: accepts connections, enforces their limits, and shuts down gracefully.

use std::{
    collections::HashMap,
    convert::Infallible,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

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
use tokio::{
    io::AsyncWriteExt as _,
    net::{TcpListener, TcpStream},
};
use tower::ServiceExt as _;

use super::{
    Times,
    client::{Network, is_proxy},
    sending::{Answers, Draining},
};

/// The maximum size of request line and headers: enough for a document in the address of a GET.
const HEAD_BYTES: usize = 128 * 1024;
/// A pause after a failed accept (such as no file descriptors left), because the next one would fail as well.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// How long the refusal of a connection may take.
const REFUSAL_TIMEOUT: Duration = Duration::from_secs(1);

/// How many connections may be open.
#[derive(Debug, Clone)]
pub struct ConnectionLimits {
    /// Those of all clients.
    pub all: usize,
    /// Those of one address.
    pub of_one: usize,
    /// Their connections are those of many clients.
    pub proxies: Vec<Network>,
}

impl ConnectionLimits {
    /// Below the usual limit of 1,024 open files.
    pub const DEFAULT: Self = Self { all: 900, of_one: 300, proxies: vec![] };
}

/// Serves until `stop` is ready, then waits a limited time for running requests.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    times: Times,
    limits: ConnectionLimits,
    stop: impl Future<Output = ()>,
) {
    let graceful = GracefulShutdown::new();
    let open = Arc::new(OpenConnections { limits, counts: Mutex::default() });
    tokio::pin!(stop);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => match open.add(peer.ip().to_canonical()) {
                    Ok(place) => connect(stream, peer, router.clone(), times, place, &graceful),
                    Err(reason) => drop(tokio::spawn(refuse(stream, reason))),
                },
                Err(error) => {
                    tracing::warn!(cause = %error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
            () = &mut stop => break,
        }
    }
    drop(listener);
    if tokio::time::timeout(times.drain, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests still ran after {} s and were cut off", times.drain.as_secs());
    }
}

fn connect(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    times: Times,
    place: Place,
    connections: &GracefulShutdown,
) {
    // Small answers must not wait for the client's acknowledgement. A failure of this call only costs time.
    let _ = stream.set_nodelay(true);
    let answers = Answers::default();
    let begun = answers.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let (router, answers) = (router.clone(), answers.clone());
        async move {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            let response = router.oneshot(request).await.unwrap_or_else(|never| match never {});
            answers.begin();
            Ok::<_, Infallible>(response)
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(times.header)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(Draining::new(stream, times.sending, begun)), service);
    let connection = connections.watch(connection);
    tokio::spawn(async move {
        let _place = place;
        // Clients that disconnect or are too slow are not logged.
        if let Err(error) = connection.await {
            tracing::debug!(cause = %error, "a connection ended early");
        }
    });
}

/// The open connections.
struct OpenConnections {
    limits: ConnectionLimits,
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    all: usize,
    of_one: HashMap<IpAddr, usize>,
}

impl OpenConnections {
    fn counts(&self) -> MutexGuard<'_, Counts> {
        // No code panics while it holds this lock.
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a connection, or says why there may not be another one.
    fn add(self: &Arc<Self>, address: IpAddr) -> Result<Place, &'static str> {
        let mut counts = self.counts();
        let own = counts.of_one.get(&address).copied().unwrap_or(0);
        if counts.all >= self.limits.all {
            return Err("The server has too many open connections. Try again in a few seconds.");
        }
        if own >= self.limits.of_one && !is_proxy(&self.limits.proxies, address) {
            return Err("Your address has too many open connections. Close some, or use them for several requests.");
        }
        counts.all += 1;
        counts.of_one.insert(address, own + 1);
        Ok(Place { open: Arc::clone(self), address })
    }
}

/// The place of an open connection.
struct Place {
    open: Arc<OpenConnections>,
    address: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.open.counts();
        counts.all -= 1;
        if let Some(own) = counts.of_one.get_mut(&self.address) {
            *own -= 1;
            if *own == 0 {
                counts.of_one.remove(&self.address);
            }
        }
    }
}

/// Answers a connection that is one too many, whatever it asks.
async fn refuse(mut stream: TcpStream, reason: &'static str) {
    let body = format!(r#"{{"errors":[{{"message":"{reason}","extensions":{{"code":"RATE_LIMITED"}}}}]}}"#);
    let answer = format!(
        "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\ncontent-length: {}\r\nretry-after: 2\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let send = async {
        stream.write_all(answer.as_bytes()).await?;
        stream.shutdown().await?;
        // The request is read and thrown away: a socket that is closed with unread bytes resets the connection before the client has
        // the answer.
        tokio::io::copy(&mut stream, &mut tokio::io::sink()).await
    };
    let _ = tokio::time::timeout(REFUSAL_TIMEOUT, send).await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::client::network;

    #[test]
    fn connections_are_limited_by_address_and_in_all() {
        let address = |last: u8| IpAddr::from([192, 0, 2, last]);
        let limits = ConnectionLimits { all: 4, of_one: 2, proxies: vec![network("192.0.2.9").unwrap()] };
        let open = Arc::new(OpenConnections { limits, counts: Mutex::default() });
        let first = open.add(address(1)).unwrap();
        let second = open.add(address(1)).unwrap();
        assert!(open.add(address(1)).err().unwrap().starts_with("Your address"));
        drop(first);
        let places = [open.add(address(9)), open.add(address(9)), open.add(address(9))];
        assert!(places.iter().all(Result::is_ok), "a proxy has the connections of many clients");
        assert!(open.add(address(2)).err().unwrap().starts_with("The server"));
        drop((second, places));
        assert!(open.counts().of_one.is_empty());
    }
}
