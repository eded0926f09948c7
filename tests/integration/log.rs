//! The log: one line for each request, which says who asked for what and whether it succeeded.

use std::io::Read as _;

use reqwest::Client;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use crate::{
    both_databases,
    command::{dateline, serve_with_output, text},
};

const TOKEN: &str = "an-administrators-token-for-these-tests";

#[tokio::test]
async fn a_line_says_who_asked_and_whether_it_was_refused() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["--log-format", "json"];
    let (mut server, address, _) =
        serve_with_output(&folder, &arguments, |command| command.env("DATELINE_ADMIN_TOKEN", TOKEN), 1);
    let client = Client::new();
    let send = async |body: Value, token: Option<&str>| {
        let request = client.post(format!("{address}/graphql")).json(&body);
        let request = if let Some(token) = token { request.bearer_auth(token) } else { request };
        request.send().await.unwrap().status().as_u16()
    };
    let long = "اسم".repeat(1_000);
    assert_eq!(
        send(json!({ "query": "query Good { viewer { name } }", "operationName": "Good" }), Some(TOKEN)).await,
        200
    );
    assert_eq!(send(json!({ "query": "query Bad { nothing }", "operationName": "Bad" }), Some(TOKEN)).await, 200);
    assert_eq!(send(json!({ "query": "{ viewer { name } }", "operationName": long }), None).await, 200);
    assert_eq!(send(json!({ "query": "mutation Partly { createPerson(input: { name: \"P\" }) { person { id } } }", "operationName": "Partly" }), None).await, 200);
    assert_eq!(send(json!([]), Some(TOKEN)).await, 400);
    assert_eq!(send(json!({ "query": "{ viewer { name } }" }), Some("wrong")).await, 401);
    server.kill().unwrap();
    let mut log = String::new();
    server.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    server.wait().unwrap();

    let lines = log
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|line| line["path"] == "/graphql");
    let lines: Vec<Value> = lines.collect();
    assert!(!log.contains(TOKEN) && lines.iter().all(|line| line["client"] == "127.0.0.1"), "{log}");
    let said: Vec<[&Value; 5]> =
        lines.iter().map(|line| ["message", "operation", "code", "token", "status"].map(|name| &line[name])).collect();
    let cut = json!(long.chars().take(100).collect::<String>());
    let (none, admin, bad_input) = (Value::Null, json!("admin"), json!("BAD_USER_INPUT"));
    assert_eq!(said[0], [&json!("answered"), &json!("Good"), &none, &admin, &json!(200)]);
    assert_eq!(said[1], [&json!("refused"), &json!("Bad"), &bad_input, &admin, &json!(200)]);
    assert_eq!(said[2], [&json!("refused"), &cut, &bad_input, &none, &json!(200)]);
    assert_eq!(
        said[3],
        [&json!("answered with errors"), &json!("Partly"), &json!("UNAUTHENTICATED"), &none, &json!(200)]
    );
    assert_eq!(said[4], [&json!("refused"), &none, &bad_input, &admin, &json!(400)]);
    assert_eq!(said[5], [&json!("refused"), &none, &json!("UNAUTHENTICATED"), &none, &json!(401)]);
    assert_eq!(said.len(), 6);
}

/// Runs `dateline migrate` in several processes at once. Gives what each of them says.
fn migrate_at_once(folder: &tempfile::TempDir, database: &str) -> Vec<String> {
    let start = |_| dateline(folder, &["migrate", "--database", database]).spawn().unwrap();
    let processes: Vec<_> = (0..4).map(start).collect();
    let outputs = processes.into_iter().map(|process| process.wait_with_output().unwrap());
    outputs.map(|output| text(&output.stderr).lines().last().unwrap_or_default().to_owned()).collect()
}

both_databases! {
    async fn of_processes_that_migrate_at_once_one_reports_the_migrations(database: TestDatabase) {
        let folder = tempfile::tempdir().unwrap();
        let url = if database.is_postgres() {
            let connection = database.raw().await;
            connection.execute_unprepared("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await.unwrap();
            &database.url
        } else {
            "sqlite://new.db"
        };
        let said = migrate_at_once(&folder, url);
        let reports = said.iter().filter(|line| line.ends_with("migrations were run")).count();
        let others = said.iter().filter(|line| line.ends_with("is up to date")).count();
        assert_eq!((reports, others), (1, 3), "{said:?}");
    }
}
