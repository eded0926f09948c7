//! Links stay consistent: places in places, dates relative to dates, quotes in texts that change.

use serde_json::{Value, json};

use crate::{
    both_databases,
    support::lines::{history, import_all, record, refused, rows},
};

fn place(key: &str, above: Option<&str>) -> Value {
    json!({"type": "PLACE", "key": key, "name": key, "kind": "REGION", "containedIn": above})
}

fn event(key: &str, date: &Value) -> Value {
    json!({"type": "EVENT", "key": key, "name": key, "kind": "MEETING", "date": date})
}

fn after(anchor: &str, duration: &str) -> Value {
    json!({"relative": {"anchor": anchor, "relation": "AFTER", "duration": duration}})
}

const DATES: &str = "SELECT r.key, e.date_edtf FROM event e JOIN record r ON r.id = e.id";

both_databases! {
    async fn a_place_that_moves_keeps_what_it_contains(database: TestDatabase) {
        let connection = database.open().await;
        let fair = json!({"type": "EVENT", "key": "fair", "name": "Fair", "kind": "CULTURE", "places": [{"place": "c"}]});
        import_all(&connection, &[place("c", Some("b")), place("b", Some("a")), place("a", None), place("z", None), fair]).await;
        let within = "SELECT p.key FROM place_event x JOIN record p ON p.id = x.place_id";
        assert_eq!(rows(&connection, within, 1).await, ["a", "b", "c"]);
        import_all(&connection, &[place("b", Some("z"))]).await;
        assert_eq!(rows(&connection, within, 1).await, ["b", "c", "z"]);
        let depths = "SELECT a.key, c.depth FROM place_closure c JOIN record a ON a.id = c.ancestor_id
            JOIN record d ON d.id = c.descendant_id WHERE d.key = 'c'";
        assert_eq!(rows(&connection, depths, 2).await, ["b|1", "c|0", "z|2"]);
    }

    async fn nothing_contains_itself(database: TestDatabase) {
        let connection = database.open().await;
        let problem = "containedIn: a place cannot be contained in itself or in a place that it contains";
        assert_eq!(refused(&connection, &[place("a", Some("a"))]).await, [format!("1: {problem}")]);
        assert_eq!(
            refused(&connection, &[place("a", Some("b")), place("b", Some("a"))]).await,
            [format!("1: {problem}"), format!("2: {problem}")]
        );
        // A cycle through a stored record.
        import_all(&connection, &[place("a", None), place("b", Some("a")), place("c", Some("b"))]).await;
        assert_eq!(refused(&connection, &[place("a", Some("c"))]).await, [format!("1: {problem}")]);

        let unit = |key: &str, above: &str| {
            json!({"type": "ORGANIZATION", "key": key, "name": key, "kind": "MILITARY", "parent": above})
        };
        assert_eq!(refused(&connection, &[unit("army", "corps"), unit("corps", "army")]).await.len(), 2);
        let part = |key: &str, above: &str| {
            json!({"type": "EVENT", "key": key, "name": key, "kind": "MEETING", "partOf": above})
        };
        assert_eq!(refused(&connection, &[part("talks", "summit"), part("summit", "talks")]).await.len(), 2);
    }

    async fn a_relative_date_is_computed_from_its_anchor_and_again_when_that_changes(database: TestDatabase) {
        let connection = database.open().await;
        let release = json!({"type": "EVENT", "key": "release", "name": "Release", "kind": "OTHER",
            "date": {"edtf": "2015-04", "relative": {"anchor": "raid", "relation": "AFTER"}}});
        let report = json!({"type": "ARTICLE", "key": "report", "headline": "Report", "body": "It was the day before.",
            "language": "en", "publishedOn": "2015-02-24"});
        let testimony = json!({"type": "EVENT", "key": "testimony", "name": "Testimony", "kind": "STATEMENT",
            "date": {"relative": {"anchor": "report", "relation": "BEFORE", "duration": "P1D"}},
            "citations": [{"article": "report", "quote": "the day before",
                "date": {"relative": {"anchor": "raid", "relation": "DURING"}}}]});
        import_all(&connection, &[
            event("talks", &after("reply", "P1W")), event("reply", &after("raid", "P1D")),
            event("raid", &json!({"edtf": "2015-02-16"})), release, report.clone(), testimony,
        ]).await;
        assert_eq!(
            rows(&connection, DATES, 2).await,
            ["raid|2015-02-16", "release|2015-04", "reply|2015-02-17", "talks|2015-02-24", "testimony|2015-02-23"]
        );

        // Only the anchor is imported again. Relative dates follow it, but a date with its own EDTF stays.
        import_all(&connection, &[event("raid", &json!({"edtf": "2015-02-10"}))]).await;
        assert_eq!(
            rows(&connection, DATES, 2).await,
            ["raid|2015-02-10", "release|2015-04", "reply|2015-02-11", "talks|2015-02-18", "testimony|2015-02-23"]
        );
        assert_eq!(rows(&connection, "SELECT date_edtf FROM citation", 1).await, ["2015-02-10"]);
        let ranks = "SELECT r.key FROM event e JOIN record r ON r.id = e.id WHERE e.rank_asc = 736012";
        assert_eq!(rows(&connection, ranks, 1).await, ["talks"]);
        assert_eq!(record(&connection, "talks").await["version"], 2, "the date resolves to another day");

        let mut later = report;
        later["publishedOn"] = json!("2015-02-26");
        import_all(&connection, &[later]).await;
        assert!(rows(&connection, DATES, 2).await.contains(&"testimony|2015-02-25".to_owned()));
    }

    async fn a_date_that_cannot_be_computed_is_open_on_both_sides(database: TestDatabase) {
        let connection = database.open().await;
        import_all(&connection, &[event("a", &after("b", "P1D")), event("b", &Value::Null)]).await;
        assert_eq!(rows(&connection, DATES, 2).await, ["a|../..", "b|"]);
        let mut date = after("b", "P1D");
        date["resolved"] = json!("../..");
        assert_eq!(record(&connection, "a").await["date"], date);
    }

    async fn dates_form_no_cycle(database: TestDatabase) {
        let connection = database.open().await;
        let problem = "date: a date cannot be relative to itself, directly or through other dates";
        assert_eq!(
            refused(&connection, &[event("a", &after("b", "P1D")), event("b", &after("a", "P1D"))]).await,
            [format!("1: {problem}"), format!("2: {problem}")]
        );
        import_all(&connection, &[event("a", &json!({"edtf": "2015"})), event("b", &after("a", "P1D"))]).await;
        assert_eq!(
            refused(&connection, &[event("a", &after("b", "P1D"))]).await,
            [format!("1: {problem}")]
        );
    }

    async fn a_citation_follows_its_passage_when_the_text_changes(database: TestDatabase) {
        let connection = database.open().await;
        let article = |body: &str| {
            json!({"type": "ARTICLE", "key": "news", "headline": "News", "language": "en", "body": body})
        };
        let event = json!({"type": "EVENT", "key": "raid", "name": "Raid", "kind": "AIRSTRIKE", "citations": [
            {"article": "news", "quote": "Planes came."}, {"article": "news", "quote": "Nobody spoke."}]});
        import_all(&connection, &[article("Planes came. Nobody spoke."), event]).await;
        let before = record(&connection, "raid").await["citations"].clone();

        import_all(&connection, &[article("At dawn. Planes came. Nobody said a word.")]).await;
        let raid = record(&connection, "raid").await;
        assert_eq!(raid["citations"][0]["anchor"], "MOVED");
        assert_eq!(raid["citations"][0]["start"], 9);
        assert_eq!(raid["citations"][0]["id"], before[0]["id"]);
        assert_eq!(raid["citations"][1]["anchor"], "ORPHANED");
        assert_eq!(raid["citations"][1]["start"], Value::Null);
        assert_eq!(raid["version"], 2, "what the event says of its evidence is another thing now");
        assert_eq!(history(&connection, "raid").await[1]["changes"][0]["field"], "citations");

        // An orphan is found again at one passage, but not if there are two.
        import_all(&connection, &[article("Now. At dawn. Planes came. Nobody said. At dawn. Planes came. Nobody spoke.")]).await;
        let raid = record(&connection, "raid").await;
        assert_eq!(raid["citations"][0]["anchor"], "ORPHANED");
        assert_eq!(raid["citations"][1]["anchor"], "MOVED");
    }

    async fn thousands_of_citations_follow_their_passage_when_the_text_changes(database: TestDatabase) {
        let connection = database.open().await;
        let article = |body: &str| {
            json!({"type": "ARTICLE", "key": "news", "headline": "News", "language": "en", "body": body})
        };
        let event = |number| json!({"type": "EVENT", "key": format!("raid/{number}"), "name": "Raid", "kind": "AIRSTRIKE",
            "citations": [{"article": "news", "quote": "Planes came."}, {"article": "news", "quote": "Nobody spoke."}]});
        let lines: Vec<_> = std::iter::once(article("Planes came. Nobody spoke.")).chain((0..2_100).map(event)).collect();
        import_all(&connection, &lines).await;

        import_all(&connection, &[article("At dawn. Planes came. Nobody said a word.")]).await;
        let places = "SELECT anchor, span_start, count(*) FROM citation GROUP BY anchor, span_start";
        assert_eq!(rows(&connection, places, 3).await, ["MOVED|9|2100", "ORPHANED||2100"]);
        let versions = "SELECT kind, version, count(*) FROM record GROUP BY kind, version";
        assert_eq!(rows(&connection, versions, 3).await, ["ARTICLE|2|1", "EVENT|2|2100"]);
        let article = record(&connection, "news").await;
        assert_eq!(article["body"], "At dawn. Planes came. Nobody said a word.");
    }
}
