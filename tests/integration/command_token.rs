//! Tokens on the command line, as people and service managers use them.
#![cfg(unix)]

use std::{io::Read as _, process::Output};

use serde_json::{Value, json};

use crate::{
    both_databases,
    command::{dateline, serve_with_output, stop, text},
};

const VIEWER: &str = "{ viewer { name role } }";

fn run(folder: &tempfile::TempDir, arguments: &[&str]) -> Output {
    dateline(folder, arguments).output().unwrap()
}

/// The token that a command prints, which is its only output.
fn created(folder: &tempfile::TempDir, arguments: &[&str]) -> String {
    let output = run(folder, &[&["token", "create"], arguments].concat());
    assert!(output.status.success(), "{output:?}");
    let token = text(&output.stdout).strip_suffix('\n').unwrap().to_owned();
    assert!(token.starts_with("dateline_") && !token.contains(char::is_whitespace), "{token}");
    assert!(!text(&output.stderr).contains(&token));
    token
}

/// The error line of a command that fails, after its log.
fn failure(folder: &tempfile::TempDir, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    let said = text(&output.stderr);
    assert_eq!(said.lines().count(), 1, "{said}");
    said
}

/// Status and body of the answer to a document that is sent with a token.
fn ask(address: &str, token: Option<&str>, query: &str) -> (u16, Value) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut request = reqwest::Client::new().post(format!("{address}/graphql")).json(&json!({ "query": query }));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    })
}

fn viewer(name: &str, role: &str) -> (u16, Value) {
    (200, json!({ "data": { "viewer": { "name": name, "role": role } } }))
}

both_databases! {
    async fn a_token_is_created_listed_and_revoked(database: TestDatabase) {
        let folder = tempfile::tempdir().unwrap();
        let at = ["--database", &database.url];
        let token = created(&folder, &[&["--name", " Amina ", "--role", "editor", "--expires", "90d"], &at[..]].concat());
        created(&folder, &[&["--name", "export", "--role", "reader"], &at[..]].concat());
        let list = || text(&run(&folder, &[&["token", "list"], &at[..]].concat()).stdout);
        let listed = list();
        let words: Vec<Vec<&str>> = listed.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(words[0], ["NAME", "ROLE", "CREATED", "EXPIRES", "REVOKED"]);
        assert_eq!((&words[1][..2], words[1].last().unwrap()), (&["Amina", "editor"][..], &"no"), "{listed}");
        assert_eq!((&words[2][..2], &words[2][5..]), (&["export", "reader"][..], &["never", "no"][..]), "{listed}");
        assert!(!listed.contains(&token) && !listed.contains("dateline_"));

        let revoke = [&["token", "revoke", "--name", "Amina"], &at[..]].concat();
        assert!(run(&folder, &revoke).status.success());
        assert!(!list().lines().nth(1).unwrap().ends_with("no"));
        assert!(failure(&folder, &revoke).contains("the token Amina was revoked already, on 20"));
        // the name is free again
        assert_ne!(created(&folder, &[&["--name", "Amina", "--role", "admin"], &at[..]].concat()), token);
        assert!(run(&folder, &revoke).status.success());
    }

    async fn wrong_arguments_are_refused_in_one_clear_line(database: TestDatabase) {
        let folder = tempfile::tempdir().unwrap();
        let at = ["--database", &database.url];
        let create = |name: &str, more: &[&str]| {
            failure(&folder, &[&["token", "create", "--role", "reader", "--name", name], more, &at[..]].concat())
        };
        created(&folder, &[&["--name", "taken", "--role", "reader"], &at[..]].concat());
        assert!(create("taken", &[]).contains("the name taken is taken by a token that does not expire; revoke"));
        assert!(create("", &[]).contains("the name is empty"));
        assert!(create("a\u{202e}b", &[]).contains("U+202E"));
        assert!(create(&"x".repeat(301), &[]).contains("longer than 300 characters"));
        assert!(create("admin", &[]).contains("reserved for the program"));
        assert!(create("past", &["--expires", "2015-02-17"]).contains("would have expired already, on 2015-02-18"));
        assert!(create("odd", &["--expires", "soon"]).contains("--expires is not a time span (30m"));
        let unknown = failure(&folder, &[&["token", "revoke", "--name", "nobody"], &at[..]].concat());
        assert!(unknown.contains("no token is named nobody"));
    }
}

#[test]
fn token_create_creates_the_database_but_list_and_revoke_do_not() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [&["token", "list"][..], &["token", "revoke", "--name", "a"]] {
        assert!(failure(&folder, arguments).contains("does not exist"));
    }
    created(&folder, &["--name", "first", "--role", "reader"]);
    assert!(text(&run(&folder, &["token", "list"]).stdout).contains("first"));
}

#[test]
fn a_token_created_while_a_server_runs_works_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let (server, address, _) = serve_with_output(&folder, &[], |command| command, 1);
    let token = created(&folder, &["--name", "Amina", "--role", "editor"]);
    assert_eq!(ask(&address, Some(&token), VIEWER), viewer("Amina", "EDITOR"));
    stop(server);
}

#[test]
fn the_demo_prints_an_address_for_editing_that_works_until_it_stops() {
    let folder = tempfile::tempdir().unwrap();
    let start = || {
        let (server, address, said) = serve_with_output(&folder, &["--demo"], |command| command, 2);
        let token = said[1].strip_prefix(&format!("Playground with editing: {address}/#token=")).unwrap().to_owned();
        (server, address, token)
    };
    let (server, address, token) = start();
    assert_eq!(ask(&address, Some(&token), VIEWER), viewer("demo-editor", "EDITOR"));
    stop(server);
    let (server, address, other) = start();
    assert_eq!(ask(&address, Some(&token), VIEWER).0, 401);
    assert_eq!(ask(&address, Some(&other), VIEWER), viewer("demo-editor", "EDITOR"));
    stop(server);
    let listed = run(&folder, &["token", "list", "--database", "sqlite://dateline-demo.db"]);
    assert_eq!(text(&listed.stdout).lines().count(), 1, "it is in no database: {listed:?}");
}

#[test]
fn an_administrators_token_comes_from_the_environment_and_is_shown_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let token = "0123456789abcdef0123456789abcdef";
    let (mut server, address, _) = serve_with_output(
        &folder,
        &["--read", "token", "--log", "trace"],
        |command| command.env("DATELINE_ADMIN_TOKEN", token),
        1,
    );
    assert_eq!(ask(&address, Some(token), VIEWER), viewer("admin", "ADMIN"));
    assert_eq!(ask(&address, Some(&token.to_uppercase()), VIEWER).0, 401);
    let mut log = server.stderr.take().unwrap();
    stop(server);
    let mut logged = String::new();
    log.read_to_string(&mut logged).unwrap();
    assert!(logged.contains("/graphql") && !logged.to_lowercase().contains(token), "{logged}");
    let help = dateline(&folder, &["serve", "--help"]).env("DATELINE_ADMIN_TOKEN", token).output().unwrap();
    let help = text(&help.stdout);
    assert!(help.contains("DATELINE_ADMIN_TOKEN") && !help.contains(token), "{help}");
}

#[test]
fn an_administrators_token_that_is_too_short_stops_the_server_before_it_starts() {
    let folder = tempfile::tempdir().unwrap();
    for (token, said) in
        [("a-short-secret", "is too short"), ("", "is too short"), (&*"with a space".repeat(4), "character")]
    {
        let output = dateline(&folder, &["serve"]).env("DATELINE_ADMIN_TOKEN", token).output().unwrap();
        let line = text(&output.stderr);
        assert_eq!((output.status.code(), line.lines().count()), (Some(1), 1), "{line}");
        assert!(line.contains("DATELINE_ADMIN_TOKEN") && line.contains(said), "{line}");
        assert!(token.is_empty() || !line.contains(token), "{line}");
    }
}

#[test]
fn reading_is_open_on_loopback_and_needs_a_token_elsewhere_unless_a_flag_changes_that() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, status) in [
        (&[][..], 200),
        (&["--listen", "0.0.0.0:0"], 401),
        (&["--listen", "0.0.0.0:0", "--read", "open"], 200),
        (&["--read", "token"], 401),
    ] {
        let (server, address, _) = serve_with_output(&folder, arguments, |command| command, 1);
        assert_eq!(ask(&address.replace("0.0.0.0", "127.0.0.1"), None, "{ __typename }").0, status, "{arguments:?}");
        stop(server);
    }
}

#[test]
fn a_server_that_nobody_can_use_says_how_to_change_that() {
    let folder = tempfile::tempdir().unwrap();
    let warned = |folder: &tempfile::TempDir| {
        let (mut server, ..) = serve_with_output(folder, &["--read", "token"], |command| command, 1);
        let mut log = server.stderr.take().unwrap();
        stop(server);
        let mut logged = String::new();
        log.read_to_string(&mut logged).unwrap();
        logged.contains("create one with `dateline token create`")
    };
    assert!(warned(&folder));
    created(&folder, &["--name", "a", "--role", "reader"]);
    assert!(!warned(&folder));
}

#[test]
fn the_help_of_token_has_examples() {
    let folder = tempfile::tempdir().unwrap();
    let help = text(&run(&folder, &["token", "create", "--help"]).stdout);
    for word in ["--name Amina", "90d", "2027-01-31", "reader", "May read and change records", "Authorization: Bearer"]
    {
        assert!(help.contains(word), "{word} is missing:\n{help}");
    }
    for arguments in
        [&["token"][..], &["token", "create", "--name", "a"], &["token", "create", "--name", "a", "--role", "king"]]
    {
        assert_eq!(run(&folder, arguments).status.code(), Some(2), "{arguments:?}");
    }
}
