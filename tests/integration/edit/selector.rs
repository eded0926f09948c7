//! An orphaned quote or mention is found by its selector: its words, and their context when it was last anchored.

use serde_json::{Value, json};

use super::world::span;
use crate::{
    both_databases,
    support::{
        editor::{Editor, SavedRecord},
        lines::{export_lines, import_all, record},
    },
};

/// A paragraph with a quote, and the words in it that name a record.
struct Story {
    paragraph: &'static str,
    quote: &'static str,
    name: &'static str,
    others: [&'static str; 2],
    added: &'static str,
}

const STORIES: [Story; 2] = [
    Story {
        paragraph: "In the evening the minister spoke to reporters. Minister Salem said that no troops would be sent, whatever happened. Then he left.",
        quote: "no troops would be sent",
        name: "Salem",
        others: ["The talks went on for a whole day.", "Nobody knows what comes next."],
        added: "Corrected again.",
    },
    Story {
        paragraph: "وفي المساء تحدث الوزير إلى الصحفيين. وقال الوزير سالم إنه لن يتم إرسال أي قوات مهما حدث. ثم غادر القاعة دون أن يجيب عن الأسئلة.",
        quote: "لن يتم إرسال أي قوات",
        name: "سالم",
        others: ["استمرت المحادثات يوما كاملا.", "لا أحد يعرف ما سيحدث."],
        added: "تصحيح آخر.",
    },
];

/// An article with a mention, and an event that cites it.
struct Cited {
    editor: Editor,
    article: SavedRecord,
    event: SavedRecord,
}

impl Cited {
    async fn by(editor: &Editor, story: &Story, body: &str) -> Self {
        let person = editor.create("Person", json!({ "name": story.name })).await;
        let (start, end) = span(body, story.name, 0);
        let mention = json!({ "entity": person.id, "field": "BODY", "start": start, "end": end });
        let article = json!({ "headline": "News", "language": "und", "body": body, "mentions": [mention] });
        let article = editor.create("Article", article).await;
        let citation = json!({ "article": article.id, "quote": story.quote, "start": span(body, story.quote, 0).0 });
        let event = json!({ "name": "A statement", "kind": "STATEMENT", "citations": [citation] });
        let event = editor.create("Event", event).await;
        Self { editor: editor.clone(), article, event }
    }

    async fn write(&mut self, body: &str) {
        self.article = self.editor.update("Article", &self.article, json!({ "body": body })).await;
    }

    /// Edits the article several times without the paragraph.
    async fn edit_often(&mut self, body: &str, added: &str) -> String {
        let mut body = body.to_owned();
        for _ in 0..5 {
            body = format!("{body}\n\n{added}");
            self.write(&body).await;
        }
        body
    }

    /// Start and anchor state of the quote and the mention of the article.
    async fn places(&self) -> Value {
        let document = "query ($id: ID!) { article(id: $id) {
            citations { nodes { quote prefix suffix start anchor } } mentions { nodes { text prefix suffix start anchor } } } }";
        let found = self.editor.read_with(document, json!({ "id": self.article.id })).await["article"].take();
        let place = |list: &str| json!([found[list]["nodes"][0]["start"], found[list]["nodes"][0]["anchor"]]);
        json!([place("citations"), place("mentions")])
    }
}

/// The positions of the quote and the mention in a text, as `MOVED`.
fn moved(story: &Story, body: &str) -> Value {
    json!([[span(body, story.quote, 0).0, "MOVED"], [span(body, story.name, 0).0, "MOVED"]])
}

both_databases! {
    async fn an_orphan_comes_back_with_its_paragraph_after_many_edits(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        for story in &STORIES {
            let [first, second] = story.others;
            let mut cited = Cited::by(&editor, story, &format!("{first}\n\n{}\n\n{second}", story.paragraph)).await;
            let without = format!("{first}\n\n{second}");
            cited.write(&without).await;
            let lost = cited.places().await;
            assert_eq!((&lost[0], &lost[1][1]), (&json!([null, "ORPHANED"]), &json!("ORPHANED")));
            let edited = cited.edit_often(&without, story.added).await;
            assert_eq!(cited.places().await, lost);
            let body = format!("{edited}\n\n{}", story.paragraph);
            cited.write(&body).await;
            assert_eq!(cited.places().await, moved(story, &body), "{}", story.name);
        }
    }

    async fn an_orphan_whose_paragraph_comes_back_twice_stays_an_orphan(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        for story in &STORIES {
            let [first, second] = story.others;
            let paragraph = story.paragraph;
            let mut cited = Cited::by(&editor, story, &format!("{first}\n\n{paragraph}\n\n{second}")).await;
            let without = format!("{first}\n\n{second}");
            cited.write(&without).await;
            let lost = cited.places().await;
            let edited = cited.edit_often(&without, story.added).await;
            cited.write(&format!("{edited}\n\n{paragraph}\n\n{first}\n\n{paragraph}")).await;
            assert_eq!(cited.places().await, lost);
            // one of them is taken out again, so that it is clear
            let body = format!("{edited}\n\n{paragraph}");
            cited.write(&body).await;
            assert_eq!(cited.places().await, moved(story, &body));
        }
    }

    async fn an_orphan_with_a_twin_is_not_placed_at_the_twin(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        for story in &STORIES {
            let [first, second] = story.others;
            let twin = format!("{second} {} {} {first}", story.name, story.quote);
            let mut cited = Cited::by(&editor, story, &format!("{}\n\n{twin}", story.paragraph)).await;
            cited.write(&format!("{first}\n\n{twin}")).await;
            let lost = cited.places().await;
            assert_eq!((&lost[0], &lost[1][1]), (&json!([null, "ORPHANED"]), &json!("ORPHANED")));
            let edited = cited.edit_often(&format!("{first}\n\n{twin}"), story.added).await;
            assert_eq!(cited.places().await, lost, "only the twin is there");
            cited.write(&format!("{edited}\n\n{}", story.quote)).await;
            assert_eq!(cited.places().await, lost, "other words around it");
            let body = format!("{}\n\n{edited}", story.paragraph);
            cited.write(&body).await;
            assert_eq!(cited.places().await, moved(story, &body), "both contexts are the same");
        }
    }

    async fn a_text_that_was_pasted_twice_and_cut_back_keeps_its_quotes(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        for story in &STORIES {
            let mut cited = Cited::by(&editor, story, story.paragraph).await;
            let before = cited.places().await;
            for body in [format!("{0} {0}", story.paragraph), story.paragraph.to_owned()] {
                cited.write(&body).await;
                assert_eq!(cited.places().await, before);
            }
        }
    }

    async fn the_context_of_evidence_is_shown_exported_and_computed_on_import(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let story = &STORIES[1];
        let body = format!("{} {}", story.others[0], story.paragraph);
        let cited = Cited::by(&editor, story, &body).await;
        let points: Vec<char> = body.chars().collect();
        let sides = |words: &str| {
            let (start, end) = span(&body, words, 0);
            let text = |points: &[char]| points.iter().collect::<String>();
            json!([text(&points[start.saturating_sub(32)..start]), text(&points[end..(end + 32).min(points.len())])])
        };
        let document = "query ($id: ID!) {
            event(id: $id) { citations { nodes { id prefix suffix article { mentions { nodes { id prefix suffix } } } } } } }";
        let found = editor.read_with(document, json!({ "id": cited.event.id })).await;
        let shown = |item: &Value| json!([item["prefix"], item["suffix"]]);
        let citation = &found["event"]["citations"]["nodes"][0];
        let mention = &citation["article"]["mentions"]["nodes"][0];
        let document = "query ($citation: ID!, $mention: ID!) {
            citation: node(id: $citation) { ... on Citation { prefix suffix } } mention: node(id: $mention) { ... on Mention { prefix suffix } } }";
        let alone = editor.read_with(document, json!({ "citation": citation["id"], "mention": mention["id"] })).await;
        assert_eq!([shown(citation), shown(&alone["citation"])], [sides(story.quote), sides(story.quote)]);
        assert_eq!([shown(mention), shown(&alone["mention"])], [sides(story.name), sides(story.name)]);

        let mut lines = export_lines(&editor.connection, false).await;
        lines.retain(|line| line["type"] == "EVENT" || line["type"] == "ARTICLE");
        let item = |lines: &[Value], of: &str, list: &str| lines.iter().find(|line| line["type"] == of).unwrap()[list][0].clone();
        assert_eq!(shown(&item(&lines, "EVENT", "citations")), sides(story.quote));
        assert_eq!(shown(&item(&lines, "ARTICLE", "mentions")), sides(story.name));
        assert_eq!(import_all(&editor.connection, &lines).await.unchanged, 2);
        for (line, list) in lines.iter_mut().zip(["citations", "mentions"]) {
            for name in ["prefix", "suffix"] {
                line[list][0].as_object_mut().unwrap().remove(name);
            }
        }
        assert_eq!(import_all(&editor.connection, &lines).await.unchanged, 2, "they are worked out");
    }

    async fn an_import_of_a_changed_text_computes_the_context_in_the_new_text(database: TestDatabase) {
        let connection = database.open().await;
        let article = |body: &str| json!({"type": "ARTICLE", "key": "news", "headline": "News", "language": "en", "body": body,
            "mentions": [{"entity": "ali", "field": "BODY", "start": 0, "end": 3}]});
        let lines = |body: &str| [
            json!({"type": "PERSON", "key": "ali", "name": "Ali"}),
            article(body),
            json!({"type": "EVENT", "key": "vote", "name": "Vote", "kind": "ELECTION", "citations": [{"article": "news", "quote": "Ali", "start": 0}]}),
        ];
        for (body, suffix) in [("Ali won.", " won."), ("Ali lost.", " lost.")] {
            import_all(&connection, &lines(body)).await;
            assert_eq!(record(&connection, "news").await["mentions"][0]["suffix"], suffix);
            assert_eq!(record(&connection, "vote").await["citations"][0]["suffix"], suffix);
        }
    }
}
