//! Importing and exporting within a test, with lines written as JSON.

use dateline::{
    cli::import::{ImportError, Source, import},
    domain::{
        export::{Content, export},
        write::{Author, WriteCounts},
    },
    store::{Connection, Error},
};
use sea_orm::{ConnectionTrait, QueryResult, Statement};
use serde_json::Value;

use super::database::TestDatabase;

impl TestDatabase {
    /// Opens the database as the service does.
    pub async fn open(&self) -> Connection {
        Connection::open(&self.url).await.expect("the test's database opens")
    }
}

/// One line for each value.
pub fn lines<'a>(values: impl IntoIterator<Item = &'a Value>) -> String {
    values.into_iter().flat_map(|value| [value.to_string(), "\n".to_owned()]).collect()
}

/// Imports a text under the name `test.jsonl`. Gives the problems as they are printed, without that name.
pub async fn try_import(connection: &Connection, text: &str) -> Result<WriteCounts, Vec<String>> {
    let source = Source { name: "test.jsonl".into(), text: text.into() };
    let author = Author { actor: "test", summary: None };
    match import(connection, &[source], author, &|_| {}).await {
        Ok(outcome) => Ok(outcome),
        Err(ImportError::Problems(problems)) => {
            Err(problems.iter().map(|line| line.trim_start_matches("test.jsonl:").to_owned()).collect())
        }
        Err(ImportError::Store(error)) => panic!("{error}: {error:?}"),
    }
}

/// Imports valid lines.
pub async fn import_all(connection: &Connection, values: &[Value]) -> WriteCounts {
    match try_import(connection, &lines(values)).await {
        Ok(outcome) => outcome,
        Err(problems) => panic!("{}", problems.join("\n")),
    }
}

/// Imports invalid lines, and gives the problems.
pub async fn refused(connection: &Connection, values: &[Value]) -> Vec<String> {
    match try_import(connection, &lines(values)).await {
        Ok(outcome) => panic!("imported: {outcome:?}"),
        Err(problems) => problems,
    }
}

/// A whole export, as text.
pub async fn export_text(connection: &Connection, with_history: bool) -> String {
    export_as(connection, if with_history { Content::RecordsAndHistory } else { Content::Records }).await
}

/// An export with this content, as text.
pub async fn export_as(connection: &Connection, content: Content) -> String {
    let mut text = String::new();
    export::<Error>(connection, content, |line, _| {
        text.push_str(line);
        text.push('\n');
        Ok(())
    })
    .await
    .expect("the export runs");
    text
}

/// The records and revisions of a whole export, line by line.
pub async fn export_lines(connection: &Connection, with_history: bool) -> Vec<Value> {
    export_text(connection, with_history)
        .await
        .lines()
        .map(|line| serde_json::from_str(line).expect("an export is JSON"))
        .filter(|line: &Value| line["type"] != "EXPORT" && line["type"] != "END")
        .collect()
}

/// The exported line of the record with this key.
pub async fn record(connection: &Connection, key: &str) -> Value {
    export_lines(connection, false)
        .await
        .into_iter()
        .find(|line| line["key"] == key)
        .unwrap_or_else(|| panic!("{key} is stored"))
}

/// The revisions of the record with this key, in order.
pub async fn history(connection: &Connection, key: &str) -> Vec<Value> {
    export_lines(connection, true)
        .await
        .into_iter()
        .filter(|line| line["type"] == "REVISION" && line["record"] == key)
        .collect()
}

/// The sorted rows of an SQL query, each as the texts of its columns joined by `|`.
pub async fn rows(connection: &Connection, sql: &str, columns: usize) -> Vec<String> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let row = |row: QueryResult| {
        let texts: Vec<String> = (0..columns)
            .map(|column| match row.try_get_by_index::<Option<String>>(column) {
                Ok(text) => text.unwrap_or_default(),
                Err(_) => row
                    .try_get_by_index::<i32>(column)
                    .map(i64::from)
                    .or_else(|_| row.try_get_by_index::<i64>(column))
                    .expect("a column is text or a whole number")
                    .to_string(),
            })
            .collect();
        texts.join("|")
    };
    let mut rows: Vec<String> =
        connection.query_all_raw(statement).await.expect("the question is right").into_iter().map(row).collect();
    rows.sort();
    rows
}
