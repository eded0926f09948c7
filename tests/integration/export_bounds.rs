//! An export says where it begins and ends, and an incomplete one is not imported.

use dateline::domain::export::Content;
use serde_json::{Value, json};

use crate::{
    both_databases,
    support::{
        database::TestDatabase,
        lines::{export_as, export_text, import_all, rows, try_import},
    },
};

/// Three places.
fn places() -> Vec<Value> {
    let places = ["درنة", "Derna", "Tobruk"].into_iter().enumerate();
    places
        .map(
            |(number, name)| json!({ "type": "PLACE", "key": format!("place/{number}"), "name": name, "kind": "CITY" }),
        )
        .collect()
}

/// The whole text of these lines.
fn text(lines: &[&str]) -> String {
    lines.iter().flat_map(|line| [*line, "\n"]).collect()
}

/// The only problem of a file that is not imported.
async fn problem(database: &TestDatabase, text: &str) -> String {
    let connection = database.open().await;
    let problems = try_import(&connection, text).await.expect_err("it must not be imported");
    assert_eq!(rows(&connection, "SELECT count(*) FROM record", 1).await, ["0"], "{problems:?}");
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems[0].clone()
}

both_databases! {
    async fn every_export_has_a_first_line_and_a_last_one_that_counts(database: TestDatabase) {
        let connection = database.open().await;
        assert_eq!(export_text(&connection, true).await, "{\"type\":\"EXPORT\"}\n{\"type\":\"END\",\"records\":0,\"revisions\":0}\n");
        import_all(&connection, &places()).await;
        for (content, revisions) in [(Content::Records, 0), (Content::RecordsAndHistory, 3), (Content::Published, 0)] {
            let exported = export_as(&connection, content).await;
            let lines: Vec<&str> = exported.lines().collect();
            assert_eq!(lines.len(), 2 + 3 + revisions);
            assert_eq!(lines[0], r#"{"type":"EXPORT"}"#);
            assert_eq!(lines[lines.len() - 1], format!(r#"{{"type":"END","records":3,"revisions":{revisions}}}"#));
            let other = TestDatabase::sqlite().await;
            assert_eq!(try_import(&other.open().await, &exported).await.map(|counts| counts.created), Ok(3));
        }
    }

    async fn an_export_that_was_cut_off_is_not_imported(database: TestDatabase) {
        let source = TestDatabase::sqlite().await;
        let connection = source.open().await;
        import_all(&connection, &places()).await;
        let whole = export_text(&connection, true).await;
        let lines: Vec<&str> = whole.lines().collect();
        let cut = "1: type: is the first line of an export, but the last line (END) is missing, so the file is not complete: \
            export again, or remove this line to import the others as they are";
        for length in 1..lines.len() {
            assert_eq!(problem(&database, &text(&lines[..length])).await, cut, "{length} lines");
        }
        let in_a_line = &whole[..whole.len() - 20];
        assert_eq!(problem(&database, in_a_line).await, cut);
        let headless = problem(&database, &text(&lines[1..])).await;
        assert!(headless.starts_with("7: type: is the last line of an export, but the first line (EXPORT) is missing"), "{headless}");
        let twice = problem(&database, &(text(&lines[..3]) + &whole)).await;
        assert_eq!(twice, cut);
    }

    async fn an_export_that_lacks_lines_or_has_more_is_not_imported(database: TestDatabase) {
        let source = TestDatabase::sqlite().await;
        let connection = source.open().await;
        import_all(&connection, &places()).await;
        let whole = export_text(&connection, true).await;
        let lines: Vec<&str> = whole.lines().collect();
        let less = problem(&database, &text(&[&lines[..1], &lines[2..]].concat())).await;
        assert!(less.starts_with("7: records: is 3, but 2 are in the file: export again, or remove the lines EXPORT and END"), "{less}");
        let less = problem(&database, &text(&[&lines[..5], &lines[6..]].concat())).await;
        assert!(less.starts_with("7: revisions: is 3, but 2 are in the file"), "{less}");
        let more = problem(&database, &text(&[&lines[..2], &lines[1..]].concat())).await;
        assert!(more.starts_with("9: records: is 3, but 4 are in the file"), "{more}");
        for bad in [r#"{"type":"END","records":-1,"revisions":0}"#, r#"{"type":"END","records":3}"#, r#"{"type":"EXPORT","of":1}"#] {
            assert!(try_import(&database.open().await, bad).await.is_err(), "{bad}");
        }
    }

    async fn a_file_made_by_hand_needs_neither_and_may_contain_an_export(database: TestDatabase) {
        let source = TestDatabase::sqlite().await;
        let connection = source.open().await;
        import_all(&connection, &places()[..2]).await;
        let whole = export_text(&connection, false).await;
        let bare: Vec<&str> = whole.lines().filter(|line| !line.contains("EXPORT") && !line.contains("END")).collect();
        let hand_made = r#"{"type":"PLACE","key":"mine","name":"Mine","kind":"CITY"}"#;
        let connection = database.open().await;
        assert_eq!(try_import(&connection, &text(&bare)).await.map(|counts| counts.created), Ok(2));
        let around = format!("{hand_made}\n{whole}\n{whole}");
        let problems = try_import(&connection, &around).await.expect_err("the records are there twice");
        assert!(problems.iter().all(|problem| !problem.contains("EXPORT")), "{problems:?}");
        let around = format!("{hand_made}\n{whole}{}", "{\"type\":\"EXPORT\"}\n{\"type\":\"END\",\"records\":0,\"revisions\":0}\n");
        assert_eq!(try_import(&connection, &around).await.map(|counts| (counts.created, counts.unchanged)), Ok((1, 2)));
    }
}
