//! The interchange format agrees with its description.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use dateline::{cli::import::ImportError, domain::document::json_schema};
use entity::vocabulary::{RecordKind, Vocabulary as _};

use crate::support::{database::TestDatabase, lines::try_import};

const SCHEMA: &str = "docs/interchange.schema.json";

#[test]
fn the_json_schema_is_the_one_that_the_program_checks_by() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(SCHEMA);
    let mut generated = serde_json::to_string_pretty(&json_schema()).unwrap();
    generated.push('\n');
    if std::env::var_os("DATELINE_UPDATE").is_some() {
        std::fs::write(&path, &generated).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap();
    assert!(written == generated, "{SCHEMA} is out of date; run this test once with DATELINE_UPDATE=1");
}

#[tokio::test]
async fn the_examples_of_the_description_can_be_imported() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/interchange.md");
    let text = std::fs::read_to_string(path).unwrap();
    let examples: String =
        text.lines().filter(|line| line.starts_with("{\"type\"")).flat_map(|line| [line, "\n"]).collect();
    for (kind, _) in RecordKind::VALUES {
        assert!(examples.contains(&format!("{{\"type\":\"{kind}\"")), "{kind} has an example");
    }
    let database = TestDatabase::sqlite().await;
    let connection = database.open().await;
    let outcome = try_import(&connection, &examples).await.unwrap();
    assert_eq!(outcome.created, examples.lines().count());
}

#[test]
fn the_number_of_problems_is_grammatical() {
    assert_eq!(ImportError::Problems(vec!["a".into()]).to_string(), "1 problem found; nothing was imported");
    assert_eq!(
        ImportError::Problems(vec!["a".into(), "b".into()]).to_string(),
        "2 problems found; nothing was imported"
    );
}

/// Runs the program in a folder, with a database there.
fn dateline(folder: &Path, arguments: &[&str], input: &str) -> (bool, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dateline"))
        .args(arguments)
        .args(["--log", "error"])
        .current_dir(folder)
        .env("DATABASE_URL", "sqlite://test.db")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_commands_copy_everything_from_one_database_to_another() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let folder = first.path().join("lines");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("b.jsonl"), "{\"type\":\"PLACE\",\"key\":\"b\",\"name\":\"B\",\"kind\":\"CITY\"}\n")
        .unwrap();
    std::fs::write(folder.join("ignored.txt"), "no line").unwrap();
    let input =
        "\u{feff}{\"type\":\"PLACE\",\"key\":\"a\",\"name\":\"A\",\"kind\":\"CITY\",\"containedIn\":\"b\"}\r\n\r\n";
    let (good, out, log) = dateline(first.path(), &["import", "lines", "-"], input);
    assert!(good && out.is_empty(), "{log}");
    assert_eq!(log, "imported: 2 new, 0 changed, 0 unchanged\n");

    let (good, exported, _) = dateline(first.path(), &["export", "--history"], "");
    assert!(good && exported.lines().count() == 6, "{exported}");
    let file = first.path().join("out.jsonl");
    let (good, _, log) = dateline(first.path(), &["export", "--history", "-o", "out.jsonl"], "");
    assert!(good && log.is_empty(), "{log}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), exported);
    assert_eq!(
        std::fs::read_dir(first.path()).unwrap().filter(|entry| is_unfinished(entry.as_ref().unwrap())).count(),
        0
    );

    let (good, published, log) = dateline(first.path(), &["export", "--published"], "");
    assert!(good && published.lines().count() == 4);
    assert_eq!(log, "left out 0 records that are in the bin or need one in it, and all links to them\n");
    assert!(!dateline(first.path(), &["export", "--published", "--history"], "").0, "the history has all of it");

    let (good, _, log) = dateline(second.path(), &["import", file.to_str().unwrap()], "");
    assert!(good, "{log}");
    assert_eq!(dateline(second.path(), &["export", "--history"], "").1, exported);
}

fn is_unfinished(entry: &std::fs::DirEntry) -> bool {
    entry.path().extension().is_some_and(|extension| extension == "unfinished")
}

#[test]
fn problems_are_printed_with_file_line_and_field() {
    let folder = tempfile::tempdir().unwrap();
    let bad = "{\"type\":\"PLACE\",\"key\":\"a\",\"name\":\"A\",\"kind\":\"CITY\",\"population\":-1}\n";
    std::fs::write(folder.path().join("bad.jsonl"), bad).unwrap();
    let (good, out, log) = dateline(folder.path(), &["import", "bad.jsonl"], "");
    assert!(!good && out.is_empty());
    assert_eq!(
        log,
        "bad.jsonl:1: population: must be from 0 to 1000000000000\ndateline: 1 problem found; nothing was imported\n"
    );
    let many: String = (0..150).map(|n| bad.replace("\"a\"", &format!("\"a{n}\""))).collect();
    let (good, _, log) = dateline(folder.path(), &["import", "-"], &many);
    assert!(!good);
    assert_eq!(log.lines().count(), 102, "a hundred problems, how many more, and the sum");
    assert!(log.contains("... and 50 more\n"), "{log}");

    for (arguments, expected) in [(["import", "none.jsonl"], "none.jsonl cannot be read"), (["import", "."], "")] {
        let (good, _, log) = dateline(folder.path(), &arguments, "");
        assert!(!good && log.contains(expected), "{log}");
    }
    std::fs::write(folder.path().join("latin.jsonl"), b"\n\xe9\n").unwrap();
    let (_, _, log) = dateline(folder.path(), &["import", "latin.jsonl"], "");
    assert_eq!(log, "dateline: latin.jsonl:2: is not UTF-8\n");
    let (good, _, log) = dateline(folder.path(), &["export", "--database", "sqlite://none.db"], "");
    assert!(!good && log.contains("none.db cannot be opened: it does not exist"), "{log}");
}
