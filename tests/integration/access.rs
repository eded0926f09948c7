//! Tokens and roles over real HTTP: who may do what, and what is refused.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use async_graphql::{Context, EmptySubscription, Object, Schema};
use chrono::{DateTime, SubsecRound as _, Utc};
use dateline::{
    domain::access::{
        Fixed, Gate, Role, Viewer,
        token::{self, Secret, TokenError},
    },
    graphql::{self, demand, document::guarded, document::limit::Limits},
    http::{Access, BodyLimits},
    store::Connection,
};
use reqwest::{Client, RequestBuilder, Response, header::WWW_AUTHENTICATE};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{
    both_databases,
    support::{
        database::TestDatabase,
        service::{Service, serve_schema},
    },
};

const VIEWER: &str = "{ viewer { name role } }";
const EITHER: [&str; 2] = ["application/json", "application/graphql-response+json"];

/// A server, and a connection by which the command line creates tokens for it.
struct Server {
    address: String,
    client: Client,
    connection: Connection,
}

impl Server {
    async fn open(database: &TestDatabase) -> Self {
        Self::start(database, true, vec![]).await
    }

    async fn start(database: &TestDatabase, reading_is_open: bool, fixed: Vec<Fixed>) -> Self {
        let service = Service::new(database).await;
        let access = Access { tokens: Arc::new(Gate::new(service.reader.clone(), fixed)), reading_is_open };
        // the default limits, unlike other tests
        let schema = graphql::schema(
            service.reader.clone(),
            dateline::domain::queue::WriteQueue::start(database.open().await),
            &Limits::DEFAULT,
        );
        let limits = BodyLimits { anyone: 256 * 1024, editor: 4 * 1024 * 1024 };
        let address = serve_schema(schema, service.reader, access, limits).await;
        Self { address, client: Client::new(), connection: database.open().await }
    }

    async fn token(&self, name: &str, role: Role) -> String {
        self.token_until(name, role, None).await
    }

    async fn token_until(&self, name: &str, role: Role, end: Option<DateTime<Utc>>) -> String {
        token::create(&self.connection, name, role, end).await.unwrap().0.as_str().to_owned()
    }

    fn post(&self, body: &Value) -> RequestBuilder {
        self.client.post(format!("{}/graphql", self.address)).json(body)
    }

    /// Status and body of the answer to a document that is sent with a token.
    async fn ask(&self, token: &str, document: &str) -> (u16, Value) {
        read(self.post(&json!({ "query": document })).bearer_auth(token)).await
    }

    /// The same without a token.
    async fn ask_anonymously(&self, document: &str) -> (u16, Value) {
        read(self.post(&json!({ "query": document }))).await
    }

    /// The status for a body of this length. No byte of it is sent, so the answer depends on the length alone.
    async fn status_for_length(&self, token: Option<&str>, bytes: usize) -> u16 {
        let host = self.address.strip_prefix("http://").unwrap();
        let token = token.map_or_else(String::new, |token| format!("authorization: Bearer {token}\r\n"));
        let head = format!(
            "POST /graphql HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{token}\
             content-type: application/json\r\ncontent-length: {bytes}\r\n\r\n"
        );
        let mut stream = TcpStream::connect(host).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer.split(' ').nth(1).unwrap().parse().unwrap()
    }

    async fn status(&self, path: &str, token: Option<&str>) -> u16 {
        let mut request = self.client.get(format!("{}{path}", self.address));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        request.send().await.unwrap().status().as_u16()
    }
}

async fn read(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

fn viewer(name: Option<&str>, role: Option<&str>) -> (u16, Value) {
    (200, json!({ "data": { "viewer": { "name": name, "role": role } } }))
}

/// The challenge and the message of a request that is refused with 401. Asserts that there is no data.
async fn refused(response: Response) -> (String, String) {
    assert_eq!(response.status().as_u16(), 401);
    let challenge = response.headers()[WWW_AUTHENTICATE].to_str().unwrap().to_owned();
    let body: Value = response.json().await.unwrap();
    assert!(body.get("data").is_none(), "{body}");
    assert_eq!(body["errors"].as_array().unwrap().len(), 1, "{body}");
    assert_eq!(body["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{body}");
    (challenge, body["errors"][0]["message"].as_str().unwrap().to_owned())
}

both_databases! {
    async fn a_token_identifies_its_holder_and_role(database: TestDatabase) {
        let server = Server::open(&database).await;
        assert_eq!(server.ask_anonymously(VIEWER).await, viewer(None, None));
        for (name, role) in [("Amina", Role::Reader), ("يوسف", Role::Editor), ("root", Role::Admin)] {
            let token = server.token(name, role).await;
            assert_eq!(server.ask(&token, VIEWER).await, viewer(Some(name), Some(&role.to_string())));
        }
    }

    async fn the_scheme_of_a_token_is_bearer_in_any_case(database: TestDatabase) {
        let server = Server::open(&database).await;
        let token = server.token("a", Role::Reader).await;
        for scheme in ["Bearer", "bearer", "BEARER"] {
            let request = server.post(&json!({ "query": VIEWER })).header("authorization", format!("{scheme} {token}"));
            assert_eq!(read(request).await, viewer(Some("a"), Some("READER")));
        }
    }

    async fn the_viewer_field_supports_aliases_fragments_and_typename(database: TestDatabase) {
        let server = Server::open(&database).await;
        let token = server.token("a", Role::Editor).await;
        let document = "query ($no: Boolean = false) {
            me: viewer { kind: __typename ...Both }
            viewer { role @include(if: $no) }
            viewer { ... on Viewer { again: name } name }
            places { totalCount }
        }
        fragment Both on Viewer { role name }";
        let data = json!({
            "me": { "kind": "Viewer", "role": "EDITOR", "name": "a" },
            "viewer": { "again": "a", "name": "a" },
            "places": { "totalCount": 0 },
        });
        let (status, answer) = server.ask(&token, document).await;
        assert_eq!((status, &answer), (200, &json!({ "data": data })));
        let (_, answer) = server.ask(&token, "{ viewer { nope } }").await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
    }

    async fn an_invalid_token_is_refused_in_both_media_types_and_never_ignored(database: TestDatabase) {
        let server = Server::open(&database).await;
        let good = server.token("a", Role::Reader).await;
        let unknown = Secret::mint().unwrap();
        for header in [
            format!("Bearer {}", unknown.as_str()),
            format!("Bearer {}", good.to_uppercase()),
            format!("Bearer {good}x"),
            "Bearer dateline_".to_owned(),
            "Bearer ' OR 1=1 --".to_owned(),
            "Bearer".to_owned(),
            format!("Basic {good}"),
            good.clone(),
        ] {
            for media in EITHER {
                let request = server.post(&json!({ "query": VIEWER })).header("authorization", &header);
                let (challenge, message) = refused(request.header("accept", media).send().await.unwrap()).await;
                assert!(challenge.starts_with("Bearer ") && challenge.contains("invalid_token"), "{challenge}");
                assert!(!message.contains(&good), "{message}");
            }
        }
        let twice = server.post(&json!({ "query": VIEWER })).bearer_auth(&good).bearer_auth(&good);
        refused(twice.send().await.unwrap()).await;
    }

    async fn a_token_works_until_it_expires(database: TestDatabase) {
        let server = Server::open(&database).await;
        // with the precision of the database
        let end = (Utc::now() + Duration::from_millis(500)).trunc_subsecs(3);
        let token = server.token_until("short", Role::Reader, Some(end)).await;
        loop {
            let before = Utc::now();
            let (status, _) = server.ask(&token, VIEWER).await;
            if before >= end {
                assert_eq!(status, 401);
                break;
            }
            assert!(status == 200 || Utc::now() >= end, "{status} before the end");
        }
    }

    async fn a_token_that_another_process_revokes_is_refused_within_five_seconds(database: TestDatabase) {
        let server = Server::open(&database).await;
        let (token, other) = (server.token("a", Role::Editor).await, server.token("b", Role::Editor).await);
        assert_eq!(server.ask(&token, VIEWER).await.0, 200);
        token::revoke(&server.connection, "a").await.unwrap();
        let revoked = Instant::now();
        while server.ask(&token, VIEWER).await.0 == 200 {
            assert!(revoked.elapsed() < Duration::from_secs(5));
        }
        assert_eq!(server.ask(&other, VIEWER).await.0, 200);
        // the name is free again, the old token is not
        let next = server.token("a", Role::Reader).await;
        assert_eq!(server.ask(&next, VIEWER).await, viewer(Some("a"), Some("READER")));
        assert_eq!(server.ask(&token, VIEWER).await.0, 401);
    }

    async fn a_name_belongs_to_one_valid_token_in_any_spelling(database: TestDatabase) {
        let server = Server::open(&database).await;
        server.token("Caf\u{e9}", Role::Reader).await;
        let again = token::create(&server.connection, " Cafe\u{301} ", Role::Reader, None).await;
        assert!(matches!(again, Err(TokenError::Taken { name, .. }) if name == "Caf\u{e9}"));
        let missing = token::revoke(&server.connection, "caf\u{e9}").await;
        assert!(matches!(missing, Err(TokenError::Unknown(_))), "names differ by case");
        for end in [Utc::now(), Utc::now() - Duration::from_hours(1)] {
            let past = token::create(&server.connection, "past", Role::Reader, Some(end)).await;
            assert!(matches!(past, Err(TokenError::Past(_))));
        }
    }

    async fn only_the_hash_of_a_token_is_stored(database: TestDatabase) {
        let server = Server::open(&database).await;
        let token = server.token("a", Role::Admin).await;
        let [stored] = token::list(&server.connection).await.unwrap().try_into().unwrap();
        assert_eq!(stored.hash.len(), 64);
        assert!(stored.hash.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)));
        assert!(!format!("{stored:?}").contains(&token["dateline_".len()..]));
        // the hash is not a token
        assert_eq!(server.ask(&stored.hash, VIEWER).await.0, 401);
    }

    async fn the_database_refuses_a_second_valid_token_of_a_name_and_an_unknown_role(database: TestDatabase) {
        let raw = database.raw().await;
        let insert = async |id: u8, role: &str, revoked: &str| {
            let sql = format!(
                "INSERT INTO token (id, name, role, hash, created_at, revoked_at) VALUES
                 ('00000000-0000-7000-8000-00000000000{id}', 'a', '{role}', 'hash {id}', '2026-11-23T10:00:00.000Z', {revoked})"
            );
            raw.execute_unprepared(&sql).await.is_ok()
        };
        assert!(insert(1, "READER", "NULL").await);
        assert!(!insert(2, "READER", "NULL").await);
        assert!(insert(3, "READER", "'2026-11-23T10:00:00.000Z'").await);
        assert!(!insert(4, "KING", "'2026-11-23T10:00:00.000Z'").await);
    }

    async fn where_reading_needs_a_token_nothing_can_be_read_without_one(database: TestDatabase) {
        let server = Server::start(&database, false, vec![]).await;
        for document in [VIEWER, "{ __schema { queryType { name } } }", "{ __typename }", "{ nope }", "{"] {
            for media in EITHER {
                let request = server.post(&json!({ "query": document })).header("accept", media);
                let (challenge, message) = refused(request.send().await.unwrap()).await;
                assert_eq!(challenge, "Bearer realm=\"dateline\"");
                assert!(message.contains("`Authorization: Bearer TOKEN`"), "{message}");
            }
        }
        let reader = server.token("r", Role::Reader).await;
        assert_eq!(server.ask(&reader, VIEWER).await, viewer(Some("r"), Some("READER")));
        for (path, without, with) in [
            ("/graphql?query={__typename}", 401, 200),
            ("/schema.graphql", 401, 200),
            ("/", 200, 200),
            ("/healthz", 200, 200),
            ("/readyz", 200, 200),
        ] {
            assert_eq!(server.status(path, None).await, without, "{path}");
            assert_eq!(server.status(path, Some(&reader)).await, with, "{path}");
        }
    }

    async fn an_editor_may_send_larger_bodies_but_not_longer_documents(database: TestDatabase) {
        let server = Server::open(&database).await;
        assert_eq!(server.status_for_length(None, 256 * 1024 + 1).await, 413);
        let reader = server.token("reader", Role::Reader).await;
        assert_eq!(server.status_for_length(Some(&reader), 256 * 1024 + 1).await, 413);
        for role in [Role::Editor, Role::Admin] {
            let token = server.token(role.to_string().as_str(), role).await;
            assert_eq!(server.status_for_length(Some(&token), 4 * 1024 * 1024 + 1).await, 413);
            let large = json!({ "query": VIEWER, "extensions": { "x": "x".repeat(4 * 1024 * 1024 - 100) } });
            let (status, answer) = read(server.post(&large).bearer_auth(&token)).await;
            assert_eq!((status, &answer["errors"]), (200, &Value::Null));
            let (_, answer) = server.ask(&token, &format!("{VIEWER} # {}", "x".repeat(32 * 1024))).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "LIMIT_EXCEEDED");
        }
    }

    async fn the_token_of_the_process_is_accepted_as_are_those_of_the_database(database: TestDatabase) {
        let secret = Secret::chosen("an-administrators-secret-of-40-characters").unwrap();
        let admin = Fixed::new(&secret, Viewer::named(token::ADMIN, Role::Admin));
        let server = Server::start(&database, false, vec![admin]).await;
        assert_eq!(server.ask(secret.as_str(), VIEWER).await, viewer(Some("admin"), Some("ADMIN")));
        assert_eq!(server.ask("an-administrators-secret-of-40-characterz", VIEWER).await.0, 401);
        let token = server.token("a", Role::Reader).await;
        assert_eq!(server.ask(&token, VIEWER).await.0, 200);
        assert_eq!(token::list(&server.connection).await.unwrap().len(), 1);
    }

    async fn a_field_that_needs_a_role_is_refused_before_it_runs(database: TestDatabase) {
        let service = Service::new(&database).await;
        let access = Access { tokens: Arc::new(Gate::new(service.reader.clone(), vec![])), reading_is_open: true };
        let schema = guarded(Schema::build(Nothing, Write, EmptySubscription), &Limits::DEFAULT).finish();
        let limits = BodyLimits { anyone: 1024, editor: 1024 };
        let address = serve_schema(schema, service.reader, access, limits).await;
        let server = Server { address, client: Client::new(), connection: database.open().await };
        let refusal = |answer: &Value| {
            assert_eq!(answer["data"], json!({ "write": null }), "{answer}");
            let error = &answer["errors"][0];
            (error["extensions"]["code"].clone(), error["message"].as_str().unwrap().to_owned())
        };
        let (status, answer) = server.ask_anonymously("mutation { write }").await;
        assert_eq!(status, 200);
        let (code, message) = refusal(&answer);
        assert_eq!(code, "UNAUTHENTICATED");
        assert_eq!(message, "This needs a token with the role EDITOR: send it as `Authorization: Bearer TOKEN`.");

        let reader = server.token("r", Role::Reader).await;
        let (code, message) = refusal(&server.ask(&reader, "mutation { write }").await.1);
        assert_eq!((code, &*message), (json!("FORBIDDEN"), "Your token has the role READER; this needs EDITOR."));

        for (name, role) in [("e", Role::Editor), ("a", Role::Admin)] {
            let token = server.token(name, role).await;
            assert_eq!(server.ask(&token, "mutation { write }").await.1, json!({ "data": { "write": name } }));
        }
    }
}

struct Nothing;

#[Object]
#[allow(clippy::unused_async, reason = "resolvers are async, whether they wait or not")]
impl Nothing {
    async fn nothing(&self) -> bool {
        false
    }
}

/// Answers with the name that the history would record.
struct Write;

#[Object]
#[allow(clippy::unused_async, reason = "resolvers are async, whether they wait or not")]
impl Write {
    async fn write(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        Ok(Some(demand(ctx, Role::Editor)?.actor().to_owned()))
    }
}
