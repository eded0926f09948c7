//! Every problem of a line is reported with its line and field.

use dateline::store::{self, Connection};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::{
    both_databases,
    support::lines::{export_lines, export_text, import_all, refused, try_import},
};

fn place(more: Value) -> Value {
    with(json!({"type": "PLACE", "key": "p", "name": "P", "kind": "CITY"}), more)
}

fn event(more: Value) -> Value {
    with(json!({"type": "EVENT", "key": "e", "name": "E", "kind": "MEETING"}), more)
}

fn article(more: Value) -> Value {
    with(json!({"type": "ARTICLE", "key": "a", "headline": "H", "body": "One. Two. One.", "language": "en"}), more)
}

fn with(mut line: Value, more: Value) -> Value {
    if let (Value::Object(line), Value::Object(more)) = (&mut line, more) {
        line.extend(more);
    }
    line
}

/// Each wrong line with its problem.
fn wrong_forms() -> Vec<(Value, &'static str)> {
    let long = "n".repeat(301);
    let cite = |citation: Value| event(json!({"citations": [citation]}));
    vec![
        (json!([]), "is not a JSON object"),
        (json!({"key": "p"}), "type: is missing"),
        (
            json!({"type": "VESSEL", "key": "p"}),
            r#"type: "VESSEL" is not a type of record: use one of ARTICLE, PLACE, ORGANIZATION, PERSON, EVENT, RELATION, REVISION"#,
        ),
        (json!({"type": "PLACE", "name": "P", "kind": "CITY"}), "key: is missing: a record needs an id or a key"),
        (json!({"type": "PLACE", "key": "p", "kind": "CITY"}), "name: is missing"),
        (json!({"type": "PLACE", "key": "p", "name": "P"}), "kind: is missing"),
        (place(json!({"nmae": "x"})), "nmae: is not a field of Place; did you mean name?"),
        (place(json!({"headline": "x"})), "headline: is not a field of Place"),
        (
            place(json!({"kind": "TOWN"})),
            r#"kind: "TOWN" is not a value of PlaceKind: use one of CONTINENT, REGION, COUNTRY, ADMINISTRATIVE_AREA, CITY, BORDER, WATER, SITE, OTHER"#,
        ),
        (place(json!({"name": 7})), "name: must be a text, not the number 7"),
        (place(json!({"name": " "})), "name: is empty"),
        (place(json!({"name": long})), "name: has 301 characters; at most 300 are allowed"),
        (
            place(json!({"name": "a\u{202e}b"})),
            r#"name: "a\u{202e}b" has the character U+202E, which is a control character or changes the direction of text"#,
        ),
        (
            place(json!({"name": "a\nb"})),
            r#"name: "a\nb" has the character U+000A, which is a control character or changes the direction of text"#,
        ),
        (
            place(json!({"key": "a b"})),
            r#"key: "a b" is not a key: use 1 to 200 of A-Z a-z 0-9 . _ : / -, with a letter or digit first"#,
        ),
        (
            place(json!({"key": "0190b6f5-7e3c-7000-8000-00000000000a"})),
            r#"key: "0190b6f5-7e3c-7000-8000-00000000000a" is not a key: it has the form of an id"#,
        ),
        (place(json!({"key": "_:new"})), r#"key: "_:new" is not a key: it has the form of a temporary id"#),
        (place(json!({"id": "7"})), r#"id: "7" is not an id: use a UUID with hyphens"#),
        (
            place(json!({"language": "english language"})),
            r#"language: "english language" is not a language tag: use BCP 47, such as ar, fr-CA or zh-Hant"#,
        ),
        (place(json!({"countryCode": "LBY"})), r#"countryCode: "LBY" is not a country code: write LY"#),
        (place(json!({"location": {"latitude": 91, "longitude": 0}})), "location.latitude: must be from -90 to 90"),
        (place(json!({"location": {"latitude": 9}})), "location.longitude: is missing"),
        (place(json!({"population": -1})), "population: must be from 0 to 1000000000000"),
        (
            place(json!({"sameAs": ["ftp://x.example/"]})),
            r#"sameAs.0: "ftp://x.example/" is not an absolute http or https address"#,
        ),
        (
            place(json!({"sameAs": ["https://x.example/", "https://x.example/"]})),
            "sameAs.1: the address is already in the list",
        ),
        (
            place(
                json!({"names": [{"text": "Q", "language": "en"}, {"text": "Q", "language": "en", "kind": "ALIAS"}]}),
            ),
            "names.1: the name is already in the list",
        ),
        (
            place(json!({"language": "en", "names": [{"text": "Q", "language": "en", "kind": "MAIN"}]})),
            "names.0.kind: must not be MAIN: another name in en is MAIN",
        ),
        (
            place(json!({"descriptions": [{"text": "x", "language": "en"}, {"text": "y", "language": "EN"}]})),
            "descriptions.1: a description in that language is already in the list",
        ),
        (place(json!({"names": "x"})), r#"names: must be a list, not "x""#),
        (place(json!({"version": 0})), "version: must be from 1 to 1000000000"),
        (
            place(json!({"createdAt": "yesterday"})),
            r#"createdAt: "yesterday" is not a time of the form 2015-02-24T10:30:00Z"#,
        ),
        (
            place(json!({"createdAt": "2015-02-02T00:00:00Z", "updatedAt": "2015-02-01T00:00:00Z"})),
            "updatedAt: is before createdAt",
        ),
        (
            place(json!({"containedIn": "nowhere"})),
            r#"containedIn: no record has the key "nowhere": check it, or create the record first"#,
        ),
        (
            place(json!({"containedIn": "0190b6f5-7e3c-7000-8000-00000000000a"})),
            "containedIn: no record has the id 0190b6f5-7e3c-7000-8000-00000000000a: check it, or create the record first",
        ),
        (place(json!({"containedIn": "there/person"})), "containedIn: there/person is a person, not a place"),
        (place(json!({"key": "there/person"})), "key: the stored record is a person: use another id or key"),
        (place(json!({"sameAs": ["https://there.example/"]})), "sameAs.0: the address belongs to "),
        (event(json!({"date": {"original": "once"}})), "date.edtf: is missing: give edtf, relative or both"),
        (event(json!({"date": {"edtf": "2015-02-30"}})), r#"date.edtf: "2015-02-30" is not a date in EDTF: "#),
        (
            event(json!({"date": {"relative": {"anchor": "there/article", "relation": "AFTER", "duration": "soon"}}})),
            r#"date.relative.duration: "soon" is not a duration in ISO 8601: "#,
        ),
        (
            event(json!({"date": {"relative": {"anchor": "there/person", "relation": "AFTER"}}})),
            "date.relative.anchor: there/person is a person, not an event or an article",
        ),
        (
            event(json!({"participants": [{"role": "HOST"}]})),
            "participants.0.participant: is missing: give participant, description or both",
        ),
        (
            event(json!({"participants": [{"role": "HOST", "description": "x", "count": 0}]})),
            "participants.0.count: must be from 1 to 2147483647",
        ),
        (
            event(json!({"participants": [{"role": "HOST", "participant": "there/article"}]})),
            "participants.0.participant: there/article is an article, not a place or an organization or a person or an event",
        ),
        (
            event(json!({"places": [{"place": "there/place"}, {"place": "there/place"}]})),
            "places.1.place: the place is already in the list",
        ),
        (
            cite(json!({"article": "there/article", "quote": "Three."})),
            "citations.0.quote: is not in the body of the article",
        ),
        (
            cite(json!({"article": "there/article", "quote": "One."})),
            "citations.0.quote: occurs more than once in the body of the article: give its start",
        ),
        (
            cite(json!({"article": "there/article", "quote": "Two.", "start": 4})),
            "citations.0.quote: does not start at 4 of the body: set start to 5",
        ),
        (
            cite(json!({"article": "there/article", "quote": "Two.", "start": 5, "end": 8})),
            "citations.0.end: must be 9, where the quote ends",
        ),
        (
            cite(json!({"article": "there/article", "quote": "Two.", "field": "ABSTRACT"})),
            "citations.0.field: the article has no abstract: choose another field",
        ),
        (
            cite(json!({"article": "there/person", "quote": "Two."})),
            "citations.0.article: there/person is a person, not an article",
        ),
        (
            article(json!({"publishedOn": "2015-2-4"})),
            r#"publishedOn: "2015-2-4" is not a day of the form 2015-02-24: write 2015-02-04"#,
        ),
        (article(json!({"body": "a\u{0}b"})), r#"body: "a\0b" has the control character U+0000"#),
        (article(json!({"url": "https://there.example/a"})), "url: the address belongs to "),
        (article(json!({"authors": ["there/person", "there/person"]})), "authors.1: the author is already in the list"),
        (
            article(json!({"mentions": [{"entity": "there/place", "field": "BODY", "start": 3, "end": 3}]})),
            "mentions.0.end: must be after start",
        ),
        (
            article(json!({"mentions": [{"entity": "there/place", "field": "BODY", "start": 3, "end": 30}]})),
            "mentions.0.end: is outside of the body, which has 14 characters",
        ),
        (
            article(
                json!({"mentions": [{"entity": "there/place", "field": "BODY", "start": 0, "end": 3, "text": "Two"}]}),
            ),
            r#"mentions.0.text: must be "One", the text at that place"#,
        ),
        (
            article(json!({"mentions": [{"entity": "there/place", "field": "ABSTRACT", "start": 0, "end": 3}]})),
            "mentions.0.field: the article has no abstract: choose another field",
        ),
        (
            json!({"type": "RELATION", "key": "r", "source": "there/place", "kind": "BORDERS", "target": "there/place"}),
            "target: must not be the same record as source",
        ),
        (
            json!({"type": "RELATION", "key": "r", "source": "there/place", "kind": "BORDERS", "target": "there/article"}),
            "target: there/article is an article, not a place or an organization or a person or an event",
        ),
        (json!({"type": "REVISION", "key": "r"}), "id: is missing"),
    ]
}

both_databases! {
    async fn a_wrong_line_is_refused_with_its_field(database: TestDatabase) {
        let connection = database.open().await;
        import_all(&connection, &[
            json!({"type": "PERSON", "key": "there/person", "name": "Somebody", "sameAs": ["https://there.example/"]}),
            json!({"type": "PLACE", "key": "there/place", "name": "Somewhere", "kind": "CITY"}),
            json!({"type": "ARTICLE", "key": "there/article", "headline": "H", "body": "One. Two. One.", "language": "en",
                "url": "https://there.example/a"}),
        ]).await;
        let before = export_text(&connection, true).await;
        for (line, expected) in wrong_forms() {
            let problems = refused(&connection, std::slice::from_ref(&line)).await;
            let whole = if expected.ends_with(' ') {
                problems[0].starts_with(&format!("1: {expected}"))
            } else {
                problems.contains(&format!("1: {expected}"))
            };
            assert!(whole, "{line}\nexpected: {expected}\nfound: {problems:#?}");
        }
        assert_eq!(export_text(&connection, true).await, before);
    }

    async fn every_problem_of_every_line_is_reported_at_once_and_in_order(database: TestDatabase) {
        let connection = database.open().await;
        let text = [
            place(json!({"key": "one", "containedIn": "three", "countryCode": "x"})).to_string(),
            "{ not json".to_owned(),
            String::new(),
            place(json!({"key": "two", "containedIn": "nowhere", "sameAs": ["https://x.example/", "x"]})).to_string(),
            place(json!({"key": "three", "kind": "CITTY", "version": "1"})).to_string(),
            place(json!({"key": "four", "containedIn": "three"})).to_string(),
            place(json!({"key": "five", "containedIn": "nowhere"})).to_string(),
            place(json!({"key": "five"})).to_string(),
        ].join("\n");
        let problems = try_import(&connection, &text).await.unwrap_err();
        let places: Vec<_> = problems.iter().map(|problem| problem.split(": ").take(2).collect::<Vec<_>>().join(":")).collect();
        assert_eq!(
            places,
            ["1:countryCode", "2:is not JSON", "4:sameAs.1", "4:containedIn", "5:version", "5:kind", "7:containedIn", "8:key"],
            "{problems:#?}"
        );
    }

    async fn one_problem_of_a_line_hides_no_other(database: TestDatabase) {
        let connection = database.open().await;
        let problems = refused(&connection, &[
            article(json!({})),
            event(json!({"date": {"edtf": "soon"}, "places": [{"place": "nowhere"}, {"place": "land"}, {"place": "land"}],
                "citations": [{"article": "a", "quote": "Tow."}, {"article": "a", "quote": "One."}, {"article": "none", "quote": "Two."}]})),
            place(json!({"key": "land", "kind": "CONTRY", "countryCode": "ly", "containedIn": "missing"})),
            json!({"type": "PERSON", "key": "x", "name": " ", "nationalities": ["land"], "born": {"edtf": "2000"}, "died": {"edtf": "1999"}}),
            article(json!({"key": "b", "language": "no language", "body": "a\u{0}b", "url": "https://b.example/",
                "mentions": [{"entity": "land", "field": "BODY", "start": 0, "end": 9, "origin": "EDITOR"}, {"entity": "land", "field": "HEADLINE", "start": 0, "end": 9, "origin": "EDITOR"}]})),
        ]).await;
        let mut places: Vec<_> = problems.iter().map(|problem| problem.split(": ").take(2).collect::<Vec<_>>().join(":")).collect();
        places.sort();
        assert_eq!(places, [
            "2:citations.0.quote", "2:citations.1.quote", "2:citations.2.article", "2:date.edtf", "2:places.0.place", "2:places.2.place",
            "3:containedIn", "3:countryCode", "3:kind", "4:died", "4:name", "5:body", "5:language", "5:mentions.1.end",
        ], "{problems:#?}");
        let double = r#"{"type":"PLACE","key":"d","key":"d","name":"D","kind":"CITY","population":-1}"#;
        let problems = try_import(&connection, double).await.unwrap_err();
        assert_eq!(problems, ["1: key: is given more than once", "1: population: must be from 0 to 1000000000000"]);
        assert_eq!(export_lines(&connection, false).await, Vec::<Value>::new(), "nothing was imported");
    }

    async fn null_empty_texts_whole_numbers_and_blanks_are_read_as_the_schema_allows(database: TestDatabase) {
        let connection = database.open().await;
        import_all(&connection, &[
            json!({"type": "PERSON", "key": "x", "name": "X", "born": null, "occupation": "", "image": " ", "nationalities": null}),
            event(json!({"participants": [{"role": "VICTIM", "description": "people", "count": 2.0, "participant": null}], "date": null, "partOf": ""})),
            place(json!({"countryCode": " LY ", "language": " ar ", "sameAs": [" https://p.example/ "]})),
            article(json!({"publishedOn": " 2015-02-17\n", "abstract": ""})),
        ]).await;
        let exported = export_text(&connection, false).await;
        for part in [r#""count":2"#, r#""countryCode":"LY""#, r#""language":"ar""#, r#"["https://p.example/"]"#, r#""publishedOn":"2015-02-17""#] {
            assert!(exported.contains(part), "{part} in {exported}");
        }
        for absent in ["born", "occupation", "image", "abstract", "partOf", "\"count\":2.0"] {
            assert!(!exported.contains(absent), "{absent} in {exported}");
        }
        assert_eq!(refused(&connection, &[event(json!({"participants": [{"role": "VICTIM", "description": "x", "count": 2.5}]}))]).await,
            ["1: participants.0.count: must be a whole number, not the number 2.5"]);
    }

    async fn a_record_in_two_lines_is_refused(database: TestDatabase) {
        let connection = database.open().await;
        let id = "0190b6f5-7e3c-7000-8000-00000000000a";
        assert_eq!(
            refused(&connection, &[place(json!({"id": id})), place(json!({"id": id, "key": "q"}))]).await,
            ["2: id: another line has the same id or key: keep one line for each record"]
        );
        import_all(&connection, &[place(json!({"id": "0190b6f5-7e3c-7000-8000-00000000000c", "key": "known"}))]).await;
        let (by_id, by_key) = (place(json!({"id": "0190b6f5-7e3c-7000-8000-00000000000c"})), place(json!({"key": "known"})));
        assert_eq!(
            refused(&connection, &[by_id.clone(), by_key.clone()]).await,
            ["2: key: another line has the same id or key: keep one line for each record"]
        );
        assert_eq!(refused(&connection, &[by_key, by_id]).await, ["2: id: another line has the same id or key: keep one line for each record"]);
        import_all(&connection, &[place(json!({"id": id}))]).await;
        let other = "0190b6f5-7e3c-7000-8000-00000000000b";
        assert_eq!(
            refused(&connection, &[place(json!({"id": other}))]).await,
            [format!("1: key: the key is taken by the record {id}: choose another key")]
        );
    }
}

fn folder() -> (tempfile::TempDir, impl Fn(&str) -> String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    (folder, move |name| format!("sqlite://{}", path.join(name).display()))
}

#[tokio::test]
async fn a_file_that_is_not_a_database_is_named() {
    let (folder, url) = folder();
    std::fs::write(folder.path().join("text.db"), "This is no database, but a text of some length.").unwrap();
    let error = Connection::open(&url("text.db")).await.unwrap_err().to_string();
    assert!(error.ends_with("text.db is not a SQLite database"), "{error}");
    let error = Connection::open(&url("none/a.db")).await.unwrap_err().to_string();
    assert!(error.ends_with("a.db cannot be opened: its folder does not exist"), "{error}");
    let error = Connection::open_existing(&url("a.db")).await.unwrap_err().to_string();
    assert!(error.ends_with("a.db cannot be opened: it does not exist"), "{error}");
    let error = Connection::open(&format!("sqlite://{}", folder.path().display())).await.unwrap_err().to_string();
    assert!(error.ends_with("cannot be opened: it is a folder"), "{error}");
    let error = Connection::open("mysql://me:secret@host/db").await.unwrap_err().to_string();
    assert!(error.contains("is not the address of a database") && !error.contains("secret"), "{error}");
}

#[tokio::test]
async fn the_database_of_another_program_is_not_changed() {
    let (_folder, url) = folder();
    let connection = Connection::open(&url("other.db")).await.unwrap();
    connection.execute_unprepared("CREATE TABLE invoice (id integer)").await.unwrap();
    let error = store::migrate::migrate(&connection).await.unwrap_err().to_string();
    assert!(error.contains("another program (invoice"), "{error}");
}

both_databases! {
    async fn a_newer_schema_is_refused(database: TestDatabase) {
        let connection = database.open().await;
        assert_eq!(store::migrate::migrate(&connection).await.unwrap(), 0);
        connection
            .execute_unprepared("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29991231_000001_dream', 0)")
            .await
            .unwrap();
        let error = store::migrate::migrate(&connection).await.unwrap_err().to_string();
        assert!(error.contains("newer version of dateline (it has m29991231_000001_dream)"), "{error}");
        assert!(store::migrate::check(&connection).await.is_err());
    }

    async fn an_incomplete_schema_is_refused(database: TestDatabase) {
        let connection = database.open().await;
        connection.execute_unprepared("DELETE FROM seaql_migrations WHERE version LIKE '%000002%'").await.unwrap();
        let error = store::migrate::migrate(&connection).await.unwrap_err().to_string();
        assert!(error.contains("is damaged") && error.contains("was never run"), "{error}");
        connection.execute_unprepared("DELETE FROM seaql_migrations").await.unwrap();
        let error = store::migrate::migrate(&connection).await.unwrap_err().to_string();
        assert!(error.contains("no list of migrations"), "{error}");
    }
}

#[tokio::test]
async fn two_processes_may_migrate_a_new_file_at_once() {
    let (_folder, url) = folder();
    let address = url("new.db");
    let (first, second) = (Connection::open(&address).await.unwrap(), Connection::open(&address).await.unwrap());
    let (first, second) = tokio::join!(store::migrate::migrate(&first), store::migrate::migrate(&second));
    assert!(first.is_ok() && second.is_ok(), "{first:?} {second:?}");
}
