//! The rules of texts, lists and references, in every place of an input. `samples` shows how each is tested.

use serde_json::{Value, json};

use super::{
    samples::{Sample, Wrong, all_are_refused, ids, mentioning, start},
    world::{BODY, span, world},
};
use crate::{
    both_databases,
    support::editor::{Editor, SavedRecord},
};

/// The maximum number of characters of each text.
const LENGTHS: [(&str, usize); 22] = [
    ("key", 200),
    ("name", 300),
    ("names.0.text", 300),
    ("descriptions.0.text", 5_000),
    ("image", 300),
    ("sameAs.0", 300),
    ("url", 300),
    ("headline", 300),
    ("abstract", 20_000),
    ("body", 1_000_000),
    ("occupation", 300),
    ("description", 300),
    ("places.0.description", 300),
    ("participants.0.description", 300),
    ("citations.0.quote", 5_000),
    ("citations.0.note", 2_000),
    ("citations.0.attributedToText", 300),
    ("citations.0.subjectField", 300),
    ("date.original", 300),
    ("born.original", 300),
    ("founded.original", 300),
    ("since.original", 300),
];
/// Texts of one line, by editors or from sources.
const LINES: [&str; 13] = [
    "name",
    "names.0.text",
    "headline",
    "occupation",
    "description",
    "places.0.description",
    "participants.0.description",
    "citations.0.attributedToText",
    "citations.0.subjectField",
    "date.original",
    "born.original",
    "founded.original",
    "since.original",
];
/// Texts of several lines by editors.
const PROSE: [&str; 2] = ["descriptions.0.text", "citations.0.note"];
/// Texts from sources, in which direction characters are allowed.
const SOURCES: [&str; 3] = ["abstract", "body", "citations.0.quote"];
/// Characters that no text may contain.
const CONTROLS: [char; 6] = ['\u{0}', '\u{8}', '\u{1b}', '\u{7f}', '\u{85}', '\u{9b}'];
/// Characters that change the direction of the text, or break the line.
const OVERRIDES: [char; 11] = [
    '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}',
    '\u{2028}', '\u{2029}',
];
const LISTS: [&str; 8] =
    ["names", "descriptions", "sameAs", "authors", "nationalities", "places", "participants", "citations"];

/// Each text with one of the characters. All characters and all texts are used, but not all combinations.
fn spread(characters: &[char], texts: &[&str], words: fn(&str) -> String) -> Vec<Wrong> {
    let pairs = characters.iter().cycle().zip(texts.iter().cycle()).take(characters.len().max(texts.len()));
    pairs
        .map(|(character, at)| {
            let words = words(&format!("U+{:04X}", u32::from(*character)));
            Wrong::new(at, format!("a{character}b"), format!("INVALID {at}"), words)
        })
        .collect()
}

fn as_a_control(character: &str) -> String {
    format!("has the control character {character}")
}

fn as_direction_character(character: &str) -> String {
    format!("has the character {character}, which is a control character or changes the direction of text")
}

/// Asserts that these texts of a record have the expected value, in the record and in its history.
async fn assert_stored_as(editor: &Editor, record: &SavedRecord, texts: &[&str], expected: &str) {
    let stored = Value::Object(editor.all_fields().await[&record.id].clone());
    for said in [stored, editor.snapshot(&record.id).await] {
        for at in texts {
            assert_eq!(said.pointer(at), Some(&json!(expected)), "{at} of {said}");
        }
    }
}

both_databases! {
    async fn valid_inputs_are_accepted(database: TestDatabase) {
        let (editor, mut samples) = start(&database).await;
        samples.push(mentioning(&editor).await);
        let changes: Vec<Value> = samples.iter().map(|Sample { kind, input, .. }| json!({ format!("create{kind}"): input })).collect();
        let taken = editor.try_mutation("applyChanges", json!({ "changes": changes, "dryRun": true })).await.expect("all are right");
        assert_eq!(taken["results"].as_array().map(Vec::len), Some(samples.len()));
    }

    async fn the_length_of_every_text_is_checked(database: TestDatabase) {
        let (editor, samples) = start(&database).await;
        let mut all: Vec<Wrong> = LENGTHS.iter().map(|(at, most)| {
            let length = most + 1;
            Wrong::new(at, "x".repeat(length), format!("TOO_LONG {at}"), format!("has {length} characters; at most {most} are allowed"))
        }).collect();
        // one letter that is three letters in NFC
        all.push(Wrong::new("occupation", "\u{fb2c}".repeat(101), "TOO_LONG occupation", "has 303 characters when normalized; at most 300 are allowed"));
        all_are_refused(&editor, &samples, &all).await;
        // blanks around the text do not count, and a letter with its combining accent counts as one
        for name in [format!("  {} ", "x".repeat(300)), "e\u{301}".repeat(300)] {
            editor.create("Person", json!({ "name": name })).await;
        }
    }

    async fn control_and_direction_characters_are_refused_in_texts(database: TestDatabase) {
        let (editor, samples) = start(&database).await;
        let of_lines = [CONTROLS.as_slice(), &['\n', '\t'], &OVERRIDES].concat();
        for all in [
            spread(&of_lines, &LINES, as_direction_character),
            spread(&CONTROLS, &PROSE, as_a_control),
            spread(&OVERRIDES, &PROSE, as_direction_character),
            spread(&CONTROLS, &SOURCES, as_a_control),
        ] {
            all_are_refused(&editor, &samples, &all).await;
        }
    }

    async fn a_required_text_is_never_blank(database: TestDatabase) {
        let (editor, samples) = start(&database).await;
        let needed = ["name", "names.0.text", "descriptions.0.text", "headline", "citations.0.quote"];
        let all: Vec<Wrong> = needed.iter().map(|at| Wrong::new(at, "  ", format!("REQUIRED {at}"), "is empty")).collect();
        all_are_refused(&editor, &samples, &all).await;
        let item = Wrong::new("sameAs.0", "", "INVALID sameAs.0", "is not an absolute http or https address");
        all_are_refused(&editor, &samples, &[item]).await;
    }

    async fn the_length_of_every_list_is_checked(database: TestDatabase) {
        let (editor, samples) = start(&database).await;
        let before = editor.changes().await.len();
        let words = "has 1001 items; at most 1000 are allowed";
        for sample in &samples {
            for list in LISTS.into_iter().filter(|list| sample.has(list)) {
                let items = vec![sample.input[list][0].clone(); 1_001];
                sample.is_refused(&editor, &Wrong::new(list, items.clone(), format!("INVALID {list}"), words)).await;
                let add = format!("add{}{}", list[..1].to_uppercase(), &list[1..]);
                let problems = editor.failed_update(sample.kind, &sample.record, json!({ add.as_str(): items })).await;
                assert_eq!(problems, [format!("INVALID {add}: {words}")]);
            }
        }
        assert_eq!(editor.changes().await.len(), before);
    }

    async fn a_list_contains_nothing_twice(database: TestDatabase) {
        let (editor, samples) = start(&database).await;
        let before = editor.changes().await.len();
        for (list, second) in [
            ("names", "names.1"),
            ("descriptions", "descriptions.1"),
            ("sameAs", "sameAs.1"),
            ("authors", "authors.1"),
            ("nationalities", "nationalities.1"),
            ("places", "places.1.place"),
        ] {
            for sample in samples.iter().filter(|sample| sample.has(list)) {
                let twice = vec![sample.input[list][0].clone(); 2];
                sample.is_refused(&editor, &Wrong::new(list, twice, format!("DUPLICATE {second}"), "is already in the list")).await;
            }
        }
        assert_eq!(editor.changes().await.len(), before);
    }

    async fn a_reference_names_a_record_of_the_right_type(database: TestDatabase) {
        let (editor, samples) = start(&database).await;
        let id = ids(&editor).await;
        let entity = "is an article, not a place or an organization or a person or an event";
        let all: Vec<Wrong> = [
            ("publisher", "omar", "is a person, not an organization"),
            ("authors.0", "agency", "is an organization, not a person"),
            ("dateline", "omar", "is a person, not a place"),
            ("containedIn", "army", "is an organization, not a place"),
            ("parent", "libya", "is a place, not an organization"),
            ("headquarters", "omar", "is a person, not a place"),
            ("country", "agency", "is an organization, not a place"),
            ("nationalities.0", "army", "is an organization, not a place"),
            ("partOf", "libya", "is a place, not an event"),
            ("places.0.place", "omar", "is a person, not a place"),
            ("participants.0.participant", "news", entity),
            ("citations.0.article", "libya", "is a place, not an article"),
            ("citations.0.attributedTo", "news", entity),
            ("citations.0.attributedToCountry", "omar", "is a person, not a place"),
            ("source", "news", entity),
            ("target", "news", entity),
        ].into_iter().map(|(at, key, words)| Wrong::new(at, id[key].as_str(), format!("WRONG_TYPE {at}"), format!("{} {words}", id[key]))).collect();
        all_are_refused(&editor, &samples, &all).await;
    }

    async fn the_span_and_text_of_a_mention_must_agree(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (sample, id) = (mentioning(&editor).await, ids(&editor).await);
        let before = editor.changes().await.len();
        let ((start, end), length) = (span(BODY, "Egypt", 0), BODY.chars().count());
        let mention = &sample.input["mentions"][0];
        let entity = "is an article, not a place or an organization or a person or an event";
        for wrong in [
            Wrong::new("mentions.0.entity", id["khabar"].as_str(), "WRONG_TYPE mentions.0.entity", entity),
            Wrong::new("mentions.0.meant", id["khabar"].as_str(), "WRONG_TYPE mentions.0.meant", entity),
            Wrong::new("mentions.0.start", end, "INVALID mentions.0.end", "must be after start"),
            Wrong::new("mentions.0.start", end + 1, "INVALID mentions.0.end", "must be after start"),
            Wrong::new("mentions.0.end", start, "INVALID mentions.0.end", "must be after start"),
            Wrong::new("mentions.0.end", 0, "INVALID mentions.0.end", "must be from 1 to 10000000"),
            Wrong::new("mentions.0.end", length + 1, "INVALID mentions.0.end", format!("is outside of the body, which has {length} characters")),
            Wrong::new("mentions.0.start", -1, "INVALID mentions.0.start", "must be from 0 to 10000000"),
            Wrong::new("mentions.0.start", start + 1, "INVALID mentions.0.text", "must be \"gypt\", the text at that place"),
            Wrong::new("mentions.0.text", "Cairo", "INVALID mentions.0.text", "must be \"Egypt\", the text at that place"),
            Wrong::new("mentions.0.text", "a\u{7}b", "INVALID mentions.0.text", as_a_control("U+0007")),
            Wrong::new("mentions.0.text", "x".repeat(5_001), "TOO_LONG mentions.0.text", "has 5001 characters; at most 5000 are allowed"),
            Wrong::new("mentions.0.field", "HEADLINE", "INVALID mentions.0.text", "must be \"Derna\", the text at that place"),
            Wrong::new("mentions.0.field", "ABSTRACT", "INVALID mentions.0.field", "the article has no abstract: choose another field"),
            Wrong::new("mentions", vec![mention.clone(); 2], "DUPLICATE mentions.1", "another mention of this record has the same span: remove one of them"),
        ] {
            sample.is_refused(&editor, &wrong).await;
            let arguments = json!({ "articleId": sample.record.id, "version": sample.record.version, "mentions": sample.with(&wrong)["mentions"] });
            wrong.is_refused(&editor, "linkMentions", arguments, "").await;
        }
        assert_eq!(editor.changes().await.len(), before);
    }

    async fn texts_of_editors_are_stored_in_one_normal_form(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let id = ids(&editor).await;
        let described = |text: &str| json!([{ "text": text, "language": "fr" }]);
        let cited = |text: &str| json!([{ "article": id["news"], "quote": "sent planes", "note": text }]);
        let said = |kind: &str, text: &str| match kind {
            "Person" => json!({ "name": text, "occupation": text, "descriptions": described(text) }),
            "Event" => json!({
                "name": text, "kind": "OTHER", "descriptions": described(text), "citations": cited(text),
                "places": [{ "place": id["derna"], "description": text }], "participants": [{ "description": text, "role": "OTHER" }],
            }),
            "Relation" => json!({ "source": id["army"], "kind": "OTHER", "target": id["egypt"], "description": text, "citations": cited(text) }),
            _ => json!({ "name": text, "kind": "OTHER", "descriptions": described(text) }),
        };
        for (kind, texts) in [
            ("Place", vec!["/name", "/descriptions/0/text"]),
            ("Organization", vec!["/name", "/descriptions/0/text"]),
            ("Person", vec!["/name", "/descriptions/0/text", "/occupation"]),
            ("Event", vec!["/name", "/descriptions/0/text", "/citations/0/note", "/places/0/description", "/participants/0/description"]),
            ("Relation", vec!["/description", "/citations/0/note"]),
        ] {
            let made = editor.create(kind, said(kind, "cafe\u{301}")).await;
            assert_stored_as(&editor, &made, &texts, "caf\u{e9}").await;
            let changed = editor.update(kind, &made, said(kind, "re\u{301}sume\u{301}")).await;
            assert_stored_as(&editor, &changed, &texts, "r\u{e9}sum\u{e9}").await;
        }
    }
}
