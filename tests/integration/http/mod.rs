//! GraphQL over HTTP, over a real connection, with a schema that can fail, hang and panic.

#![allow(clippy::unused_async, reason = "resolvers are async, whether they wait or not")]

mod browsers;
mod fairness;
mod host;
mod persisted;
mod protocol;
mod surroundings;

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
};

use async_graphql::{Context, EmptySubscription, Object, Schema};
use dateline::{
    graphql::{
        ReaderLanguages,
        document::{guarded, limit::Limits},
        error::unavailable,
        viewer::{Recognize, Role, Viewer},
    },
    http::{self, Access, App, BodyLimits, Fairness, Hosts, Times, server},
};
use reqwest::{
    Client, RequestBuilder, Response,
    header::{ACCEPT, CONTENT_TYPE},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::{Notify, oneshot},
    task::JoinHandle,
};

const GRAPHQL: &str = "application/graphql-response+json";

/// Events in the resolvers of one server.
#[derive(Default)]
struct Events {
    /// Signals that `hang` began, and that it may continue.
    hanging: Notify,
    go_on: Notify,
    written: AtomicBool,
}

struct Query;

#[Object]
impl Query {
    async fn hello(&self, name: Option<String>) -> String {
        format!("hello {}", name.unwrap_or_default())
    }
    async fn panics(&self) -> String {
        let nothing: [String; 0] = [];
        nothing.first().cloned().expect("on purpose")
    }
    async fn fails(&self) -> async_graphql::Result<Option<String>> {
        Err(std::io::Error::other("secret of the driver"))?
    }
    async fn languages(&self, ctx: &Context<'_>) -> Vec<String> {
        ctx.data_opt::<ReaderLanguages>().map(|languages| languages.0.clone()).unwrap_or_default()
    }
    async fn long(&self, megabytes: usize) -> String {
        "x".repeat(megabytes * 1024 * 1024)
    }
    async fn hang(&self, ctx: &Context<'_>) -> &str {
        let events = ctx.data_unchecked::<Arc<Events>>();
        events.hanging.notify_one();
        events.go_on.notified().await;
        "done"
    }
}

struct Mutation;

#[Object]
impl Mutation {
    async fn write(&self, ctx: &Context<'_>) -> bool {
        ctx.data_unchecked::<Arc<Events>>().written.store(true, SeqCst);
        true
    }
}

/// Accepts one token, and fails for another one.
struct Tokens;

#[async_trait::async_trait]
impl Recognize for Tokens {
    async fn recognize(&self, token: &str) -> Result<Option<Viewer>, async_graphql::Error> {
        match token {
            "of-an-editor" => Ok(Some(Viewer::named("e", Role::Editor))),
            "of-whom" => Err(unavailable("secret of the driver")),
            _ => Ok(None),
        }
    }
}

/// A server for one test.
struct Server {
    address: SocketAddr,
    client: Client,
    ready: Arc<AtomicBool>,
    events: Arc<Events>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Server {
    async fn start() -> Self {
        Self::start_with(Times::default()).await
    }

    async fn start_with(times: Times) -> Self {
        Self::start_fair(times, Fairness::default()).await
    }

    async fn start_fair(times: Times, fairness: Fairness) -> Self {
        Self::start_limited(times, fairness, server::ConnectionLimits::DEFAULT).await
    }

    async fn start_limited(times: Times, fairness: Fairness, limits: server::ConnectionLimits) -> Self {
        Self::start_with_all(times, fairness, limits, Hosts::default()).await
    }

    async fn start_as(times: Times, hosts: Hosts) -> Self {
        Self::start_with_all(times, Fairness::default(), server::ConnectionLimits::DEFAULT, hosts).await
    }

    async fn start_with_all(times: Times, fairness: Fairness, limits: server::ConnectionLimits, hosts: Hosts) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let ready = Arc::new(AtomicBool::new(true));
        let answers = ready.clone();
        let events = Arc::new(Events::default());
        let schema = Schema::build(Query, Mutation, EmptySubscription).data(events.clone());
        let app = App {
            schema: Arc::new(guarded(schema, &Limits::DEFAULT).finish()),
            sdl: "type Query".into(),
            access: Access { tokens: Arc::new(Tokens), reading_is_open: true },
            body_limits: BodyLimits { anyone: 256 * 1024, editor: 512 * 1024 },
            ready: Arc::new(move || {
                let ready = answers.load(SeqCst);
                Box::pin(async move { ready })
            }),
            hosts,
            times,
            compresses: true,
            fairness,
        };
        let router = http::router(app, vec![http::origin("https://news.example").unwrap()]);
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(server::serve(listener, router, times, limits, async {
            let _ = stopped.await;
        }));
        Self { address, client: Client::new(), ready, events, stop: Some(stop), task }
    }

    fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn post(&self, body: impl Into<String>) -> RequestBuilder {
        self.client
            .post(self.at("/graphql"))
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, GRAPHQL)
            .body(body.into())
    }

    async fn ask(&self, query: &str) -> Response {
        self.post(json!({ "query": query }).to_string()).send().await.unwrap()
    }

    async fn get(&self, parameters: &[(&str, &str)]) -> Response {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        self.client.get(self.at(&format!("/graphql?{query}"))).header(ACCEPT, GRAPHQL).send().await.unwrap()
    }

    /// Writes raw bytes and reads until the server closes.
    async fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }
}

fn header(response: &Response, name: impl reqwest::header::AsHeaderName) -> &str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

async fn body(response: Response) -> Value {
    response.json().await.unwrap()
}

/// Status, and the first error's code and message; there is no `data`.
async fn refusal(response: Response) -> (u16, String, String) {
    let status = response.status().as_u16();
    let body = body(response).await;
    assert!(body.get("data").is_none(), "{body}");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (status, text(&body["errors"][0]["extensions"]["code"]), text(&body["errors"][0]["message"]))
}
