//! The limits of an import: numbers, lengths, chains, and values that contradict each other.

use std::time::Duration;

use dateline::{domain::write::signature, store::Connection};
use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::{Value, json};

use crate::{
    both_databases,
    support::{
        database::TestDatabase,
        lines::{export_text, import_all, refused, try_import},
    },
};

fn place(key: &str, more: Value) -> Value {
    let mut line = json!({"type": "PLACE", "key": key, "name": key, "kind": "COUNTRY"});
    if let (Value::Object(line), Value::Object(more)) = (&mut line, more) {
        line.extend(more);
    }
    line
}

fn person(more: Value) -> Value {
    let mut line = json!({"type": "PERSON", "key": "who", "name": "Who"});
    if let (Value::Object(line), Value::Object(more)) = (&mut line, more) {
        line.extend(more);
    }
    line
}

fn relation(key: &str, source: &str, kind: &str, target: &str, since: Option<&str>) -> Value {
    let since = since.map(|edtf| json!({ "edtf": edtf }));
    json!({"type": "RELATION", "key": key, "source": source, "kind": kind, "target": target, "since": since})
}

const REVISION: &str = "0190b6f5-7e3c-7000-8000-0000000000aa";

fn revision(record: &str, version: i64, position: i64) -> Value {
    json!({"type": "REVISION", "id": REVISION, "record": record, "version": version, "position": position,
        "operation": "CREATE", "actor": "me", "at": "2015-02-24T10:00:00Z", "changes": []})
}

both_databases! {
    async fn numbers_at_their_end_are_refused_and_never_overflow(database: TestDatabase) {
        let connection = database.open().await;
        let problems = refused(&connection, &[place("a", json!({"version": 1_000_000_001}))]).await;
        assert_eq!(problems, ["1: version: must be from 1 to 1000000000"]);
        let problems = refused(&connection, &[place("a", json!({})), revision("a", 1, i64::MAX)]).await;
        assert_eq!(problems, ["2: position: must be from 1 to 9007199254740992"]);

        import_all(&connection, &[place("a", json!({"version": 1_000_000_000}))]).await;
        let problems = refused(&connection, &[place("a", json!({"name": "B"}))]).await;
        assert_eq!(
            problems,
            ["1: version: the record is at version 1000000000, the highest possible, and cannot be changed any more"]
        );
        import_all(&connection, &[place("b", json!({})), revision("b", 1, 1 << 53)]).await;
        let problems = refused(&connection, &[place("c", json!({}))]).await;
        assert_eq!(problems, ["1: position: the history is at its last position: it cannot grow any more"]);
    }

    async fn a_duplicate_orphaned_mention_is_refused_with_its_line(database: TestDatabase) {
        let connection = database.open().await;
        let mention = |start: i32| json!({"entity": "a", "field": "BODY", "start": start, "end": 9, "text": "gone", "anchor": "ORPHANED"});
        let article = json!({"type": "ARTICLE", "key": "article", "headline": "H", "language": "en",
            "mentions": [mention(5), mention(2), mention(5)]});
        let problems = refused(&connection, &[place("a", json!({})), article]).await;
        assert_eq!(problems, ["2: mentions.2: another mention of this record has the same span: remove one of them"]);
    }

    async fn a_reference_to_a_record_that_the_same_import_merges_means_the_survivor(database: TestDatabase) {
        let connection = database.open().await;
        let away = "0190b6f5-7e3c-7000-8000-00000000000a";
        import_all(&connection, &[
            place("city", json!({"containedIn": away})),
            revision(away, 1, 7),
            place("country", json!({"mergedIds": [away]})),
        ]).await;
        let exported = export_text(&connection, true).await;
        assert!(exported.contains(r#""containedIn":"country""#) && exported.contains(away), "{exported}");

        let again = if database.is_postgres() { TestDatabase::postgres().await } else { None };
        let again = match again { Some(again) => again, None => TestDatabase::sqlite().await };
        let second = again.open().await;
        try_import(&second, &exported).await.unwrap();
        assert_eq!(export_text(&second, true).await, exported);
    }

    async fn a_chain_of_more_than_64_steps_is_refused(database: TestDatabase) {
        let connection = database.open().await;
        let chain = |name: &str, length: usize| -> Vec<Value> {
            (0..=length).map(|at| {
                let above = (at > 0).then(|| format!("{name}{}", at - 1));
                place(&format!("{name}{at}"), json!({"containedIn": above}))
            }).collect()
        };
        let problems = refused(&connection, &chain("a", 65)).await;
        assert_eq!(problems, ["66: containedIn: makes a chain of more than 64 steps: choose a record with a shorter chain"]);
        import_all(&connection, &chain("b", 64)).await;
        import_all(&connection, &[place("top", json!({}))]).await;
        let problems = refused(&connection, &[place("b0", json!({"containedIn": "top"}))]).await;
        assert_eq!(problems, ["1: containedIn: makes a chain of more than 64 steps: choose a record with a shorter chain"]);
    }

    async fn a_line_with_deleted_at_is_recorded_as_a_deletion(database: TestDatabase) {
        let connection = database.open().await;
        let created = json!({"createdAt": "2015-02-24T10:00:00Z"});
        import_all(&connection, &[place("a", created)]).await;
        let problems = refused(&connection, &[place("a", json!({"deletedAt": "2015-02-24T09:00:00Z"}))]).await;
        assert_eq!(problems, ["1: deletedAt: is before createdAt"]);
        let outcome = import_all(&connection, &[place("a", json!({"deletedAt": "2015-02-24T11:00:00Z"}))]).await;
        assert_eq!(outcome.updated, 1);
        let exported = export_text(&connection, true).await;
        assert!(exported.contains(r#""operation":"DELETE""#), "{exported}");
    }

    async fn a_border_is_stored_once_and_connects_places(database: TestDatabase) {
        let connection = database.open().await;
        let places = [place("a", json!({})), place("b", json!({})), person(json!({}))];
        import_all(&connection, &places).await;
        let problems = refused(&connection, &[relation("r", "a", "BORDERS", "who", None)]).await;
        assert_eq!(problems, ["1: target: is not a place: only places have borders"]);
        let twice = "target: the relation exists already, and a symmetric relation is stored once: change the existing one";
        let both = [relation("r", "a", "BORDERS", "b", None), relation("s", "b", "BORDERS", "a", None)];
        assert_eq!(refused(&connection, &both).await, [format!("2: {twice}")]);
        import_all(&connection, &both[..1]).await;
        assert_eq!(refused(&connection, &both[1..]).await, [format!("1: {twice}")]);
        import_all(&connection, &[relation("s", "b", "BORDERS", "a", Some("2011")), both[0].clone()]).await;
    }

    async fn nationalities_and_countries_must_be_countries(database: TestDatabase) {
        let connection = database.open().await;
        let organization = json!({"type": "ORGANIZATION", "key": "o", "name": "O", "kind": "MEDIA", "country": "city"});
        let problems = refused(&connection, &[
            place("city", json!({"kind": "CITY"})),
            place("land", json!({})),
            person(json!({"nationalities": ["land", "city"]})),
            organization,
        ]).await;
        assert_eq!(problems, [
            "3: nationalities.1: is not a country: name a place of the kind COUNTRY",
            "4: country: is not a country: name a place of the kind COUNTRY",
        ]);
    }

    async fn a_period_that_ends_before_it_begins_is_refused(database: TestDatabase) {
        let connection = database.open().await;
        let lived = |born: &str, died: &str| person(json!({"born": {"edtf": born}, "died": {"edtf": died}}));
        assert_eq!(refused(&connection, &[lived("1950", "1949-12")]).await, ["1: died: is before born: correct one of the two dates"]);
        for possible in [lived("1950", "1950-01"), lived("1950~", "1949"), lived("1950", "..")] {
            if let Err(problems) = try_import(&connection, &possible.to_string()).await {
                assert!(!problems[0].contains("certainly"), "{problems:?}");
            }
        }
        let mut leadership = relation("r", "who", "LEADS", "who2", Some("2018"));
        leadership["until"] = json!({"edtf": "2017"});
        let problems = refused(&connection, &[lived("1950", "2000"), json!({"type": "ORGANIZATION", "key": "who2", "name": "O", "kind": "MEDIA"}), leadership]).await;
        assert_eq!(problems, ["3: until: is before since: correct one of the two dates"]);
    }

    async fn an_import_of_many_records_updates_the_statistics_of_the_database(database: TestDatabase) {
        let connection = database.open().await;
        let many: Vec<Value> = (0..1_001).map(|number| place(&format!("p{number}"), json!({}))).collect();
        assert_eq!(import_all(&connection, &many).await.created, 1_001);
        let sql = if database.is_postgres() {
            "SELECT 1 FROM pg_class WHERE relname = 'record' AND reltuples >= 1001"
        } else {
            "SELECT 1 FROM sqlite_stat1 WHERE tbl = 'record'"
        };
        assert!(!crate::support::lines::rows(&connection, sql, 0).await.is_empty());
    }
}

#[tokio::test]
async fn a_repeated_field_is_refused_with_its_path_on_import() {
    let database = TestDatabase::sqlite().await;
    let connection = database.open().await;
    let line = r#"{"type":"PLACE","key":"a","name":"A","name":"B","kind":"CITY","location":{"latitude":1,"latitude":2,"longitude":3}}"#;
    assert_eq!(
        try_import(&connection, line).await.unwrap_err(),
        ["1: name: is given more than once", "1: location.latitude: is given more than once"]
    );
}

#[tokio::test]
async fn an_unknown_field_is_printed_without_control_characters_on_import() {
    let database = TestDatabase::sqlite().await;
    let connection = database.open().await;
    let problems = refused(&connection, &[place("a", json!({"x\n\u{1b}[31m\u{202e}": 1}))]).await;
    assert_eq!(problems, [r#"1: "x\n\u{1b}[31m\u{202e}": is not a field of Place"#]);
}

#[tokio::test]
async fn a_problem_is_reported_at_the_position_in_its_line_on_import() {
    let database = TestDatabase::sqlite().await;
    let connection = database.open().await;
    let name = |text: &str| json!({"text": text, "language": "en"});
    let named = json!({"language": "en", "names": [name("a"), name("x"), name("x")]});
    assert_eq!(refused(&connection, &[place("a", named)]).await, ["1: names.2: the name is already in the list"]);
    let (one, two) = ("0190b6f5-7e3c-7000-8000-000000000002", "0190b6f5-7e3c-7000-8000-000000000001");
    let merged = [place("a", json!({"mergedIds": [one, two]})), place("b", json!({"id": one}))];
    let problems = refused(&connection, &merged).await;
    assert_eq!(problems, ["1: mergedIds.0: the id belongs to another record: remove it from mergedIds"]);
}

#[tokio::test]
async fn a_name_that_is_too_long_after_normalization_is_refused_on_import() {
    let database = TestDatabase::sqlite().await;
    let connection = database.open().await;
    let problems = refused(&connection, &[place("a", json!({"name": "\u{958}".repeat(200)}))]).await;
    assert_eq!(problems, ["1: name: has 400 characters when normalized; at most 300 are allowed"]);
}

#[test]
fn the_actor_of_an_import_follows_the_rules_of_the_history() {
    assert_eq!(signature(" Cafe\u{301} ", Some("why")), Ok(("Caf\u{e9}".to_owned(), Some("why".to_owned()))));
    let problems = signature("a\nb", Some(&"s".repeat(5_001))).unwrap_err();
    let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
    assert!(
        problems[0].starts_with("actor: ") && problems[1].starts_with("summary: has 5001 characters"),
        "{problems:?}"
    );
}

#[tokio::test]
async fn an_import_says_that_another_process_writes_to_the_file() {
    let database = TestDatabase::sqlite().await;
    database.open().await.close().await.unwrap();
    let other = database.raw().await;
    let writing = other.begin().await.unwrap();
    writing.execute_unprepared("UPDATE record SET version = 1").await.unwrap();
    let connection = Connection::open_for_import(&database.url, Duration::from_secs(3)).await.unwrap();
    let Err(error) = connection.begin_write().await else { panic!("two write at once") };
    assert_eq!(error.to_string(), "the database is busy with other writes; try again in a few seconds");
    writing.rollback().await.unwrap();
    assert!(connection.begin_write().await.is_ok());
}
