//! `dateline check`: what is in order, and what is found wrong.

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::{
    both_databases,
    command::{dateline, serve_with_output, text},
    support::{
        database::TestDatabase,
        service::{Service, import},
    },
};

/// Runs the command: the exit code, the lines on standard output, and the last line on standard error.
fn check(url: &str) -> (Option<i32>, Vec<String>, String) {
    let folder = tempfile::tempdir().unwrap();
    let output = dateline(&folder, &["check", "--database", url]).output().unwrap();
    let lines = text(&output.stdout).lines().map(str::to_owned).collect();
    (output.status.code(), lines, text(&output.stderr).lines().last().unwrap_or_default().to_owned())
}

fn reindex(url: &str) {
    let folder = tempfile::tempdir().unwrap();
    let output = dateline(&folder, &["reindex", "--database", url]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
}

fn records() -> Vec<Value> {
    let mention = json!({ "entity": "derna", "field": "BODY", "start": 0, "end": 5 });
    vec![
        json!({ "type": "PLACE", "key": "libya", "kind": "COUNTRY", "name": "Libya", "names": [{ "text": "ليبيا", "language": "ar" }] }),
        json!({ "type": "PLACE", "key": "derna", "kind": "CITY", "name": "Derna", "containedIn": "libya" }),
        json!({ "type": "ORGANIZATION", "key": "army", "kind": "MILITARY", "name": "Army", "headquarters": "derna" }),
        json!({ "type": "EVENT", "key": "strike", "kind": "AIRSTRIKE", "name": "Strike", "date": { "edtf": "2015-02-17" },
            "places": [{ "place": "derna" }], "participants": [{ "participant": "army", "role": "ATTACKER" }] }),
        json!({ "type": "ARTICLE", "key": "news", "headline": "News", "language": "en", "body": "Derna waits", "mentions": [mention] }),
        json!({ "type": "RELATION", "key": "active", "source": "army", "kind": "ACTIVE_IN", "target": "libya" }),
    ]
}

async fn change(database: &TestDatabase, statements: &[&str]) {
    let connection = database.raw().await;
    for statement in statements {
        connection.execute_unprepared(statement).await.unwrap();
    }
    connection.close().await.unwrap();
}

both_databases! {
    async fn an_empty_database_and_the_demo_corpus_are_in_order_beside_a_running_service(database: TestDatabase) {
        let (code, lines, last) = check(&database.url);
        assert_eq!((code, lines.len()), (Some(0), 0), "{last}");
        assert!(last.ends_with("is in order: 0 records were checked"), "{last}");
        let service = Service::demo(&database).await;
        let (code, lines, last) = check(&database.url);
        assert_eq!((code, lines), (Some(0), vec![]), "{last}");
        drop(service);
    }

    async fn rows_that_do_not_follow_from_the_records_are_named(database: TestDatabase) {
        import(&database, &records()).await;
        change(&database, &[
            "DELETE FROM place_closure WHERE depth > 0",
            "UPDATE place_organization SET name_key = 'wrong'",
            "UPDATE event_entity SET rank_asc = 1",
            "DELETE FROM place_event",
            "DELETE FROM article_entity",
            "DELETE FROM name_word WHERE word = 'derna'",
            "UPDATE name_word SET word = 'lybia' WHERE word = 'libya'",
            "DELETE FROM relation_end",
            "DELETE FROM record_gram WHERE record_id = (SELECT id FROM record WHERE key = 'army')",
            "UPDATE record_name SET text_key = 'wrong' WHERE text = 'Army'",
            "DELETE FROM search_document WHERE record_id = (SELECT id FROM record WHERE key = 'strike')",
            "UPDATE search_document SET length = length + 1 WHERE record_id = (SELECT id FROM record WHERE key = 'news')",
        ]).await;
        let (code, lines, last) = check(&database.url);
        assert_eq!(code, Some(1), "{last}");
        assert_eq!(lines, [
            "record_name: the stored rows differ from what the service writes for 1 record, such as the organization army",
            "relation_end: the stored rows differ from what the service writes for 1 record, such as the relation active",
            "article_entity: 1 row is missing, such as the article news",
            "event_entity: 1 row is missing and 1 row should not be there, such as the event strike",
            "name_word: 2 rows are missing and 1 row should not be there, such as the place libya",
            "place_closure: 1 row is missing, such as the place derna",
            "place_event: 1 row is missing, such as the event strike",
            "place_organization: 1 row is missing and 2 rows should not be there, such as the organization army",
            "record.article_count: 1 value is wrong, such as the place derna",
            "record_gram: 1 row is missing, such as the organization army",
            "search_document: 2 rows are missing and 1 row should not be there, such as the event strike",
            "search_posting: 1 value is wrong",
        ]);
        assert!(last.contains("12 things are wrong") && last.contains("dateline export --history"), "{last}");
    }

    async fn what_is_wrong_with_the_search_index_is_named_and_can_be_corrected(database: TestDatabase) {
        import(&database, &records()).await;
        change(&database, &[
            "DELETE FROM search_posting WHERE term LIKE 'derna%'",
            "UPDATE search_posting SET postings = '!' WHERE term LIKE 'armi%'",
            "UPDATE search_posting SET block = 7 WHERE term LIKE 'strike%'",
            "DELETE FROM search_form WHERE form = 'army'",
            "DELETE FROM search_spelling WHERE key = 'lbya'",
            "UPDATE search_total SET words = words + 1",
            "INSERT INTO search_document (number, record_id, kind, length) VALUES (99, '00000000-0000-4000-8000-000000000001', 'PLACE', 1)",
        ]).await;
        let (code, lines, last) = check(&database.url);
        assert_eq!(code, Some(1), "{last}");
        assert_eq!(lines, [
            "search_document: 1 row should not be there, such as 00000000-0000-4000-8000-000000000001",
            "search_posting: 5 values are wrong, such as the place derna",
            "search_form: 1 row is missing, such as the organization army",
            "search_spelling: 1 row is missing, such as the place libya",
            "search_total: 1 value is wrong",
        ]);
        assert!(last.contains("dateline reindex") && !last.contains("backup") && !last.contains("export"), "{last}");
        reindex(&database.url);
        let (code, lines, last) = check(&database.url);
        assert_eq!((code, lines.len()), (Some(0), 0), "{lines:#?} {last}");
    }

    async fn an_index_that_was_made_by_other_rules_for_words_is_named(database: TestDatabase) {
        import(&database, &records()).await;
        change(&database, &["UPDATE search_total SET analysis_version = 0"]).await;
        let (code, lines, last) = check(&database.url);
        assert_eq!(code, Some(1), "{last}");
        assert_eq!(lines.len(), 1, "{lines:#?}");
        assert!(lines[0].starts_with("the search index was made by other rules for words (version 0;"), "{lines:#?}");
        assert!(last.contains("dateline reindex"), "{last}");

        let folder = tempfile::tempdir().unwrap();
        let warned = || {
            let (mut server, ..) = serve_with_output(&folder, &["--database", &database.url], |command| command, 1);
            server.kill().unwrap();
            let said = text(&server.wait_with_output().unwrap().stderr);
            said.contains("run `dateline reindex`")
        };
        assert!(warned());
        reindex(&database.url);
        assert!(!warned());
        assert_eq!(check(&database.url).0, Some(0));
    }

    async fn a_row_that_follows_from_a_missing_record_needs_no_backup(database: TestDatabase) {
        import(&database, &records()).await;
        change(&database, &[
            "INSERT INTO name_word (record_id, position, word, kind) VALUES ('00000000-0000-4000-8000-000000000001', 0, 'x', 'PLACE')",
        ]).await;
        let (code, lines, last) = check(&database.url);
        assert_eq!(code, Some(1), "{last}");
        assert_eq!(lines, ["words of records that are not there (name_word): 1, such as 00000000-0000-4000-8000-000000000001"]);
        assert!(last.contains("dateline export --history") && !last.contains("backup"), "{last}");
    }

    async fn records_that_break_a_rule_are_named(database: TestDatabase) {
        import(&database, &records()).await;
        change(&database, &[
            "UPDATE place SET contained_in_id = (SELECT id FROM record WHERE key = 'derna') WHERE id = (SELECT id FROM record WHERE key = 'libya')",
            "INSERT INTO name_word (record_id, position, word, kind) VALUES ('00000000-0000-4000-8000-000000000001', 0, 'x', 'PLACE')",
            "INSERT INTO record (id, kind, key, version, created_at, updated_at)
                VALUES ('00000000-0000-4000-8000-000000000002', 'PERSON', 'nobody', 1, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z')",
        ]).await;
        let (code, lines, last) = check(&database.url);
        assert_eq!(code, Some(1), "{last}");
        assert_eq!(lines, [
            "records without fields: 1, such as the person nobody",
            "words of records that are not there (name_word): 1, such as 00000000-0000-4000-8000-000000000001",
            "a place contains itself, directly or through others: the place libya",
        ]);
        assert!(last.contains("restore the last backup"), "{last}");
    }
}

#[tokio::test]
async fn a_derived_row_of_a_sqlite_file_that_refers_to_nothing_needs_no_backup() {
    let database = TestDatabase::sqlite().await;
    import(&database, &records()).await;
    let row = "INSERT INTO place_event (place_id, event_id, rank_asc, rank_desc, rank_end)
        VALUES ('00000000-0000-4000-8000-000000000001', (SELECT id FROM record WHERE key = 'strike'), 1, 1, 1)";
    change(&database, &[&format!("PRAGMA foreign_keys = OFF; {row}")]).await;
    let (code, lines, last) = check(&database.url);
    assert_eq!(code, Some(1), "{last}");
    assert_eq!(
        lines,
        [
            "place_event: 1 row refers to a row that is missing",
            "place_event: 1 row should not be there, such as the event strike"
        ]
    );
    assert!(last.contains("dateline export --history") && !last.contains("backup"), "{last}");
}

#[test]
fn a_damaged_file_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("dateline.db").display());
    let demo: String = dateline::demo::FILES.iter().map(|(_, text)| *text).collect();
    std::fs::write(folder.path().join("demo.jsonl"), demo).unwrap();
    let import = dateline(&folder, &["import", "demo.jsonl", "--database", &url]).output().unwrap();
    assert!(import.status.success());
    assert_eq!(check(&url).0, Some(0));
    let path = folder.path().join("dateline.db");
    let whole = std::fs::read(&path).unwrap();
    for place in 1..6 {
        let mut bytes = whole.clone();
        let start = bytes.len() / 6 * place;
        bytes[start..start + 100_000].fill(0xa5);
        std::fs::write(&path, &bytes).unwrap();
        let (code, lines, last) = check(&url);
        assert_eq!(code, Some(1), "{last}");
        assert!(!lines.is_empty() && lines.iter().all(|line| line.starts_with("the file is damaged: ")), "{lines:#?}");
        assert!(last.contains("restore"), "{last}");
    }
}

#[test]
fn a_missing_database_is_not_created() {
    let folder = tempfile::tempdir().unwrap();
    let output = dateline(&folder, &["check"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("does not exist"), "{}", text(&output.stderr));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
