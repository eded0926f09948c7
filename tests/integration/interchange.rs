//! The interchange format is described as it is.

use dateline::{cli::import::Refusal, domain::shape::json_schema};

use crate::support::{database::TestDatabase, lines::try_import};

const SCHEMA: &str = "docs/interchange.schema.json";

#[test]
fn the_json_schema_is_the_one_that_the_program_checks_by() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(SCHEMA);
    let mut generated = serde_json::to_string_pretty(&json_schema()).unwrap();
    generated.push('\n');
    if std::env::var_os("DATELINE_UPDATE").is_some() {
        std::fs::write(&path, &generated).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap();
    assert!(written == generated, "{SCHEMA} is out of date; run this test once with DATELINE_UPDATE=1");
}

#[tokio::test]
async fn the_examples_of_the_description_can_be_imported() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/interchange.md");
    let text = std::fs::read_to_string(path).unwrap();
    let examples: String =
        text.lines().filter(|line| line.starts_with("{\"type\"")).flat_map(|line| [line, "\n"]).collect();
    assert!(examples.lines().count() >= 7, "every type has an example");
    let database = TestDatabase::sqlite().await;
    let connection = database.open().await;
    let outcome = try_import(&connection, &examples).await.unwrap();
    assert_eq!(outcome.created, examples.lines().count());
}

#[test]
fn one_problem_is_not_many() {
    assert_eq!(Refusal::Problems(vec!["a".into()]).to_string(), "1 problem found; nothing was imported");
    assert_eq!(Refusal::Problems(vec!["a".into(), "b".into()]).to_string(), "2 problems found; nothing was imported");
}
