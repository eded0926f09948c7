//! An export contains everything, in one form and one order, and an import restores it.

use dateline::{
    demo,
    domain::export::{Content, export},
    store::Error,
};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::{
    both_databases,
    support::{
        database::TestDatabase,
        lines::{export_as, export_lines, export_text, import_all, record, refused, rows, try_import},
    },
};

fn seeds() -> String {
    demo::FILES.iter().map(|(_, text)| *text).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_seeds_move_to_postgres_and_back_byte_for_byte() {
    let first = TestDatabase::sqlite().await;
    let connection = first.open().await;
    try_import(&connection, &seeds()).await.unwrap();
    let original = export_text(&connection, true).await;
    assert!(original.lines().count() > 4_000);

    let between = match TestDatabase::postgres().await {
        Some(database) => database,
        None => TestDatabase::sqlite().await,
    };
    let connection = between.open().await;
    try_import(&connection, &original).await.unwrap();
    let exported = export_text(&connection, true).await;
    assert!(exported == original, "the second database has the same content");

    let last = TestDatabase::sqlite().await;
    let connection = last.open().await;
    try_import(&connection, &exported).await.unwrap();
    assert!(export_text(&connection, true).await == original, "the third database has the same content");
}

both_databases! {
    async fn the_first_and_the_last_day_and_time_come_back(database: TestDatabase) {
        let connection = database.open().await;
        let place = |key: &str, at: &str| json!({"type": "PLACE", "key": key, "name": "P", "kind": "CITY", "createdAt": at, "updatedAt": at});
        let article = |key: &str, day: &str| json!({"type": "ARTICLE", "key": key, "headline": "H", "language": "en", "publishedOn": day});
        let lines = [
            place("first", "0000-01-01T00:00:00.000Z"), place("last", "9999-12-31T23:59:59.999Z"),
            article("first-day", "0000-01-01"), article("last-day", "9999-12-31"),
        ];
        import_all(&connection, &lines).await;
        for (line, fields) in lines.iter().zip([&["createdAt", "updatedAt"][..], &["createdAt", "updatedAt"], &["publishedOn"], &["publishedOn"]]) {
            let exported = record(&connection, line["key"].as_str().expect("a key")).await;
            for field in fields {
                assert_eq!(exported[field], line[field], "{field} of {}", line["key"]);
            }
        }
    }

    async fn lines_are_ordered_by_type_then_key_then_id(database: TestDatabase) {
        let connection = database.open().await;
        let place = |key: Value, id: Value| json!({"type": "PLACE", "key": key, "id": id, "name": "P", "kind": "CITY"});
        let (low, high) = ("0190b6f5-7e3c-7000-8000-00000000000a", "0190b6f5-7e3c-7000-8000-00000000000b");
        import_all(&connection, &[
            json!({"type": "RELATION", "key": "a", "source": "B", "kind": "BORDERS", "target": "b"}),
            json!({"type": "ARTICLE", "key": "a0", "headline": "H", "language": "en"}),
            json!({"type": "PERSON", "key": "a1", "name": "N"}),
            place(Value::Null, json!(high)), place(Value::Null, json!(low)),
            place(json!("b"), Value::Null), place(json!("B"), Value::Null),
        ]).await;
        let lines = export_lines(&connection, false).await;
        let order: Vec<_> = lines
            .iter()
            .map(|line| line["key"].as_str().or(line["id"].as_str()).unwrap_or_default())
            .collect();
        assert_eq!(order, ["B", "b", low, high, "a1", "a0", "a"]);
        let text = export_text(&connection, false).await;
        assert!(text.starts_with("{\"type\":\"EXPORT\"}\n{\"type\":\"PLACE\",\"id\":\""), "{text}");
        assert!(text.contains(r#","key":"B","version":1,"createdAt":""#), "{text}");
    }

    async fn deleted_records_are_exported_and_marked_unless_published_is_given(database: TestDatabase) {
        let connection = database.open().await;
        let day = |anchor: &str| json!({"relative": {"anchor": anchor, "relation": "AFTER", "duration": "P1D"}});
        let binned = "2015-02-24T10:00:00Z";
        let (survivor, away) = ("0190b6f5-7e3c-7000-8000-00000000000a", "0190b6f5-7e3c-7000-8000-00000000000b");
        import_all(&connection, &[
            json!({"type": "PLACE", "id": survivor, "key": "gone", "name": "Gone", "kind": "CITY", "deletedAt": binned, "mergedIds": [away]}),
            json!({"type": "PLACE", "id": away, "key": "gone-2", "name": "Gone too", "kind": "CITY", "mergedInto": survivor}),
            json!({"type": "EVENT", "key": "past", "name": "Past", "kind": "MEETING", "date": {"edtf": "2015-02-23"}, "deletedAt": binned}),
            json!({"type": "ARTICLE", "key": "lost", "headline": "Lost", "language": "en", "deletedAt": binned}),
            json!({"type": "PLACE", "key": "here", "name": "Here", "kind": "SITE"}),
            json!({"type": "PERSON", "key": "omar", "name": "Omar"}),
            json!({"type": "ARTICLE", "key": "news", "headline": "Gone and here", "language": "en", "mentions": [
                {"entity": "omar", "field": "HEADLINE", "start": 0, "end": 4}, {"entity": "here", "field": "HEADLINE", "start": 9, "end": 13}]}),
            json!({"type": "EVENT", "key": "later", "name": "Later", "kind": "MEETING", "date": day("past"), "places": [{"place": "here"}],
                "participants": [{"participant": "omar", "role": "HOST"}, {"participant": "omar", "description": "guests", "role": "OTHER"}],
                "citations": [{"article": "lost", "field": "HEADLINE", "quote": "Lost"}, {"article": "news", "field": "HEADLINE", "quote": "here", "date": day("past")}]}),
            json!({"type": "RELATION", "key": "both", "source": "here", "kind": "OTHER", "target": "omar"}),
        ]).await;
        let mut omar = record(&connection, "omar").await;
        omar["deletedAt"] = json!("2030-01-01T00:00:00Z");
        import_all(&connection, &[omar]).await;

        let everything = export_text(&connection, false).await;
        assert!(everything.contains(r#""deletedAt":"2015-02-24T10:00:00.000Z""#) && everything.contains(r#""mergedInto":"#), "{everything}");
        assert_eq!(everything.lines().count(), 11);
        assert_eq!(try_import(&connection, &everything).await.map(|outcome| outcome.unchanged), Ok(9));

        let published = export_as(&connection, Content::Published).await;
        let lines: Vec<&str> = published.lines().collect();
        let lines: Vec<Value> = lines[1..lines.len() - 1].iter().map(|line| serde_json::from_str(line).unwrap()).collect();
        let keys: Vec<&Value> = lines.iter().map(|line| &line["key"]).collect();
        assert_eq!(keys, ["here", "later", "news"]);
        let later = &lines[1];
        assert_eq!(later["date"], json!({"edtf": "2015-02-24"}), "what it was worked out to");
        assert_eq!(later["participants"].as_array().map(Vec::len), Some(1));
        assert_eq!((&later["participants"][0]["description"], later["participants"][0].get("participant")), (&json!("guests"), None));
        assert_eq!((&later["citations"][0]["quote"], later["citations"].as_array().map(Vec::len)), (&json!("here"), Some(1)));
        assert_eq!(lines[2]["mentions"].as_array().map(Vec::len), Some(1));
        let elsewhere = TestDatabase::sqlite().await;
        let elsewhere = elsewhere.open().await;
        try_import(&elsewhere, &published).await.unwrap();
        assert!(export_text(&elsewhere, false).await == published, "no link to a record that was left out");
    }

    async fn a_line_may_link_to_the_bin_only_if_its_stored_record_does(database: TestDatabase) {
        let connection = database.open().await;
        let place = |key: &str, above: &str| json!({"type": "PLACE", "key": key, "name": key, "kind": "CITY", "containedIn": above});
        import_all(&connection, &[json!({"type": "PLACE", "key": "gone", "name": "Gone", "kind": "REGION"}), place("here", "gone")]).await;
        let mut gone = record(&connection, "gone").await;
        gone["deletedAt"] = json!("2030-01-01T00:00:00Z");
        import_all(&connection, &[gone]).await;
        let line = record(&connection, "here").await;
        assert_eq!(line["containedIn"], "gone");
        assert_eq!(import_all(&connection, std::slice::from_ref(&line)).await.unchanged, 1);
        assert_eq!(refused(&connection, &[place("there", "gone")]).await, ["1: containedIn: gone is in the bin: restore it first, or refer to another record"]);
        let gone = record(&connection, "gone").await;
        assert_eq!(refused(&connection, &[gone, place("there", "gone")]).await, ["2: containedIn: gone is in the bin: restore it first, or refer to another record"]);
        let mut without = line;
        without.as_object_mut().unwrap().remove("containedIn");
        assert_eq!(import_all(&connection, &[without]).await.updated, 1, "a line is the whole record");
    }

    async fn a_line_of_a_merged_record_must_agree_with_the_line_of_its_survivor(database: TestDatabase) {
        let connection = database.open().await;
        let (one, two, three) = ("0190b6f5-7e3c-7000-8000-00000000000a", "0190b6f5-7e3c-7000-8000-00000000000b", "0190b6f5-7e3c-7000-8000-00000000000c");
        let place = |id: &str, more: Value| {
            let mut line = json!({"type": "PLACE", "id": id, "name": "P", "kind": "CITY"});
            line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            line
        };
        let into = |id: &str| json!({"mergedInto": id});
        let problems = refused(&connection, &[place(one, into(two)), place(two, json!({}))]).await;
        assert_eq!(problems, [format!("1: mergedInto: the record {two} does not list this id in its mergedIds")]);
        assert_eq!(refused(&connection, &[place(one, into(two))]).await, [format!("1: mergedInto: no record has the id {two}: check it, or create the record first")]);
        let person = json!({"type": "PERSON", "id": two, "name": "P", "mergedIds": [one]});
        let problems = refused(&connection, &[place(one, into(two)), person]).await;
        assert_eq!(problems, ["1: mergedInto: is a record of another type: only records of one type can be merged"]);
        let chain = [place(one, into(two)), place(two, json!({"mergedInto": three, "mergedIds": [one]})), place(three, json!({"mergedIds": [two]}))];
        let problems = refused(&connection, &chain).await;
        assert_eq!(problems, ["2: mergedIds: must be empty in a merged record; list the ids in the record that it was merged into"]);

        // a merged id without a line of its own can get one
        import_all(&connection, &[place(two, json!({"mergedIds": [one]})), place(three, json!({}))]).await;
        let mut full = place(one, into(two));
        full["key"] = json!("old");
        assert_eq!(import_all(&connection, &[full.clone()]).await.created, 1);
        assert_eq!(import_all(&connection, &[full]).await.unchanged, 1);
        let problems = refused(&connection, &[place(one, into(three)), place(three, into(two))]).await;
        assert_eq!(problems, [
            format!("1: id: the record was merged into {two}: change the line of that record, or remove this line"),
            "2: id: the record was not merged; an import cannot merge it: use mergeEntities".to_owned(),
        ]);
        let child = json!({"type": "PLACE", "key": "child", "name": "C", "kind": "CITY", "containedIn": "old"});
        import_all(&connection, &[child]).await;
        assert_eq!(record(&connection, "child").await["containedIn"], two, "the old key gives the survivor");
    }

    async fn history_is_never_rewritten(database: TestDatabase) {
        let connection = database.open().await;
        import_all(&connection, &[json!({"type": "PLACE", "key": "here", "name": "Here", "kind": "SITE"})]).await;
        let everything = export_text(&connection, true).await;
        let forged = everything.replace(r#""actor":"test""#, r#""actor":"somebody else""#);
        assert_eq!(
            try_import(&connection, &forged).await.unwrap_err(),
            ["3: id: the revision is stored with other content; the history is never rewritten"]
        );
        assert_eq!(export_text(&connection, true).await, everything);
    }

    async fn a_revision_that_cannot_be_read_ends_an_export_and_is_named(database: TestDatabase) {
        let connection = database.open().await;
        import_all(&connection, &[json!({"type": "PLACE", "key": "here", "name": "Here", "kind": "SITE"})]).await;
        let ids = rows(&connection, "SELECT CAST(id AS text) FROM revision", 1).await;
        for (column, what) in [("changes", "changes"), ("snapshot", "snapshot")] {
            connection.execute_unprepared(&format!("UPDATE revision SET {column} = '{{'")).await.unwrap();
            let outcome = export::<Error>(&connection, Content::RecordsAndHistory, |_, _| Ok(())).await;
            let message = outcome.map(|_| ()).unwrap_err().to_string();
            assert!(message.starts_with(&format!("the {what} of the revision {} (", ids[0])), "{message}");
            connection.execute_unprepared(&format!("UPDATE revision SET {column} = '[]'")).await.unwrap();
        }
    }

    async fn the_creation_of_a_record_is_stored_once_and_shown_in_full(database: TestDatabase) {
        let connection = database.open().await;
        import_all(&connection, &[json!({"type": "PLACE", "key": "here", "name": "Here", "kind": "SITE", "population": 1.5})]).await;
        assert_eq!(rows(&connection, "SELECT changes FROM revision", 1).await, ["[]"]);

        let everything = export_text(&connection, true).await;
        let line: Value = serde_json::from_str(everything.lines().nth(2).unwrap()).unwrap();
        let change = |field: &str, after: Value| json!({"field": field, "before": null, "after": after});
        assert_eq!(
            line["changes"],
            json!([change("key", "here".into()), change("name", "Here".into()), change("language", "und".into()),
                change("kind", "SITE".into()), change("population", 1.5.into())])
        );
        // The line in full is the same revision, and is stored in the same form.
        assert!(try_import(&connection, &everything).await.is_ok());
        let other = TestDatabase::sqlite().await;
        let restored = other.open().await;
        try_import(&restored, &everything).await.unwrap();
        assert_eq!(rows(&restored, "SELECT changes FROM revision", 1).await, ["[]"]);
        assert!(export_text(&restored, true).await == everything, "it comes back as it went");
    }
}
