//! Runs the examples of a guide in `docs` one after the other, and compares the answers with those that the guide shows.

use std::path::Path;

use async_graphql::Request;
use dateline::graphql::viewer::{Role, Viewer};
use serde_json::Value;

use super::service::Service;

/// In answers: a value that is different each time. In documents: the last id or cursor of the answer before.
const ANY_VALUE: &str = "…";

/// The code blocks of the guide, each with its language.
fn blocks(text: &str) -> Vec<(&str, &str)> {
    text.split("```").skip(1).step_by(2).filter_map(|block| block.split_once('\n')).collect()
}

/// Whether an answer matches the written one.
fn matches_written(written: &Value, answer: &Value) -> bool {
    match (written, answer) {
        (Value::String(text), Value::String(_)) if text == ANY_VALUE => true,
        (Value::Array(written), Value::Array(answer)) => {
            written.len() == answer.len()
                && written.iter().zip(answer).all(|(written, item)| matches_written(written, item))
        }
        (Value::Object(written), Value::Object(answer)) => {
            written.keys().eq(answer.keys())
                && written.iter().zip(answer).all(|((_, written), (_, value))| matches_written(written, value))
        }
        _ => written == answer,
    }
}

/// The last id or cursor of an answer.
fn last(value: &Value) -> Option<&str> {
    match value {
        Value::Array(items) => items.iter().rev().find_map(last),
        Value::Object(fields) => fields.iter().rev().find_map(|(name, value)| {
            let is_meant = name == "id" || name == "endCursor";
            if is_meant { value.as_str() } else { last(value) }
        }),
        _ => None,
    }
}

/// Runs the examples of a guide, of which there are at least so many.
pub async fn assert_examples(service: &Service, name: &str, least: usize) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
    let text = std::fs::read_to_string(path).expect("the guide can be read");
    let blocks = blocks(&text);
    let (mut examples, mut known) = (0, String::new());
    for pair in blocks.windows(2) {
        let [("graphql", document), (language, written)] = pair else {
            continue;
        };
        assert_eq!(*language, "json", "an answer follows on {document}");
        examples += 1;
        let document = document.replace(ANY_VALUE, &known);
        let editor = Viewer::named("demo-editor", Role::Editor);
        let answer = service.answer_without_token(Request::new(&document).data(editor)).await;
        let written: Value = serde_json::from_str(written).expect("answers are JSON");
        assert!(matches_written(&written, &answer["data"]), "{document}\n\nanswers\n\n{answer:#}");
        if let Some(id) = last(&answer["data"]) {
            id.clone_into(&mut known);
        }
    }
    assert!(examples >= least, "{examples} examples");
}
