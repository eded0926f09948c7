//! A linked corpus that comes into an empty database at once: on SQLite its references are looked at when all is there, and its
//! mentions, and what articles name, are made in a file beside.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::Utc;
use dateline::{
    cli::import::{ImportError, ImportProgress, Source, import},
    domain::write::{Author, Phase},
    store::{Connection, Transaction, migrate::migrate},
};
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use serde_json::{Value, json};
use tokio::sync::Notify;
use tracing::instrument::WithSubscriber as _;

use crate::{
    both_databases,
    import::{everything_follows_from_the_world, world},
    support::{
        database::TestDatabase,
        lines::{export_text, import_all, lines, refused, rows, try_import},
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
const CONTAINED: &str = "SELECT a.key, d.key, x.depth
    FROM place_closure x JOIN record a ON a.id = x.ancestor_id JOIN record d ON d.id = x.descendant_id";
const PLACED: &str = "SELECT p.key, e.key, x.rank_asc, x.rank_desc, x.rank_end
    FROM place_event x JOIN record p ON p.id = x.place_id JOIN record e ON e.id = x.event_id";
const TAKING_PART: &str = "SELECT r.key, e.key, x.rank_asc, x.rank_desc, x.rank_end
    FROM event_entity x JOIN record r ON r.id = x.entity_id JOIN record e ON e.id = x.event_id";
const RECORDS: &str = "SELECT key FROM record";
const INDEXES: &str = "SELECT name, sql FROM sqlite_schema WHERE type = 'index'";
const NONE_BESIDE: &str = "nothing can be made in a file beside the database, so the import takes longer";
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

/// What lies in the bin, and what was merged.
fn put_away() -> Vec<Value> {
    let deleted = "2026-01-01T00:00:00Z";
    vec![
        json!({"type": "PLACE", "key": "away/place", "name": "Gone", "language": "en", "kind": "OTHER",
            "containedIn": "country/ly", "deletedAt": deleted}),
        json!({"type": "EVENT", "key": "away/event", "name": "Gone", "language": "en", "kind": "MEETING",
            "date": {"edtf": "2015"}, "places": [{"place": "city/sabha"}],
            "participants": [{"participant": "person/salim", "role": "SPEAKER"}],
            "citations": [{"article": "article/one", "quote": "a visit"}], "deletedAt": deleted}),
        json!({"type": "ARTICLE", "key": "away/article", "headline": "Gone", "language": "en", "body": "سبها",
            "mentions": [{"entity": "city/sabha", "field": "BODY", "start": 0, "end": 4}], "deletedAt": deleted}),
        json!({"type": "PERSON", "key": "away/person", "name": "Salim", "language": "en",
            "mergedIds": ["0190b6f5-7e3c-7000-8000-0000000000aa"]}),
    ]
}

/// The files that belong to a database, by what follows its name, but for those of SQLite. That one is made beside of the same
/// corpus is shown by what is told where none can be.
fn beside(database: &TestDatabase) -> Vec<String> {
    let main = PathBuf::from(database.url.trim_start_matches("sqlite://"));
    let name = main.file_name().unwrap().to_str().unwrap();
    let files = std::fs::read_dir(main.parent().unwrap()).unwrap().map(|file| file.unwrap().file_name());
    let ends = files.filter_map(|file| file.to_str().unwrap().strip_prefix(name).map(str::to_owned));
    ends.filter(|end| !["", "-wal", "-shm", "-journal"].contains(&end.as_str())).collect()
}

/// Imports the corpus, but goes away when it comes to a phase.
async fn drop_an_import_at(connection: &Connection, last: Phase) {
    let text = lines(&corpus());
    let sources = [Source { name: "test.jsonl".into(), text: text.as_str().into() }];
    let has_come = Notify::new();
    let progress = |step| {
        if step == ImportProgress::Write(last) {
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
        import_all(&connection, &[corpus(), world(), put_away()].concat()).await;
        import_all(&grown, &[world(), put_away()].concat()).await;
        import_all(&grown, &corpus()).await;
        let all = [(MENTIONS, 12, 5_403), (NAMED, 7, 6_006), (CONTAINED, 3, 4_405), (PLACED, 5, 4), (TAKING_PART, 5, 2)];
        for (question, columns, count) in all {
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

    async fn everything_that_is_wrong_with_a_corpus_is_told_in_the_order_of_its_lines(database: TestDatabase) {
        let connection = database.open().await;
        let mut corpus = [corpus(), world()].concat();
        let twice = corpus[4_500]["mentions"][0].clone();
        corpus[4_401]["mentions"][2]["end"] = json!(99);
        corpus[4_500]["mentions"][1] = twice;
        corpus[4_999]["mentions"][0]["text"] = json!("x");
        corpus[5_000]["citations"][0]["quote"] = json!("a visitor");
        corpus[5_006]["citations"][0]["quote"] = json!("nothing");
        assert_eq!(
            refused(&connection, &corpus).await,
            [
                "4402: mentions.2.end: lies outside the body, which has 17 characters",
                "4501: mentions.1: the same record is mentioned at the same span already",
                "5000: mentions.0.text: \"س\" stands there",
                "5001: citations.0.quote: does not stand in the body of the article",
                "5007: citations.0.quote: does not stand in the body of the article",
            ]
        );
        assert!(rows(&connection, RECORDS, 1).await.is_empty());
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
        assert!(beside(&database).is_empty(), "{last:?}");
        assert_eq!(rows(&connection, INDEXES, 2).await, before, "{last:?}");
        assert!(rows(&connection, RECORDS, 1).await.is_empty(), "{last:?}");
    }
    assert_eq!(import_all(&connection, &corpus()).await.created, 5_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_sees_the_file_beside_while_it_is_written() {
    let database = TestDatabase::sqlite().await;
    let connection = database.open().await;
    let text = lines(&corpus());
    let sources = [Source { name: "test.jsonl".into(), text: text.as_str().into() }];
    let seen = Mutex::new(Vec::new());
    let progress = |step| {
        if let ImportProgress::Write(phase) = step {
            seen.lock().unwrap().push((phase, beside(&database)));
        }
    };
    import(&connection, &sources, AUTHOR, &progress).await.unwrap();
    let seen = seen.into_inner().unwrap();
    assert!(seen.iter().any(|(phase, _)| *phase == Phase::Recording));
    assert!(seen.iter().all(|(_, files)| files.is_empty()), "{seen:?}");
}

/// Imports the corpus into a file, and says what was logged.
async fn what_is_told_of_an_import_into(file: &Path) -> String {
    let address = format!("sqlite://{}", file.display());
    let connection = Connection::open_for_import(&address, Duration::from_secs(3)).await.unwrap();
    migrate(&connection).await.unwrap();
    let indexes = rows(&connection, INDEXES, 2).await;
    let log = Arc::new(Mutex::new(Vec::new()));
    let writer = Log(Arc::clone(&log));
    let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
    assert_eq!(import_all(&connection, &corpus()).with_subscriber(subscriber).await.created, 5_000);
    assert_eq!(rows(&connection, NAMED, 7).await.len(), 6_000);
    assert_eq!(rows(&connection, "PRAGMA integrity_check", 1).await, ["ok"]);
    assert_eq!(rows(&connection, INDEXES, 2).await, indexes);
    connection.close().await.unwrap();
    String::from_utf8(std::mem::take(&mut log.lock().unwrap())).unwrap()
}

#[derive(Clone)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_beside_is_made_whatever_the_folder_of_the_database_is_called() {
    let folder = tempfile::tempdir().unwrap();
    // in an address these would be a space, options and the end of a text
    let odd = folder.path().join("a%20b?mode=memory'بيانات");
    std::fs::create_dir(&odd).unwrap();
    std::os::unix::fs::symlink(&odd, folder.path().join("plain")).unwrap();
    let told = what_is_told_of_an_import_into(&folder.path().join("plain/test.db")).await;
    assert!(!told.contains("beside"), "{told}");
    let files: Vec<_> = std::fs::read_dir(&odd).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(files, ["test.db"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_no_file_can_be_made_beside_an_import_takes_longer_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    // the log of SQLite has a name that is short enough
    let told = what_is_told_of_an_import_into(&folder.path().join("x".repeat(245))).await;
    assert!(told.contains(NONE_BESIDE), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_file_of_utf_16_is_filled_without_one_beside() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("test.db");
    let address = format!("sqlite://{}?mode=rwc", file.display());
    let connection = Database::connect(address).await.unwrap();
    connection.execute_unprepared("PRAGMA encoding = 'UTF-16le'; CREATE TABLE a (b); DROP TABLE a").await.unwrap();
    connection.close().await.unwrap();
    let told = what_is_told_of_an_import_into(&file).await;
    assert!(told.contains(NONE_BESIDE) && told.contains("UTF-16le"), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_corpus_comes_back_from_its_export_with_its_history() {
    let (database, empty) = (TestDatabase::sqlite().await, TestDatabase::sqlite().await);
    let (connection, copy) = (database.open().await, empty.open().await);
    import_all(&connection, &[corpus(), world()].concat()).await;
    let mut gone = corpus().swap_remove(4_399);
    gone["deletedAt"] = json!(Utc::now());
    import_all(&connection, &[gone]).await;
    let text = export_text(&connection, true).await;
    assert_eq!(try_import(&copy, &text).await.unwrap().revisions, 5_008);
    assert_eq!(export_text(&copy, true).await, text);
    assert_eq!(rows(&copy, NAMED, 7).await, rows(&connection, NAMED, 7).await);
}

#[tokio::test]
async fn sqlite_takes_over_the_rows_of_a_table_that_is_made_alike_as_they_are() {
    let database = TestDatabase::sqlite().await;
    let connection = database.open().await;
    let of_tables = "SELECT sql FROM sqlite_schema WHERE tbl_name IN ('mention', 'article_entity') AND sql IS NOT NULL
        ORDER BY type = 'index'";
    let transaction = connection.begin_write().await.unwrap();
    assert!(transaction.fill().await.unwrap());
    transaction.execute_unprepared("ATTACH ':memory:' AS beside").await.unwrap();
    for sql in texts(&transaction, of_tables).await {
        let sql = sql.replacen(" TABLE ", " TABLE beside.", 1).replacen(" INDEX ", " INDEX beside.", 1);
        transaction.execute_unprepared(&sql).await.unwrap();
    }
    for table in ["mention", "article_entity"] {
        let takes_over = format!("EXPLAIN INSERT INTO main.{table} SELECT * FROM beside.{table}");
        let steps = transaction.query_all_raw(Statement::from_string(DbBackend::Sqlite, takes_over)).await.unwrap();
        let steps = steps.iter().map(|step| step.try_get::<String>("", "opcode").unwrap());
        // one for each tree of the table
        let trees = if table == "mention" { 5 } else { 3 };
        assert_eq!(steps.filter(|step| step == "RowCell" || step == "RowData").count(), trees, "{table}");
    }
}

async fn texts(transaction: &Transaction, sql: &str) -> Vec<String> {
    let rows = transaction.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

#[tokio::test]
async fn every_reference_has_one_column_and_names_the_one_that_it_refers_to() {
    let database = TestDatabase::sqlite().await;
    let connection = database.open().await;
    let all = "SELECT of_table.name, reference.id FROM sqlite_schema of_table, pragma_foreign_key_list(of_table.name) reference";
    let plain = format!("{all} WHERE reference.seq = 0 AND reference.\"to\" IS NOT NULL");
    let all = rows(&connection, all, 2).await;
    assert!(all.len() > 40, "{all:?}");
    assert_eq!(rows(&connection, &plain, 2).await, all);
}

/// Gives a name to a record that there is not.
const NAME_OF_NOBODY: &str = "INSERT INTO record_name (record_id, position, text, language, kind)
    VALUES ('nobody', 0, 'Name', 'en', 'MAIN')";
const NAMED_BY_NOBODY: &str = "INSERT INTO article_entity VALUES ('nothing', 'PLACE', 'nobody', 1, 0, 0, 0)";

#[tokio::test]
async fn a_file_is_not_filled_with_a_reference_that_leads_nowhere() {
    let database = TestDatabase::sqlite().await;
    let connection = database.open().await;
    for (row, reference) in [(NAME_OF_NOBODY, "record_name.record_id"), (NAMED_BY_NOBODY, "article_entity.entity_id")] {
        let transaction = connection.begin_write().await.unwrap();
        assert!(transaction.fill().await.unwrap());
        transaction.execute_unprepared(row).await.unwrap();
        let error = transaction.commit().await.unwrap_err();
        assert_eq!(error.to_string(), format!("the change contradicts what is stored ({reference})"));
    }
    assert!(rows(&connection, "SELECT record_id FROM record_name", 1).await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_corpus_leaves_nothing_if_one_of_its_references_leads_nowhere() {
    // those of most tables are looked at before what was made beside has come, those of what was made beside at last
    let cases = [
        ("revision", NAME_OF_NOBODY, "record_name.record_id"),
        ("mention", NAMED_BY_NOBODY, "article_entity.entity_id"),
    ];
    for (table, row, reference) in cases {
        let database = TestDatabase::sqlite().await;
        let connection = database.open().await;
        let once = format!("WHEN NOT EXISTS (SELECT 1 FROM {table} WHERE rowid < new.rowid)");
        let goes_wrong = format!("CREATE TRIGGER goes_wrong AFTER INSERT ON {table} {once} BEGIN {row}; END");
        connection.execute_unprepared(&goes_wrong).await.unwrap();
        let text = lines(&corpus());
        let source = Source { name: "corpus".into(), text: text.into() };
        let Err(ImportError::Store(error)) = import(&connection, &[source], AUTHOR, &|_| {}).await else {
            panic!("{table}: it was imported");
        };
        assert_eq!(error.to_string(), format!("the change contradicts what is stored ({reference})"));
        assert!(rows(&connection, RECORDS, 1).await.is_empty());
        assert!(rows(&connection, MENTIONS, 12).await.is_empty());
    }
}

/// Makes sure that the database looks at the references of whoever writes now.
async fn references_are_looked_at(connection: &Connection) {
    let transaction = connection.begin_write().await.unwrap();
    transaction.execute_unprepared(NAME_OF_NOBODY).await.unwrap();
    let error = transaction.commit().await.unwrap_err();
    assert!(error.to_string().contains("foreign key"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_writes_after_a_filling_has_references_looked_at_by_the_database_whatever_came_of_it() {
    let database = TestDatabase::sqlite().await;
    let connection = database.open().await;
    let transaction = connection.begin_write().await.unwrap();
    assert!(transaction.fill().await.unwrap());
    transaction.roll_back().await.unwrap();
    references_are_looked_at(&connection).await;

    let transaction = connection.begin_write().await.unwrap();
    assert!(transaction.fill().await.unwrap());
    drop(transaction);
    references_are_looked_at(&connection).await;

    import_all(&connection, &corpus()).await;
    references_are_looked_at(&connection).await;
}

#[tokio::test]
async fn references_are_looked_at_by_the_database_where_something_is_stored() {
    let database = TestDatabase::sqlite().await;
    let connection = database.open().await;
    import_all(&connection, &world()).await;
    let transaction = connection.begin_write().await.unwrap();
    assert!(!transaction.fill().await.unwrap());
    transaction.execute_unprepared(NAME_OF_NOBODY).await.unwrap();
    let error = transaction.commit().await.unwrap_err();
    assert!(error.to_string().contains("foreign key"), "{error}");
}
