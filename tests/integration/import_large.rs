//! A large import of linked records. On SQLite, its indexes are created after the rows.

use chrono::Utc;
use dateline::{
    cli::import::{ImportProgress, Source, import},
    domain::write::{Author, Phase},
    store::Connection,
};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::{
    both_databases,
    import::{derived_tables_match_the_world, world},
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
/// References to missing rows.
const DANGLING: &str = "SELECT \"table\", parent FROM pragma_foreign_key_check";

/// 4,400 places, and 600 articles with nine mentions each.
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

/// Deleted and merged records.
fn deleted_and_merged() -> Vec<Value> {
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

/// Imports the corpus, and drops the import at the start of a phase.
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
    // the next transaction begins after the rollback
    connection.begin_write().await.unwrap().roll_back().await.unwrap();
}

both_databases! {
    async fn a_corpus_is_the_same_in_an_empty_and_in_a_used_database(database: TestDatabase) {
        let (connection, grown) = (database.open().await, TestDatabase::sqlite().await);
        let grown = grown.open().await;
        import_all(&connection, &[corpus(), world(), deleted_and_merged()].concat()).await;
        import_all(&grown, &[world(), deleted_and_merged()].concat()).await;
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

    async fn records_after_a_corpus_are_written_as_usual(database: TestDatabase) {
        let connection = database.open().await;
        import_all(&connection, &corpus()).await;
        import_all(&connection, &world()).await;
        let of_others = "SELECT count(*) FROM article_entity x JOIN record r ON r.id = x.entity_id WHERE r.key LIKE 'other/%'";
        assert_eq!(rows(&connection, of_others, 1).await, ["6000"]);
        connection.execute_unprepared("DELETE FROM article_entity WHERE entity_id IN (SELECT id FROM record WHERE key LIKE 'other/%')")
            .await
            .unwrap();
        derived_tables_match_the_world(&connection).await;
        let mut first = corpus().swap_remove(4_400);
        first["mentions"] = json!([]);
        assert_eq!(import_all(&connection, &[first]).await.updated, 1);
        assert_eq!(rows(&connection, "SELECT text FROM mention", 1).await.len(), 5_402 - 9);
    }

    async fn all_problems_of_a_corpus_are_reported_in_the_order_of_its_lines(database: TestDatabase) {
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
                "4402: mentions.2.end: is outside of the body, which has 17 characters",
                "4501: mentions.1: another mention of this record has the same span: remove one of them",
                "5000: mentions.0.text: must be \"س\", the text at that place",
                "5001: citations.0.quote: is not in the body of the article; the nearest passage, at 3, is \"a visit\": the text ends there, and the quote goes on with \"o\"",
                "5007: citations.0.quote: is not in the body of the article",
            ]
        );
        assert!(rows(&connection, RECORDS, 1).await.is_empty());
    }

    async fn a_corpus_with_a_wrong_line_writes_nothing(database: TestDatabase) {
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
async fn an_import_that_is_interrupted_leaves_an_empty_file_with_all_indexes() {
    let database = TestDatabase::sqlite().await;
    let connection = database.open().await;
    let before = rows(&connection, INDEXES, 2).await;
    for last in [Phase::Resolving, Phase::Recording, Phase::Deriving, Phase::Indexing] {
        drop_an_import_at(&connection, last).await;
        assert_eq!(rows(&connection, INDEXES, 2).await, before, "{last:?}");
        assert!(rows(&connection, RECORDS, 1).await.is_empty(), "{last:?}");
    }
    assert_eq!(import_all(&connection, &corpus()).await.created, 5_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_corpus_is_restored_from_its_export_with_its_history() {
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
