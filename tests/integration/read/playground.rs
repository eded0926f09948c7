//! The playground's examples run against the demo corpus, each with an answer that is worth looking at.

use std::path::Path;

use serde_json::Value;

use crate::{both_databases, support::service::Service};

/// Lists without an item and objects without a value, with the way to each.
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
    async fn every_example_answers_with_data_and_without_errors(database: TestDatabase) {
        let service = Service::demo(&database).await;
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("playground/examples");
        let mut examples = 0;
        for entry in std::fs::read_dir(folder).expect("the examples stand beside the tests") {
            let path = entry.expect("the folder can be listed").path();
            if path.extension().is_none_or(|kind| kind != "graphql") {
                continue;
            }
            examples += 1;
            let document = std::fs::read_to_string(&path).expect("an example can be read");
            let variables = std::fs::read_to_string(path.with_extension("json")).unwrap_or_else(|_| "{}".to_owned());
            let variables = serde_json::from_str(&variables).expect("variables are JSON");
            let data = service.data_with(&document, variables).await;
            let roots = data.as_object().expect("data");
            assert!(!roots.is_empty() && roots.values().all(|value| !value.is_null()), "{}: {data}", path.display());
            let mut found = vec![];
            empty(&data, "", &mut found);
            // an event on the timeline may have happened at no known place
            found.retain(|path| !path.ends_with(".places.nodes"));
            assert_eq!(found, [] as [&str; 0], "empty lists in the answer to {}", path.display());
        }
        assert!(examples >= 5, "{examples} examples");
    }
}
