//! `dateline backup` and `dateline restore`: copies of SQLite files.

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Output, Stdio},
};

use tempfile::TempDir;

use crate::{
    command::{dateline, serve, text},
    support::{database::TestDatabase, editor::Editor, lines::export_text},
};

fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    dateline(folder, arguments).output().unwrap()
}

/// The messages of a command that succeeds.
fn done(folder: &TempDir, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stderr)
}

/// The message of a command that fails.
fn refused(folder: &TempDir, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
    said.lines().last().expect("a message").to_owned()
}

/// Imports a place with this key into `dateline.db`.
fn import(folder: &TempDir, key: &str) {
    let mut import = dateline(folder, &["import", "-"]).stdin(Stdio::piped()).spawn().unwrap();
    let line = format!("{{\"type\":\"PLACE\",\"key\":\"{key}\",\"name\":\"درنة\",\"kind\":\"CITY\"}}\n");
    import.stdin.take().unwrap().write_all(line.as_bytes()).unwrap();
    assert!(import.wait().unwrap().success());
}

fn export(folder: &TempDir, database: &str) -> String {
    text(&run(folder, &["export", "--history", "--database", database]).stdout)
}

/// The names of the files in a folder that begin like this.
fn files(folder: &Path, beginning: &str) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.starts_with(beginning)).collect();
    names.sort();
    names
}

#[test]
fn a_backup_of_a_running_server_can_be_restored() {
    let folder = tempfile::tempdir().unwrap();
    let (mut server, _) = serve(&folder, &[]);
    import(&folder, "first");
    let before = export(&folder, "sqlite://dateline.db");
    let said = done(&folder, &["backup", "copy.db"]);
    assert!(said.contains("copy.db is a complete and checked copy") && said.contains("checking the copy"), "{said}");
    assert_eq!(files(folder.path(), "copy"), ["copy.db"], "one file alone is the whole copy");
    assert_eq!(export(&folder, "sqlite://copy.db"), before);
    import(&folder, "second");
    let after = export(&folder, "sqlite://dateline.db");

    let said = refused(&folder, &["restore", "copy.db"]);
    assert!(said.contains("is in use by another `dateline serve`"), "{said}");
    assert_eq!(export(&folder, "sqlite://dateline.db"), after);
    // A server that is killed leaves its write-ahead log behind.
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(files(folder.path(), "dateline.db").contains(&"dateline.db-wal".to_owned()));
    let said = done(&folder, &["restore", "copy.db"]);
    assert!(said.contains("The replaced database is now dateline.db.before-restore"), "{said}");
    assert_eq!(files(folder.path(), "dateline.db"), ["dateline.db", "dateline.db.before-restore", "dateline.db.lock"]);
    assert_eq!(export(&folder, "sqlite://dateline.db"), before);
    assert_eq!(
        export(&folder, "sqlite://dateline.db.before-restore"),
        after,
        "nothing of the replaced database is lost"
    );
    let (mut server, _) = serve(&folder, &[]);
    server.kill().unwrap();
    server.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_has_one_state_while_editors_write() {
    let folder = tempfile::tempdir().unwrap();
    let database = TestDatabase::sqlite().await;
    let editor = Editor::start(&database).await;
    let writing = tokio::spawn({
        let editor = editor.clone();
        async move {
            for number in 0..60 {
                editor.create("Person", serde_json::json!({ "key": format!("p/{number}"), "name": "P" })).await;
            }
        }
    });
    let mut copies = 0;
    while !writing.is_finished() {
        let name = format!("{copies}.db");
        let mut backup = dateline(&folder, &["backup", &name, "--database", &database.url]);
        let output = tokio::task::spawn_blocking(move || backup.output().unwrap()).await.unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        copies += 1;
    }
    writing.await.unwrap();
    let all = export_text(&editor.connection, true).await;
    let revisions: Vec<&str> = all.lines().filter(|line| line.contains("\"REVISION\"")).collect();
    for number in 0..copies {
        let copy = export(&folder, &format!("sqlite://{number}.db"));
        let copied: Vec<&str> = copy.lines().filter(|line| line.contains("\"REVISION\"")).collect();
        assert_eq!(copied, revisions[..copied.len()], "the copy {number} is the beginning of the history");
    }
}

#[test]
fn a_backup_never_overwrites_a_file() {
    let folder = tempfile::tempdir().unwrap();
    import(&folder, "first");
    fs::write(folder.path().join("mine.txt"), "mine").unwrap();
    let said = refused(&folder, &["backup", "mine.txt"]);
    assert_eq!(said, "dateline: mine.txt exists already: choose another name, or remove the file first");
    assert_eq!(fs::read_to_string(folder.path().join("mine.txt")).unwrap(), "mine");
    assert!(refused(&folder, &["backup", "dateline.db"]).contains("exists already"));
    assert!(refused(&folder, &["backup", "none/copy.db"]).contains("none/copy.db"));
    assert!(refused(&folder, &["backup", "copy.db", "--database", "sqlite://none.db"]).contains("does not exist"));
    assert_eq!(files(folder.path(), "copy"), [""; 0]);
}

#[test]
fn a_damaged_or_foreign_backup_is_refused_and_the_database_stays() {
    let folder = tempfile::tempdir().unwrap();
    import(&folder, "first");
    let before = export(&folder, "sqlite://dateline.db");
    done(&folder, &["backup", "copy.db"]);
    let mut bytes = fs::read(folder.path().join("copy.db")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 20_000].fill(0xa5);
    fs::write(folder.path().join("broken.db"), &bytes).unwrap();
    bytes.truncate(middle);
    fs::write(folder.path().join("cut.db"), &bytes).unwrap();
    fs::write(folder.path().join("text.db"), "no database, but a long enough text").unwrap();
    fs::write(folder.path().join("empty.db"), "").unwrap();
    for (backup, reason) in [
        ("broken.db", "broken.db is damaged"),
        ("cut.db", "cut.db is damaged"),
        ("text.db", "is not a SQLite database"),
        ("empty.db", "has no tables of dateline"),
        ("none.db", "does not exist"),
        ("dateline.db", "is the database itself"),
    ] {
        let said = refused(&folder, &["restore", backup]);
        assert!(said.contains(reason), "{backup}: {said}");
        assert_eq!(files(folder.path(), "dateline.db"), ["dateline.db", "dateline.db.lock"], "{backup}");
    }
    assert_eq!(export(&folder, "sqlite://dateline.db"), before);
    done(&folder, &["restore", "copy.db", "--database", "sqlite://new.db"]);
    assert_eq!(export(&folder, "sqlite://new.db"), before, "also where nothing was");
}

#[test]
fn a_backup_of_a_damaged_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    import(&folder, "first");
    let path = folder.path().join("dateline.db");
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 20_000].fill(0xa5);
    fs::write(&path, &bytes).unwrap();
    assert!(refused(&folder, &["backup", "copy.db"]).contains("damaged"));
    assert_eq!(files(folder.path(), "copy"), [""; 0]);
}

#[test]
fn postgres_has_tools_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    for command in ["backup", "restore"] {
        let said = refused(&folder, &[command, "copy.db", "--database", "postgres://me@127.0.0.1:1/news"]);
        assert!(said.contains("pg_dump"), "{said}");
    }
}
