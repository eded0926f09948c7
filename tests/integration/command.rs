//! The command line as people and service managers use it, with one process for each test.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    net::TcpListener,
    process::{Child, Command, Output, Stdio},
};

pub fn dateline(folder: &tempfile::TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
    command.args(arguments).current_dir(folder.path()).env_remove("DATABASE_URL");
    command.env_remove("DATELINE_ADMIN_TOKEN").env_remove("DATELINE_READ");
    // A free port: another server may run on the default one.
    command.env("DATELINE_LISTEN", "127.0.0.1:0");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    dateline(&folder, arguments).output().unwrap()
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The one line on standard error of a command that fails with exit code 1.
fn failure(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let said = text(&output.stderr);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.starts_with("dateline: "), "{said}");
    said
}

/// A server that has printed its address.
pub fn serve(folder: &tempfile::TempDir, arguments: &[&str]) -> (Child, String) {
    let (server, address, _) = serve_with_output(folder, arguments, |command| command, 1);
    (server, address)
}

/// The same with other settings. Gives all printed lines, with the first.
pub fn serve_with_output(
    folder: &tempfile::TempDir,
    arguments: &[&str],
    set: impl FnOnce(&mut Command) -> &mut Command,
    lines: usize,
) -> (Child, String, Vec<String>) {
    let mut command = dateline(folder, &[&["serve"], arguments].concat());
    let mut server = set(&mut command).spawn().unwrap();
    let said = BufReader::new(server.stdout.as_mut().unwrap()).lines().take(lines);
    let said: Vec<String> = said.map(Result::unwrap).collect();
    let address = said.first().and_then(|line| line.strip_prefix("Dateline listens on "));
    let address = address.and_then(|rest| rest.strip_suffix("/  (playground)"));
    let address = address.unwrap_or_else(|| panic!("{said:?}")).to_owned();
    (server, address, said)
}

#[cfg(unix)]
fn signal(server: &Child, name: &str) {
    let sent = Command::new("kill").arg(format!("-{name}")).arg(server.id().to_string()).status().unwrap();
    assert!(sent.success());
}

#[test]
fn the_help_has_examples() {
    let help = text(&run(&["--help"]).stdout);
    for word in ["dateline serve --demo", "DATABASE_URL=", "migrate", "schema"] {
        assert!(help.contains(word), "{word} is missing:\n{help}");
    }
    let help = text(&run(&["serve", "--help"]).stdout);
    for word in ["DATELINE_LISTEN", "127.0.0.1:8000", "sqlite://dateline.db", "--max-depth", "[default: 16]", "SIGTERM"]
    {
        assert!(help.contains(word), "{word} is missing:\n{help}");
    }
}

#[test]
fn wrong_usage_has_exit_code_2() {
    for arguments in [&["serve", "--nope"][..], &["nope"], &["serve", "--allow-origin", "*"], &[]] {
        assert_eq!(run(arguments).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn the_schema_is_printed_without_a_database() {
    let output = run(&["schema"]);
    assert!(output.status.success());
    let sdl = text(&output.stdout);
    assert!(sdl.contains("type Query {"), "{sdl}");
    assert_eq!(sdl, text(&run(&["schema"]).stdout), "it is the same every time");
}

#[cfg(unix)]
#[test]
fn servers_of_tests_share_no_port() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let servers = folders.each_ref().map(|folder| serve(folder, &[]));
    assert_ne!(servers[0].1, servers[1].1);
    for (server, address) in servers {
        assert!(!address.ends_with(":8000"), "{address}");
        stop(server);
    }
}

#[test]
fn a_taken_port_is_one_clear_line() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = failure(&["serve", "--listen", &address]);
    assert!(said.contains(&address) && said.contains("taken"), "{said}");
}

#[test]
fn a_bad_address_is_one_clear_line() {
    for bad in ["nonsense", "127.0.0.1", "127.0.0.1:99999", "nowhere.invalid:80"] {
        let said = failure(&["serve", "--listen", bad]);
        assert!(said.contains(bad), "{said}");
    }
}

#[test]
fn settings_can_come_from_the_environment_and_flags_win() {
    let folder = tempfile::tempdir().unwrap();
    let said = |command: &mut Command| text(&command.env("DATELINE_LISTEN", "by-environment").output().unwrap().stderr);
    assert!(said(&mut dateline(&folder, &["serve"])).contains("by-environment"));
    assert!(said(&mut dateline(&folder, &["serve", "--listen", "by-flag"])).contains("by-flag"));
}

#[test]
fn a_bad_log_filter_is_one_clear_line() {
    assert!(failure(&["--log", "info,=,", "migrate"]).contains("log filter"));
}

#[cfg(unix)]
#[test]
fn a_signal_stops_the_server_with_exit_code_0() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["TERM", "INT"] {
        let (mut server, _) = serve(&folder, &[]);
        signal(&server, name);
        assert_eq!(server.wait().unwrap().code(), Some(0), "SIG{name}");
    }
}

#[cfg(unix)]
#[test]
fn a_second_signal_stops_it_at_once() {
    use std::{io::Write as _, net::TcpStream};
    let folder = tempfile::tempdir().unwrap();
    let (mut server, address) = serve(&folder, &[]);
    // A request whose body has not arrived yet delays the stop.
    let mut open = TcpStream::connect(address.strip_prefix("http://").unwrap()).unwrap();
    open.write_all(b"POST /graphql HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n").unwrap();
    let mut continued = [0; 25];
    open.read_exact(&mut continued).unwrap();
    signal(&server, "TERM");
    let mut log = BufReader::new(server.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("stopping") {
        line.clear();
        assert_ne!(log.read_line(&mut line).unwrap(), 0);
    }
    signal(&server, "TERM");
    assert_eq!(server.wait().unwrap().code(), Some(1));
}

#[cfg(unix)]
#[test]
fn logs_can_be_json_and_hold_no_bodies() {
    let folder = tempfile::tempdir().unwrap();
    let token = "private".repeat(5);
    let (mut server, address, _) =
        serve_with_output(&folder, &["--log-format", "json"], |c| c.env("DATELINE_ADMIN_TOKEN", &token), 1);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let request = reqwest::Client::new().post(format!("{address}/graphql")).header("x-request-id", "the-request");
        let body = r#"{"query":"query Named($v: String) { __typename @skip(if: false) }","operationName":"Named","variables":{"v":"private"}}"#;
        request.header("content-type", "application/json").bearer_auth(&token).body(body).send().await.unwrap();
    });
    signal(&server, "TERM");
    let mut log = String::new();
    server.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    assert!(server.wait().unwrap().success());
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let line = lines.iter().find(|line| line["request_id"] == "the-request").unwrap_or_else(|| panic!("{log}"));
    assert_eq!(
        (&line["method"], &line["path"], &line["status"], &line["operation"]),
        (&"POST".into(), &"/graphql".into(), &200.into(), &"Named".into())
    );
    assert!(line["ms"].is_number());
    assert!(!log.contains("private"));
}

pub fn ask(address: &str, query: &str) -> serde_json::Value {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let request = reqwest::Client::new().post(format!("{address}/graphql"));
        request.json(&serde_json::json!({ "query": query })).send().await.unwrap().json().await.unwrap()
    })
}

#[cfg(unix)]
pub fn stop(mut server: Child) {
    signal(&server, "TERM");
    assert!(server.wait().unwrap().success());
}

#[cfg(unix)]
#[test]
fn an_empty_folder_is_enough_to_serve() {
    let folder = tempfile::tempdir().unwrap();
    let (server, address) = serve(&folder, &[]);
    let answer = ask(&address, "{ places { nodes { id } totalCount pageInfo { hasNextPage } } }");
    assert_eq!(answer["data"]["places"]["totalCount"], 0, "{answer}");
    stop(server);
    assert!(folder.path().join("dateline.db").exists());
}

#[cfg(unix)]
#[test]
fn the_first_start_reports_its_tables_in_one_line_unless_the_log_is_detailed() {
    let log_lines = |arguments: &[&str]| {
        let folder = tempfile::tempdir().unwrap();
        let (mut server, _) = serve(&folder, arguments);
        let mut log = server.stderr.take().unwrap();
        stop(server);
        let mut text = String::new();
        log.read_to_string(&mut text).unwrap();
        text.lines().filter(|line| line.contains("migration")).map(str::to_owned).collect::<Vec<_>>()
    };
    let lines = log_lines(&[]);
    assert!(lines.len() == 1 && lines[0].contains("migrated the database"), "{lines:?}");
    assert!(log_lines(&["--log", "info"]).len() > 8, "each of them is named");
}

#[cfg(unix)]
#[test]
fn the_debug_log_says_why_a_database_is_not_available() {
    // This listener closes each connection at once.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("postgres://me:secret@{}/news", listener.local_addr().unwrap());
    std::thread::spawn(move || listener.incoming().for_each(drop));
    let said = failure(&["migrate", "--database", &address]);
    assert!(said.ends_with("(use --log debug to see the cause)\n"), "{said}");
    let output = run(&["migrate", "--database", &address, "--log", "debug"]);
    let log = text(&output.stderr);
    assert!(log.contains("cause=") && !log.contains("secret"), "{log}");
}

#[cfg(unix)]
#[test]
fn the_demo_is_imported_once_and_never_into_other_records() {
    let folder = tempfile::tempdir().unwrap();
    let first =
        |address: &str| ask(address, "{ record(key: \"country/ly\") { id version name } events { totalCount } }");
    let (server, address) = serve(&folder, &["--demo"]);
    let imported = first(&address);
    assert_eq!(imported["data"]["record"]["name"], "Libya", "{imported}");
    assert!(imported["data"]["events"]["totalCount"].as_u64() > Some(10));
    stop(server);

    let (server, address) = serve(&folder, &["--demo"]);
    assert_eq!(first(&address), imported);
    stop(server);

    let mine = folder.path().join("mine.jsonl");
    std::fs::write(&mine, r#"{"type":"PERSON","key":"person/a","name":"A"}"#).unwrap();
    let imported = dateline(&folder, &["import", "mine.jsonl"]).output().unwrap();
    assert!(imported.status.success(), "{imported:?}");
    let refused =
        dateline(&folder, &["serve", "--demo", "--listen", "127.0.0.1:0", "--database", "sqlite://dateline.db"]);
    let refused = { refused }.output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("contains records that are not from the demo"), "{refused:?}");
}

#[test]
fn an_unusable_database_is_one_clear_line() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("notes.txt"), "these are notes and no database").unwrap();
    for (database, said) in [
        ("sqlite://notes.txt", "notes.txt is not a SQLite database"),
        ("sqlite://none/such.db", "its folder does not exist"),
        ("mysql://me@host/news", "is not the address of a database"),
        ("postgres://me:secret@127.0.0.1:1/news", "not available at the moment (use --log debug to see the cause)"),
    ] {
        for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["migrate"]] {
            let output = dateline(&folder, command).args(["--database", database]).output().unwrap();
            let line = text(&output.stderr);
            assert_eq!((output.status.code(), line.lines().count()), (Some(1), 1), "{line}");
            assert!(line.contains(said) && !line.contains("secret"), "{line}");
        }
    }
}

#[test]
fn migrate_creates_the_tables_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let said = || text(&dateline(&folder, &["migrate", "--log", "off"]).output().unwrap().stderr);
    assert!(said().contains("migrations were run"));
    assert_eq!(said(), "dateline.db is up to date\n");
}

#[test]
fn an_import_into_a_new_file_leaves_a_complete_file_in_wal_mode() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dateline.db");
    let line = |key: &str| {
        format!("{{\"type\":\"PLACE\",\"key\":\"{key}\",\"kind\":\"COUNTRY\",\"name\":\"Libya\",\"language\":\"en\"}}")
    };
    std::fs::write(folder.path().join("one.jsonl"), line("libya")).unwrap();
    std::fs::write(folder.path().join("two.jsonl"), line("again")).unwrap();

    for (lines, holds) in [("one.jsonl", 1), ("two.jsonl", 2)] {
        let imported = dateline(&folder, &["import", lines]).output().unwrap();
        assert!(imported.status.success(), "{imported:?}");
        let header = std::fs::read(&file).unwrap();
        assert_eq!(header[18..20], [2, 2], "the header says WAL mode");
        assert!(!folder.path().join("dateline.db-journal").exists());
        let exported = dateline(&folder, &["export"]).output().unwrap();
        assert_eq!(text(&exported.stdout).matches("\"PLACE\"").count(), holds);
    }
}

#[test]
fn a_file_that_another_process_has_locked_is_one_clear_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("taken.db");
    let other = rusqlite::Connection::open(&file).unwrap();
    other.execute_batch("CREATE TABLE some (thing)").unwrap();
    for state in ["BEGIN IMMEDIATE; INSERT INTO some VALUES (1)", "COMMIT; BEGIN EXCLUSIVE"] {
        other.execute_batch(state).unwrap();
        let said = failure(&["serve", "--database", &format!("sqlite://{}", file.display())]);
        assert!(said.contains("the database is busy with other writes"), "{said}");
    }
}

#[test]
fn reindex_builds_the_search_index_again_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("places.jsonl");
    std::fs::write(&file, "{\"type\":\"PLACE\",\"key\":\"derna\",\"kind\":\"CITY\",\"name\":\"Derna\"}\n").unwrap();
    let said = |arguments: &[&str]| text(&dateline(&folder, arguments).output().unwrap().stderr);
    assert!(said(&["reindex"]).contains("dateline.db"), "there is no file");
    said(&["import", "places.jsonl"]);
    assert!(said(&["reindex", "--log", "off"]).ends_with("dateline.db: 1 record was indexed\n"));
}
