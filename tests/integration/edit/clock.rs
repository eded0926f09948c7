//! The clock of the machine may be set back or forth. The tests move all stored times instead, which is the same to the service.

use dateline::store::Connection;
use sea_orm::{ConnectionTrait as _, DbBackend};
use serde_json::{Value, json};

use super::world::world;
use crate::{
    both_databases,
    support::{
        database::TestDatabase,
        editor::Editor,
        lines::{export_lines, export_text, import_all, record, refused, try_import},
    },
};

/// Sets the clock back by an hour, as the service sees it: all stored times are an hour later.
async fn set_clock_back(connection: &Connection) {
    move_stored_times(connection, "+1 hour").await;
}

/// The opposite.
async fn set_clock_forth(connection: &Connection) {
    move_stored_times(connection, "-1 hour").await;
}

async fn move_stored_times(connection: &Connection, by: &str) {
    for (table, column) in
        [("record", "created_at"), ("record", "updated_at"), ("record", "deleted_at"), ("revision", "at")]
    {
        let moved = match connection.get_database_backend() {
            DbBackend::Postgres => format!("{column} + interval '{by}'"),
            _ => format!("strftime('%Y-%m-%dT%H:%M:%fZ', {column}, '{by}')"),
        };
        connection.execute_unprepared(&format!("UPDATE {table} SET {column} = {moved}")).await.unwrap();
    }
}

fn of<'a>(lines: &'a [Value], id: &'a str) -> impl Iterator<Item = &'a Value> {
    lines
        .iter()
        .filter(move |line| line["type"] == "REVISION" && (line["record"] == id || line["snapshot"]["id"] == id))
}

/// Checks the times of every record, and the order of the history.
fn assert_times_are_in_order(lines: &[Value]) {
    let time = |value: &Value| value.as_str().expect("a time").to_owned();
    let mut positions = vec![];
    for line in lines {
        if line["type"] == "REVISION" {
            positions.push(line["position"].as_i64().expect("a number"));
            continue;
        }
        let Some(id) = line["id"].as_str() else { continue };
        assert!(time(&line["createdAt"]) <= time(&line["updatedAt"]), "{line}");
        if line["deletedAt"].is_string() {
            assert!(time(&line["createdAt"]) <= time(&line["deletedAt"]), "{line}");
        }
        let times: Vec<String> = of(lines, id).map(|revision| time(&revision["at"])).collect();
        assert!(times.is_sorted(), "{times:?} of {line}");
        assert!(!times.is_empty() && times.last() <= Some(&time(&line["updatedAt"])), "{times:?} of {line}");
    }
    assert!(positions.is_sorted() && !positions.is_empty());
}

both_databases! {
    async fn times_never_run_backward_and_a_backup_can_be_imported_when_the_clock_was_set(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let moving = editor.create("Person", json!({ "key": "moving", "name": "Moving" })).await;
        let twin = editor.create("Place", json!({ "name": "State of Libya", "kind": "COUNTRY" })).await;
        set_clock_back(&editor.connection).await;
        // Each kind of change: an update, a merge with its parts, a consequence, a deletion, a restoration, a revert.
        let moving = editor.update("Person", &moving, json!({ "occupation": "reporter" })).await;
        editor.merge(&twin, &editor.record("libya").await).await;
        editor.update("Event", &editor.record("strike").await, json!({ "date": { "edtf": "2015-02-18" } })).await;
        editor.update("Article", &editor.record("news").await, json!({ "headline": "A headline that no citation quotes" })).await;
        editor.delete(&moving).await;
        set_clock_forth(&editor.connection).await;
        set_clock_back(&editor.connection).await;
        editor.restore(&moving.id).await;
        editor.revert_last(&moving.id).await;
        editor.delete_relation(&editor.record("border").await).await;
        let created = editor.create("Person", json!({ "name": "Created while the clock is behind" })).await;
        editor.revert_last(&created.id).await;

        let lines = export_lines(&editor.connection, true).await;
        assert_times_are_in_order(&lines);
        let text = export_text(&editor.connection, true).await;
        let other = TestDatabase::sqlite().await;
        let elsewhere = other.open().await;
        if let Err(problems) = try_import(&elsewhere, &text).await {
            panic!("{}", problems.join("\n"));
        }
        assert!(export_text(&elsewhere, true).await == text, "the same bytes");

        let fed: Vec<Value> = editor.changes().await.into_iter().map(|mut change| change["id"].take()).collect();
        let written: Vec<Value> = lines.into_iter().filter(|line| line["type"] == "REVISION").map(|mut line| line["id"].take()).collect();
        assert_eq!(fed, written, "the feed has the order of the history");
    }

    async fn an_imported_time_in_the_future_affects_no_other_record(database: TestDatabase) {
        let future = json!({ "type": "PERSON", "key": "future", "name": "Future", "createdAt": "2099-01-01T00:00:00Z", "updatedAt": "2099-01-02T00:00:00Z" });
        let editor = Editor::with_records(&database, &[future]).await;
        let before = chrono::Utc::now();
        let other = editor.create("Person", json!({ "key": "other", "name": "Other" })).await;
        let later = editor.update("Person", &editor.record("future").await, json!({ "occupation": "reporter" })).await;
        editor.update("Person", &other, json!({ "occupation": "reporter" })).await;
        assert_eq!(record(&editor.connection, "future").await["updatedAt"], "2099-01-02T00:00:00.000Z");
        let other = record(&editor.connection, "other").await;
        let updated: chrono::DateTime<chrono::Utc> = other["updatedAt"].as_str().unwrap().parse().unwrap();
        assert!((before.timestamp_millis()..=chrono::Utc::now().timestamp_millis()).contains(&updated.timestamp_millis()), "{other}");
        let lines = export_lines(&editor.connection, true).await;
        assert_times_are_in_order(&lines);
        assert_eq!(of(&lines, &later.id).count(), 2);
    }

    async fn the_history_of_an_imported_record_does_not_run_backward_either(database: TestDatabase) {
        let old = json!({ "type": "PERSON", "key": "old", "name": "Old", "createdAt": "2015-02-24T10:00:00Z", "updatedAt": "2015-02-24T11:00:00Z" });
        let editor = Editor::with_records(&database, &[old]).await;
        set_clock_back(&editor.connection).await;
        let old = editor.record("old").await;
        editor.update("Person", &old, json!({ "occupation": "reporter" })).await;
        let lines = export_lines(&editor.connection, true).await;
        let times: Vec<&str> = of(&lines, &old.id).map(|revision| revision["at"].as_str().unwrap()).collect();
        assert!(times.len() == 2 && times[0] <= times[1], "{times:?}");
    }

    async fn lines_with_only_some_times_can_be_exported_and_imported(database: TestDatabase) {
        let connection = database.open().await;
        let person = |key: &str, times: Value| {
            let mut line = json!({ "type": "PERSON", "key": key, "name": key });
            line.as_object_mut().unwrap().extend(times.as_object().unwrap().clone());
            line
        };
        let at = |year: u32| format!("{year}-02-24T10:00:00Z");
        import_all(&connection, &[
            person("only-updated", json!({ "updatedAt": at(2015) })),
            person("deleted-before-updated", json!({ "updatedAt": at(2016), "deletedAt": at(2015) })),
            person("a-newer-copy", json!({})),
            person("a-newer-version", json!({ "createdAt": at(2015), "updatedAt": at(2017) })),
        ]).await;
        // Versions of another database in which the record was created, or last changed, before this one.
        import_all(&connection, &[
            person("a-newer-copy", json!({ "version": 7, "createdAt": at(2014), "updatedAt": at(2015), "occupation": "reporter" })),
            person("a-newer-version", json!({ "version": 7, "updatedAt": at(2016), "occupation": "reporter" })),
        ]).await;
        assert_eq!(record(&connection, "a-newer-version").await["updatedAt"], "2017-02-24T10:00:00.000Z");
        let text = export_text(&connection, true).await;
        let other = TestDatabase::sqlite().await;
        let elsewhere = other.open().await;
        assert_eq!(try_import(&elsewhere, &text).await.map(|counts| counts.created), Ok(4), "{text}");
        assert!(export_text(&elsewhere, true).await == text, "the same bytes");
        let wrong = person("wrong", json!({ "createdAt": at(2015), "updatedAt": at(2014) }));
        assert_eq!(refused(&connection, &[wrong]).await, ["1: updatedAt: is before createdAt"]);
    }
}
