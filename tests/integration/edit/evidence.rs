//! When the text of an article changes, mentions and quotes follow their passages, or become orphans. They are never placed by a
//! guess.

use serde_json::{Value, json};

use super::world::{ARABIC_BODY, BODY, span, world};
use crate::{both_databases, support::editor::Editor};

/// Replaces the text of an article.
async fn rewrite(editor: &Editor, key: &str, body: &str) {
    let article = editor.record(key).await;
    editor.update("Article", &article, json!({ "body": body })).await;
}

/// Text, start and anchor state of every mention of an article.
async fn mentions(editor: &Editor, key: &str) -> Vec<Value> {
    let found = editor.read_with(
        "query ($key: String) { record(key: $key) { ... on Article { mentions(first: 50) { nodes { text start end anchor } } } } }",
        json!({ "key": key }),
    ).await;
    let nodes = found["record"]["mentions"]["nodes"].as_array().expect("a list").clone();
    nodes.iter().map(|mention| json!([mention["text"], mention["start"], mention["end"], mention["anchor"]])).collect()
}

/// Quote, start and anchor state of every citation of an article.
async fn citations(editor: &Editor, key: &str) -> Vec<Value> {
    let found = editor.read_with(
        "query ($key: String) { record(key: $key) { ... on Article { citations(first: 50) { nodes { quote start end anchor } } } } }",
        json!({ "key": key }),
    ).await;
    let nodes = found["record"]["citations"]["nodes"].as_array().expect("a list").clone();
    let mut shown: Vec<Value> = nodes
        .iter()
        .map(|citation| json!([citation["quote"], citation["start"], citation["end"], citation["anchor"]]))
        .collect();
    shown.sort_by_key(ToString::to_string);
    shown
}

/// The nth occurrence of a passage in a text, with an anchor state.
fn at(body: &str, text: &str, nth: usize, anchor: &str) -> Value {
    let (start, end) = span(body, text, nth);
    json!([text, start, end, anchor])
}

fn sorted(mut values: Vec<Value>) -> Vec<Value> {
    values.sort_by_key(ToString::to_string);
    values
}

both_databases! {
    async fn evidence_before_a_change_stays_and_evidence_after_it_moves(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let body = BODY.replace("for help.", "for immediate help.");
        rewrite(&editor, "news", &body).await;
        assert_eq!(mentions(&editor, "news").await, [
            at(&body, "Libya", 0, "ANCHORED"), at(&body, "Egypt", 0, "ANCHORED"), at(&body, "Egypt", 1, "MOVED"),
            at(&body, "Derna", 0, "MOVED"), at(&body, "Libya", 1, "MOVED"),
        ]);
        assert_eq!(citations(&editor, "news").await, sorted(vec![
            at(&body, "Libya asked Egypt", 0, "ANCHORED"), at(&body, "sent planes", 0, "MOVED"),
            at(&body, "The army of Egypt sent planes to Derna", 0, "MOVED"),
        ]));
    }

    async fn evidence_of_a_deleted_passage_becomes_an_orphan_and_keeps_its_words(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let body = BODY.replace("sent planes to Derna in Libya", "did nothing");
        rewrite(&editor, "news", &body).await;
        let lost = |text: &str| json!([text, null, null, "ORPHANED"]);
        let found = mentions(&editor, "news").await;
        assert_eq!(sorted(found), sorted(vec![
            at(&body, "Libya", 0, "ANCHORED"), at(&body, "Egypt", 0, "ANCHORED"), at(&body, "Egypt", 1, "ANCHORED"),
            lost("Derna"), lost("Libya"),
        ]));
        let orphan = |quote: &str| json!([quote, null, null, "ORPHANED"]);
        assert_eq!(citations(&editor, "news").await, sorted(vec![
            at(&body, "Libya asked Egypt", 0, "ANCHORED"), orphan("sent planes"), orphan("The army of Egypt sent planes to Derna"),
        ]));
    }

    async fn a_repeated_word_is_identified_by_its_context(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        // the sentences change their order
        let body = ARABIC_BODY.split_once(". ").map(|(first, second)| format!("{} {first}.", second.strip_prefix('و').unwrap())).unwrap();
        rewrite(&editor, "khabar", &body).await;
        let found = mentions(&editor, "khabar").await;
        for mention in &found {
            let text = mention[0].as_str().unwrap();
            if let Some(start) = mention[1].as_u64() {
                let there: String = body.chars().skip(usize::try_from(start).unwrap()).take(text.chars().count()).collect();
                assert_eq!(there, text);
            } else {
                assert_eq!(mention[3], "ORPHANED");
            }
        }
        assert!(found.contains(&at(&body, "درنة", 0, "MOVED")), "{found:?}");
        assert_eq!(citations(&editor, "khabar").await, [at(&body, "الطائرات ضربت درنة", 0, "MOVED")]);
        // the word in the sentence that moved to the end is not confused with that at the beginning
        assert!(!found.contains(&at(&body, "ليبيا", 0, "ANCHORED")) && !found.contains(&at(&body, "الجيش المصري", 1, "ANCHORED")), "{found:?}");
    }

    async fn arabic_text_moves_by_code_points(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let body = format!("🛩 القاهرة، اليوم: {ARABIC_BODY}");
        rewrite(&editor, "khabar", &body).await;
        assert_eq!(mentions(&editor, "khabar").await, [
            at(&body, "الجيش المصري", 0, "MOVED"), at(&body, "درنة", 0, "MOVED"), at(&body, "ليبيا", 0, "MOVED"),
            at(&body, "الجيش المصري", 1, "MOVED"), at(&body, "ليبيا", 1, "MOVED"),
        ]);
        assert_eq!(citations(&editor, "khabar").await, [at(&body, "الطائرات ضربت درنة", 0, "MOVED")]);
    }

    async fn of_two_positions_the_one_with_the_same_context_is_chosen(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let sentence = "Libya asked Egypt for help. ";
        let body = format!("Twice. {sentence}{BODY}");
        rewrite(&editor, "news", &body).await;
        assert_eq!(mentions(&editor, "news").await, [
            at(&body, "Libya", 1, "MOVED"), at(&body, "Egypt", 1, "MOVED"), at(&body, "Egypt", 2, "MOVED"),
            at(&body, "Derna", 0, "MOVED"), at(&body, "Libya", 2, "MOVED"),
        ]);
        assert_eq!(citations(&editor, "news").await, sorted(vec![
            at(&body, "Libya asked Egypt", 1, "MOVED"), at(&body, "sent planes", 0, "MOVED"),
            at(&body, "The army of Egypt sent planes to Derna", 0, "MOVED"),
        ]));
    }

    async fn of_two_equally_similar_positions_neither_is_chosen(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let sentence = "Again: Libya asked Egypt for help. ";
        rewrite(&editor, "news", &format!("{sentence}{sentence}Again.")).await;
        let orphan = |quote: &str| json!([quote, null, null, "ORPHANED"]);
        assert_eq!(mentions(&editor, "news").await, ["Libya", "Egypt", "Egypt", "Derna", "Libya"].map(orphan));
        assert_eq!(citations(&editor, "news").await, sorted(vec![
            orphan("Libya asked Egypt"), orphan("sent planes"), orphan("The army of Egypt sent planes to Derna"),
        ]));
    }

    async fn an_orphaned_quote_is_found_when_its_words_come_back(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        rewrite(&editor, "khabar", "لا شيء.").await;
        assert_eq!(citations(&editor, "khabar").await, [json!(["الطائرات ضربت درنة", null, null, "ORPHANED"])]);
        rewrite(&editor, "khabar", ARABIC_BODY).await;
        assert_eq!(citations(&editor, "khabar").await, [at(ARABIC_BODY, "الطائرات ضربت درنة", 0, "MOVED")]);
    }

    async fn reverting_the_change_of_a_text_restores_all_its_evidence(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let before = (editor.all_fields().await, mentions(&editor, "news").await, citations(&editor, "news").await);
        rewrite(&editor, "news", "Libya.").await;
        assert_ne!(citations(&editor, "news").await, before.2);
        editor.revert_last(&editor.id("news").await).await;
        assert_eq!((editor.all_fields().await, mentions(&editor, "news").await, citations(&editor, "news").await), before);
    }

    async fn events_whose_evidence_moves_get_a_version_and_a_revision(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (strike, border, answer) = (editor.record("strike").await, editor.record("border").await, editor.record("answer").await);
        let body = format!("Cairo. {BODY}");
        let news = editor.record("news").await;
        let arguments = json!({ "id": news.id, "version": news.version, "input": { "body": body }, "summary": "The dateline was missing." });
        editor.try_mutation("updateArticle", arguments).await.unwrap();
        for (record, field) in [(&strike, "citations"), (&border, "citations")] {
            let revision = editor.history(&record.id).await.pop().unwrap();
            assert_eq!(revision["snapshot"]["version"], record.version + 1);
            assert_eq!(json!([revision["operation"], revision["actor"], revision["summary"]]), json!(["UPDATE", "Amina", "The dateline was missing."]));
            let change = revision["changes"].as_array().unwrap().iter().find(|change| change["field"] == field).expect("the evidence changed");
            assert_eq!((&change["before"][0]["anchor"], &change["after"][0]["anchor"]), (&json!("ANCHORED"), &json!("MOVED")));
        }
        assert_eq!(editor.record("answer").await, answer, "what cites nothing of it stays");
        // an editor with the earlier version of the event gets a conflict
        let [refusal] = editor.update_errors("Event", &strike, json!({ "status": "CONFIRMED" })).await.try_into().unwrap();
        assert_eq!(refusal.code, "CONFLICT");
        assert!(refusal.differs.as_array().unwrap().contains(&json!("citations")), "{:?}", refusal.differs);
    }

    async fn the_evidence_of_a_removed_text_becomes_orphaned_and_keeps_its_words(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let news = editor.record("news").await;
        editor.update("Article", &news, json!({ "body": null })).await;
        assert!(mentions(&editor, "news").await.iter().all(|mention| mention[3] == "ORPHANED"));
        assert!(citations(&editor, "news").await.iter().all(|citation| citation[3] == "ORPHANED"));
        // an orphan does not prevent changes of its owner
        let strike = editor.update("Event", &editor.record("strike").await, json!({ "status": "CONFIRMED" })).await;
        let lost = editor.snapshot(&strike.id).await["citations"][0]["id"].clone();
        assert_eq!(
            editor.failed_update("Event", &strike, json!({ "updateCitations": [{ "id": lost, "quote": "Planes over Derna" }] })).await,
            ["INVALID updateCitations.0.field: the article has no body: choose another field"]
        );
        let strike = editor.update("Event", &strike, json!({ "updateCitations": [{ "id": lost, "field": "HEADLINE", "quote": "Planes over Derna" }] })).await;
        assert_eq!(editor.snapshot(&strike.id).await["citations"][0]["anchor"], "ANCHORED");
    }

    async fn a_text_and_its_mentions_are_changed_in_one_call(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let news = editor.record("news").await;
        let body = "Egypt sent planes.";
        editor.update("Article", &news, json!({ "body": body, "mentions": [{ "entity": editor.id("egypt").await, "field": "BODY", "start": 0, "end": 5 }] })).await;
        assert_eq!(mentions(&editor, "news").await, [at(body, "Egypt", 0, "ANCHORED")]);
    }

    async fn quotes_beyond_the_search_limit_need_a_start(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let words: Vec<String> = (0..100_000).map(|at| format!("word{at:05}")).collect();
        let body = words.join(" ");
        let article = editor.create("Article", json!({ "headline": "H", "language": "en", "body": body })).await;
        let quote = |at: usize| json!({ "article": article.id, "quote": words[99_999 - at] });
        let with_start = |at: usize| {
            let mut quote = quote(at);
            quote["start"] = ((99_999 - at) * 10).into();
            quote
        };
        let event = |citations: Vec<Value>| json!({ "name": "Much is said of it", "kind": "OTHER", "citations": citations });
        let problems = editor.failed_create("Event", event((0..600).map(quote).collect())).await;
        assert_eq!(problems[0], "REQUIRED citations.536.start: is missing: the call has too many quotes without a start for texts of this length");
        assert_eq!(problems.len(), 64);
        editor.create("Event", event((0..600).map(with_start).collect())).await;
    }
}
