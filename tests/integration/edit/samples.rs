//! Inputs that are right, one of each type of record, in which one thing at a time is made wrong: that is expected, and nothing else,
//! of a new record, of a change, and of one change among many.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::world::{BODY, span, world};
use crate::support::{
    database::TestDatabase,
    editor::{Editor, SavedRecord, messages},
};

/// An input that is right, and a record of the same type that stands already.
pub(super) struct Sample {
    pub(super) kind: &'static str,
    pub(super) record: SavedRecord,
    pub(super) input: Value,
}

/// One thing that is wrong with an input.
pub(super) struct Wrong {
    /// The way to what is put in the place of something right.
    at: String,
    value: Value,
    /// The code and the way that are expected of it.
    expected: String,
    /// How the message ends.
    words: String,
}

impl Wrong {
    pub(super) fn new(
        at: &str,
        value: impl Into<Value>,
        expected: impl Into<String>,
        words: impl Into<String>,
    ) -> Self {
        Self { at: at.to_owned(), value: value.into(), expected: expected.into(), words: words.into() }
    }

    /// A mutation that says it is refused for that, and for nothing else. `before` is what leads to the input.
    pub(super) async fn is_refused(&self, editor: &Editor, mutation: &str, arguments: Value, before: &str) {
        let Err(refusals) = editor.try_mutation(mutation, arguments).await else {
            panic!("{mutation} was carried out in spite of {}", self.expected)
        };
        let [refusal] = refusals.as_slice() else {
            panic!("{mutation} has {} wrong alone: {:#?}", self.expected, messages(&refusals))
        };
        let expected = self.expected.replacen(' ', &format!(" {before}"), 1);
        assert_eq!(format!("{} {}", refusal.code, refusal.field), expected, "{mutation}: {refusal}");
        assert!(refusal.message.ends_with(&self.words), "{mutation}: {refusal}, not {:?}", self.words);
    }
}

impl Sample {
    pub(super) fn has(&self, at: &str) -> bool {
        self.input.pointer(&pointer(at)).is_some()
    }

    /// The whole input with something wrong in it.
    pub(super) fn with(&self, wrong: &Wrong) -> Value {
        let mut input = self.input.clone();
        *input.pointer_mut(&pointer(&wrong.at)).expect("the sample has it") = wrong.value.clone();
        input
    }

    /// What is wrong is refused in a new record, in a change, and in one change among many.
    pub(super) async fn is_refused(&self, editor: &Editor, wrong: &Wrong) {
        let Self { kind, record, .. } = self;
        let (create, update) = (format!("create{kind}"), format!("update{kind}"));
        let input = self.with(wrong);
        let field = wrong.at.split('.').next().expect("the way has a beginning");
        let change = json!({ field: input[field] });
        wrong.is_refused(editor, &create, json!({ "input": input }), "").await;
        let arguments = json!({ "id": record.id, "version": record.version, "input": change });
        wrong.is_refused(editor, &update, arguments, "").await;
        wrong.is_refused(editor, "applyChanges", json!({ "changes": [{ create: input }] }), "changes.0.").await;
    }
}

fn pointer(at: &str) -> String {
    format!("/{}", at.replace('.', "/"))
}

/// An editor of the world, and an input for each type of record.
pub(super) async fn start(database: &TestDatabase) -> (Editor, Vec<Sample>) {
    let editor = Editor::with_records(database, &world()).await;
    let id = ids(&editor).await;
    let names = json!([{ "text": "Another name", "language": "fr" }]);
    let descriptions = json!([{ "text": "What it is.\nAnd what not.", "language": "en" }]);
    let citations = json!([{
        "article": id["news"], "quote": "sent planes", "note": "So it says.", "attributedTo": id["army"],
        "attributedToText": "an officer", "attributedToCountry": id["egypt"], "subjectField": "kind",
    }]);
    let date = json!({ "edtf": "1951", "original": "long ago" });
    let inputs = [
        (
            "Article",
            "news",
            json!({
                "key": "new/article", "headline": "Planes", "abstract": "Of planes.", "body": BODY, "language": "en",
                "url": "https://new.example/article", "image": "https://new.example/article.png",
                "sameAs": ["https://same.example/article"],
                "publisher": id["agency"], "authors": [id["omar"]], "dateline": id["cairo"],
            }),
        ),
        (
            "Place",
            "derna",
            json!({
                "key": "new/place", "name": "Tobruk", "names": names, "descriptions": descriptions, "kind": "CITY",
                "image": "https://new.example/place.png", "sameAs": ["https://same.example/place"],
                "containedIn": id["libya"],
            }),
        ),
        (
            "Organization",
            "army",
            json!({
                "key": "new/organization", "name": "Navy", "names": names, "descriptions": descriptions,
                "kind": "MILITARY", "image": "https://new.example/organization.png",
                "sameAs": ["https://same.example/organization"],
                "parent": id["agency"], "headquarters": id["cairo"], "country": id["egypt"], "founded": date,
            }),
        ),
        (
            "Person",
            "omar",
            json!({
                "key": "new/person", "name": "Laila", "names": names, "descriptions": descriptions,
                "image": "https://new.example/person.png", "sameAs": ["https://same.example/person"],
                "occupation": "reporter", "nationalities": [id["libya"]], "born": date,
            }),
        ),
        (
            "Event",
            "strike",
            json!({
                "key": "new/event", "name": "Another strike", "names": names, "descriptions": descriptions,
                "kind": "AIRSTRIKE", "image": "https://new.example/event.png",
                "sameAs": ["https://same.example/event"], "date": date, "partOf": id["strike"],
                "places": [{ "place": id["derna"], "description": "the west of" }],
                "participants": [{ "participant": id["army"], "description": "some planes", "role": "ATTACKER" }],
                "citations": citations,
            }),
        ),
        (
            "Relation",
            "army-of",
            json!({
                "key": "new/relation", "source": id["army"], "kind": "OTHER", "target": id["egypt"],
                "description": "stands by", "since": date, "citations": citations,
            }),
        ),
    ];
    let mut samples = Vec::new();
    for (kind, key, input) in inputs {
        samples.push(Sample { kind, record: editor.record(key).await, input });
    }
    (editor, samples)
}

pub(super) async fn ids(editor: &Editor) -> HashMap<&'static str, String> {
    let mut ids = HashMap::new();
    for key in ["libya", "egypt", "tunisia", "derna", "cairo", "army", "agency", "omar", "news", "khabar", "strike"] {
        ids.insert(key, editor.id(key).await);
    }
    ids
}

/// Each is refused wherever there is such a thing, and none of them writes anything.
pub(super) async fn all_are_refused(editor: &Editor, samples: &[Sample], all: &[Wrong]) {
    let before = editor.changes().await.len();
    for wrong in all {
        let of_it: Vec<&Sample> = samples.iter().filter(|sample| sample.has(&wrong.at)).collect();
        assert!(!of_it.is_empty(), "no sample has {}", wrong.at);
        for sample in of_it {
            sample.is_refused(editor, wrong).await;
        }
    }
    assert_eq!(editor.changes().await.len(), before);
}

/// A new article with one mention, to be tried on the article `news`. Nothing there mentions the same record.
pub(super) async fn mentioning(editor: &Editor) -> Sample {
    let id = ids(editor).await;
    let (start, end) = span(BODY, "Egypt", 0);
    let mention = json!({
        "entity": id["tunisia"], "meant": id["egypt"], "field": "BODY", "start": start, "end": end, "text": "Egypt",
    });
    let input = json!({ "headline": "Planes over Derna", "body": BODY, "language": "en", "mentions": [mention] });
    Sample { kind: "Article", record: editor.record("news").await, input }
}
