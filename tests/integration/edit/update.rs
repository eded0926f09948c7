//! Updates of records: absent fields stay, null clears a field, and lists are replaced or changed in parts.

use serde_json::{Value, json};

use super::world::{BODY, span, world};
use crate::{both_databases, support::editor::Editor};

/// The names of a record in its last revision.
async fn names(editor: &Editor, id: &str) -> Vec<String> {
    let snapshot = editor.snapshot(id).await;
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let main = format!("{} {} MAIN", text(&snapshot["name"]), text(&snapshot["language"]));
    let others = snapshot["names"].as_array().cloned().unwrap_or_default();
    let others = others.iter().map(|name| [&name["text"], &name["language"], &name["kind"]].map(text).join(" "));
    std::iter::once(main).chain(others).collect()
}

both_databases! {
    async fn absent_fields_are_kept_and_null_fields_are_cleared(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let libya = editor.record("libya").await;
        let before = editor.snapshot(&libya.id).await;
        let changed = editor.update("Place", &libya, json!({ "population": 7e6, "location": null, "descriptions": null })).await;
        assert_eq!(changed.version, libya.version + 1);
        let after = editor.snapshot(&libya.id).await;
        let mut expected = before.clone();
        let fields = expected.as_object_mut().unwrap();
        fields.remove("location");
        fields.remove("descriptions");
        fields.insert("population".to_owned(), 7_000_000.into());
        for name in ["version", "updatedAt"] {
            fields.insert(name.to_owned(), after[name].clone());
        }
        assert_eq!(after, expected);

        let news = editor.record("news").await;
        editor.update("Article", &news, json!({ "publishedOn": null, "url": null, "publisher": null, "authors": null, "dateline": null })).await;
        let found = editor.read("{ record(key: \"news\") { ... on Article { headline publishedOn url publisher { id } authors { id } dateline { id } } } }").await;
        assert_eq!(found["record"], json!({
            "headline": "Planes over Derna", "publishedOn": null, "url": null, "publisher": null, "authors": [], "dateline": null,
        }));
    }

    async fn required_fields_cannot_be_cleared(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        for (kind, key, input, fields) in [
            ("Place", "libya", json!({ "name": null, "kind": null }), vec!["name", "kind"]),
            ("Person", "omar", json!({ "name": null }), vec!["name"]),
            ("Article", "news", json!({ "headline": null, "language": null }), vec!["headline", "language"]),
            ("Event", "strike", json!({ "name": null, "kind": null }), vec!["name", "kind"]),
            ("Relation", "border", json!({ "source": null, "kind": null, "target": null }), vec!["source", "kind", "target"]),
        ] {
            let expected: Vec<String> = fields.iter().map(|field| format!("REQUIRED {field}: is required: it cannot be cleared")).collect();
            assert_eq!(editor.failed_update(kind, &editor.record(key).await, input).await, expected);
        }
    }

    async fn every_accepted_update_makes_a_new_version_even_without_a_difference(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let said = editor.all_fields().await;
        for (kind, key, input) in [
            ("Place", "libya", json!({})),
            ("Place", "libya", json!({ "name": " Libya ", "language": "EN", "sameAs": ["http://WWW.wikidata.org/entity/Q1016"] })),
            ("Place", "libya", json!({ "addSameAs": ["http://www.wikidata.org/entity/Q1016"], "population": null })),
            ("Person", "omar", json!({ "addNationalities": [editor.id("egypt").await] })),
            ("Event", "strike", json!({ "date": { "edtf": "2015-02-16", "original": "on Monday" } })),
            ("Relation", "border", json!({ "isSymmetric": true })),
        ] {
            let record = editor.record(key).await;
            let changed = editor.update(kind, &record, input.clone()).await;
            assert_eq!(changed.version, record.version + 1, "{input}");
            assert_eq!(editor.history(&record.id).await.pop().unwrap()["changes"], json!([]), "{input}");
        }
        assert_eq!(editor.all_fields().await, said);
    }

    async fn names_are_added_and_removed_one_by_one(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let libya = editor.record("libya").await;
        let libya = editor.update("Place", &libya, json!({ "addNames": [
            { "text": "State of Libya", "language": "en", "kind": "OFFICIAL" }, { "text": "LBY" }, { "text": "Libye", "language": "fr", "kind": "MAIN" },
        ] })).await;
        assert_eq!(names(&editor, &libya.id).await, [
            "Libya en MAIN", "ليبيا ar MAIN", "State of Libya en OFFICIAL", "LBY und ALIAS", "Libye fr MAIN",
        ]);
        // identified by the given fields
        let libya = editor.update("Place", &libya, json!({ "removeNames": [{ "text": "LBY" }, { "text": "Libye", "language": "FR", "kind": "MAIN" }] })).await;
        assert_eq!(names(&editor, &libya.id).await, ["Libya en MAIN", "ليبيا ar MAIN", "State of Libya en OFFICIAL"]);
        let problems = editor.failed_update("Place", &libya, json!({ "removeNames": [
            { "text": "State of Libya", "language": "fr" }, { "text": "ليبيا" }, { "text": "Nowhere" },
        ] })).await;
        assert_eq!(problems, [
            "NOT_FOUND removeNames.0: is not in the list, so it cannot be removed",
            "NOT_FOUND removeNames.2: is not in the list, so it cannot be removed",
        ]);
        let problems = editor.failed_update("Place", &libya, json!({ "addNames": [
            { "text": "Libia", "language": "es" }, { "text": "State of Libya", "language": "en", "kind": "OFFICIAL" },
            { "text": "لوبيا", "language": "ar", "kind": "MAIN" },
        ] })).await;
        assert_eq!(problems, [
            "DUPLICATE addNames.1: the name is already in the list",
            "DUPLICATE addNames.2.kind: must not be MAIN: another name in ar is MAIN",
        ]);
    }

    async fn a_new_main_name_replaces_the_old_one_and_keeps_the_language(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let libya = editor.update("Place", &editor.record("libya").await, json!({ "name": "State of Libya" })).await;
        assert_eq!(names(&editor, &libya.id).await, ["State of Libya en MAIN", "ليبيا ar MAIN"]);
        // a name that is there already gives its language, and is not added again
        let libya = editor.update("Place", &libya, json!({ "name": "ليبيا" })).await;
        assert_eq!(names(&editor, &libya.id).await, ["ليبيا ar MAIN"]);
        let libya = editor.update("Place", &libya, json!({ "language": "fa" })).await;
        assert_eq!(names(&editor, &libya.id).await, ["ليبيا fa MAIN"]);
        let libya = editor.update("Place", &libya, json!({ "name": "Libya", "language": "en", "names": [{ "text": "ليبيا", "language": "ar", "kind": "MAIN" }] })).await;
        assert_eq!(names(&editor, &libya.id).await, ["Libya en MAIN", "ليبيا ar MAIN"]);
    }

    async fn plain_lists_are_replaced_or_changed_in_parts(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let ids = |keys: &'static [&'static str]| {
            let editor = editor.clone();
            async move {
                let mut ids = vec![];
                for key in keys {
                    ids.push(editor.id(key).await);
                }
                json!(ids)
            }
        };
        let omar = editor.record("omar").await;
        let omar = editor.update("Person", &omar, json!({ "addNationalities": ids(&["tunisia", "egypt"]).await, "removeNationalities": ids(&["libya"]).await })).await;
        assert_eq!(editor.snapshot(&omar.id).await["nationalities"], ids(&["egypt", "tunisia"]).await);
        let omar = editor.update("Person", &omar, json!({ "nationalities": ids(&["libya"]).await })).await;
        assert_eq!(editor.snapshot(&omar.id).await["nationalities"], ids(&["libya"]).await);
        assert_eq!(
            editor.failed_update("Person", &omar, json!({ "removeNationalities": ids(&["libya", "egypt"]).await })).await,
            ["NOT_FOUND removeNationalities.1: is not in the list, so it cannot be removed"]
        );

        let news = editor.update("Article", &editor.record("news").await, json!({ "removeAuthors": ids(&["omar"]).await, "addSameAs": ["https://mirror.example/1"] })).await;
        let snapshot = editor.snapshot(&news.id).await;
        assert_eq!((&snapshot["authors"], &snapshot["sameAs"]), (&ids(&["salma"]).await, &json!(["https://mirror.example/1"])));
        let news = editor.update("Article", &news, json!({ "addAuthors": ids(&["salma", "omar"]).await, "removeSameAs": ["HTTPS://mirror.example/1"] })).await;
        let snapshot = editor.snapshot(&news.id).await;
        assert_eq!((&snapshot["authors"], snapshot.get("sameAs")), (&ids(&["salma", "omar"]).await, None));
    }

    async fn descriptions_are_one_for_each_language(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let described = |text: &str, language: &str| json!({ "text": text, "language": language });
        let libya = editor.update("Place", &editor.record("libya").await, json!({
            "addDescriptions": [described("Anew.", "EN"), described("Un pays.", "fr")],
        })).await;
        assert_eq!(editor.snapshot(&libya.id).await["descriptions"], json!([described("Anew.", "en"), described("Un pays.", "fr")]));
        let libya = editor.update("Place", &libya, json!({ "removeDescriptions": ["en"] })).await;
        assert_eq!(editor.snapshot(&libya.id).await["descriptions"], json!([described("Un pays.", "fr")]));
        assert_eq!(
            editor.failed_update("Place", &libya, json!({ "removeDescriptions": ["en"] })).await,
            ["NOT_FOUND removeDescriptions.0: is not in the list, so it cannot be removed"]
        );
        assert_eq!(
            editor.failed_update("Place", &libya, json!({ "descriptions": [described("a", "en"), described("b", "EN")] })).await,
            ["DUPLICATE descriptions.1: a description in that language is already in the list"]
        );
    }

    async fn mentions_are_changed_through_their_article_and_keep_their_ids(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (cairo, egypt) = (editor.id("cairo").await, editor.id("egypt").await);
        let news = editor.record("news").await;
        let mentions = editor.snapshot(&news.id).await["mentions"].clone();
        let (start, end) = span(BODY, "Cairo", 0);
        let changed = editor.update("Article", &news, json!({
            "addMentions": [{ "entity": cairo, "meant": egypt, "field": "BODY", "start": start, "end": end }],
            "updateMentions": [{ "id": mentions[1]["id"], "class": "NOMINAL" }],
            "removeMentions": [mentions[0]["id"], mentions[4]["id"]],
        })).await;
        assert_eq!(changed.version, news.version + 1);
        let now = editor.snapshot(&news.id).await["mentions"].clone();
        let mut changed_one = mentions[1].clone();
        changed_one["class"] = "NOMINAL".into();
        assert_eq!(json!([now[0], now[1], now[2]]), json!([changed_one, mentions[2], mentions[3]]));
        assert_eq!(
            json!([now[3]["entity"], now[3]["meant"], now[3]["text"], now[3]["origin"], now[4]]),
            json!([cairo, egypt, "Cairo", "EDITOR", null])
        );
        let problems = editor.failed_update("Article", &changed, json!({
            "updateMentions": [{ "id": mentions[0]["id"], "class": "NAME" }],
            "removeMentions": [mentions[4]["id"], egypt, "x"],
            "addMentions": [{ "entity": egypt, "field": "BODY", "start": start, "end": 9999 }, { "entity": egypt, "field": "ABSTRACT", "start": 0, "end": 1 }],
        })).await;
        assert_eq!(problems, [
            "INVALID removeMentions.2: \"x\" is not an id: use a UUID with hyphens",
            "NOT_FOUND removeMentions.0: is not in the list, so it cannot be removed",
            "NOT_FOUND removeMentions.1: is not in the list, so it cannot be removed",
            "NOT_FOUND updateMentions.0.id: no item of mentions has this id: add it, or read the record again",
            &format!("INVALID addMentions.0.end: is outside of the body, which has {} characters", BODY.chars().count()),
            "INVALID addMentions.1.field: the article has no abstract: choose another field",
        ]);
    }

    async fn only_the_named_item_is_removed_and_nothing_similar(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let names = |texts: &[&str]| -> Value { texts.iter().map(|text| json!({ "text": text, "language": "en", "kind": "ALIAS" })).collect() };
        let tunisia = editor.update("Place", &editor.record("tunisia").await, json!({
            "names": names(&["Polish", "polish", "POLISH"]), "sameAs": ["https://a.example/Q1", "https://a.example/q1"],
        })).await;
        let tunisia = editor.update("Place", &tunisia, json!({ "removeNames": [{ "text": " Polish", "language": "EN" }], "removeSameAs": ["HTTPS://A.example/Q1"] })).await;
        let snapshot = editor.snapshot(&tunisia.id).await;
        assert_eq!(snapshot["names"], names(&["polish", "POLISH"]));
        assert_eq!(snapshot["sameAs"], json!(["https://a.example/q1"]));
    }
}
