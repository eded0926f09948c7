//! Dates that depend on other dates: a record whose date resolves to another day gets a version and a revision.

use serde_json::{Value, json};

use super::world::world;
use crate::{
    both_databases,
    support::{
        editor::Editor,
        lines::{export_lines, export_text, import_all},
    },
};

/// The world with an event after the answer, and a person and a citation whose dates are relative to the strike.
fn chain() -> Vec<Value> {
    let mut lines = world();
    let after = |anchor: &str| json!({ "relative": { "anchor": anchor, "relation": "AFTER", "duration": "P1D" } });
    let border = lines.iter_mut().find(|line| line["key"] == "border").expect("it is part of the world");
    border["citations"][0]["date"] = after("strike");
    lines.extend([
        json!({ "type": "EVENT", "key": "last", "kind": "OTHER", "name": "The last", "date": after("answer") }),
        json!({ "type": "PERSON", "key": "child", "name": "Child", "born": after("strike") }),
        json!({ "type": "EVENT", "key": "certain", "kind": "OTHER", "name": "Certain",
            "date": { "edtf": "2015-02-20", "relative": { "anchor": "strike", "relation": "AFTER" } } }),
    ]);
    lines
}

/// The revisions of a record, with their causes.
async fn history(editor: &Editor, id: &str) -> Vec<Value> {
    let lines = export_lines(&editor.connection, true).await;
    let of = |line: &Value| line["type"] == "REVISION" && line["snapshot"]["id"] == id;
    lines.into_iter().filter(of).collect()
}

async fn edtf(editor: &Editor, key: &str) -> Value {
    let found = editor.read_with(
        "query ($key: String) { record(key: $key) { ... on Event { date { edtf } } } }",
        json!({ "key": key }),
    );
    found.await["record"]["date"]["edtf"].take()
}

both_databases! {
    async fn a_record_whose_date_depends_on_another_gets_a_revision_with_the_cause(database: TestDatabase) {
        let editor = Editor::with_records(&database, &chain()).await;
        let strike = editor.record("strike").await;
        let seen = editor.read("{ changes(last: 1) { nodes { cursor } } }").await["changes"]["nodes"][0]["cursor"].take();
        let arguments = json!({ "id": strike.id, "version": strike.version, "input": { "date": { "edtf": "2015-03-01" } }, "summary": "It was in March." });
        editor.try_mutation("updateEvent", arguments).await.unwrap();
        assert_eq!((edtf(&editor, "answer").await, edtf(&editor, "last").await), (json!("2015-03-08"), json!("2015-03-09")));

        let cause = history(&editor, &strike.id).await.pop().unwrap()["id"].clone();
        for (key, field, before, after) in [
            ("answer", "date", "2015-02-23", "2015-03-08"), ("last", "date", "2015-02-24", "2015-03-09"), ("child", "born", "2015-02-17", "2015-03-02"),
        ] {
            let revision = history(&editor, &editor.id(key).await).await.pop().unwrap();
            assert_eq!((&revision["version"], &revision["cause"], &revision["operation"]), (&json!(2), &cause, &json!("UPDATE")), "{key}");
            assert_eq!(json!([revision["actor"], revision["summary"]]), json!(["Amina", "It was in March."]));
            let [change] = revision["changes"].as_array().unwrap().as_slice() else { panic!("one field of {key} changed: {revision}") };
            assert_eq!(json!([change["field"], change["before"]["resolved"], change["after"]["resolved"]]), json!([field, before, after]));
            assert_eq!(revision["snapshot"][field]["resolved"], after);
        }
        let border = history(&editor, &editor.id("border").await).await.pop().unwrap();
        assert_eq!((&border["cause"], &border["changes"][0]["after"][0]["date"]["resolved"]), (&cause, &json!("2015-03-02")), "{border}");
        assert_eq!(editor.record("certain").await.version, 1, "what was asserted stays");

        // the list of changes has all of them
        let news = editor.read_with("query ($after: String) { changes(after: $after) { nodes { recordId recordKind } } }", json!({ "after": seen })).await;
        let mut kinds: Vec<Value> = news["changes"]["nodes"].as_array().unwrap().iter().map(|node| node["recordKind"].clone()).collect();
        kinds.sort_by_key(ToString::to_string);
        assert_eq!(kinds, ["EVENT", "EVENT", "EVENT", "PERSON", "RELATION"]);
    }

    async fn a_date_that_resolves_to_the_same_day_is_not_a_change(database: TestDatabase) {
        let editor = Editor::with_records(&database, &chain()).await;
        let strike = editor.record("strike").await;
        editor.update("Event", &strike, json!({ "date": { "edtf": "2015-02-16", "original": "last Monday" } })).await;
        for key in ["answer", "last", "child", "border"] {
            assert_eq!(editor.record(key).await.version, 1, "{key}");
        }
    }

    async fn a_revert_also_reverts_dependent_dates_which_never_block_it(database: TestDatabase) {
        let editor = Editor::with_records(&database, &chain()).await;
        let start = editor.all_fields().await;
        let made = editor.create("Event", json!({ "name": "New", "kind": "OTHER", "date": { "relative": { "anchor": editor.id("answer").await, "relation": "BEFORE", "duration": "P1D" } } })).await;
        let strike = editor.record("strike").await;
        editor.update("Event", &strike, json!({ "date": { "edtf": "2016" } })).await;
        let cause = history(&editor, &strike.id).await.pop().unwrap()["id"].as_str().unwrap().to_owned();
        let consequence = history(&editor, &editor.id("last").await).await.pop().unwrap()["id"].as_str().unwrap().to_owned();
        assert_eq!(editor.failed_revert(&consequence).await, [format!("INVALID id: is a consequence of the revision {cause}: revert that revision")]);
        // the creation is reverted, although the resolved date has changed since
        let making = history(&editor, &made.id).await[0]["id"].as_str().unwrap().to_owned();
        editor.revert(&making).await;
        editor.revert(&cause).await;
        assert_eq!(edtf(&editor, "last").await, "2015-02-24");
        let mut end = editor.all_fields().await;
        end.remove(&made.id);
        assert_eq!(end, start);
    }

    async fn among_many_changes_each_consequence_names_its_own_cause(database: TestDatabase) {
        let editor = Editor::with_records(&database, &chain()).await;
        let (strike, news, cairo) = (editor.record("strike").await, editor.record("news").await, editor.record("cairo").await);
        editor.apply(json!([
            { "updatePlace": { "id": cairo.id, "version": 1, "input": { "population": 1 } } },
            { "updateEvent": { "id": strike.id, "version": 1, "input": { "date": { "edtf": "2015-03-01" }, "citations": null } } },
            { "updateArticle": { "id": news.id, "version": 1, "input": { "headline": "Planes" } } },
        ])).await;
        let cause = history(&editor, &strike.id).await.pop().unwrap()["id"].clone();
        for key in ["answer", "last", "child", "border"] {
            let revision = history(&editor, &editor.id(key).await).await.pop().unwrap();
            assert_eq!((&revision["version"], &revision["cause"]), (&json!(2), &cause), "{key}");
        }
    }

    async fn the_resolved_date_is_stored_and_computed_again(database: TestDatabase) {
        let editor = Editor::with_records(&database, &chain()).await;
        let text = export_text(&editor.connection, true).await;
        assert!(text.contains(r#""resolved":"2015-02-23""#), "{text}");
        let mut answer = export_lines(&editor.connection, false).await.into_iter().find(|line| line["key"] == "answer").unwrap();
        answer["date"]["resolved"] = json!("1999");
        let outcome = import_all(&editor.connection, &[answer]).await;
        assert_eq!((outcome.updated, outcome.unchanged), (0, 1), "nobody says it but the program");
        let refused = editor.answer("mutation { createEvent(input: { name: \"x\", kind: OTHER, date: { resolved: \"2015\" } }) { userErrors { code } } }", json!({})).await;
        assert!(refused["errors"][0]["message"].as_str().unwrap().contains("resolved"), "{refused}");
    }

    async fn a_chain_of_256_dates_follows_its_first_date_and_cannot_grow(database: TestDatabase) {
        // with the first date, to which all others are relative
        const LENGTH: usize = 257;
        let editor = Editor::with_records(&database, &world()).await;
        let first = editor.create("Event", json!({ "name": "0", "kind": "OTHER", "date": { "edtf": "2015-01-01" } })).await;
        let after = |key: &str| json!({ "relative": { "anchor": key, "relation": "AFTER_OR_AT" } });
        let chain: Vec<Value> = (1..LENGTH).map(|at| {
            let anchor = if at == 1 { first.id.clone() } else { format!("chain-{}", at - 1) };
            json!({ "type": "EVENT", "key": format!("chain-{at}"), "kind": "OTHER", "name": at.to_string(), "date": after(&anchor) })
        }).collect();
        import_all(&editor.connection, &chain).await;
        let (libya, tunisia) = (editor.record("libya").await, editor.record("tunisia").await);
        // with several edits, the right one is the cause, even at the other end of the chain
        editor.apply(json!([
            { "updatePlace": { "id": libya.id, "version": libya.version, "input": { "population": 1 } } },
            { "updateEvent": { "id": first.id, "version": first.version, "input": { "date": { "edtf": "2016-01-01" } } } },
            { "updatePlace": { "id": tunisia.id, "version": tunisia.version, "input": { "population": 2 } } },
        ])).await;
        let last = format!("chain-{}", LENGTH - 1);
        assert_eq!(edtf(&editor, &last).await, "[2016-01-01..]");
        let lines = export_lines(&editor.connection, true).await;
        let of = |id: &str| lines.iter().rfind(|line| line["type"] == "REVISION" && line["snapshot"]["id"] == id).unwrap();
        assert_eq!(of(&editor.id(&last).await)["cause"], of(&first.id)["id"]);

        let refused = ["INVALID date: makes a chain of more than 256 steps: choose a record with a shorter chain"];
        let one_more = json!({ "name": "One more", "kind": "OTHER", "date": after(&editor.id(&last).await) });
        assert_eq!(editor.failed_create("Event", one_more).await, refused);
        let one_before = editor.create("Event", json!({ "name": "Before", "kind": "OTHER", "date": { "edtf": "2014" } })).await;
        let first = editor.record_by_id(&first.id).await;
        assert_eq!(editor.failed_update("Event", &first, json!({ "date": after(&one_before.id) })).await, refused);
    }
}
