//! A linked corpus that comes into an empty database at once: on SQLite its references are looked at when all is there, and its
//! mentions, and what articles name, are made in a file beside.

use std::path::PathBuf;

use dateline::{
    cli::import::{Refusal, Source, Step, import},
    domain::write::{Author, Phase},
    store::{Connection, Error},
};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::{
    both_databases,
    import::{everything_follows_from_the_world, world},
    support::{
        database::TestDatabase,
        lines::{export_text, import_all, lines, refused, rows},
    },
};

const AUTHOR: Author<'static> = Author { actor: "test", summary: None };

const MENTIONS: &str =
    "SELECT a.key, m.field, m.span_start, m.span_end, m.text, e.key, m.entity_kind, o.key, m.meant_kind,
        m.class, m.origin, m.anchor
    FROM mention m JOIN record a ON a.id = m.article_id JOIN record e ON e.id = m.entity_id
    LEFT JOIN record o ON o.id = m.meant_id";
const NAMED: &str = "SELECT a.key, x.kind, e.key, x.mention_count, x.citation_count, x.published_asc, x.published_desc
    FROM article_entity x JOIN record a ON a.id = x.article_id JOIN record e ON e.id = x.entity_id";
const RECORDS: &str = "SELECT key FROM record";
const INDEXES: &str = "SELECT name, sql FROM sqlite_schema WHERE type = 'index'";
/// Which references lead nowhere.
const DANGLING: &str = "SELECT \"table\", parent FROM pragma_foreign_key_check";

/// 4,400 places, and 600 articles that mention nine of them each.
fn corpus() -> Vec<Value> {
    let key = |number: usize| format!("other/{}", number % 4_400);
    let place = |number| json!({"type": "PLACE", "key": key(number), "name": "Place", "kind": "OTHER"});
    let mention = |number: usize, at: usize| {
        let mut mention = json!({"entity": key(number * 9 + at), "field": "BODY", "start": at * 2, "end": at * 2 + 1});
        if at == 8 {
            // which the article does not mention itself
            mention["meant"] = json!(key(number * 9 + 9));
        }
        mention
    };
    let article = |number| {
        let mentions: Vec<_> = (0..9).map(|at| mention(number, at)).collect();
        let day = format!("2020-01-{:02}", number % 28 + 1);
        json!({"type": "ARTICLE", "key": format!("text/{number}"), "headline": "News", "language": "en",
            "body": "س b c d e f g h i", "publishedOn": if number % 7 == 0 { None } else { Some(day) }, "mentions": mentions})
    };
    (0..4_400).map(place).chain((0..600).map(article)).collect()
}

/// The file that is beside the database meanwhile.
fn beside(database: &TestDatabase) -> PathBuf {
    PathBuf::from(format!("{}-beside", database.url.trim_start_matches("sqlite://")))
}

/// Imports the corpus, but goes away when it comes to a phase.
async fn drop_an_import_at(connection: &Connection, last: Phase) {
    let text = lines(&corpus());
    let sources = [Source { name: "test.jsonl".into(), text: text.as_str().into() }];
    let has_come = Notify::new();
    let progress = |step| {
        if step == Step::Write(last) {
            has_come.notify_one();
        }
    };
    tokio::select! {
        biased;
        () = has_come.notified() => {}
        outcome = import(connection, &sources, AUTHOR, &progress) => panic!("it does not come there: {outcome:?}")
    }
    // the next one waits until everything was taken back
    connection.begin_write().await.unwrap().roll_back().await.unwrap();
}

both_databases! {
    async fn a_corpus_is_the_same_in_a_database_that_was_empty_and_in_one_that_was_not(database: TestDatabase) {
        let (connection, grown) = (database.open().await, TestDatabase::sqlite().await);
        let grown = grown.open().await;
        import_all(&connection, &[corpus(), world()].concat()).await;
        import_all(&grown, &world()).await;
        import_all(&grown, &corpus()).await;
        for (question, columns, count) in [(MENTIONS, 12, 5_402), (NAMED, 7, 6_004)] {
            let answer = rows(&connection, question, columns).await;
            assert_eq!(answer.len(), count);
            assert_eq!(answer, rows(&grown, question, columns).await);
        }
        if !database.is_postgres() {
            assert_eq!(rows(&connection, "PRAGMA integrity_check", 1).await, ["ok"]);
            assert!(rows(&connection, DANGLING, 2).await.is_empty());
            assert_eq!(rows(&connection, INDEXES, 2).await, rows(&grown, INDEXES, 2).await);
            let looked_at = "SELECT DISTINCT tbl FROM sqlite_stat1 WHERE tbl IN ('mention', 'article_entity')";
            assert_eq!(rows(&connection, looked_at, 1).await, ["article_entity", "mention"]);
            assert!(!beside(&database).exists());
        }
    }

    async fn what_comes_after_a_corpus_is_written_as_ever(database: TestDatabase) {
        let connection = database.open().await;
        import_all(&connection, &corpus()).await;
        import_all(&connection, &world()).await;
        let of_others = "SELECT count(*) FROM article_entity x JOIN record r ON r.id = x.entity_id WHERE r.key LIKE 'other/%'";
        assert_eq!(rows(&connection, of_others, 1).await, ["6000"]);
        connection.execute_unprepared("DELETE FROM article_entity WHERE entity_id IN (SELECT id FROM record WHERE key LIKE 'other/%')")
            .await
            .unwrap();
        everything_follows_from_the_world(&connection).await;
        let mut first = corpus().swap_remove(4_400);
        first["mentions"] = json!([]);
        assert_eq!(import_all(&connection, &[first]).await.updated, 1);
        assert_eq!(rows(&connection, "SELECT text FROM mention", 1).await.len(), 5_402 - 9);
    }

    async fn a_corpus_with_a_wrong_line_leaves_nothing(database: TestDatabase) {
        let connection = database.open().await;
        let mut corpus = corpus();
        corpus[4_999]["mentions"][3]["entity"] = json!("other/nobody");
        assert_eq!(refused(&connection, &corpus).await.len(), 1);
        assert!(rows(&connection, RECORDS, 1).await.is_empty());
        corpus.pop();
        corpus.push(world().remove(2));
        assert_eq!(import_all(&connection, &corpus).await.created, 5_000);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_that_is_dropped_leaves_an_empty_file_with_all_indexes_and_nothing_beside() {
    let database = TestDatabase::sqlite().await;
    let connection = database.open().await;
    let before = rows(&connection, INDEXES, 2).await;
    for last in [Phase::Resolving, Phase::Recording, Phase::Deriving, Phase::Indexing] {
        drop_an_import_at(&connection, last).await;
        assert!(!beside(&database).exists(), "{last:?}");
        assert_eq!(rows(&connection, INDEXES, 2).await, before, "{last:?}");
        assert!(rows(&connection, RECORDS, 1).await.is_empty(), "{last:?}");
    }
    assert_eq!(import_all(&connection, &corpus()).await.created, 5_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_import_left_beside_that_was_stopped_goes_away() {
    let database = TestDatabase::sqlite().await;
    std::fs::write(beside(&database), "half a table").unwrap();
    let connection = database.open().await;
    assert_eq!(import_all(&connection, &corpus()).await.created, 5_000);
    assert!(!beside(&database).exists());
    assert_eq!(export_text(&connection, false).await.lines().count(), 5_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_in_the_way_of_the_file_beside_is_named_and_nothing_is_imported() {
    let database = TestDatabase::sqlite().await;
    std::fs::create_dir(beside(&database)).unwrap();
    let connection = database.open().await;
    let text = lines(&corpus());
    let sources = [Source { name: "test.jsonl".into(), text: text.as_str().into() }];
    let refusal = import(&connection, &sources, AUTHOR, &|_| {}).await.unwrap_err();
    assert!(matches!(refusal, Refusal::Store(Error::Unreadable { .. })), "{refusal:?}");
    let told = refusal.to_string();
    assert!(told.contains("test.db-beside cannot be opened: it is in the way of an import"), "{told}");
    assert!(rows(&connection, RECORDS, 1).await.is_empty());
    std::fs::remove_dir(beside(&database)).unwrap();
    assert_eq!(import_all(&connection, &corpus()).await.created, 5_000);
}

/// Gives a name to a record that there is not.
const NAME_OF_NOBODY: &str = "INSERT INTO record_name (record_id, position, text, language, kind)
    VALUES ('nobody', 0, 'Name', 'en', 'MAIN')";

#[tokio::test]
async fn a_file_is_not_filled_with_a_reference_that_leads_nowhere() {
    let database = TestDatabase::sqlite().await;
    let connection = database.open().await;
    let transaction = connection.begin_write().await.unwrap();
    assert!(transaction.fill().await.unwrap());
    transaction.execute_unprepared(NAME_OF_NOBODY).await.unwrap();
    let error = transaction.commit().await.unwrap_err();
    assert_eq!(error.to_string(), "the change contradicts what is stored (record_name.record_id)");
    assert!(rows(&connection, "SELECT record_id FROM record_name", 1).await.is_empty());
    // whoever comes next is held against what is there by the database itself
    let transaction = connection.begin_write().await.unwrap();
    transaction.execute_unprepared(NAME_OF_NOBODY).await.unwrap();
    let error = transaction.commit().await.unwrap_err();
    assert!(error.to_string().contains("foreign key"), "{error}");
}

#[tokio::test]
async fn references_are_looked_at_by_the_database_where_something_is_stored() {
    let database = TestDatabase::sqlite().await;
    let connection = database.open().await;
    import_all(&connection, &world()).await;
    let transaction = connection.begin_write().await.unwrap();
    assert!(!transaction.fill().await.unwrap());
    transaction.execute_unprepared(NAME_OF_NOBODY).await.unwrap();
    assert!(transaction.commit().await.is_err());
}
