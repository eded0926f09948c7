//! Evidence that comes back with a revert is placed at its own passage, and never at other equal words.

use std::{collections::BTreeMap, time::Duration};

use dateline::http::Times;
use serde_json::{Value, json};

use crate::{
    both_databases,
    support::{
        editor::{Editor, SavedRecord},
        lines::export_lines,
    },
};

/// An article with the same words at two positions, and an event that cites the second one.
struct Cited {
    editor: Editor,
    article: SavedRecord,
    event: SavedRecord,
}

const BODY: &str = "He said go. She said go. End.";
const FIRST: &str = "Nothing was said. She said go. Libya said no to Egypt on Monday.";
const ARABIC: &str = "قال علي نعم. وقالت ليلى نعم. انتهى.";

impl Cited {
    async fn by(editor: &Editor, body: &str, quote: &str, start: usize) -> Self {
        let editor = editor.clone();
        let article = editor.create("Article", json!({ "headline": "News", "language": "en", "body": body })).await;
        let citation = json!({ "article": article.id, "quote": quote, "start": start });
        let event = json!({ "name": "An order", "kind": "OTHER", "citations": [citation] });
        let event = editor.create("Event", event).await;
        Self { editor, article, event }
    }

    /// Prepends words to the text of the article.
    async fn prepend(&mut self, words: &str) {
        let body = self.editor.snapshot(&self.article.id).await["body"].as_str().expect("a body").to_owned();
        self.write(&format!("{words}{body}")).await;
    }

    async fn append(&mut self, words: &str) {
        let body = self.editor.snapshot(&self.article.id).await["body"].as_str().expect("a body").to_owned();
        self.write(&format!("{body}{words}")).await;
    }

    async fn write(&mut self, body: &str) {
        self.article = self.editor.update("Article", &self.article, json!({ "body": body })).await;
    }

    /// The event at its present version: its citations may have moved.
    async fn event(&self) -> SavedRecord {
        self.editor.record_by_id(&self.event.id).await
    }

    async fn remove_citation(&self) -> String {
        self.editor.update("Event", &self.event().await, json!({ "citations": [] })).await;
        last_revision(&self.editor, &self.event.id).await
    }

    /// The positions of the quotes of a record.
    async fn places(&self, id: &str) -> Vec<Value> {
        let said = self.editor.snapshot(id).await;
        let citations = said["citations"].as_array().cloned().unwrap_or_default();
        citations.iter().map(|item| json!([item["start"], item["anchor"]])).collect()
    }
}

async fn last_revision(editor: &Editor, id: &str) -> String {
    editor.history(id).await.pop().expect("a history")["id"].as_str().expect("an id").to_owned()
}

fn mention(entity: &SavedRecord, body: &str, start: usize, text: &str) -> Value {
    assert!(body.chars().skip(start).collect::<String>().starts_with(text));
    json!({ "entity": entity.id, "field": "BODY", "start": start, "end": start + text.chars().count() })
}

both_databases! {
    async fn a_restored_quote_returns_to_its_own_passage_and_not_to_its_old_position(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let mut cited = Cited::by(&editor, BODY, "said go", 16).await;
        let removed = cited.remove_citation().await;
        // the first one is now at the old position of the second one
        cited.prepend("Yesterday ok ").await;
        cited.editor.revert(&removed).await;
        assert_eq!(cited.places(&cited.event.id).await, [json!([29, "MOVED"])]);

        let mut cited = Cited::by(&editor, ARABIC, "نعم", 24).await;
        let removed = cited.remove_citation().await;
        cited.prepend("وأمس أيضا ").await;
        cited.editor.revert(&removed).await;
        assert_eq!(cited.places(&cited.event.id).await, [json!([34, "MOVED"])]);
    }

    async fn a_restored_mention_returns_to_its_own_passage(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let mut cited = Cited::by(&editor, BODY, "said go", 16).await;
        let person = cited.editor.create("Person", json!({ "name": "A person" })).await;
        let said = json!({ "mentions": [mention(&person, BODY, 16, "said go")] });
        cited.article = cited.editor.update("Article", &cited.article, said).await;
        cited.article = cited.editor.update("Article", &cited.article, json!({ "mentions": [] })).await;
        let removed = last_revision(&cited.editor, &cited.article.id).await;
        cited.prepend("Yesterday ok ").await;
        cited.editor.revert(&removed).await;
        let mentions = cited.editor.snapshot(&cited.article.id).await["mentions"].clone();
        assert_eq!((&mentions[0]["start"], &mentions[0]["anchor"]), (&json!(29), &json!("MOVED")));

        // after the merge is reverted, each person has their own mention
        let other = cited.editor.create("Person", json!({ "name": "Another" })).await;
        let body = cited.editor.snapshot(&cited.article.id).await["body"].as_str().unwrap().to_owned();
        let said = json!({ "mentions": [mention(&person, &body, 29, "said go"), mention(&other, &body, 29, "said go")] });
        let article = cited.editor.record_by_id(&cited.article.id).await;
        cited.article = cited.editor.update("Article", &article, said).await;
        cited.editor.merge(&other, &person).await;
        cited.article = cited.editor.record_by_id(&cited.article.id).await;
        cited.prepend("Yesterday ok ").await;
        cited.editor.revert_last(&person.id).await;
        let mentions = cited.editor.snapshot(&cited.article.id).await["mentions"].clone();
        let mut found: Vec<_> = mentions.as_array().unwrap().iter().map(|item| json!([item["entity"], item["start"], item["anchor"]])).collect();
        let mut expected = [json!([person.id, 42, "MOVED"]), json!([other.id, 42, "MOVED"])];
        found.sort_by_key(ToString::to_string);
        expected.sort_by_key(ToString::to_string);
        assert_eq!(found, expected);
    }

    async fn a_mention_comes_back_where_it_was_though_the_text_after_it_had_changed_before(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let egypt = editor.create("Place", json!({ "name": "Egypt", "kind": "COUNTRY" })).await;
        let body = "Libya asked Egypt for help. The army of Egypt sent planes.";
        let mention = json!({ "entity": egypt.id, "field": "BODY", "start": 12, "end": 17 });
        let input = json!({ "headline": "News", "language": "en", "body": body, "mentions": [mention] });
        let article = editor.create("Article", input).await;
        let changed = body.replace("Egypt sent", "Egypt has sent");
        let article = editor.update("Article", &article, json!({ "body": changed })).await;
        let before = editor.snapshot(&article.id).await["mentions"].clone();
        editor.update("Article", &article, json!({ "mentions": [] })).await;
        editor.revert(&last_revision(&editor, &article.id).await).await;
        assert_eq!((&before[0]["start"], &before[0]["text"]), (&json!(12), &json!("Egypt")));
        assert_eq!(editor.snapshot(&article.id).await["mentions"], before);
    }

    async fn evidence_that_a_merge_moved_comes_back_at_its_present_position(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        for words in ["Yesterday ok ", "Oh, "] {
            let mut cited = Cited::by(&editor, BODY, "said go", 16).await;
            let twin = cited.editor.create("Event", json!({ "name": "The order", "kind": "OTHER" })).await;
            let merged = cited.editor.merge(&cited.event, &twin).await;
            cited.prepend(words).await;
            let place = [json!([16 + words.len(), "MOVED"])];
            assert_eq!(cited.places(&merged.id).await, place);
            cited.editor.revert_last_own_change(&merged.id).await;
            assert_eq!(cited.places(&cited.event.id).await, place);
        }
    }

    async fn reverting_a_changed_start_restores_the_earlier_passage(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        for note in [json!("a note"), Value::Null] {
            let mut cited = Cited::by(&editor, BODY, "said go", 3).await;
            let id = cited.editor.snapshot(&cited.event.id).await["citations"][0]["id"].clone();
            let changed = json!({ "updateCitations": [{ "id": id, "start": 16, "note": note }] });
            cited.editor.update("Event", &cited.event, changed).await;
            let placed = last_revision(&cited.editor, &cited.event.id).await;
            cited.prepend("Oh, ").await;
            assert_eq!(cited.places(&cited.event.id).await, [json!([20, "MOVED"])]);
            cited.editor.revert(&placed).await;
            assert_eq!(cited.places(&cited.event.id).await, [json!([7, "MOVED"])]);
            let citation = cited.editor.snapshot(&cited.event.id).await["citations"][0].clone();
            assert_eq!(citation.get("note"), None);
        }
    }

    async fn reverting_the_changed_start_of_an_orphan_restores_the_earlier_passage(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let mut cited = Cited::by(&editor, BODY, "said go", 3).await;
        let id = cited.editor.snapshot(&cited.event.id).await["citations"][0]["id"].clone();
        cited.editor.update("Event", &cited.event, json!({ "updateCitations": [{ "id": id, "start": 16 }] })).await;
        let placed = last_revision(&cited.editor, &cited.event.id).await;
        cited.write("Nothing was said.").await;
        assert_eq!(cited.places(&cited.event.id).await, [json!([null, "ORPHANED"])]);
        cited.editor.apply(json!([
            { "updateArticle": { "id": cited.article.id, "version": cited.article.version, "input": { "body": BODY } } },
            { "revertRevision": { "id": placed } },
        ])).await;
        assert_eq!(cited.places(&cited.event.id).await, [json!([3, "ANCHORED"])]);
    }

    async fn a_restored_orphan_is_found_if_its_words_have_come_back(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let mut cited = Cited::by(&editor, BODY, "She said", 12).await;
        cited.write("He said go. End.").await;
        assert_eq!(cited.places(&cited.event.id).await, [json!([null, "ORPHANED"])]);
        let removed = cited.remove_citation().await;
        cited.write(&format!("Again: {BODY}")).await;
        cited.editor.revert(&removed).await;
        assert_eq!(cited.places(&cited.event.id).await, [json!([19, "MOVED"])]);
    }

    async fn a_restored_orphan_is_found_only_at_its_own_passage(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let (body, other) = ("He met Ali in Cairo on Monday.", "He met Omar in Cairo on Monday. Elsewhere, Ali Pasha was born.");
        for is_merged in [false, true] {
            let mut cited = Cited::by(&editor, body, "Ali", 7).await;
            cited.write(other).await;
            if is_merged {
                let twin = editor.create("Event", json!({ "name": "The same", "kind": "OTHER" })).await;
                cited.event = editor.merge(&cited.event().await, &twin).await;
            }
            cited.remove_citation().await;
            editor.revert_last(&cited.event.id).await;
            assert_eq!(cited.places(&cited.event.id).await, [json!([null, "ORPHANED"])], "that is another one");
            cited.write(&format!("Corrected. {body}")).await;
            assert_eq!(cited.places(&cited.event.id).await, [json!([18, "MOVED"])]);
        }
    }

    async fn evidence_of_a_removed_text_comes_back_with_the_text(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        for away in [Value::Null, json!("xx")] {
            let mut cited = Cited::by(&editor, BODY, "said go", 16).await;
            let removed = cited.remove_citation().await;
            editor.update("Article", &cited.article, json!({ "body": away })).await;
            editor.revert(&removed).await;
            assert_eq!(cited.places(&cited.event.id).await, [json!([null, "ORPHANED"])]);
            cited.article = editor.record_by_id(&cited.article.id).await;
            cited.write(BODY).await;
            assert_eq!(cited.places(&cited.event.id).await, [json!([16, "MOVED"])]);
        }
    }

    async fn evidence_without_its_passage_is_restored_as_an_orphan(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let mut cited = Cited::by(&editor, BODY, "said go", 16).await;
        let removed = cited.remove_citation().await;
        cited.write("He said go. End.").await;
        cited.editor.revert(&removed).await;
        assert_eq!(cited.places(&cited.event.id).await, [json!([null, "ORPHANED"])], "the other one is another one");
    }

    async fn a_thousand_quotes_of_a_long_text_come_back_at_once(database: TestDatabase) {
        let sentence = |at: usize| format!("Sentence {at} is about the {at}th thing and of no other. ");
        let filler: String = (1_000..8_000).map(sentence).collect();
        let quoted: String = (0..1_000).map(sentence).collect();
        let editor = Editor::start(&database).await;
        let article = editor.create("Article", json!({ "headline": "Long", "language": "en", "body": format!("{filler}{quoted}") })).await;
        let starts = (0..1_000).scan(filler.len(), |at, n| {
            let start = *at;
            *at += sentence(n).len();
            Some(start)
        });
        let citations: Vec<Value> = starts.zip(0..1_000).map(|(start, n)| {
            json!({ "article": article.id, "quote": sentence(n).trim_end(), "start": start })
        }).collect();
        let event = editor.create("Event", json!({ "name": "Many", "kind": "OTHER", "citations": citations })).await;
        let event = editor.update("Event", &event, json!({ "citations": [] })).await;
        let body = editor.snapshot(&article.id).await["body"].as_str().unwrap().to_owned();
        editor.update("Article", &article, json!({ "body": format!("Oh! {body}") })).await;
        editor.revert_last(&event.id).await;
        let said = editor.snapshot(&event.id).await;
        let back: Vec<i64> = said["citations"].as_array().unwrap().iter().map(|item| item["start"].as_i64().unwrap()).collect();
        let expected: Vec<i64> = citations.iter().map(|item| item["start"].as_i64().unwrap() + 4).collect();
        assert_eq!(back, expected);
    }

    async fn reverting_a_text_restores_the_positions_of_its_evidence(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let mut cited = Cited::by(&editor, FIRST, "said no to Egypt", 37).await;
        let egypt = editor.create("Place", json!({ "name": "Egypt", "kind": "COUNTRY" })).await;
        let added = json!({ "addMentions": [mention(&egypt, FIRST, 48, "Egypt")] });
        cited.article = editor.update("Article", &cited.article, added).await;
        let state = async || (
            editor.snapshot(&cited.article.id).await["mentions"].clone(),
            editor.snapshot(&cited.event.id).await["citations"].clone(),
        );
        let start = state().await;
        let written = editor.update("Article", &cited.article, json!({ "body": format!("{FIRST} Libya said no to Egypt on Monday.") })).await;
        let appended = last_revision(&editor, &written.id).await;
        assert_eq!(state().await, start, "they stay, since all before them does");
        editor.revert(&appended).await;
        assert_eq!(state().await, start);

        // also with another change and its revert in between
        let redone = last_revision(&editor, &written.id).await;
        editor.revert(&redone).await;
        let headline = editor.update("Article", &editor.record_by_id(&written.id).await, json!({ "headline": "Other news" })).await;
        let renamed = last_revision(&editor, &headline.id).await;
        editor.revert(&renamed).await;
        editor.revert(&appended).await;
        assert_eq!(state().await, start);
    }

    async fn evidence_that_an_editor_moved_since_does_not_return_to_its_old_position(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let mut cited = Cited::by(&editor, FIRST, "said no to Egypt", 37).await;
        cited.write(&format!("{FIRST} Libya said no to Egypt on Monday.")).await;
        let appended = last_revision(&editor, &cited.article.id).await;
        let citation = editor.snapshot(&cited.event.id).await["citations"][0]["id"].clone();
        editor.update("Event", &cited.event().await, json!({ "updateCitations": [{ "id": citation, "start": 71 }] })).await;
        editor.revert(&appended).await;
        assert_eq!(cited.places(&cited.event.id).await, [json!([null, "ORPHANED"])]);
    }

    async fn evidence_that_an_editor_put_at_its_old_position_becomes_an_orphan(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let mut cited = Cited::by(&editor, "Ali said go. Nobody else spoke.", "said go", 4).await;
        cited.prepend("Eve said go. ").await;
        let prepended = last_revision(&editor, &cited.article.id).await;
        assert_eq!(cited.places(&cited.event.id).await, [json!([17, "MOVED"])]);
        let citation = editor.snapshot(&cited.event.id).await["citations"][0]["id"].clone();
        editor.update("Event", &cited.event().await, json!({ "updateCitations": [{ "id": citation, "start": 4 }] })).await;
        editor.revert(&prepended).await;
        assert_eq!(cited.places(&cited.event.id).await, [json!([null, "ORPHANED"])]);
    }

    async fn evidence_that_a_change_moved_or_orphaned_returns_with_its_last_text(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let mut cited = Cited::by(&editor, "Libya said no to Egypt. go go go", "said no", 6).await;
        cited.write("Libya said no to Egypt. go g o go").await;
        let before = "Libya said no to Egypt. go g o go Libya said no to Egypt.";
        cited.write(before).await;
        assert_eq!(cited.places(&cited.event.id).await, [json!([6, "ANCHORED"])]);
        for (after, place) in [(format!("Yes. {before}"), json!([11, "MOVED"])), ("Nothing.".to_owned(), json!([null, "ORPHANED"]))] {
            cited.article = editor.record_by_id(&cited.article.id).await;
            cited.write(&after).await;
            assert_eq!(cited.places(&cited.event.id).await, [place]);
            editor.revert_last(&cited.article.id).await;
            assert_eq!(cited.places(&cited.event.id).await[0][0], 6, "{after}");
        }
    }

    async fn an_orphan_that_had_a_twin_is_not_found_at_the_twin(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let mut cited = Cited::by(&editor, "Libya said no to Egypt on Monday. She said go.", "Libya", 0).await;
        cited.append(" Libya said no to Egypt on Monday.").await;
        cited.write("Libya sxaid no to Egypt on Monday. She said go. Libya said no to Egypt on Monday.").await;
        let lost = cited.places(&cited.event.id).await;
        cited.append(" End.").await;
        assert_eq!(cited.places(&cited.event.id).await, lost);
    }

    async fn reverting_a_batch_restores_all_mentions(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let place = editor.create("Place", json!({ "name": "Libya", "kind": "COUNTRY" })).await;
        let mention = |field: &str| json!({ "entity": place.id, "field": field, "start": 0, "end": 5 });
        let article = json!({ "headline": "Libya waits", "body": "Libya asked for help.", "language": "en", "mentions": [mention("HEADLINE"), mention("BODY")] });
        let made = editor.apply(json!(vec![json!({ "createArticle": article }); 600])).await;
        let ids: Vec<Value> = made.as_array().unwrap().iter().map(|result| result["record"]["id"].clone()).collect();
        let update_all = async |version: i64, input: Value| {
            let change = |id: &Value| json!({ "updateArticle": { "id": id, "version": version, "input": input } });
            editor.apply(ids.iter().map(change).collect()).await;
            let changes = editor.changes().await;
            changes[changes.len() - 600..].iter().map(|revision| json!({ "revertRevision": { "id": revision["id"] } })).collect::<Value>()
        };
        let positions = async || {
            let said = export_lines(&editor.connection, false).await;
            let all = said.iter().filter_map(|line| line["mentions"].as_array()).flatten();
            let mut counts: BTreeMap<(Option<i64>, String), usize> = BTreeMap::new();
            for mention in all {
                *counts.entry((mention["start"].as_i64(), mention["anchor"].to_string())).or_default() += 1;
            }
            counts.into_iter().map(|((start, anchor), count)| json!([start, anchor, count])).collect::<Vec<_>>()
        };
        let start = positions().await;
        let removed = update_all(1, json!({ "mentions": [] })).await;
        editor.apply(removed).await;
        assert_eq!(positions().await, start);

        // the texts have changed since
        let removed = update_all(3, json!({ "mentions": [] })).await;
        update_all(4, json!({ "headline": "Oh, Libya waits", "body": "Yes: Libya asked for help." })).await;
        editor.apply(removed).await;
        assert_eq!(positions().await, [json!([4, "\"MOVED\"", 600]), json!([5, "\"MOVED\"", 600])]);
    }

    async fn a_revert_beyond_the_search_limit_is_refused_and_loses_nothing(database: TestDatabase) {
        let times = Times { run: Duration::from_mins(2), ..Times::default() };
        let editor = Editor::with_times(&database, &[], times).await;
        // so short that each search reads the whole text
        let quotes: Vec<String> = ('a'..='z').flat_map(|one| ('A'..='M').map(move |other| format!("{one}{other}"))).collect();
        let body = format!("{}{}", quotes.join(" "), " -".repeat(499_000));
        let article = editor.create("Article", json!({ "headline": "Long", "language": "en", "body": body })).await;
        let citation = |(at, quote): (usize, &String)| json!({ "article": article.id, "quote": quote, "start": at * 3 });
        let citations: Vec<Value> = quotes.iter().enumerate().map(citation).collect();
        let event = editor.create("Event", json!({ "name": "Many", "kind": "OTHER", "citations": citations })).await;
        editor.update("Event", &event, json!({ "citations": [] })).await;
        let removed = last_revision(&editor, &event.id).await;
        editor.update("Article", &article, json!({ "body": format!("Oh! {body} End") })).await;
        let refused = editor.failed_revert(&removed).await;
        let message = "the revert restores too much to find in texts of this length; revert fewer changes at once, or edit the record instead";
        assert!(refused[0].starts_with("INVALID id: cannot be reverted: citations.") && refused[0].ends_with(message), "{refused:?}");
    }
}
