//! An export holds everything, in one form and one order, and comes back as it went.

use dateline::{demo, domain::export::export, store::Error};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::{
    both_databases,
    support::{
        database::TestDatabase,
        lines::{export_lines, export_text, import_all, rows, try_import},
    },
};

fn seeds() -> String {
    demo::FILES.iter().map(|(_, text)| *text).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_seeds_go_to_postgres_and_back_without_losing_a_byte() {
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
    assert!(exported == original, "the second database tells the same");

    let last = TestDatabase::sqlite().await;
    let connection = last.open().await;
    try_import(&connection, &exported).await.unwrap();
    assert!(export_text(&connection, true).await == original, "the third database tells the same");
}

both_databases! {
    async fn lines_come_by_type_then_key_then_id(database: TestDatabase) {
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
        assert!(text.starts_with(r#"{"type":"PLACE","id":""#), "{text}");
        assert!(text.contains(r#","key":"B","version":1,"createdAt":""#), "{text}");
    }

    async fn what_is_in_the_bin_is_only_in_an_export_with_history(database: TestDatabase) {
        let connection = database.open().await;
        import_all(&connection, &[
            json!({"type": "PLACE", "key": "gone", "name": "Gone", "kind": "CITY", "deletedAt": "2015-02-24T10:00:00Z"}),
            json!({"type": "PLACE", "key": "here", "name": "Here", "kind": "SITE", "containedIn": "gone"}),
            json!({"type": "RELATION", "key": "both", "source": "here", "kind": "BORDERS", "target": "gone"}),
        ]).await;
        assert_eq!(rows(&connection, "SELECT name FROM place WHERE is_deleted", 1).await, ["Gone"]);
        let lines = export_lines(&connection, false).await;
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0]["key"], "here");
        assert_eq!(lines[0].get("containedIn"), None);
        let everything = export_text(&connection, true).await;
        assert!(everything.contains(r#""deletedAt":"2015-02-24T10:00:00.000Z""#));
        assert_eq!(try_import(&connection, &everything).await.map(|outcome| outcome.unchanged), Ok(3));
    }

    async fn history_is_never_rewritten(database: TestDatabase) {
        let connection = database.open().await;
        import_all(&connection, &[json!({"type": "PLACE", "key": "here", "name": "Here", "kind": "SITE"})]).await;
        let everything = export_text(&connection, true).await;
        let forged = everything.replace(r#""actor":"test""#, r#""actor":"somebody else""#);
        assert_eq!(
            try_import(&connection, &forged).await.unwrap_err(),
            ["2: id: the revision is stored with another content; history is never rewritten"]
        );
        assert_eq!(export_text(&connection, true).await, everything);
    }

    async fn a_revision_that_cannot_be_read_ends_an_export_and_is_named(database: TestDatabase) {
        let connection = database.open().await;
        import_all(&connection, &[json!({"type": "PLACE", "key": "here", "name": "Here", "kind": "SITE"})]).await;
        let ids = rows(&connection, "SELECT CAST(id AS text) FROM revision", 1).await;
        for (column, what) in [("changes", "changes"), ("snapshot", "snapshot")] {
            connection.execute_unprepared(&format!("UPDATE revision SET {column} = '{{'")).await.unwrap();
            let outcome = export::<Error>(&connection, true, |_, _| Ok(())).await;
            let message = outcome.map(|_| ()).unwrap_err().to_string();
            assert!(message.starts_with(&format!("the {what} of the revision {} (", ids[0])), "{message}");
            connection.execute_unprepared(&format!("UPDATE revision SET {column} = '[]'")).await.unwrap();
        }
    }

    async fn the_making_of_a_record_is_kept_once_and_told_in_full(database: TestDatabase) {
        let connection = database.open().await;
        import_all(&connection, &[json!({"type": "PLACE", "key": "here", "name": "Here", "kind": "SITE", "population": 1.5})]).await;
        assert_eq!(rows(&connection, "SELECT changes FROM revision", 1).await, ["[]"]);

        let everything = export_text(&connection, true).await;
        let line: Value = serde_json::from_str(everything.lines().nth(1).unwrap()).unwrap();
        let told = |field: &str, after: Value| json!({"field": field, "before": null, "after": after});
        assert_eq!(
            line["changes"],
            json!([told("key", "here".into()), told("name", "Here".into()), told("language", "und".into()),
                told("kind", "SITE".into()), told("population", 1.5.into())])
        );
        // A line that tells it in full is the same revision, and is kept in the same way.
        assert!(try_import(&connection, &everything).await.is_ok());
        let other = TestDatabase::sqlite().await;
        let restored = other.open().await;
        try_import(&restored, &everything).await.unwrap();
        assert_eq!(rows(&restored, "SELECT changes FROM revision", 1).await, ["[]"]);
        assert!(export_text(&restored, true).await == everything, "it comes back as it went");
    }
}
