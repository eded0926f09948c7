//! Valid inputs, one of each type of record, in which a test makes one value invalid. That problem must be reported, and no other:
//! in a new record, in an update, and in one change among many.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::world::{BODY, span, world};
use crate::support::{
    database::TestDatabase,
    editor::{Editor, SavedRecord, messages},
};

/// A valid input, and a stored record of the same type.
pub(super) struct Sample {
    pub(super) kind: &'static str,
    pub(super) record: SavedRecord,
    pub(super) input: Value,
}

/// One invalid value of an input.
pub(super) struct Wrong {
    /// The path of the value that is replaced.
    at: String,
    value: Value,
    /// The code and the path of the expected problem.
    expected: String,
    /// The end of the message.
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

    /// Asserts that a mutation is refused for this value only. `before` is the path to the input.
    pub(super) async fn is_refused(&self, editor: &Editor, mutation: &str, arguments: Value, before: &str) {
        let Err(refusals) = editor.try_mutation(mutation, arguments).await else {
            panic!("{mutation} was accepted in spite of {}", self.expected)
        };
        let [refusal] = refusals.as_slice() else {
            panic!("{mutation} must report only {}: {:#?}", self.expected, messages(&refusals))
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

    /// The whole input with the invalid value.
    pub(super) fn with(&self, wrong: &Wrong) -> Value {
        let mut input = self.input.clone();
        *input.pointer_mut(&pointer(&wrong.at)).expect("the sample has it") = wrong.value.clone();
        input
    }

    /// Asserts that the value is refused in a new record, in an update, and in one change among many.
    pub(super) async fn is_refused(&self, editor: &Editor, wrong: &Wrong) {
        let Self { kind, record, .. } = self;
        let (create, update) = (format!("create{kind}"), format!("update{kind}"));
        let input = self.with(wrong);
        let field = wrong.at.split('.').next().expect("the path has a first field");
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

/// An editor of the world, and a sample for each type of record.
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

/// Asserts that each value is refused in every sample with such a field, and that nothing is written.
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

/// A new article with one mention. Updates go to the article `news`, which does not mention the same record.
pub(super) async fn mentioning(editor: &Editor) -> Sample {
    let id = ids(editor).await;
    let (start, end) = span(BODY, "Egypt", 0);
    let mention = json!({
        "entity": id["tunisia"], "meant": id["egypt"], "field": "BODY", "start": start, "end": end, "text": "Egypt",
    });
    let input = json!({ "headline": "Planes over Derna", "body": BODY, "language": "en", "mentions": [mention] });
    Sample { kind: "Article", record: editor.record("news").await, input }
}
