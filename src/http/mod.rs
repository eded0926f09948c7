//! The HTTP transport: routes, headers, limits of body size and time, and the files of the playground.
//!
//! Called by `cli::serve` and by tests.

mod accept;
mod around;
mod authorize;
pub mod client;
mod graphql;
mod host;
mod language;
pub mod playground;
mod rate;
mod respond;
mod sending;
pub mod server;
mod unique_keys;

use std::{future::Future, num::NonZeroU32, pin::Pin, sync::Arc, time::Duration};

use async_graphql::{ObjectType, Schema, SubscriptionType, async_trait::async_trait};

use axum::{
    Router,
    body::Bytes,
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware,
    response::Response,
    routing::{any, get},
};
use tower_http::{
    CompressionLevel,
    compression::{CompressionLayer, Predicate, predicate::SizeAbove},
    cors::{AllowHeaders, CorsLayer},
};

use self::{accept::Media, client::Network, respond::Logged};
use crate::graphql::{
    budget::Budget,
    error::{Code, RequestId},
    viewer::{Role, Viewer},
};

pub use authorize::Access;
pub use host::{Hosts, host_name};
pub use rate::Rates;
pub use sending::Drain;

/// Checks whether the database answers.
pub type Ready = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = bool> + Send>> + Send + Sync>;

/// Runs GraphQL requests. A trait, so that the transport can be tested with schemas that fail, hang and panic.
#[async_trait]
pub trait Execute: Send + Sync + 'static {
    async fn execute(&self, request: async_graphql::Request) -> async_graphql::Response;
}

#[async_trait]
impl<Q, M, S> Execute for Schema<Q, M, S>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    async fn execute(&self, request: async_graphql::Request) -> async_graphql::Response {
        Self::execute(self, request).await
    }
}

/// Time limits.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// For the headers of a request, and for idle connections.
    pub header: Duration,
    /// For the body of a request.
    pub body: Duration,
    /// For the execution of a request.
    pub run: Duration,
    /// For running requests after the signal to stop.
    pub drain: Duration,
    /// For the sending of an answer.
    pub sending: Drain,
}

impl Default for Times {
    fn default() -> Self {
        Self {
            header: Duration::from_secs(5),
            body: Duration::from_secs(5),
            run: Duration::from_secs(10),
            drain: Duration::from_secs(10),
            sending: Drain::DEFAULT,
        }
    }
}

/// The maximum size of a request body in bytes.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimits {
    /// Without the token of an editor.
    pub anyone: usize,
    /// With the token of an editor or administrator.
    pub editor: usize,
}

impl BodyLimits {
    fn of(self, viewer: &Viewer) -> usize {
        if viewer.may(Role::Editor) { self.editor.max(self.anyone) } else { self.anyone }
    }
}

/// The state of the routes.
#[derive(Clone)]
pub struct App {
    pub schema: Arc<dyn Execute>,
    /// The schema as text, served at `/schema.graphql`.
    pub sdl: Bytes,
    pub access: Access,
    pub body_limits: BodyLimits,
    pub ready: Ready,
    pub hosts: Hosts,
    pub times: Times,
    /// Compresses larger answers for clients that accept it.
    pub compresses: bool,
    pub fairness: Fairness,
}

/// What keeps one client from taking everything.
#[derive(Clone)]
pub struct Fairness {
    /// The memory of large answers.
    pub budget: Arc<Budget>,
    /// How many requests a client may send in a second.
    pub rates: Rates,
    /// The proxies that name their clients.
    pub proxies: Arc<[Network]>,
}

impl Fairness {
    /// How long a large answer waits for its part of the budget.
    const BUDGET_WAIT: Duration = Duration::from_secs(2);

    /// With a budget of this many bytes for large answers, and this number of requests in a second.
    #[must_use]
    pub fn new(answer_budget: usize, rate: Option<NonZeroU32>, proxies: &[Network]) -> Self {
        Self { budget: Budget::new(answer_budget, Self::BUDGET_WAIT), rates: Rates::new(rate), proxies: proxies.into() }
    }
}

impl Default for Fairness {
    fn default() -> Self {
        Self::new(256 * 1024 * 1024, None, &[])
    }
}

/// Smaller answers are not compressed: they fit into one packet. In bytes.
const MIN_COMPRESSED: u16 = 1024;
/// Of gzip and of Brotli: the highest level that takes less time than the query of most lists.
const COMPRESSION_LEVEL: i32 = 4;

/// All routes. `allow_origin`: further origins whose pages may call them from a browser.
pub fn router(app: App, allow_origin: Vec<HeaderValue>) -> Router {
    let mut routes = Router::new()
        .route("/graphql", any(graphql::handle))
        .route("/schema.graphql", get(sdl))
        .route("/healthz", get(|| async { respond::text(StatusCode::OK, "text/plain; charset=utf-8", "ok\n") }))
        .route("/readyz", get(ready));
    // The files of the playground were compressed at build time.
    if app.compresses {
        routes = routes.layer(compression());
    }
    routes = routes
        .merge(playground::router())
        .fallback(|| async {
            respond::error(
                StatusCode::NOT_FOUND,
                Media::Json,
                Code::BadUserInput,
                "Nothing is at this path. GraphQL is at /graphql, the playground at /.",
            )
        })
        .layer(middleware::from_fn(around::answer_panics));
    if !allow_origin.is_empty() {
        routes = routes.layer(cors(allow_origin));
    }
    routes
        .layer(middleware::from_fn_with_state(app.hosts.clone(), host::check))
        .layer(middleware::from_fn(around::request))
        .with_state(app)
}

fn compression() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new()
        .quality(CompressionLevel::Precise(COMPRESSION_LEVEL))
        .compress_when(SizeAbove::new(MIN_COMPRESSED))
}

/// Allows pages of these origins to send any header: clients add headers of their own, which the server ignores.
fn cors(allow_origin: Vec<HeaderValue>) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(allow_origin)
        .allow_methods([Method::GET, Method::HEAD, Method::POST])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([around::REQUEST_ID, header::WWW_AUTHENTICATE])
        .max_age(Duration::from_mins(10))
}

/// The SDL, for viewers who may read.
async fn sdl(State(app): State<App>, request: Request) -> Response {
    match app.access.viewer(request.headers()).await {
        Ok(viewer) => {
            let response = respond::text(StatusCode::OK, "application/graphql; charset=utf-8", app.sdl);
            respond::logged(response, Logged { token: viewer.name, ..Logged::default() })
        }
        Err(denied) => authorize::denied(denied, Media::Json, request.extensions().get::<RequestId>()),
    }
}

async fn ready(State(app): State<App>) -> Response {
    if (app.ready)().await {
        respond::text(StatusCode::OK, "text/plain; charset=utf-8", "ready\n")
    } else {
        let message = "The database does not answer, or its file was replaced. The log has the cause.";
        respond::error(StatusCode::SERVICE_UNAVAILABLE, Media::Json, Code::Unavailable, message)
    }
}

/// Parses an origin of `--allow-origin`: scheme, host and port, as browsers send it.
///
/// # Errors
/// What an origin looks like, where the text is none.
pub fn origin(text: &str) -> Result<HeaderValue, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let plain = |host: &&str| {
        !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_graphic() && !b"/?#@,*".contains(&byte))
    };
    host.filter(plain).and_then(|_| HeaderValue::from_str(text).ok()).ok_or_else(|| {
        "an origin is a scheme, a host and an optional port, such as https://news.example or http://localhost:3000"
            .to_owned()
    })
}
