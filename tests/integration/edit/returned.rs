//! Evidence that comes back when a change is undone: it stands where its passage stands by now, and never at another one that
//! reads the same.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    both_databases,
    support::{
        editor::{Editor, Kept},
        lines::export_lines,
    },
};

/// An article in which the same words stand twice, and an event that cites the second.
struct Cited {
    editor: Editor,
    article: Kept,
    event: Kept,
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

    /// Puts words before the text of the article.
    async fn put_before(&mut self, words: &str) {
        let body = self.editor.snapshot(&self.article.id).await["body"].as_str().expect("a body").to_owned();
        self.write(&format!("{words}{body}")).await;
    }

    async fn put_behind(&mut self, words: &str) {
        let body = self.editor.snapshot(&self.article.id).await["body"].as_str().expect("a body").to_owned();
        self.write(&format!("{body}{words}")).await;
    }

    async fn write(&mut self, body: &str) {
        self.article = self.editor.update("Article", &self.article, json!({ "body": body })).await;
    }

    /// The event as it is by now: what it cites may have moved.
    async fn event(&self) -> Kept {
        self.editor.of_id(&self.event.id).await
    }

    async fn remove_citation(&self) -> String {
        self.editor.update("Event", &self.event().await, json!({ "citations": [] })).await;
        last(&self.editor, &self.event.id).await
    }

    /// Where the quotes of a record stand.
    async fn places(&self, id: &str) -> Vec<Value> {
        let said = self.editor.snapshot(id).await;
        let citations = said["citations"].as_array().cloned().unwrap_or_default();
        citations.iter().map(|item| json!([item["start"], item["anchor"]])).collect()
    }
}

async fn last(editor: &Editor, id: &str) -> String {
    editor.history(id).await.pop().expect("a history")["id"].as_str().expect("an id").to_owned()
}

fn mention(entity: &Kept, body: &str, start: usize, text: &str) -> Value {
    assert!(body.chars().skip(start).collect::<String>().starts_with(text));
    json!({ "entity": entity.id, "field": "BODY", "start": start, "end": start + text.chars().count() })
}

both_databases! {
    async fn a_quote_comes_back_to_its_own_passage_and_not_to_the_same_words_where_it_stood(database: TestDatabase) {
        let editor = Editor::at(&database).await;
        let mut cited = Cited::by(&editor, BODY, "said go", 16).await;
        let removed = cited.remove_citation().await;
        // the first one stands by now where the second stood
        cited.put_before("Yesterday ok ").await;
        cited.editor.revert(&removed).await;
        assert_eq!(cited.places(&cited.event.id).await, [json!([29, "MOVED"])]);

        let mut cited = Cited::by(&editor, ARABIC, "نعم", 24).await;
        let removed = cited.remove_citation().await;
        cited.put_before("وأمس أيضا ").await;
        cited.editor.revert(&removed).await;
        assert_eq!(cited.places(&cited.event.id).await, [json!([34, "MOVED"])]);
    }

    async fn a_mention_comes_back_to_its_own_passage(database: TestDatabase) {
        let editor = Editor::at(&database).await;
        let mut cited = Cited::by(&editor, BODY, "said go", 16).await;
        let person = cited.editor.create("Person", json!({ "name": "A person" })).await;
        let said = json!({ "mentions": [mention(&person, BODY, 16, "said go")] });
        cited.article = cited.editor.update("Article", &cited.article, said).await;
        cited.article = cited.editor.update("Article", &cited.article, json!({ "mentions": [] })).await;
        let removed = last(&cited.editor, &cited.article.id).await;
        cited.put_before("Yesterday ok ").await;
        cited.editor.revert(&removed).await;
        let mentions = cited.editor.snapshot(&cited.article.id).await["mentions"].clone();
        assert_eq!((&mentions[0]["start"], &mentions[0]["anchor"]), (&json!(29), &json!("MOVED")));

        // of two people who were one for a while each has the mention of their own
        let other = cited.editor.create("Person", json!({ "name": "Another" })).await;
        let body = cited.editor.snapshot(&cited.article.id).await["body"].as_str().unwrap().to_owned();
        let said = json!({ "mentions": [mention(&person, &body, 29, "said go"), mention(&other, &body, 29, "said go")] });
        let article = cited.editor.of_id(&cited.article.id).await;
        cited.article = cited.editor.update("Article", &article, said).await;
        cited.editor.merge(&other, &person).await;
        cited.article = cited.editor.of_id(&cited.article.id).await;
        cited.put_before("Yesterday ok ").await;
        cited.editor.undo_last(&person.id).await;
        let mentions = cited.editor.snapshot(&cited.article.id).await["mentions"].clone();
        let mut found: Vec<_> = mentions.as_array().unwrap().iter().map(|item| json!([item["entity"], item["start"], item["anchor"]])).collect();
        let mut expected = [json!([person.id, 42, "MOVED"]), json!([other.id, 42, "MOVED"])];
        found.sort_by_key(ToString::to_string);
        expected.sort_by_key(ToString::to_string);
        assert_eq!(found, expected);
    }

    async fn what_a_merge_has_carried_to_another_record_comes_back_from_where_it_stands_there(database: TestDatabase) {
        let editor = Editor::at(&database).await;
        for words in ["Yesterday ok ", "Oh, "] {
            let mut cited = Cited::by(&editor, BODY, "said go", 16).await;
            let twin = cited.editor.create("Event", json!({ "name": "The order", "kind": "OTHER" })).await;
            let merged = cited.editor.merge(&cited.event, &twin).await;
            cited.put_before(words).await;
            let place = [json!([16 + words.len(), "MOVED"])];
            assert_eq!(cited.places(&merged.id).await, place);
            cited.editor.undo_last_of_its_own(&merged.id).await;
            assert_eq!(cited.places(&cited.event.id).await, place);
        }
    }

    async fn what_the_undone_change_itself_had_placed_goes_back_to_the_passage_before(database: TestDatabase) {
        let editor = Editor::at(&database).await;
        for note in [json!("a note"), Value::Null] {
            let mut cited = Cited::by(&editor, BODY, "said go", 3).await;
            let id = cited.editor.snapshot(&cited.event.id).await["citations"][0]["id"].clone();
            let changed = json!({ "updateCitations": [{ "id": id, "start": 16, "note": note }] });
            cited.editor.update("Event", &cited.event, changed).await;
            let placed = last(&cited.editor, &cited.event.id).await;
            cited.put_before("Oh, ").await;
            assert_eq!(cited.places(&cited.event.id).await, [json!([20, "MOVED"])]);
            cited.editor.revert(&placed).await;
            assert_eq!(cited.places(&cited.event.id).await, [json!([7, "MOVED"])]);
            let citation = cited.editor.snapshot(&cited.event.id).await["citations"][0].clone();
            assert_eq!(citation.get("note"), None);
        }
    }

    async fn what_was_lost_where_the_undone_change_had_placed_it_goes_back_to_the_passage_before(database: TestDatabase) {
        let editor = Editor::at(&database).await;
        let mut cited = Cited::by(&editor, BODY, "said go", 3).await;
        let id = cited.editor.snapshot(&cited.event.id).await["citations"][0]["id"].clone();
        cited.editor.update("Event", &cited.event, json!({ "updateCitations": [{ "id": id, "start": 16 }] })).await;
        let placed = last(&cited.editor, &cited.event.id).await;
        cited.write("Nothing was said.").await;
        assert_eq!(cited.places(&cited.event.id).await, [json!([null, "ORPHANED"])]);
        cited.editor.apply(json!([
            { "updateArticle": { "id": cited.article.id, "version": cited.article.version, "input": { "body": BODY } } },
            { "revertRevision": { "id": placed } },
        ])).await;
        assert_eq!(cited.places(&cited.event.id).await, [json!([3, "ANCHORED"])]);
    }

    async fn what_was_lost_comes_back_to_its_words_if_they_have_come_back_meanwhile(database: TestDatabase) {
        let editor = Editor::at(&database).await;
        let mut cited = Cited::by(&editor, BODY, "She said", 12).await;
        cited.write("He said go. End.").await;
        assert_eq!(cited.places(&cited.event.id).await, [json!([null, "ORPHANED"])]);
        let removed = cited.remove_citation().await;
        cited.write(&format!("Again: {BODY}")).await;
        cited.editor.revert(&removed).await;
        assert_eq!(cited.places(&cited.event.id).await, [json!([19, "MOVED"])]);
    }

    async fn what_was_lost_comes_back_to_its_own_passage_alone(database: TestDatabase) {
        let editor = Editor::at(&database).await;
        let (body, other) = ("He met Ali in Cairo on Monday.", "He met Omar in Cairo on Monday. Elsewhere, Ali Pasha was born.");
        for is_merged in [false, true] {
            let mut cited = Cited::by(&editor, body, "Ali", 7).await;
            cited.write(other).await;
            if is_merged {
                let twin = editor.create("Event", json!({ "name": "The same", "kind": "OTHER" })).await;
                cited.event = editor.merge(&cited.event().await, &twin).await;
            }
            cited.remove_citation().await;
            editor.undo_last(&cited.event.id).await;
            assert_eq!(cited.places(&cited.event.id).await, [json!([null, "ORPHANED"])], "that is another one");
            cited.write(&format!("Corrected. {body}")).await;
            assert_eq!(cited.places(&cited.event.id).await, [json!([18, "MOVED"])]);
        }
    }

    async fn what_was_lost_while_its_text_was_away_comes_back_with_it(database: TestDatabase) {
        let editor = Editor::at(&database).await;
        for away in [Value::Null, json!("xx")] {
            let mut cited = Cited::by(&editor, BODY, "said go", 16).await;
            let removed = cited.remove_citation().await;
            editor.update("Article", &cited.article, json!({ "body": away })).await;
            editor.revert(&removed).await;
            assert_eq!(cited.places(&cited.event.id).await, [json!([null, "ORPHANED"])]);
            cited.article = editor.of_id(&cited.article.id).await;
            cited.write(BODY).await;
            assert_eq!(cited.places(&cited.event.id).await, [json!([16, "MOVED"])]);
        }
    }

    async fn what_is_gone_comes_back_as_an_orphan_and_is_no_reason_to_refuse(database: TestDatabase) {
        let editor = Editor::at(&database).await;
        let mut cited = Cited::by(&editor, BODY, "said go", 16).await;
        let removed = cited.remove_citation().await;
        cited.write("He said go. End.").await;
        cited.editor.revert(&removed).await;
        assert_eq!(cited.places(&cited.event.id).await, [json!([null, "ORPHANED"])], "the other one is another one");
    }

    async fn a_thousand_quotes_of_a_long_text_come_back_at_once(database: TestDatabase) {
        let sentence = |at: usize| format!("Sentence {at} tells of the {at}th thing and of no other. ");
        let filler: String = (1_000..8_000).map(sentence).collect();
        let quoted: String = (0..1_000).map(sentence).collect();
        let editor = Editor::at(&database).await;
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
        editor.undo_last(&event.id).await;
        let said = editor.snapshot(&event.id).await;
        let back: Vec<i64> = said["citations"].as_array().unwrap().iter().map(|item| item["start"].as_i64().unwrap()).collect();
        let expected: Vec<i64> = citations.iter().map(|item| item["start"].as_i64().unwrap() + 4).collect();
        assert_eq!(back, expected);
    }

    async fn what_stood_in_a_text_stands_there_again_when_its_change_is_undone(database: TestDatabase) {
        let editor = Editor::at(&database).await;
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
        let appended = last(&editor, &written.id).await;
        assert_eq!(state().await, start, "they stay, since all before them does");
        editor.revert(&appended).await;
        assert_eq!(state().await, start);

        // also where another change, and its undoing, lie between
        let redone = last(&editor, &written.id).await;
        editor.revert(&redone).await;
        let headline = editor.update("Article", &editor.of_id(&written.id).await, json!({ "headline": "Other news" })).await;
        let renamed = last(&editor, &headline.id).await;
        editor.revert(&renamed).await;
        editor.revert(&appended).await;
        assert_eq!(state().await, start);
    }

    async fn what_was_put_elsewhere_since_does_not_stand_where_it_stood_before(database: TestDatabase) {
        let editor = Editor::at(&database).await;
        let mut cited = Cited::by(&editor, FIRST, "said no to Egypt", 37).await;
        cited.write(&format!("{FIRST} Libya said no to Egypt on Monday.")).await;
        let appended = last(&editor, &cited.article.id).await;
        let citation = editor.snapshot(&cited.event.id).await["citations"][0]["id"].clone();
        editor.update("Event", &cited.event().await, json!({ "updateCitations": [{ "id": citation, "start": 71 }] })).await;
        editor.revert(&appended).await;
        assert_eq!(cited.places(&cited.event.id).await, [json!([null, "ORPHANED"])]);
    }

    async fn what_was_put_since_where_it_stood_before_is_not_at_its_passage_there(database: TestDatabase) {
        let editor = Editor::at(&database).await;
        let mut cited = Cited::by(&editor, "Ali said go. Nobody else spoke.", "said go", 4).await;
        cited.put_before("Eve said go. ").await;
        let prepended = last(&editor, &cited.article.id).await;
        assert_eq!(cited.places(&cited.event.id).await, [json!([17, "MOVED"])]);
        let citation = editor.snapshot(&cited.event.id).await["citations"][0]["id"].clone();
        editor.update("Event", &cited.event().await, json!({ "updateCitations": [{ "id": citation, "start": 4 }] })).await;
        editor.revert(&prepended).await;
        assert_eq!(cited.places(&cited.event.id).await, [json!([null, "ORPHANED"])]);
    }

    async fn what_a_change_moved_or_lost_goes_back_with_the_text_in_which_it_stood_last(database: TestDatabase) {
        let editor = Editor::at(&database).await;
        let mut cited = Cited::by(&editor, "Libya said no to Egypt. go go go", "said no", 6).await;
        cited.write("Libya said no to Egypt. go g o go").await;
        let before = "Libya said no to Egypt. go g o go Libya said no to Egypt.";
        cited.write(before).await;
        assert_eq!(cited.places(&cited.event.id).await, [json!([6, "ANCHORED"])]);
        for (after, place) in [(format!("Yes. {before}"), json!([11, "MOVED"])), ("Nothing.".to_owned(), json!([null, "ORPHANED"]))] {
            cited.article = editor.of_id(&cited.article.id).await;
            cited.write(&after).await;
            assert_eq!(cited.places(&cited.event.id).await, [place]);
            editor.undo_last(&cited.article.id).await;
            assert_eq!(cited.places(&cited.event.id).await[0][0], 6, "{after}");
        }
    }

    async fn what_was_lost_beside_the_same_words_is_not_found_there_later(database: TestDatabase) {
        let editor = Editor::at(&database).await;
        let mut cited = Cited::by(&editor, "Libya said no to Egypt on Monday. She said go.", "Libya", 0).await;
        cited.put_behind(" Libya said no to Egypt on Monday.").await;
        cited.write("Libya sxaid no to Egypt on Monday. She said go. Libya said no to Egypt on Monday.").await;
        let lost = cited.places(&cited.event.id).await;
        cited.put_behind(" End.").await;
        assert_eq!(cited.places(&cited.event.id).await, lost);
    }

    async fn of_a_batch_that_is_undone_all_mentions_come_back(database: TestDatabase) {
        let editor = Editor::at(&database).await;
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
        let stand = async || {
            let said = export_lines(&editor.connection, false).await;
            let all = said.iter().filter_map(|line| line["mentions"].as_array()).flatten();
            let mut counts: BTreeMap<(Option<i64>, String), usize> = BTreeMap::new();
            for mention in all {
                *counts.entry((mention["start"].as_i64(), mention["anchor"].to_string())).or_default() += 1;
            }
            counts.into_iter().map(|((start, anchor), count)| json!([start, anchor, count])).collect::<Vec<_>>()
        };
        let start = stand().await;
        let removed = update_all(1, json!({ "mentions": [] })).await;
        editor.apply(removed).await;
        assert_eq!(stand().await, start);

        // the texts have changed meanwhile
        let removed = update_all(3, json!({ "mentions": [] })).await;
        update_all(4, json!({ "headline": "Oh, Libya waits", "body": "Yes: Libya asked for help." })).await;
        editor.apply(removed).await;
        assert_eq!(stand().await, [json!([4, "\"MOVED\"", 600]), json!([5, "\"MOVED\"", 600])]);
    }

    async fn more_than_can_be_looked_for_is_no_reason_to_lose_what_comes_back(database: TestDatabase) {
        let editor = Editor::at(&database).await;
        // so short that each of them is a walk through the whole text
        let quotes: Vec<String> = ('a'..='z').flat_map(|one| ('A'..='M').map(move |other| format!("{one}{other}"))).collect();
        let body = format!("{}{}", quotes.join(" "), " -".repeat(499_000));
        let article = editor.create("Article", json!({ "headline": "Long", "language": "en", "body": body })).await;
        let citation = |(at, quote): (usize, &String)| json!({ "article": article.id, "quote": quote, "start": at * 3 });
        let citations: Vec<Value> = quotes.iter().enumerate().map(citation).collect();
        let event = editor.create("Event", json!({ "name": "Many", "kind": "OTHER", "citations": citations })).await;
        editor.update("Event", &event, json!({ "citations": [] })).await;
        let removed = last(&editor, &event.id).await;
        editor.update("Article", &article, json!({ "body": format!("Oh! {body} End") })).await;
        let refused = editor.not_revert(&removed).await;
        let message = "more comes back than can be looked for in texts so long; undo fewer changes at once, or put it back by hand";
        assert!(refused[0].starts_with("INVALID id: cannot be reverted: citations.") && refused[0].ends_with(message), "{refused:?}");
    }
}
