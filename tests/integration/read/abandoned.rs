//! Reads that nobody waits for any more, and small reads beside large ones.

use std::time::Duration;

use async_graphql::Request;
use dateline::store::read::turn::Client;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use crate::{
    both_databases,
    support::{
        database::TestDatabase,
        service::{Service, import, serve_service},
    },
};

/// Longer than anything here takes, and shorter than the time limit of a statement.
const SOON: Duration = Duration::from_secs(4);
/// Long enough for a read to begin.
const A_MOMENT: Duration = Duration::from_millis(300);

/// Sixty events, each of them in the same sixty places.
fn lines() -> Vec<Value> {
    let places: Vec<_> = (0..60).map(|n| json!({ "place": format!("place/{n}") })).collect();
    let place = |n: usize| json!({ "type": "PLACE", "key": format!("place/{n}"), "name": "Hub", "kind": "CITY" });
    let event = |n: usize| json!({ "type": "EVENT", "key": format!("event/{n}"), "name": "E", "kind": "OTHER", "places": places });
    (0..60).map(place).chain((0..60).map(event)).collect()
}

/// A request that takes many seconds: counts the events of all places of all events of all places of all events.
const LONG: &str =
    "{ events(first: 100) { nodes { places(first: 100) { nodes { events(first: 100) { nodes { places(first: 100) {
    nodes { events { totalCount } } } } } } } } } }";

/// A short answer for which many rows might be found, so that it is not planned as a cheap read.
const EXPENSIVE: &str =
    "{ people(first: 100) { nodes { authored(first: 100) { nodes { events(first: 100) { nodes { id } } } } } } }";

/// The statements of reads that run on the server in this database.
async fn running(database: &TestDatabase) -> i64 {
    if !database.is_postgres() {
        return 0;
    }
    let connection = database.raw().await;
    let sql = "SELECT count(*) AS running FROM pg_stat_activity
        WHERE datname = current_database() AND state = 'active' AND application_name = 'dateline'";
    let asked = Statement::from_string(connection.get_database_backend(), sql);
    let row = connection.query_one_raw(asked).await.expect("the server answers").expect("a row");
    connection.close().await.expect("it closes");
    row.try_get("", "running").expect("a number")
}

/// Waits until no statement of a read runs.
async fn end_of_reads(database: &TestDatabase) {
    let ended = async {
        while running(database).await > 0 {
            tokio::task::yield_now().await;
        }
    };
    timeout(SOON, ended).await.expect("no statement runs any more");
}

both_databases! {
    async fn a_read_that_is_given_up_ends_and_the_next_one_starts(database: TestDatabase) {
        let service = Service::with_records(&database, &lines()).await;
        for _ in 0..3 {
            assert!(timeout(A_MOMENT, service.ask(LONG)).await.is_err(), "it takes long");
        }
        let next = timeout(SOON, service.data(EXPENSIVE)).await.expect("nothing holds it up");
        assert!(next["people"]["nodes"].is_array());
        end_of_reads(&database).await;
    }

    async fn a_search_for_paths_that_is_given_up_leaves_no_old_state_behind(database: TestDatabase) {
        let service = Service::with_records(&database, &lines()).await;
        let paths = |from: &str| format!("{{ paths(from: \"{from}\", to: \"place/0\", maxLength: 6, first: 100) {{ length }} }}");
        for milliseconds in 1..30 {
            let _ = timeout(Duration::from_millis(milliseconds), service.ask(&paths("place/59"))).await;
        }
        let place = json!({ "type": "PLACE", "key": "new", "name": "New", "kind": "CITY" });
        let event = json!({ "type": "EVENT", "key": "event/new", "name": "E", "kind": "OTHER", "places": [{ "place": "new" }, { "place": "place/0" }] });
        import(&database, &[place, event]).await;
        for _ in 0..8 {
            let data = timeout(SOON, service.data(&paths("new"))).await.expect("nothing holds it up");
            assert_eq!(data["paths"][0], json!({ "length": 2 }));
        }
    }

    async fn a_client_that_hangs_up_gives_up_its_read(database: TestDatabase) {
        let service = Service::with_records(&database, &lines()).await;
        let address = serve_service(&service).await;
        let host = address.trim_start_matches("http://").trim_end_matches("/graphql").to_owned();
        let body = json!({ "query": LONG }).to_string();
        let request = format!(
            "POST /graphql HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        for _ in 0..5 {
            let mut stream = TcpStream::connect(&host).await.expect("the service listens");
            stream.write_all(request.as_bytes()).await.expect("it takes the request");
            assert!(timeout(A_MOMENT, stream.read_u8()).await.is_err(), "there is no answer yet");
        }
        timeout(SOON, service.data(EXPENSIVE)).await.expect("nothing holds it up");
        end_of_reads(&database).await;
    }

    async fn a_stop_ends_all_reads(database: TestDatabase) {
        let service = Service::with_records(&database, &lines()).await;
        let stop = async {
            let _ = timeout(A_MOMENT, std::future::pending::<()>()).await;
            service.reader.stop().await;
        };
        let (answer, ()) = timeout(SOON, async { tokio::join!(service.ask(LONG), stop) }).await.expect("it ends");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{answer}");
        end_of_reads(&database).await;
    }

    async fn small_reads_are_answered_beside_large_ones_of_everybody(database: TestDatabase) {
        let service = Service::with_records(&database, &lines()).await;
        let large = (0..16).map(|n| {
            let client = Client::token(&(n % 4).to_string());
            service.answer(Request::new(LONG).data(client))
        });
        let small = async {
            for _ in 0..50 {
                let answer = service.answer(Request::new("{ record(key: \"place/0\") { name } }").data(Client::token("small"))).await;
                assert_eq!(answer, json!({ "data": { "record": { "name": "Hub" } } }));
            }
        };
        tokio::select! {
            _ = futures_util::future::join_all(large) => panic!("the large ones take longer"),
            small = timeout(SOON, small) => small.expect("the small ones do not wait for them"),
        }
    }
}
