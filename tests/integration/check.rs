//! `dateline check`: what is in order, and what is found wrong.

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::{
    both_databases,
    command::{dateline, text},
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
            "article_entity: 1 rows are missing and 0 are wrong, such as the article news",
            "event_entity: 1 rows are missing and 1 are wrong, such as the event strike",
            "name_word: 2 rows are missing and 1 are wrong, such as the place libya",
            "place_closure: 1 rows are missing and 0 are wrong, such as the place derna",
            "place_event: 1 rows are missing and 0 are wrong, such as the event strike",
            "place_organization: 1 rows are missing and 2 are wrong, such as the organization army",
            "record.article_count: 0 rows are missing and 1 are wrong, such as the place derna",
            "record_gram: 1 rows are missing and 0 are wrong, such as the organization army",
            "search_document: 2 rows are missing and 1 are wrong, such as the event strike",
        ]);
        assert!(last.contains("11 things are wrong") && last.contains("dateline export --history"), "{last}");
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
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 100_000].fill(0xa5);
    std::fs::write(&path, &bytes).unwrap();
    let (code, lines, last) = check(&url);
    assert_eq!(code, Some(1), "{last}");
    assert!(lines.iter().all(|line| line.starts_with("the file is damaged: ")), "{lines:#?}");
    assert!(last.contains("restore"), "{last}");
}

#[test]
fn a_missing_database_is_not_created() {
    let folder = tempfile::tempdir().unwrap();
    let output = dateline(&folder, &["check"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("does not exist"), "{}", text(&output.stderr));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
