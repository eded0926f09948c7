//! The files of a SQLite database under a running server.

#![cfg(unix)]

use std::{
    fs,
    io::Read as _,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::Path,
    process::Child,
};

use dateline::store::{Connection, Error};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::command::{dateline, serve, serve_with_output, text};

const TOKEN: &str = "an administrator's token for these tests";

/// A server of `dateline.db` in a folder.
struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start(folder: &TempDir) -> Self {
        let (process, address, _) =
            serve_with_output(folder, &[], |command| command.env("DATELINE_ADMIN_TOKEN", token()), 1);
        Self { process, address }
    }

    /// Creates a person. Gives the whole answer.
    async fn create(&self, key: &str) -> Value {
        let document = "mutation ($key: String) { createPerson(input: { key: $key, name: \"P\" }) { person { key } userErrors { message } } }";
        let request = reqwest::Client::new().post(format!("{}/graphql", self.address)).bearer_auth(token());
        let response = request.json(&json!({ "query": document, "variables": { "key": key } })).send().await.unwrap();
        response.json().await.unwrap()
    }

    async fn readiness(&self) -> u16 {
        reqwest::get(format!("{}/readyz", self.address)).await.unwrap().status().as_u16()
    }

    /// Ends the server. Gives its log.
    fn stop(mut self) -> String {
        self.process.kill().unwrap();
        let mut log = String::new();
        self.process.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        self.process.wait().unwrap();
        log
    }
}

fn token() -> String {
    TOKEN.replace([' ', '\''], "-")
}

fn is_created(answer: &Value) -> bool {
    answer["data"]["createPerson"]["person"]["key"].is_string()
}

/// The code and the message of the only error of an answer.
fn error(answer: &Value) -> (&str, &str) {
    let error = &answer["errors"][0];
    (error["extensions"]["code"].as_str().unwrap_or_default(), error["message"].as_str().unwrap_or_default())
}

#[tokio::test]
async fn a_deleted_database_file_is_noticed_before_the_next_write_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&folder);
    assert!(is_created(&server.create("first").await));
    assert_eq!(server.readiness().await, 200);
    fs::remove_file(folder.path().join("dateline.db")).unwrap();
    let answer = server.create("second").await;
    let (code, message) = error(&answer);
    assert!(
        code == "UNAVAILABLE" && message.contains("deleted or replaced") && message.contains("Nothing was changed"),
        "{answer}"
    );
    assert_eq!(server.readiness().await, 503);
    let log = server.stop();
    assert!(log.contains("the database file dateline.db was deleted or replaced"), "{log}");
}

#[tokio::test]
async fn a_replaced_database_file_is_noticed_and_the_first_one_is_accepted_again() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&folder);
    assert!(is_created(&server.create("first").await));
    let (file, other) = (folder.path().join("dateline.db"), folder.path().join("other.db"));
    fs::copy(&file, &other).unwrap();
    fs::rename(&file, folder.path().join("moved.db")).unwrap();
    fs::rename(&other, &file).unwrap();
    assert_eq!((error(&server.create("second").await).0, server.readiness().await), ("UNAVAILABLE", 503));
    fs::rename(folder.path().join("moved.db"), &file).unwrap();
    assert!(is_created(&server.create("second").await));
    assert_eq!(server.readiness().await, 200);
    server.stop();
}

#[tokio::test]
async fn a_deleted_write_ahead_log_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&folder);
    assert!(is_created(&server.create("first").await));
    fs::remove_file(folder.path().join("dateline.db-wal")).unwrap();
    assert_eq!((error(&server.create("second").await).0, server.readiness().await), ("UNAVAILABLE", 503));
    server.stop();
}

#[tokio::test]
async fn a_commit_to_a_file_that_was_deleted_meanwhile_is_not_confirmed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("test.db");
    let connection = Connection::open(&format!("sqlite://{}", file.display())).await.unwrap();
    let transaction = connection.begin_write().await.unwrap();
    fs::remove_file(&file).unwrap();
    assert!(matches!(transaction.commit().await, Err(Error::Replaced { .. })));
}

#[test]
fn a_second_server_of_one_file_is_refused_under_every_name_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let (mut first, _) = serve(&folder, &[]);
    symlink(folder.path().join("dateline.db"), folder.path().join("link.db")).unwrap();
    let absolute = format!("sqlite://{}", folder.path().join("dateline.db").display());
    for database in ["sqlite://dateline.db", "sqlite://./dateline.db", "sqlite://link.db", &absolute] {
        let output = dateline(&folder, &["serve", "--listen", "127.0.0.1:0", "--database", database]).output().unwrap();
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(&format!("is in use by another `dateline serve` (process {})", first.id())), "{said}");
    }
    let (mut other, _) = serve(&folder, &["--database", "sqlite://other.db"]);
    // Commands beside the server are allowed.
    assert!(dateline(&folder, &["export"]).output().unwrap().status.success());
    // The lock ends with the process, however that ends.
    first.kill().unwrap();
    first.wait().unwrap();
    let (mut next, _) = serve(&folder, &[]);
    for server in [&mut other, &mut next] {
        server.kill().unwrap();
        server.wait().unwrap();
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).permissions().mode() & 0o777
}

#[tokio::test]
async fn only_the_owner_may_read_the_files_of_a_new_database() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&folder);
    assert!(is_created(&server.create("first").await));
    assert!(dateline(&folder, &["backup", "copy.db"]).output().unwrap().status.success());
    for name in ["dateline.db", "dateline.db-wal", "dateline.db-shm", "dateline.db.lock", "copy.db"] {
        assert_eq!(mode(&folder.path().join(name)), 0o600, "{name}");
    }
    server.stop();
    // The mode of a file that exists is the choice of its owner.
    fs::set_permissions(folder.path().join("dateline.db"), fs::Permissions::from_mode(0o640)).unwrap();
    assert!(dateline(&folder, &["migrate"]).output().unwrap().status.success());
    assert_eq!(mode(&folder.path().join("dateline.db")), 0o640);
}
