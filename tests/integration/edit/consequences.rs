//! Every payload says what a change takes along: passages that lost their place, dates that follow, other records that change.

use serde_json::{Value, json};

use super::world::{ARABIC_BODY, BODY, span, world};
use crate::{both_databases, support::editor::Editor};

const CONSEQUENCES: &str = "consequences {
    lost { citation { id quote anchor start } mention { id text anchor start } nearest { text start end similarity } }
    dates { id } records { id } relations { id } }";

/// The payload of an update of a text.
async fn rewrite(editor: &Editor, key: &str, body: &str) -> Value {
    let article = editor.record(key).await;
    let document = format!(
        "mutation ($id: ID!, $version: Int!, $body: String) {{ updateArticle(id: $id, version: $version, input: {{ body: $body }}) {{
            {CONSEQUENCES} userErrors {{ message }} }} }}"
    );
    let variables = json!({ "id": article.id, "version": article.version, "body": body });
    editor.read_with(&document, variables).await["updateArticle"].take()
}

/// The lost passages: the words, and the nearest ones.
fn lost(payload: &Value) -> Vec<Value> {
    let all = payload["consequences"]["lost"].as_array().expect("a list");
    all.iter()
        .map(|lost| {
            let words = if lost["citation"].is_null() { &lost["mention"]["text"] } else { &lost["citation"]["quote"] };
            json!([words, lost["nearest"]["text"]])
        })
        .collect()
}

fn ids(records: &Value) -> Vec<String> {
    let all = records.as_array().expect("a list");
    let mut ids: Vec<String> = all.iter().map(|record| record["id"].as_str().expect("an id").to_owned()).collect();
    ids.sort_unstable();
    ids
}

both_databases! {
    async fn a_corrected_letter_shows_the_lost_quotes_and_the_passages_that_are_nearest(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let body = BODY.replace("sent planes", "sent plains");
        let payload = rewrite(&editor, "news", &body).await;
        assert_eq!(lost(&payload), [
            json!(["The army of Egypt sent planes to Derna", "The army of Egypt sent plains to Derna"]),
            json!(["sent planes", "sent plains"]),
        ]);
        let nearest = &payload["consequences"]["lost"][1]["nearest"];
        let (start, end) = span(&body, "sent plains", 0);
        assert_eq!((&nearest["start"], &nearest["end"]), (&json!(start), &json!(end)));
        let similarity = nearest["similarity"].as_f64().expect("a number");
        assert!((similarity - (1.0 - 2.0 / 11.0)).abs() < 1e-9, "{similarity}");
        let citation = &payload["consequences"]["lost"][0]["citation"];
        assert_eq!((&citation["anchor"], &citation["start"]), (&json!("ORPHANED"), &Value::Null));
        assert_eq!(ids(&payload["consequences"]["records"]), [editor.id("strike").await]);
        assert_eq!(payload["consequences"]["dates"], json!([]));
        let payload = rewrite(&editor, "news", &body.replace("Libya asked", "Libya begged")).await;
        assert_eq!(lost(&payload), [json!(["Libya asked Egypt", "Libya begged Egypt"])], "the others were lost before");
        assert_eq!(ids(&payload["consequences"]["relations"]), [editor.id("border").await]);

        let payload = rewrite(&editor, "khabar", &ARABIC_BODY.replace("الطائرات ضربت", "الطائرات قصفت")).await;
        assert_eq!(lost(&payload), [json!(["الطائرات ضربت درنة", "الطائرات قصفت درنة"])]);
    }

    async fn a_removed_passage_has_no_nearest_one_and_what_the_bin_hides_is_left_out(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let news = editor.record("news").await;
        let payload = rewrite(&editor, "news", "Tunis waits.").await;
        let words = lost(&payload);
        assert_eq!(words.len(), 8, "five mentions and three citations: {words:?}");
        assert!(words.contains(&json!(["Derna", null])) && words.contains(&json!(["sent planes", null])), "{words:?}");
        editor.revert_last_own_change(&news.id).await;
        editor.delete(&editor.record("strike").await).await;
        editor.delete(&editor.record("libya").await).await;
        let payload = rewrite(&editor, "news", "Tunis waits.").await;
        let words = lost(&payload);
        assert_eq!(words.len(), 3, "three mentions, and not the citation of a relation with a hidden end: {words:?}");
        assert_eq!(payload["consequences"]["records"], json!([]));
    }

    async fn a_dry_run_shows_the_consequences_and_changes_nothing(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (news, strike) = (editor.record("news").await, editor.record("strike").await);
        let body = BODY.replace("sent planes", "sent plains");
        let document = format!("mutation ($changes: [ChangeInput!]!, $dryRun: Boolean) {{ applyChanges(changes: $changes, dryRun: $dryRun) {{
            {CONSEQUENCES} userErrors {{ message }} }} }}");
        let changes = json!([{ "updateArticle": { "id": news.id, "version": news.version, "input": { "body": body } } }]);
        let run = async |dry_run: bool| {
            let variables = json!({ "changes": changes, "dryRun": dry_run });
            editor.read_with(&document, variables).await["applyChanges"].take()
        };
        let dry = run(true).await;
        assert_eq!(editor.record("news").await, news);
        let done = run(false).await;
        assert_eq!(lost(&dry).len(), 2);
        assert_eq!(lost(&dry), lost(&done));
        assert_eq!(dry["consequences"]["lost"][0]["citation"]["anchor"], "ANCHORED", "as it is stored");
        assert_eq!(dry["consequences"]["records"], done["consequences"]["records"]);
        assert_eq!(ids(&done["consequences"]["records"]), [strike.id]);
    }

    async fn dates_that_follow_and_records_of_a_merge_are_shown(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (strike, answer) = (editor.record("strike").await, editor.id("answer").await);
        let document = format!("mutation ($id: ID!, $version: Int!, $date: FuzzyDateInput) {{ updateEvent(id: $id, version: $version, input: {{ date: $date }}) {{
            {CONSEQUENCES} }} }}");
        let variables = json!({ "id": strike.id, "version": strike.version, "date": { "edtf": "2015-02-17" } });
        let consequences = editor.read_with(&document, variables).await["updateEvent"]["consequences"].take();
        assert_eq!(consequences["dates"], json!([{ "id": answer }]));
        assert_eq!(consequences["records"], json!([{ "id": answer }]));

        let (from, into) = (editor.record("egypt").await, editor.record("tunisia").await);
        let document = format!("mutation ($from: ID!, $fromVersion: Int!, $into: ID!, $intoVersion: Int!) {{
            mergeEntities(from: $from, fromVersion: $fromVersion, into: $into, intoVersion: $intoVersion) {{ {CONSEQUENCES} }} }}");
        let variables = json!({ "from": from.id, "fromVersion": from.version, "into": into.id, "intoVersion": into.version });
        let consequences = editor.read_with(&document, variables).await["mergeEntities"]["consequences"].take();
        let mut records = vec![];
        for key in ["cairo", "army", "salma", "omar", "news"] {
            records.push(editor.id(key).await);
        }
        records.sort_unstable();
        assert_eq!(ids(&consequences["records"]), records);
        assert_eq!(consequences["relations"].as_array().map(Vec::len), Some(2));
    }

    async fn a_refused_change_and_one_without_consequences_have_empty_lists(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let nothing = json!({ "lost": [], "dates": [], "records": [], "relations": [] });
        let agency = editor.record("agency").await;
        let document = format!("mutation ($id: ID!, $version: Int!) {{ deleteRecord(id: $id, version: $version) {{ {CONSEQUENCES} userErrors {{ code }} }} }}");
        for (version, errors) in [(agency.version + 1, 1), (agency.version, 0)] {
            let payload = editor.read_with(&document, json!({ "id": agency.id, "version": version })).await["deleteRecord"].take();
            assert_eq!(payload["userErrors"].as_array().map(Vec::len), Some(errors));
            assert_eq!(payload["consequences"], nothing);
        }
    }

    async fn the_first_hundred_are_shown(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let body = (0..120).map(|number| format!("Sentence number {number} is here. ")).collect::<Vec<_>>().concat();
        let article = editor.create("Article", json!({ "key": "long", "headline": "Long", "language": "en", "body": body })).await;
        let citations: Vec<Value> = (0..120).map(|number| json!({ "article": article.id, "quote": format!("number {number} is") })).collect();
        editor.create("Event", json!({ "name": "Long", "kind": "OTHER", "citations": citations })).await;
        let payload = rewrite(&editor, "long", &body.replace("number", "numero")).await;
        let words = lost(&payload);
        assert_eq!(words.len(), 100);
        assert_eq!(words[7], json!(["number 7 is", "numero 7 is"]));
    }
}
