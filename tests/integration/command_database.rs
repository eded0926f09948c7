//! The address of the database on the command line and in the environment, with one process for each test.

use crate::command::{ask, dateline, serve, serve_with_output, stop, text};

#[cfg(unix)]
#[test]
fn an_empty_variable_counts_as_unset() {
    let folder = tempfile::tempdir().unwrap();
    let names = [
        "DATABASE_URL",
        "DATELINE_READ",
        "DATELINE_ALLOW_ORIGIN",
        "DATELINE_MAX_DEPTH",
        "DATELINE_NO_INTROSPECTION",
        "DATELINE_LOG",
    ];
    let (server, address, _) = serve_with_output(&folder, &[], |command| command.envs(names.map(|name| (name, ""))), 1);
    let answer = ask(&address, "{ __type(name: \"Place\") { name } places { totalCount } }");
    assert_eq!(answer["data"]["places"]["totalCount"], 0, "{answer}");
    assert_eq!(answer["data"]["__type"]["name"], "Place", "introspection is on: {answer}");
    stop(server);
    assert!(folder.path().join("dateline.db").exists());
    for (command, file) in
        [(&["migrate"][..], "dateline.db"), (&["token", "create", "--name", "a", "--role", "reader"], "dateline.db")]
    {
        let folder = tempfile::tempdir().unwrap();
        let output = dateline(&folder, command).env("DATABASE_URL", "").output().unwrap();
        assert!(output.status.success() && folder.path().join(file).exists(), "{command:?}: {output:?}");
    }
    let flag = dateline(&folder, &["migrate", "--database", ""]).output().unwrap();
    assert_eq!(flag.status.code(), Some(1), "an empty flag is a mistake");
}

#[cfg(unix)]
#[test]
fn a_file_of_any_name_is_created_served_imported_and_exported() {
    for (address, file) in [
        ("sqlite://file.db?mode=rwc", "file.db"),
        ("sqlite://my%20records.db?mode=rwc", "my records.db"),
        ("sqlite://a#1 100%.db", "a#1 100%.db"),
        ("sqlite://أخبار – été.db", "أخبار – été.db"),
        ("sqlite://file:notes.db?mode=rwc", "file:notes.db"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let line = "{\"type\":\"PLACE\",\"key\":\"libya\",\"kind\":\"COUNTRY\",\"name\":\"Libya\",\"language\":\"en\"}";
        std::fs::write(folder.path().join("one.jsonl"), line).unwrap();
        let imported = dateline(&folder, &["import", "one.jsonl", "--database", address]).output().unwrap();
        assert!(imported.status.success(), "{address}: {imported:?}");
        let (server, at) = serve(&folder, &["--database", address]);
        assert_eq!(
            ask(&at, "{ places { nodes { name } } }")["data"]["places"]["nodes"][0]["name"],
            "Libya",
            "{address}"
        );
        stop(server);
        let exported = dateline(&folder, &["export", "--database", address]).output().unwrap();
        assert!(text(&exported.stdout).contains("libya"), "{address}: {exported:?}");
        let mut names: Vec<_> =
            folder.path().read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        // `serve` leaves its lock file.
        let lock = format!("{file}.lock");
        let mut expected = [file, &lock, "one.jsonl"];
        expected.sort_unstable();
        assert_eq!(names, expected, "{address}");
    }
}

#[test]
fn an_address_with_options_that_cannot_be_met_is_one_line_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    for (address, reason) in [
        ("sqlite://a.db?mode=ro", "must be able to write"),
        ("sqlite://a.db?mode=memory", "must outlive the process"),
        ("sqlite://a.db?cache=shared", "the only options are mode=rwc and mode=rw"),
        ("sqlite://a.db?mode=rw", "it does not exist"),
    ] {
        for command in [&["migrate"][..], &["serve", "--listen", "127.0.0.1:0"]] {
            let output = dateline(&folder, command).env("DATABASE_URL", address).output().unwrap();
            let line = text(&output.stderr);
            assert_eq!((output.status.code(), line.lines().count()), (Some(1), 1), "{line}");
            assert!(line.contains(reason), "{address}: {line}");
        }
        assert!(!folder.path().join("a.db").exists(), "{address}");
    }
}
