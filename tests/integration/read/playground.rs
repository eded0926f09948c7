//! The examples of the playground run on the demo corpus. Those of reading give an answer with content. Those of editing run one
//! after the other, and do what their comments say.

use std::path::PathBuf;

use async_graphql::{Request, Variables};
use dateline::graphql::viewer::{Role, Viewer};
use serde_json::{Value, json};

use crate::{both_databases, support::service::Service};

/// The examples of editing, in their order.
const EDITING: [&str; 4] = ["16-create", "17-correct", "18-history", "19-undo"];

/// One example: its document, and its variables if it has any.
struct Example {
    document: String,
    variables: Value,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("playground/examples")
}

fn example(name: &str) -> Example {
    let path = folder().join(name);
    let document = std::fs::read_to_string(path.with_extension("graphql")).expect("an example can be read");
    let variables = std::fs::read_to_string(path.with_extension("json")).unwrap_or_else(|_| "{}".to_owned());
    Example { document, variables: serde_json::from_str(&variables).expect("variables are JSON") }
}

/// The names of all examples, in their order.
fn names() -> Vec<String> {
    let entries = std::fs::read_dir(folder()).expect("the examples are in the repository");
    let paths = entries.map(|entry| entry.expect("the folder can be listed").path());
    let mut names: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|kind| kind == "graphql"))
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .collect();
    names.sort_unstable();
    names
}

impl Example {
    fn request(&self, operation: Option<&str>) -> Request {
        let request = Request::new(&self.document).variables(Variables::from_json(self.variables.clone()));
        match operation {
            Some(operation) => request.operation_name(operation),
            None => request,
        }
    }

    /// The answer for an editor.
    async fn run(&self, service: &Service, operation: Option<&str>) -> Value {
        let editor = Viewer::named("amina", Role::Editor);
        let mut answer = service.answer_without_token(self.request(operation).data(editor)).await;
        assert_eq!(answer.get("errors"), None, "{}", self.document);
        answer["data"].take()
    }
}

/// The codes of the user errors of a payload, and the paths of their fields.
fn refused(payload: &Value) -> Vec<(&str, String)> {
    let errors = payload["userErrors"].as_array().expect("an example asks for userErrors");
    let field_of = |error: &Value| {
        let way: Vec<_> = error["field"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        way.join(".")
    };
    errors.iter().map(|error| (error["code"].as_str().expect("a code"), field_of(error))).collect()
}

/// The paths of empty lists and of objects without a value.
fn empty(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Array(items) if items.is_empty() => found.push(path.to_owned()),
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                empty(item, &format!("{path}.{i}"), found);
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                empty(value, &format!("{path}.{name}"), found);
            }
        }
        _ => {}
    }
}

both_databases! {
    async fn every_example_of_reading_answers_with_data_and_without_errors(database: TestDatabase) {
        let service = Service::demo(&database).await;
        let names = names();
        let reading: Vec<_> = names.iter().filter(|name| !EDITING.contains(&name.as_str())).collect();
        assert_eq!((reading.len(), names.len()), (15, 19), "{names:?}");
        for name in reading {
            let data = example(name).run(&service, None).await;
            let roots = data.as_object().expect("data");
            assert!(!roots.is_empty() && roots.values().all(|value| !value.is_null()), "{name}: {data}");
            let mut found = vec![];
            empty(&data, "", &mut found);
            // an event on the timeline may have no known place
            found.retain(|path| !path.ends_with(".places.nodes"));
            assert_eq!(found, [] as [&str; 0], "empty lists in the answer to {name}");
        }
    }

    async fn the_examples_of_editing_do_in_order_what_their_comments_say(database: TestDatabase) {
        let service = Service::demo(&database).await;
        let [create, correct, history, revert] = EDITING.map(example);

        let created = create.run(&service, None).await["applyChanges"].take();
        assert_eq!(refused(&created), []);
        let event = &created["results"][2]["record"];
        let [librarian] = event["participants"]["nodes"].as_array().expect("participants").as_slice() else {
            panic!("{event}");
        };
        assert_eq!(librarian["participant"]["name"], "Salma al-Rawi");
        assert_eq!(librarian["citations"]["nodes"][0]["quote"], "أمينة المكتبة سلمى الراوي");
        assert_eq!(event["citations"]["nodes"][1]["anchor"], "ANCHORED");
        assert_eq!(event["citations"]["nodes"][1]["attributedTo"]["name"], "Salma al-Rawi");

        let again = create.run(&service, None).await["applyChanges"].take();
        let taken = ["changes.0.id", "changes.1.key", "changes.2.id"].map(|way| ("DUPLICATE", way.to_owned()));
        assert_eq!(refused(&again), taken);
        let current: Vec<_> =
            again["userErrors"].as_array().into_iter().flatten().map(|error| &error["current"]["key"]).collect();
        assert_eq!(current, ["article/2015-03-11-library", "person/salma-al-rawi", "event/2015-library"]);

        let corrected = correct.run(&service, None).await["updateEvent"].take();
        assert_eq!(refused(&corrected), []);
        let event = &corrected["event"];
        assert_eq!((&event["version"], &event["status"]), (&json!(2), &json!("CONFIRMED")));
        assert_eq!(event["date"]["original"], "صباح الثلاثاء");
        assert_eq!(event["participants"]["nodes"][1]["count"], 20);

        let again = correct.run(&service, None).await["updateEvent"].take();
        // the correction is out of date, and what it adds is there already
        let problems = [("CONFLICT", "version"), ("DUPLICATE", "addParticipants.0")];
        assert_eq!(refused(&again), problems.map(|(code, path)| (code, path.to_owned())));
        let conflict = &again["userErrors"][0];
        assert_eq!(conflict["differs"], json!(["status", "date", "participants"]));
        assert_eq!(conflict["current"]["version"], 2);

        let answer = history.run(&service, None).await;
        let nodes = answer["record"]["history"]["nodes"].as_array().expect("a history");
        let line: Vec<_> = nodes.iter().map(|node| (&node["operation"], &node["actor"])).collect();
        assert_eq!(line, [(&json!("UPDATE"), &json!("amina")), (&json!("CREATE"), &json!("amina"))]);
        assert_eq!(nodes[0]["changes"].as_array().map(Vec::len), Some(3));
        assert_eq!(nodes[1]["snapshot"]["date"]["edtf"], "2015-03~");
        assert_eq!(answer["changes"]["nodes"][2]["operation"], "UPDATE");

        let unfilled = revert.run(&service, Some("Undo")).await["revertRevision"].take();
        assert_eq!(refused(&unfilled), [("INVALID", "id".to_owned())]);
        let latest = revert.run(&service, Some("WhatToUndo")).await;
        let revision = &latest["record"]["history"]["nodes"][0];
        assert_eq!(revision["id"], nodes[0]["id"]);
        let filled = Example { variables: json!({ "revision": revision["id"] }), ..revert };
        let reverted = filled.run(&service, Some("Undo")).await["revertRevision"].take();
        assert_eq!(refused(&reverted), []);
        let event = &reverted["record"];
        assert_eq!((&event["version"], &event["status"]), (&json!(3), &json!("REPORTED")));
        assert_eq!((&event["date"]["edtf"], &event["participants"]["totalCount"]), (&json!("2015-03~"), &json!(1)));

        let again = filled.run(&service, Some("Undo")).await["revertRevision"].take();
        assert_eq!(refused(&again), [("CONFLICT", "id".to_owned())]);
    }

    async fn without_a_token_the_examples_of_editing_say_what_is_missing(database: TestDatabase) {
        let service = Service::new(&database).await;
        for (name, operation) in [("16-create", None), ("17-correct", None), ("19-undo", Some("Undo"))] {
            let answer = service.answer_without_token(example(name).request(operation)).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{name}: {answer}");
        }
    }
}
