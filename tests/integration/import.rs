//! What an import stores and what it leaves unchanged, and that it never writes a part.

use dateline::{domain::write::WriteCounts, store::Connection};
use serde_json::{Value, json};

use crate::{
    both_databases,
    support::lines::{export_lines, export_text, history, import_all, lines, record, refused, rows, try_import},
};

fn country(key: &str, name: &str) -> Value {
    json!({"type": "PLACE", "key": key, "name": name, "language": "en", "kind": "COUNTRY"})
}

/// Places in each other, an organization, a person, an article, an event with evidence, a relation.
pub fn world() -> Vec<Value> {
    vec![
        json!({"type": "EVENT", "key": "event/visit", "name": "Visit to Sabha", "language": "en", "kind": "MEETING",
            "officiallyConfirmed": false, "date": {"edtf": "2015-02-17~", "original": "about the 17th"},
            "places": [{"place": "city/sabha", "description": "the south of", "isCertain": false}],
            "participants": [
                {"participant": "person/salim", "role": "SPEAKER",
                    "citations": [{"article": "article/one", "quote": "said Salim", "form": "DIRECT", "modality": "CLAIM"}]},
                {"description": "21 guests", "count": 21, "role": "PARTICIPANT"}],
            "citations": [{"article": "article/one", "quote": "a visit", "start": 3, "attributedToText": "local sources",
                "attributedToCountry": "country/ly", "date": {"edtf": "2015-02-16"}, "note": "differs by a day"}]}),
        json!({"type": "PLACE", "key": "city/sabha", "name": "سبها", "names": [
                {"text": "سبها", "language": "ar"}, {"text": "Sabha", "language": "en", "kind": "MAIN"}],
            "kind": "CITY", "countryCode": "LY", "location": {"latitude": 27.04, "longitude": 14.43},
            "population": 96804, "containedIn": "country/ly", "sameAs": ["https://sws.geonames.org/2212775/"]}),
        json!({"type": "PLACE", "key": "country/ly", "name": "Libya", "language": "en", "kind": "COUNTRY",
            "descriptions": [{"text": "A country in Northern Africa", "language": "en"}]}),
        json!({"type": "ORGANIZATION", "key": "org/paper", "name": "The Paper", "language": "en", "kind": "MEDIA",
            "headquarters": "city/sabha", "country": "country/ly", "founded": {"edtf": "1990"}}),
        json!({"type": "PERSON", "key": "person/salim", "name": "Salim", "language": "en", "born": {"edtf": "196X"},
            "occupation": "mayor", "nationalities": ["country/ly"]}),
        json!({"type": "ARTICLE", "key": "article/one", "headline": "A visit", "body": "On a visit, said Salim in سبها.",
            "language": "en", "publishedOn": "2015-02-18", "url": "https://paper.example/1", "publisher": "org/paper",
            "authors": ["person/salim"], "dateline": "city/sabha",
            "mentions": [
                {"entity": "city/sabha", "meant": "country/ly", "field": "BODY", "start": 26, "end": 30},
                {"entity": "person/salim", "field": "BODY", "start": 17, "end": 22, "text": "Salim"}]}),
        json!({"type": "RELATION", "key": "relation/salim-sabha", "source": "person/salim", "kind": "LEADS",
            "target": "city/sabha", "since": {"edtf": "2012/.."},
            "citations": [{"article": "article/one", "quote": "سبها"}]}),
    ]
}

/// Asserts that the derived tables agree with the [`world`], and that other places (`other/...`) only contain themselves.
pub async fn derived_tables_match_the_world(connection: &Connection) {
    let closure = "SELECT a.key, d.key, c.depth FROM place_closure c
        JOIN record a ON a.id = c.ancestor_id JOIN record d ON d.id = c.descendant_id
        WHERE d.key NOT LIKE 'other/%'";
    assert_eq!(
        rows(connection, closure, 3).await,
        ["city/sabha|city/sabha|0", "country/ly|city/sabha|1", "country/ly|country/ly|0"]
    );
    let places = "SELECT p.key, e.key FROM place_event x
        JOIN record p ON p.id = x.place_id JOIN record e ON e.id = x.event_id";
    assert_eq!(rows(connection, places, 2).await, ["city/sabha|event/visit", "country/ly|event/visit"]);
    let entities = "SELECT r.key, x.kind, x.mention_count, x.citation_count FROM article_entity x
        JOIN record r ON r.id = x.entity_id";
    assert_eq!(
        rows(connection, entities, 4).await,
        ["city/sabha|PLACE|1|0", "country/ly|PLACE|1|0", "event/visit|EVENT|0|2", "person/salim|PERSON|1|0"]
    );
    let takes_part = "SELECT r.key, x.rank_asc, x.rank_end FROM event_entity x JOIN record r ON r.id = x.entity_id";
    assert_eq!(rows(connection, takes_part, 3).await, ["person/salim|736011|736011"]);
    let ends = "SELECT r.key, x.direction, o.key FROM relation_end x
        JOIN record r ON r.id = x.record_id JOIN record o ON o.id = x.other_id";
    assert_eq!(
        rows(connection, ends, 3).await,
        ["city/sabha|INCOMING|person/salim", "person/salim|OUTGOING|city/sabha"]
    );
}

both_databases! {
    async fn an_import_can_be_exported_again_with_its_derived_tables(database: TestDatabase) {
        let connection = database.open().await;
        assert_eq!(
            import_all(&connection, &world()).await,
            WriteCounts { created: 7, updated: 0, unchanged: 0, revisions: 0 }
        );

        let city = record(&connection, "city/sabha").await;
        assert_eq!(city["language"], "ar", "the entry with the same text gives the language of the main name");
        assert_eq!(city["names"], json!([{"text": "Sabha", "language": "en", "kind": "MAIN"}]));
        assert_eq!(city["population"], json!(96804));
        assert_eq!(city["containedIn"], "country/ly");
        assert_eq!(city["version"], 1);

        let event = record(&connection, "event/visit").await;
        assert_eq!(event["officiallyConfirmed"], false, "an explicit no is no missing value");
        assert_eq!(event["status"], "REPORTED");
        assert_eq!(event["places"][0]["isCertain"], false);
        let citation = &event["participants"][0]["citations"][0];
        assert_eq!(citation["start"], 12);
        assert_eq!(citation["end"], 22);
        assert_eq!(event["citations"][0]["date"]["edtf"], "2015-02-16");

        let mentions = record(&connection, "article/one").await["mentions"].clone();
        assert_eq!(mentions[0]["text"], "Salim", "mentions come in the order of the text");
        assert_eq!(mentions[1]["text"], "سبها");
        assert_eq!(mentions[1]["origin"], "IMPORT");
    }

    async fn derived_tables_are_updated_by_an_import(database: TestDatabase) {
        let connection = database.open().await;
        import_all(&connection, &world()).await;
        derived_tables_match_the_world(&connection).await;
    }

    async fn nothing_is_written_unless_every_line_is_right(database: TestDatabase) {
        let connection = database.open().await;
        let mut batch = world();
        batch.push(json!({"type": "PLACE", "key": "city/lost", "name": "Lost", "kind": "CITY", "containedIn": "country/xx"}));
        assert_eq!(
            refused(&connection, &batch).await,
            [r#"8: containedIn: no record has the key "country/xx": check it, or create the record first"#]
        );
        assert_eq!(export_lines(&connection, true).await, Vec::<Value>::new());
    }

    async fn importing_again_changes_nothing(database: TestDatabase) {
        let connection = database.open().await;
        import_all(&connection, &world()).await;
        let before = export_text(&connection, true).await;
        assert_eq!(
            import_all(&connection, &world()).await,
            WriteCounts { created: 0, updated: 0, unchanged: 7, revisions: 0 }
        );
        let exported = export_text(&connection, false).await;
        assert_eq!(try_import(&connection, &exported).await.map(|outcome| outcome.unchanged), Ok(7));
        assert_eq!(export_text(&connection, true).await, before);
    }

    async fn only_what_changed_is_changed(database: TestDatabase) {
        let connection = database.open().await;
        let mut batch = world();
        import_all(&connection, &batch).await;
        let before = export_lines(&connection, false).await;
        batch[2]["names"] = json!([{"text": "ليبيا", "language": "ar", "kind": "MAIN"}]);
        batch[2]["descriptions"] = Value::Null;
        assert_eq!(
            import_all(&connection, &batch).await,
            WriteCounts { created: 0, updated: 1, unchanged: 6, revisions: 0 }
        );
        let after = export_lines(&connection, false).await;
        let changed: Vec<_> = before.iter().zip(&after).filter(|(old, new)| old != new).collect();
        assert_eq!(changed.len(), 1);
        assert_eq!(changed[0].1["key"], "country/ly");
        assert_eq!(changed[0].1["version"], 2);
        assert_eq!(changed[0].0["createdAt"], changed[0].1["createdAt"]);

        let history = history(&connection, "country/ly").await;
        assert_eq!(history.len(), 2);
        assert_eq!(history[1]["operation"], "UPDATE");
        assert_eq!(history[1]["actor"], "test");
        assert_eq!(history[1]["version"], 2);
        assert_eq!(
            history[1]["changes"],
            json!([
                {"field": "names", "before": null, "after": [{"text": "ليبيا", "language": "ar", "kind": "MAIN"}]},
                {"field": "descriptions", "before": [{"text": "A country in Northern Africa", "language": "en"}], "after": null}
            ])
        );
        assert_eq!(history[1]["snapshot"]["names"][0]["text"], "ليبيا");
    }

    async fn an_owned_item_keeps_its_id_while_its_fields_stay_the_same(database: TestDatabase) {
        let connection = database.open().await;
        let mut batch = world();
        import_all(&connection, &batch).await;
        let before = record(&connection, "event/visit").await;
        // A new first participant, and a second citation of the old one: the old items keep their ids.
        let old = batch[0]["participants"].as_array().unwrap().clone();
        let mut speaker = old[0].clone();
        speaker["citations"].as_array_mut().unwrap().insert(0, json!({"article": "article/one", "quote": "Salim in"}));
        batch[0]["participants"] = json!([{"description": "a driver", "role": "OTHER"}, speaker, old[1]]);
        import_all(&connection, &batch).await;
        let after = record(&connection, "event/visit").await;
        assert_eq!(after["participants"][1]["id"], before["participants"][0]["id"]);
        assert_eq!(after["participants"][2]["id"], before["participants"][1]["id"]);
        assert_eq!(
            after["participants"][1]["citations"][1]["id"],
            before["participants"][0]["citations"][0]["id"]
        );
        assert_eq!(after["citations"], before["citations"]);

        batch[0]["participants"] = json!([old[1]]);
        batch[0]["citations"] = Value::Null;
        import_all(&connection, &batch).await;
        let after = record(&connection, "event/visit").await;
        assert_eq!(after["participants"], json!([before["participants"][1]]));
        assert_eq!(rows(&connection, "SELECT quote FROM citation", 1).await, ["سبها"]);
        let cited = "SELECT citation_count FROM article_entity WHERE kind = 'EVENT'";
        assert!(rows(&connection, cited, 1).await.is_empty());
    }

    async fn a_line_with_an_older_version_is_refused(database: TestDatabase) {
        let connection = database.open().await;
        import_all(&connection, &[country("country/ly", "Libia")]).await;
        let old = record(&connection, "country/ly").await;
        import_all(&connection, &[country("country/ly", "Libya")]).await;
        let mut edited = old.clone();
        edited["name"] = json!("Lybia");
        assert_eq!(
            refused(&connection, &[edited.clone()]).await,
            ["1: version: the record was changed since: it is at version 2, and the line was made from version 1: export the record again, or leave out version to overwrite"]
        );
        edited["version"] = json!(2);
        import_all(&connection, &[edited]).await;
        assert_eq!(record(&connection, "country/ly").await["version"], 3);
        // A line with a higher version brings its version.
        let mut ahead = record(&connection, "country/ly").await;
        ahead["name"] = json!("State of Libya");
        ahead["version"] = json!(7);
        import_all(&connection, &[ahead]).await;
        assert_eq!(record(&connection, "country/ly").await["version"], 7);
    }

    async fn keys_and_addresses_can_move_from_one_record_to_another(database: TestDatabase) {
        let connection = database.open().await;
        let place = |key: &str, url: &str| {
            json!({"type": "PLACE", "key": key, "name": "A place", "kind": "CITY", "sameAs": [url]})
        };
        let article = |key: &str, url: &str| {
            json!({"type": "ARTICLE", "key": key, "headline": "News", "language": "en", "url": url})
        };
        let (first, second) = ("https://x.example/1", "https://x.example/2");
        import_all(&connection, &[place("a", first), place("b", second), article("c", first), article("d", second)]).await;
        import_all(&connection, &[place("a", second), place("b", first), article("c", second), article("d", first)]).await;
        assert_eq!(record(&connection, "a").await["sameAs"], json!([second]));
        assert_eq!(record(&connection, "d").await["url"], first);

        let (mut a, mut b) = (record(&connection, "a").await, record(&connection, "b").await);
        (a["key"], b["key"]) = (json!("b"), json!("a"));
        import_all(&connection, &[a.clone(), b]).await;
        assert_eq!(record(&connection, "b").await["id"], a["id"]);
    }

    async fn the_id_of_a_merged_record_means_the_survivor(database: TestDatabase) {
        let connection = database.open().await;
        let gone = "0190b6f5-7e3c-7000-8000-00000000000a";
        let mut libya = country("country/ly", "Libya");
        libya["mergedIds"] = json!([gone]);
        let city = json!({"type": "PLACE", "key": "city/sabha", "name": "Sabha", "kind": "CITY", "containedIn": gone});
        import_all(&connection, &[libya]).await;
        import_all(&connection, &[city]).await;
        assert_eq!(record(&connection, "city/sabha").await["containedIn"], "country/ly");
        // The old id is kept, even if a line does not repeat it.
        import_all(&connection, &[country("country/ly", "State of Libya")]).await;
        assert_eq!(record(&connection, "country/ly").await["mergedIds"], json!([gone]));
        assert_eq!(
            refused(&connection, &[json!({"type": "PLACE", "id": gone, "name": "x", "kind": "CITY"})]).await.len(),
            1
        );
    }

    async fn two_imports_run_one_after_the_other(database: TestDatabase) {
        let (first, second) = (database.open().await, database.open().await);
        let one: Vec<_> = (0..40).map(|n| country(&format!("one/{n}"), "One")).collect();
        let two: Vec<_> = (0..40).map(|n| country(&format!("two/{n}"), "Two")).collect();
        let (one, two) = tokio::join!(import_all(&first, &one), import_all(&second, &two));
        assert_eq!((one.created, two.created), (40, 40));
        let positions: Vec<_> = export_lines(&first, true)
            .await
            .iter()
            .filter_map(|line| line["position"].as_i64())
            .collect();
        assert_eq!(positions, (1..=80).collect::<Vec<_>>(), "the history has one order, without gaps");
    }

    async fn an_import_that_is_dropped_leaves_no_trace(database: TestDatabase) {
        let connection = database.open().await;
        let many: Vec<_> = (0..2_000).map(|n| country(&format!("country/{n}"), "A country")).collect();
        let text = lines(&many);
        {
            // Polled until it waits for the database, then dropped, as by Ctrl-C.
            let mut running = std::pin::pin!(try_import(&connection, &text));
            for _ in 0..3 {
                assert!(futures_util::poll!(&mut running).is_pending());
                tokio::task::yield_now().await;
            }
        }
        assert_eq!(export_lines(&connection, true).await, Vec::<Value>::new());
        assert_eq!(import_all(&connection, &many).await.created, 2_000);
    }
}
