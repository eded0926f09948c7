//! A span has at most one mention of a record. The check uses the new text, after all mentions have followed their passages.

use serde_json::{Value, json};

use super::world::{span, world};
use crate::{
    both_databases,
    support::{
        editor::{Editor, SavedRecord},
        lines::{export_lines, import_all},
    },
};

const BODY: &str = "Libya asked Egypt for help.";
const BEFORE: &str = "Libya! So they said then, loudly. ";
const TWICE: &str = "another mention of this record has the same span: remove one of them";

/// An article with one mention of Libya, at the nth occurrence of its name.
async fn article(editor: &Editor, body: &str, nth: usize) -> SavedRecord {
    let input =
        json!({ "headline": "News", "language": "en", "body": body, "mentions": [libya(editor, body, nth).await] });
    editor.create("Article", input).await
}

/// A mention of Libya at the nth occurrence of its name.
async fn libya(editor: &Editor, body: &str, nth: usize) -> Value {
    let (start, end) = span(body, "Libya", nth);
    json!({ "entity": editor.id("libya").await, "field": "BODY", "start": start, "end": end })
}

/// The positions of the mentions of an article.
async fn places(editor: &Editor, article: &SavedRecord) -> Vec<Value> {
    let mentions = editor.snapshot(&article.id).await["mentions"].clone();
    let place = |mention: &Value| json!([mention["start"], mention["anchor"]]);
    let mut places: Vec<Value> = mentions.as_array().into_iter().flatten().map(place).collect();
    places.sort_by_key(ToString::to_string);
    places
}

async fn last_revision(editor: &Editor, article: &SavedRecord) -> String {
    editor.history(&article.id).await.pop().expect("a history")["id"].as_str().expect("an id").to_owned()
}

/// An article with an orphaned mention, because another mention has the position to which its text moved back.
async fn article_with_an_orphan(editor: &Editor) -> SavedRecord {
    let article = article(editor, BODY, 0).await;
    let body = format!("{BEFORE}{BODY}");
    let article = editor.update("Article", &article, json!({ "body": body })).await;
    let rewritten = last_revision(editor, &article).await;
    editor.update("Article", &article, json!({ "addMentions": [libya(editor, &body, 0).await] })).await;
    editor.revert(&rewritten).await;
    article
}

both_databases! {
    async fn a_mention_comes_back_when_another_one_has_its_old_position(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let article = article(&editor, BODY, 0).await;
        let article = editor.update("Article", &article, json!({ "mentions": [] })).await;
        let removed = last_revision(&editor, &article).await;
        let body = format!("{BEFORE}{BODY}");
        let article = editor.update("Article", &article, json!({ "body": body })).await;
        editor.update("Article", &article, json!({ "mentions": [libya(&editor, &body, 0).await] })).await;
        editor.revert(&removed).await;
        assert_eq!(places(&editor, &article).await, [json!([0, "ANCHORED"]), json!([34, "MOVED"])]);
    }

    async fn a_mention_moves_back_with_its_text_when_another_one_has_its_old_position(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let article = article_with_an_orphan(&editor).await;
        assert_eq!(places(&editor, &article).await, [json!([0, "ANCHORED"]), json!([0, "ORPHANED"])]);
    }

    async fn a_span_that_a_mention_leaves_with_its_text_is_free(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let article = article(&editor, BODY, 0).await;
        let body = format!("{BEFORE}{BODY}");
        let added = json!({ "body": body, "addMentions": [libya(&editor, &body, 0).await] });
        editor.update("Article", &article, added).await;
        assert_eq!(places(&editor, &article).await, [json!([0, "ANCHORED"]), json!([34, "MOVED"])]);
        editor.revert_last(&article.id).await;
        assert_eq!(places(&editor, &article).await, [json!([0, "ANCHORED"])]);
    }

    async fn a_passage_to_which_a_mention_moved_is_not_mentioned_again(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let article = article(&editor, BODY, 0).await;
        let body = format!("{BEFORE}{BODY}");
        let (first, second) = (libya(&editor, &body, 0).await, libya(&editor, &body, 1).await);
        let added = json!({ "body": body, "addMentions": [first, second] });
        assert_eq!(editor.failed_update("Article", &article, added).await, [format!("DUPLICATE addMentions.1: {TWICE}")]);

        // the new mention is reported, at any index of the list
        let article = editor.update("Article", &article, json!({ "body": body, "addMentions": [first] })).await;
        let id = editor.snapshot(&article.id).await["mentions"][0]["id"].clone();
        let (start, end) = span(&format!("Yes. {body}"), "Libya", 1);
        let put = json!({ "body": format!("Yes. {body}"), "updateMentions": [{ "id": id, "start": start, "end": end }] });
        assert_eq!(editor.failed_update("Article", &article, put).await, [format!("DUPLICATE updateMentions.0: {TWICE}")]);
    }

    async fn a_mention_does_not_come_back_to_a_passage_with_a_newer_mention(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let article = article(&editor, BODY, 0).await;
        let article = editor.update("Article", &article, json!({ "mentions": [] })).await;
        let removed = last_revision(&editor, &article).await;
        for body in [BODY.to_owned(), format!("Yes. {BODY}")] {
            let again = json!({ "body": body, "mentions": [libya(&editor, &body, 0).await] });
            editor.update("Article", &editor.record_by_id(&article.id).await, again).await;
            let refused = editor.failed_revert(&removed).await;
            assert!(refused[0].starts_with("DUPLICATE id: cannot be reverted: mentions.") && refused[0].ends_with(TWICE), "{refused:?}");
        }
    }

    async fn a_mention_cannot_change_to_a_record_that_is_already_mentioned_there(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let article = article(&editor, BODY, 0).await;
        let mut of_egypt = libya(&editor, BODY, 0).await;
        of_egypt["entity"] = json!(editor.id("egypt").await);
        let article = editor.update("Article", &article, json!({ "addMentions": [of_egypt] })).await;
        let before = editor.snapshot(&article.id).await;
        let mentions = before["mentions"].as_array().expect("mentions");
        let of_libya = mentions.iter().find(|mention| mention["entity"] != of_egypt["entity"]).expect("one of Libya");
        for body in [BODY.to_owned(), format!("Yes. {BODY}"), format!("{BODY} Yes.")] {
            let change = json!({ "id": of_libya["id"], "entity": of_egypt["entity"] });
            let refused = editor.failed_update("Article", &article, json!({ "body": body, "updateMentions": [change] })).await;
            assert_eq!(refused, [format!("DUPLICATE updateMentions.0: {TWICE}")]);
        }
        assert_eq!(editor.snapshot(&article.id).await, before);
    }

    async fn two_mentions_that_became_equal_are_not_both_restored(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let article = article(&editor, BODY, 0).await;
        let tunis = editor.create("Place", json!({ "name": "Tunis", "kind": "CITY" })).await;
        let mut of_tunis = libya(&editor, BODY, 0).await;
        of_tunis["entity"] = json!(tunis.id);
        let article = editor.update("Article", &article, json!({ "addMentions": [of_tunis] })).await;
        let article = editor.update("Article", &article, json!({ "mentions": [] })).await;
        let removed = last_revision(&editor, &article).await;
        editor.merge(&editor.record_by_id(&tunis.id).await, &editor.record_by_id(&editor.id("libya").await).await).await;
        let refused = editor.failed_revert(&removed).await;
        assert!(refused[0].starts_with("DUPLICATE id: cannot be reverted: mentions.") && refused[0].ends_with(TWICE), "{refused:?}");
        assert!(places(&editor, &article).await.is_empty());
    }

    async fn a_mention_keeps_its_id_when_an_orphan_has_the_same_span(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let article = article_with_an_orphan(&editor).await;
        let before = editor.snapshot(&article.id).await;
        let mentions = before["mentions"].as_array().expect("mentions");
        assert_eq!(places(&editor, &article).await, [json!([0, "ANCHORED"]), json!([0, "ORPHANED"])]);

        // by an import of a line without the ids, or with another order
        let said = export_lines(&editor.connection, false).await;
        let line = said.iter().find(|line| line["id"] == json!(article.id)).expect("a line");
        let [mut nameless, mut turned] = [line.clone(), line.clone()];
        for mention in nameless["mentions"].as_array_mut().expect("mentions") {
            mention.as_object_mut().expect("a mention").remove("id");
        }
        turned["mentions"].as_array_mut().expect("mentions").reverse();
        for line in [nameless, turned] {
            let outcome = import_all(&editor.connection, &[line]).await;
            assert_eq!((outcome.updated, outcome.unchanged), (0, 1));
        }
        assert_eq!(editor.snapshot(&article.id).await, before);

        // by an editor who replaces the list
        let there = mentions.iter().find(|mention| mention["anchor"] == "ANCHORED").expect("one that is anchored");
        let again = json!({ "mentions": [libya(&editor, BODY, 0).await] });
        editor.update("Article", &editor.record_by_id(&article.id).await, again).await;
        let mentions = editor.snapshot(&article.id).await["mentions"].clone();
        assert_eq!((mentions[0]["id"].clone(), mentions.as_array().map(Vec::len)), (there["id"].clone(), Some(1)));
    }

    async fn a_line_with_an_orphaned_mention_matches_that_mention(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let article = article(&editor, BODY, 0).await;
        let id = editor.snapshot(&article.id).await["mentions"][0]["id"].clone();
        for anchor in ["ORPHANED", "ANCHORED"] {
            let said = export_lines(&editor.connection, false).await;
            let mut line = said.iter().find(|line| line["id"] == json!(article.id)).expect("a line").clone();
            line["mentions"][0]["anchor"] = json!(anchor);
            line["mentions"][0].as_object_mut().expect("a mention").remove("id");
            assert_eq!(import_all(&editor.connection, &[line]).await.updated, 1);
            let mention = editor.snapshot(&article.id).await["mentions"][0].clone();
            assert_eq!((&mention["id"], &mention["anchor"]), (&id, &json!(anchor)));
        }
    }

    async fn an_orphan_does_not_replace_a_newer_mention(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let article = article(&editor, &format!("{BEFORE}{BODY}"), 1).await;
        let article = editor.update("Article", &article, json!({ "body": BODY })).await;
        let rewritten = last_revision(&editor, &article).await;
        assert_eq!(places(&editor, &article).await, [json!([34, "ORPHANED"])], "it may as well be the other one");
        editor.update("Article", &article, json!({ "addMentions": [libya(&editor, BODY, 0).await] })).await;
        editor.revert(&rewritten).await;
        assert_eq!(places(&editor, &article).await, [json!([34, "MOVED"]), json!([34, "ORPHANED"])]);
    }
}
