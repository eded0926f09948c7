//! The service for the database of a test: an import writes the records, and the schema answers queries.

use std::sync::Arc;

use async_graphql::{Request, Variables};
use dateline::{
    demo,
    domain::access::{Gate, Role, Viewer},
    graphql::{self, document::limit::Limits},
    http::{self, Access, App, BodyLimits, Execute, Fairness, Times},
    store::read::{ReadSettings, Reader},
};
use serde_json::{Value, json};

use super::{
    database::TestDatabase,
    lines::{lines, try_import},
};

/// The schema for one database.
pub struct Service {
    /// The schema that every transport runs.
    pub schema: graphql::Schema,
    /// The reader that the schema uses.
    pub reader: Reader,
}

impl Service {
    /// Opens the database for reading.
    pub async fn new(database: &TestDatabase) -> Self {
        let settings = ReadSettings { readers: 2, ..ReadSettings::default() };
        let reader = Reader::open(&database.url, &settings).await.expect("the database can be read");
        // the tests of paging need more than the default limits
        let limits = Limits { cost: u64::MAX, ..Limits::DEFAULT };
        let queue = dateline::domain::queue::WriteQueue::start(database.open().await);
        let schema = graphql::schema(reader.clone(), queue, &limits);
        Self { schema, reader }
    }

    /// The same for a database with these records.
    pub async fn with_records(database: &TestDatabase, lines: &[Value]) -> Self {
        import(database, lines).await;
        Self::new(database).await
    }

    /// The same for the demo corpus.
    pub async fn demo(database: &TestDatabase) -> Self {
        let text: String = demo::FILES.iter().map(|(_, text)| *text).collect();
        import_text(database, &text).await;
        Self::new(database).await
    }

    /// The whole answer for an editor, as a transport writes it.
    pub async fn answer(&self, request: Request) -> Value {
        self.answer_without_token(request.data(Viewer::named("tester", Role::Editor))).await
    }

    /// The whole answer without a token.
    pub async fn answer_without_token(&self, request: Request) -> Value {
        let response = self.schema.execute(request).await;
        serde_json::from_slice(&graphql::answer(&response)).expect("an answer is JSON")
    }

    /// The whole answer to a document without variables.
    pub async fn ask(&self, document: &str) -> Value {
        self.answer(Request::new(document)).await
    }

    /// The whole answer to a document with variables.
    pub async fn ask_with(&self, document: &str, variables: Value) -> Value {
        self.answer(Request::new(document).variables(Variables::from_json(variables))).await
    }

    /// The data of an answer that must have no errors.
    pub async fn data(&self, document: &str) -> Value {
        without_errors(self.ask(document).await, document)
    }

    /// The data of an answer that must have no errors, to a document with variables.
    pub async fn data_with(&self, document: &str, variables: Value) -> Value {
        without_errors(self.ask_with(document, variables).await, document)
    }

    /// The only error of an answer: its path with dots, and its message. Its code must be `BAD_USER_INPUT`.
    pub async fn refusal(&self, document: &str) -> (String, String) {
        let answer = self.ask(document).await;
        refusal(&answer)
    }

    /// The id of the record with that key.
    pub async fn id(&self, key: &str) -> String {
        let found = self.data_with("query ($key: String) { record(key: $key) { id } }", json!({ "key": key })).await;
        found["record"]["id"].as_str().unwrap_or_else(|| panic!("nothing has the key {key}")).to_owned()
    }
}

fn without_errors(mut answer: Value, document: &str) -> Value {
    assert_eq!(answer.get("errors"), None, "{document}");
    answer["data"].take()
}

/// The only error of an answer: its path with dots, and its message. Its code must be `BAD_USER_INPUT`.
pub fn refusal(answer: &Value) -> (String, String) {
    let errors = answer["errors"].as_array();
    let [error] = errors.map_or(&[] as &[_], Vec::as_slice) else {
        panic!("one error was expected: {answer:#}");
    };
    assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "the code of {error:#}");
    let step = |step: &Value| step.as_str().map_or_else(|| step.to_string(), str::to_owned);
    let path = error["path"].as_array().map(|path| {
        let steps: Vec<_> = path.iter().map(step).collect();
        steps.join(".")
    });
    (path.unwrap_or_default(), error["message"].as_str().unwrap_or_default().to_owned())
}

/// Imports valid lines.
pub async fn import(database: &TestDatabase, values: &[Value]) {
    import_text(database, &lines(values)).await;
}

/// Imports a text of valid lines.
pub async fn import_text(database: &TestDatabase, text: &str) {
    let connection = database.open().await;
    if let Err(problems) = try_import(&connection, text).await {
        panic!("{}", problems.join("\n"));
    }
    connection.close().await.expect("the database closes");
}

/// Serves the service over HTTP while the test runs, with open reading. Gives the address.
pub async fn serve_service(service: &Service) -> String {
    let gate = Gate::new(service.reader.clone(), vec![]);
    let access = Access { tokens: Arc::new(gate), reading_is_open: true };
    let body_limits = BodyLimits { anyone: 1024 * 1024, editor: 4 * 1024 * 1024 };
    serve_schema(service.schema.clone(), service.reader.clone(), access, body_limits).await + "/graphql"
}

/// Serves a schema over HTTP with this access. Gives the address without a path.
pub async fn serve_schema(schema: impl Execute, reader: Reader, access: Access, body_limits: BodyLimits) -> String {
    serve_with_times(schema, reader, access, body_limits, Times::default()).await
}

/// The same with these time limits.
pub async fn serve_with_times(
    schema: impl Execute,
    reader: Reader,
    access: Access,
    body_limits: BodyLimits,
    times: Times,
) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = listener.local_addr().expect("it has an address");
    let app = App {
        schema: Arc::new(schema),
        sdl: graphql::sdl().into(),
        access,
        body_limits,
        ready: Arc::new(move || {
            let reader = reader.clone();
            Box::pin(async move { reader.ping().await.is_ok() })
        }),
        hosts: http::Hosts::default(),
        times,
        compresses: false,
        fairness: Fairness::default(),
    };
    let router = http::router(app, vec![]);
    tokio::spawn(http::server::serve(
        listener,
        router,
        times,
        http::server::ConnectionLimits::DEFAULT,
        std::future::pending(),
    ));
    format!("http://{address}")
}
