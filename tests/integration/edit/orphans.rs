//! An orphan is found when its passage comes back, by its words and its context. It is never placed at words that were always
//! elsewhere.

use serde_json::{Value, json};

use super::world::{BODY, span, world};
use crate::{
    both_databases,
    support::{editor::Editor, lines::export_text},
};

async fn rewrite(editor: &Editor, body: &str) {
    editor.update("Article", &editor.record("news").await, json!({ "body": body })).await;
}

/// Text, start and anchor state of every mention of the article.
async fn mentions(editor: &Editor) -> Vec<Value> {
    let snapshot = editor.snapshot(&editor.id("news").await).await;
    let all = snapshot["mentions"].as_array().cloned().unwrap_or_default();
    let state = |mention: &Value| mention.get("anchor").cloned().unwrap_or_else(|| json!("ANCHORED"));
    all.iter().map(|mention| json!([mention["text"], mention["start"], state(mention)])).collect()
}

/// The same of the first citation of the event.
async fn evidence(editor: &Editor) -> Value {
    let citation = editor.snapshot(&editor.id("strike").await).await["citations"][0].clone();
    json!([citation["quote"], citation["start"], citation["anchor"]])
}

fn at(body: &str, text: &str, nth: usize, anchor: &str) -> Value {
    json!([text, span(body, text, nth).0, anchor])
}

const QUOTE: &str = "The army of Egypt sent planes to Derna";
const WITHOUT: &str = "Libya asked Egypt for help. Cairo did not confirm it.";

both_databases! {
    async fn an_orphan_has_no_position_and_counts_only_among_mentions(database: TestDatabase) {
        const SEEN: &str = "query ($news: ID!, $derna: ID!) {
            article(id: $news) {
                places { totalCount edges { mentionCount node { id } } }
                mentions { totalCount nodes { text start end anchor } } }
            place(id: $derna) {
                articles { totalCount }
                mentions { totalCount nodes { start end anchor } }
                related { entity { id } sharedArticles } } }";
        let editor = Editor::with_records(&database, &world()).await;
        let khabar = editor.record("khabar").await;
        editor.update("Article", &khabar, json!({ "mentions": [] })).await;
        let (news, derna) = (editor.id("news").await, editor.id("derna").await);
        let (libya, egypt) = (editor.id("libya").await, editor.id("egypt").await);
        let see = async || editor.read_with(SEEN, json!({ "news": news, "derna": derna })).await;
        let before = see().await;
        let count = |seen: &Value, place: &str| {
            let edges = seen["article"]["places"]["edges"].as_array().cloned().unwrap_or_default();
            edges.iter().find(|edge| edge["node"]["id"] == place).map_or(Value::Null, |edge| edge["mentionCount"].clone())
        };
        assert_eq!([&derna, &libya, &egypt].map(|place| count(&before, place)), [json!(1), json!(2), json!(2)]);

        rewrite(&editor, "Libya asked Egypt for help.").await;
        let after = see().await;
        assert_eq!([&derna, &libya, &egypt].map(|place| count(&after, place)), [Value::Null, json!(1), json!(1)]);
        assert_eq!(after["article"]["places"]["totalCount"], 2);
        assert_eq!(after["place"]["articles"], json!({ "totalCount": 0 }));
        let related = after["place"]["related"].as_array().expect("a list");
        assert!(!related.is_empty() && related.iter().all(|related| related["sharedArticles"] == 0), "only events are shared: {related:?}");
        let lost = json!({ "start": null, "end": null, "anchor": "ORPHANED" });
        assert_eq!(after["place"]["mentions"], json!({ "totalCount": 1, "nodes": [lost] }));
        assert_eq!(after["article"]["mentions"]["totalCount"], 5);
        for mention in after["article"]["mentions"]["nodes"].as_array().expect("a list") {
            assert_eq!(mention["anchor"] == "ORPHANED", mention["start"].is_null() && mention["end"].is_null(), "{mention}");
        }

        rewrite(&editor, BODY).await;
        let back = see().await;
        assert_eq!((&back["article"]["places"], &back["place"]["related"]), (&before["article"]["places"], &before["place"]["related"]));
    }

    async fn an_imported_orphan_has_no_position(database: TestDatabase) {
        let mut lines = world();
        let strike = lines.iter_mut().find(|line| line["key"] == "strike").expect("it is there");
        strike["citations"] = json!([{ "article": "news", "quote": "gone", "start": 3, "end": 7, "anchor": "ORPHANED" }]);
        let editor = Editor::with_records(&database, &lines).await;
        let id = json!({ "id": editor.id("strike").await });
        let seen = editor.read_with("query ($id: ID!) { event(id: $id) { citations { nodes { start end anchor } } } }", id).await;
        let lost = json!({ "start": null, "end": null, "anchor": "ORPHANED" });
        assert_eq!(seen["event"]["citations"]["nodes"], json!([lost]));
    }

    async fn a_mention_whose_words_come_back_once_is_found(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        rewrite(&editor, WITHOUT).await;
        assert!(mentions(&editor).await.contains(&at(BODY, "Derna", 0, "ORPHANED")));
        let body = format!("Cairo, Tuesday. {BODY}");
        rewrite(&editor, &body).await;
        assert!(mentions(&editor).await.contains(&at(&body, "Derna", 0, "MOVED")), "{:?}", mentions(&editor).await);
    }

    async fn a_passage_that_an_editor_puts_back_gets_its_mentions_and_quotes_back(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        rewrite(&editor, WITHOUT).await;
        // the orphan stays through changes of other fields, and is not placed at the same words elsewhere
        rewrite(&editor, &format!("{WITHOUT} Libya waits.")).await;
        let lost = mentions(&editor).await;
        assert!(lost.contains(&at(BODY, "Libya", 1, "ORPHANED")) && lost.contains(&at(BODY, "Egypt", 1, "ORPHANED")), "{lost:?}");
        assert_eq!(evidence(&editor).await, json!([QUOTE, null, "ORPHANED"]));
        rewrite(&editor, BODY).await;
        assert_eq!(mentions(&editor).await, [
            at(BODY, "Libya", 0, "ANCHORED"), at(BODY, "Egypt", 0, "ANCHORED"), at(BODY, "Egypt", 1, "MOVED"),
            at(BODY, "Derna", 0, "MOVED"), at(BODY, "Libya", 1, "MOVED"),
        ]);
        assert_eq!(evidence(&editor).await, at(BODY, QUOTE, 0, "MOVED"));
    }

    async fn an_orphan_is_not_placed_at_words_that_were_always_elsewhere(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let news = editor.record("news").await;
        let all = editor.snapshot(&news.id).await["mentions"].clone();
        // only the second Libya has a mention
        editor.update("Article", &news, json!({ "removeMentions": [all[0]["id"]] })).await;
        let strike = editor.record("strike").await;
        editor.update("Event", &strike, json!({ "citations": [{ "article": news.id, "quote": "Egypt", "start": span(BODY, "Egypt", 1).0 }] })).await;
        rewrite(&editor, WITHOUT).await;
        rewrite(&editor, &format!("{WITHOUT} Nobody knows.")).await;
        let found = mentions(&editor).await;
        assert!(found.contains(&at(BODY, "Libya", 1, "ORPHANED")), "{found:?}");
        assert_eq!(evidence(&editor).await, json!(["Egypt", null, "ORPHANED"]));
    }

    async fn a_quote_that_had_a_twin_for_a_while_is_found_again(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        rewrite(&editor, &format!("x {BODY} {BODY} y")).await;
        assert_eq!(evidence(&editor).await, json!([QUOTE, null, "ORPHANED"]));
        rewrite(&editor, BODY).await;
        assert_eq!(evidence(&editor).await, at(BODY, QUOTE, 0, "MOVED"));
    }

    async fn a_passage_with_a_newer_mention_gets_no_second_one(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        rewrite(&editor, WITHOUT).await;
        let (start, end) = span(BODY, "Derna", 0);
        let derna = editor.id("derna").await;
        editor.update("Article", &editor.record("news").await, json!({ "body": BODY, "addMentions": [{ "entity": derna, "field": "BODY", "start": start, "end": end }] })).await;
        let found: Vec<Value> = mentions(&editor).await.into_iter().filter(|mention| mention[0] == "Derna").collect();
        assert_eq!(found.len(), 2);
        assert!(found.contains(&at(BODY, "Derna", 0, "ANCHORED")) && found.contains(&at(BODY, "Derna", 0, "ORPHANED")), "{found:?}");
    }

    async fn an_imported_orphan_is_found_by_its_words_alone(database: TestDatabase) {
        let mut lines = world();
        let news = lines.iter_mut().find(|line| line["key"] == "news").unwrap();
        news["body"] = json!(WITHOUT);
        let lost = |entity: &str, text: &str| json!({ "entity": entity, "field": "BODY", "start": 3, "end": 8, "text": text, "anchor": "ORPHANED" });
        news["mentions"] = json!([lost("derna", "Derna"), lost("libya", "Libya")]);
        lines.retain(|line| line["type"] != "EVENT" && line["key"] != "border");
        let editor = Editor::with_records(&database, &lines).await;
        rewrite(&editor, BODY).await;
        let mut found = mentions(&editor).await;
        found.sort_by_key(ToString::to_string);
        assert_eq!(found, [at(BODY, "Derna", 0, "MOVED"), json!(["Libya", 3, "ORPHANED"])]);
        assert!(export_text(&editor.connection, true).await.contains("ORPHANED"));
    }

    async fn the_words_of_an_orphan_can_change_only_to_words_in_the_text(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        rewrite(&editor, "Tunis is quiet.").await;
        let news = editor.record("news").await;
        let all = editor.snapshot(&news.id).await["mentions"].clone();
        let lost = json!({ "id": all[0]["id"], "text": "garbage" });
        assert_eq!(editor.failed_update("Article", &news, json!({ "updateMentions": [lost] })).await, ["INVALID updateMentions.0.text: must be \"Tunis\", the text at that place"]);
        let found = json!({ "id": all[0]["id"], "text": "Tunis" });
        editor.update("Article", &news, json!({ "updateMentions": [found] })).await;
        assert_eq!(mentions(&editor).await[0], json!(["Tunis", 0, "ANCHORED"]));
    }
}
