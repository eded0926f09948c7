//! GraphQL over HTTP and what surrounds it, over a real connection, with a schema that fails, hangs and panics on demand.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    time::Duration,
};

use async_graphql::{Context, EmptySubscription, Object, Schema};
use dateline::{
    graphql::{ReaderLanguages, documents::guarded, limit::Limits},
    http::{self, App, Times, server},
};
use reqwest::{
    Client, Method, RequestBuilder, Response, StatusCode,
    header::{ACCEPT, ACCEPT_LANGUAGE, ALLOW, CONTENT_ENCODING, CONTENT_TYPE, ORIGIN, VARY},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::{Notify, oneshot},
    task::JoinHandle,
};

const GRAPHQL: &str = "application/graphql-response+json";

/// What happens in the resolvers of one server.
#[derive(Default)]
struct Events {
    /// `hang` was reached, and what lets it go on.
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

/// A server of the test's own.
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
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let ready = Arc::new(AtomicBool::new(true));
        let answers = ready.clone();
        let events = Arc::new(Events::default());
        let schema = Schema::build(Query, Mutation, EmptySubscription).data(events.clone());
        let app = App {
            schema: Arc::new(guarded(schema, &Limits::DEFAULT).finish()),
            sdl: "type Query".into(),
            body_limit: 256 * 1024,
            ready: Arc::new(move || {
                let ready = answers.load(SeqCst);
                Box::pin(async move { ready })
            }),
            times,
        };
        let router = http::router(app, vec![http::origin("https://news.example").unwrap()]);
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(server::serve(listener, router, times, async {
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

#[tokio::test]
async fn a_query_is_answered_by_post_and_by_get() {
    let server = Server::start().await;
    let document = "query A { a: hello } query B($n: String!) { b: hello(name: $n) }";
    let posted = server
        .post(
            json!({ "query": document, "operationName": "B", "variables": { "n": "x" }, "extensions": {} }).to_string(),
        )
        .send()
        .await
        .unwrap();
    assert_eq!(posted.status(), StatusCode::OK);
    assert_eq!(header(&posted, CONTENT_TYPE), "application/graphql-response+json; charset=utf-8");
    assert!(header(&posted, VARY).to_lowercase().contains("accept"));
    assert_eq!(body(posted).await, json!({ "data": { "b": "hello x" } }));
    let got = server.get(&[("query", document), ("operationName", "B"), ("variables", "{\"n\":\"é &\"}")]).await;
    assert_eq!(body(got).await, json!({ "data": { "b": "hello é &" } }));
}

#[tokio::test]
async fn the_media_type_is_negotiated() {
    let server = Server::start().await;
    let answer = async |accept: Option<&str>, query: &str| {
        let request = server
            .client
            .post(server.at("/graphql"))
            .header(CONTENT_TYPE, "application/json")
            .body(json!({ "query": query }).to_string());
        let request = match accept {
            Some(accept) => request.header(ACCEPT, accept),
            None => request,
        };
        let response = request.send().await.unwrap();
        (response.status().as_u16(), header(&response, CONTENT_TYPE).split(';').next().unwrap().to_owned())
    };
    assert_eq!(answer(None, "{ hello }").await, (200, "application/json".into()));
    assert_eq!(answer(Some("*/*"), "{ nope }").await, (200, "application/json".into()));
    assert_eq!(
        answer(Some("application/json;q=0.4, application/graphql-response+json;q=0.9"), "{ nope }").await,
        (400, GRAPHQL.into())
    );
    assert_eq!(answer(Some("image/png"), "{ hello }").await, (406, "application/json".into()));
}

#[tokio::test]
async fn refused_documents_have_status_400_and_no_data() {
    let server = Server::start().await;
    for query in
        ["{", "{ nope }", "query($v: Int!) { hello @include(if: $v) }", "query($v: String!) { hello(name: $v) }", ""]
    {
        let (status, code, _) = refusal(server.ask(query).await).await;
        assert_eq!((status, code.as_str()), (400, "BAD_USER_INPUT"), "{query}");
    }
    let unknown =
        server.post(json!({ "query": "query A { hello }", "operationName": "B" }).to_string()).send().await.unwrap();
    assert_eq!(refusal(unknown).await.0, 400);
    let many = format!("{{ {} }}", "hello ".repeat(21));
    assert_eq!(refusal(server.ask(&many).await).await.1, "LIMIT_EXCEEDED");
}

#[tokio::test]
async fn malformed_bodies_are_refused_and_the_wrong_part_is_named() {
    let server = Server::start().await;
    let cases = [
        ("{ \"query\": ", "The body is not JSON"),
        ("\"{ hello }\"", "must be a JSON object"),
        ("[{\"query\":\"{ hello }\"}]", "Batches"),
        ("{}", "`query` is missing"),
        ("{\"query\":7}", "`query` must be a string"),
        ("{\"query\":\"{ hello }\",\"variables\":[]}", "`variables` must be an object"),
        ("{\"query\":\"{ hello }\",\"operationName\":{}}", "`operationName` must be a string"),
        ("{\"query\":\"{ hello }\",\"extensions\":\"x\"}", "`extensions` must be an object"),
        ("\u{feff}", "The body is not JSON"),
    ];
    for (sent, message) in cases {
        let (status, code, said) = refusal(server.post(sent).send().await.unwrap()).await;
        assert_eq!((status, code.as_str()), (400, "BAD_USER_INPUT"), "{sent}");
        assert!(said.contains(message), "{sent}: {said}");
    }
    assert!(
        refusal(server.get(&[("query", "{ hello }"), ("variables", "{")]).await)
            .await
            .2
            .contains("`variables` is not JSON")
    );
    let nulls = server
        .post("{\"query\":\"{ hello }\",\"variables\":null,\"operationName\":null,\"extensions\":null}")
        .send()
        .await
        .unwrap();
    assert_eq!(nulls.status(), StatusCode::OK);
}

#[tokio::test]
async fn only_json_in_utf_8_is_read() {
    let server = Server::start().await;
    let send = async |content_type: Option<&str>, encoding: Option<&str>| {
        let mut request = server.client.post(server.at("/graphql")).body("{\"query\":\"{ hello }\"}");
        if let Some(content_type) = content_type {
            request = request.header(CONTENT_TYPE, content_type);
        }
        if let Some(encoding) = encoding {
            request = request.header(CONTENT_ENCODING, encoding);
        }
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(send(Some("application/json"), None).await, 200);
    assert_eq!(send(Some("Application/JSON; charset=\"UTF-8\""), Some("identity")).await, 200);
    for refused in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=x"),
        Some("application/json; charset=latin1"),
    ] {
        assert_eq!(send(refused, None).await, 415, "{refused:?}");
    }
    assert_eq!(send(Some("application/json"), Some("gzip")).await, 415);
}

#[tokio::test]
async fn the_readers_languages_reach_the_schema_best_first() {
    let server = Server::start().await;
    let request = server.post("{\"query\":\"{ languages }\"}").header(ACCEPT_LANGUAGE, "en;q=0.5, ar-EG, *;q=0.1");
    let response = request.send().await.unwrap();
    assert!(header(&response, VARY).contains("Accept-Language"));
    assert_eq!(body(response).await, json!({ "data": { "languages": ["ar-EG", "en"] } }));
    assert_eq!(body(server.ask("{ languages }").await).await, json!({ "data": { "languages": [] } }));
}

#[tokio::test]
async fn mutations_run_by_post_alone() {
    let server = Server::start().await;
    for parameters in [
        &[("query", "mutation { write }")][..],
        &[("query", "query A { hello } mutation M { write }"), ("operationName", "M")],
    ] {
        let refused = server.get(parameters).await;
        assert_eq!(header(&refused, ALLOW), "POST");
        assert_eq!(refusal(refused).await.0, 405);
    }
    assert!(!server.events.written.load(SeqCst));
    let query = server.get(&[("query", "query A { hello } mutation M { write }"), ("operationName", "A")]).await;
    assert_eq!(query.status(), StatusCode::OK);
    assert_eq!(body(server.ask("mutation { write }").await).await, json!({ "data": { "write": true } }));
    let put = server.client.put(server.at("/graphql")).body("{}").send().await.unwrap();
    assert_eq!((put.status().as_u16(), header(&put, ALLOW)), (405, "GET, POST"));
}

#[tokio::test]
async fn large_bodies_are_refused_before_they_are_read() {
    let server = Server::start().await;
    let head = "POST /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n";
    // Nothing but the length is sent: an answer can only come from it.
    let declared = server.raw(format!("{head}content-length: 262145\r\n\r\n").as_bytes()).await;
    assert!(declared.starts_with("HTTP/1.1 413 "), "{declared}");
    assert!(declared.contains("LIMIT_EXCEEDED"));
    let chunk = format!("{:x}\r\n{}\r\n", 65_536, " ".repeat(65_536));
    let chunked = server.raw(format!("{head}transfer-encoding: chunked\r\n\r\n{}", chunk.repeat(5)).as_bytes()).await;
    assert!(chunked.starts_with("HTTP/1.1 413 "), "{chunked}");
}

#[tokio::test]
async fn slow_clients_are_cut_off() {
    let short = Duration::from_millis(50);
    let server = Server::start_with(Times { header: short, body: short, ..Times::default() }).await;
    assert_eq!(server.raw(b"POST /graphql HTTP/1.1\r\nhost:").await, "");
    let body = server
        .raw(b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{")
        .await;
    assert!(body.starts_with("HTTP/1.1 408 "), "{body}");
    assert_eq!(server.ask("{ hello }").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_stopped() {
    let server = Server::start_with(Times { run: Duration::from_millis(50), ..Times::default() }).await;
    let (status, code, message) = refusal(server.ask("{ hang }").await).await;
    assert_eq!((status, code.as_str()), (503, "LIMIT_EXCEEDED"));
    assert!(message.contains("took longer"));
}

#[tokio::test]
async fn a_panic_is_a_500_with_the_request_id_and_the_process_lives() {
    let server = Server::start().await;
    let response = server.post("{\"query\":\"{ panics }\"}").header("x-request-id", "mine-1").send().await.unwrap();
    assert_eq!(header(&response, "x-request-id"), "mine-1");
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let body = body(response).await;
    assert_eq!(body["errors"][0]["extensions"], json!({ "code": "INTERNAL", "requestId": "mine-1" }));
    assert!(!body.to_string().contains("on purpose"));
    assert_eq!(server.ask("{ hello }").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn an_internal_error_names_the_request_and_nothing_else() {
    let server = Server::start().await;
    let response = server.ask("{ hello fails }").await;
    assert_eq!(response.status(), StatusCode::OK);
    let id = header(&response, "x-request-id").to_owned();
    assert_eq!(uuid::Uuid::parse_str(&id).unwrap().get_version_num(), 7);
    let body = body(response).await;
    assert_eq!(body["data"], json!({ "hello": "hello ", "fails": null }));
    assert_eq!(body["errors"][0]["extensions"], json!({ "code": "INTERNAL", "requestId": id }));
    assert_eq!(body["errors"][0]["path"], json!(["fails"]));
    assert!(!body.to_string().contains("secret"));
}

#[tokio::test]
async fn a_request_id_that_is_not_sane_is_replaced() {
    let server = Server::start().await;
    for bad in ["a b", "", &"x".repeat(129), "<script>"] {
        let response = server.post("{\"query\":\"{ hello }\"}").header("x-request-id", bad).send().await.unwrap();
        assert!(uuid::Uuid::parse_str(header(&response, "x-request-id")).is_ok(), "{bad}");
    }
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let server = Server::start().await;
    for path in ["/graphql", "/healthz", "/schema.graphql", "/nothing-here"] {
        let response = server.client.get(server.at(path)).send().await.unwrap();
        assert_eq!(header(&response, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header(&response, "x-frame-options"), "DENY", "{path}");
        assert_eq!(header(&response, "referrer-policy"), "no-referrer", "{path}");
        assert!(header(&response, "content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert!(!header(&response, "x-request-id").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn other_origins_may_call_only_where_they_are_allowed() {
    let server = Server::start().await;
    let allowed = async |method: Method, origin: &str| {
        let request = server.client.request(method, server.at("/graphql?query={hello}")).header(ORIGIN, origin);
        let request = request
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "content-type");
        header(&request.send().await.unwrap(), "access-control-allow-origin").to_owned()
    };
    assert_eq!(allowed(Method::OPTIONS, "https://news.example").await, "https://news.example");
    assert_eq!(allowed(Method::GET, "https://news.example").await, "https://news.example");
    assert_eq!(allowed(Method::OPTIONS, "https://evil.example").await, "");
    assert_eq!(allowed(Method::GET, "https://evil.example").await, "");
    for bad in ["*", "news.example", "https://news.example/path", "https://"] {
        assert!(http::origin(bad).is_err(), "{bad}");
    }
}

#[tokio::test]
async fn health_is_of_the_process_and_readiness_of_the_database() {
    let server = Server::start().await;
    let status = async |path: &str| server.client.get(server.at(path)).send().await.unwrap().status().as_u16();
    assert_eq!((status("/healthz").await, status("/readyz").await), (200, 200));
    server.ready.store(false, SeqCst);
    assert_eq!((status("/healthz").await, status("/readyz").await), (200, 503));
    let schema = server.client.get(server.at("/schema.graphql")).send().await.unwrap();
    assert!(header(&schema, CONTENT_TYPE).contains("charset=utf-8"));
    assert_eq!(schema.text().await.unwrap(), "type Query");
}

#[tokio::test]
async fn a_stop_lets_running_requests_finish_and_takes_no_new_ones() {
    let mut server = Server::start().await;
    let running = tokio::spawn(server.post("{\"query\":\"{ hang }\"}").send());
    server.events.hanging.notified().await;
    server.stop.take().unwrap().send(()).unwrap();
    // The listener goes away at once; until it does, a connection is not served.
    while TcpStream::connect(server.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(!server.task.is_finished());
    server.events.go_on.notify_one();
    assert_eq!(body(running.await.unwrap().unwrap()).await, json!({ "data": { "hang": "done" } }));
    server.task.await.unwrap();
}

#[tokio::test]
async fn a_stop_waits_for_a_limited_time() {
    let mut server = Server::start_with(Times { drain: Duration::from_millis(50), ..Times::default() }).await;
    let running = tokio::spawn(server.post("{\"query\":\"{ hang }\"}").send());
    server.events.hanging.notified().await;
    server.stop.take().unwrap().send(()).unwrap();
    server.task.await.unwrap();
    running.abort();
}
