//! The statements of a search besides that of its page: one finds the postings of words in the index, one reads the texts of a page.

use super::{Question, ReadCall, Reader, dialect::Dialect, error::ReadError};
use sea_orm::sea_query::Value;
use serde_json::json;
use uuid::Uuid;

/// After every prefix of words, and before the next one, in the order of bytes.
const LAST: char = char::MAX;

/// What is looked up in the index.
#[derive(Debug, Default)]
pub struct IndexLookup {
    /// Terms with the numbers of their words in the query.
    pub terms: Vec<(usize, String)>,
    /// Beginnings of words, with the numbers of their words in the query.
    pub prefixes: Vec<(usize, String)>,
    /// Only records of these kinds.
    pub kinds: Vec<String>,
}

/// A searchable text of a record: the id of the record, the letter of the field, the language and the text.
pub type RecordText = (String, char, String, String);

impl Reader {
    /// The size of the index (records and words, separated by a tab) in the first line, then a line for each posting. See
    /// [`crate::text::retrieval::Postings::read`].
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn find_postings(&self, lookup: &IndexLookup, call: ReadCall) -> Result<String, ReadError> {
        let IndexLookup { terms, prefixes, kinds } = lookup;
        let terms: Vec<_> = terms.iter().map(|(word, term)| json!([word.to_string(), term])).collect();
        let prefixes: Vec<_> = prefixes
            .iter()
            .map(|(word, prefix)| json!([word.to_string(), prefix, format!("{prefix}{LAST}")]))
            .collect();
        let values = vec![
            Value::from(json!(terms).to_string()),
            Value::from(json!(prefixes).to_string()),
            Value::from(json!(kinds).to_string()),
        ];
        Ok(self.ask(Question { sql: postings_sql(self.dialect()), values, call }).await?.unwrap_or_default())
    }

    /// The searchable texts of these records.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn read_texts(&self, ids: &[Uuid], call: ReadCall) -> Result<Vec<RecordText>, ReadError> {
        let values = vec![Value::from(json!(ids).to_string())];
        let texts = self.ask(Question { sql: texts_sql(self.dialect()), values, call }).await?.unwrap_or_default();
        serde_json::from_str(&texts).map_err(|error| ReadError::Failed(error.to_string()))
    }
}

/// The rows of a JSON array that is a parameter: each is JSON.
fn each_json(dialect: Dialect, parameter: usize) -> String {
    match dialect {
        Dialect::Sqlite => format!("json_each(?{parameter})"),
        Dialect::Postgres => format!("json_array_elements(CAST(CAST(${parameter} AS text) AS json))"),
    }
}

/// The rows of a JSON array that is a parameter: each is a text.
fn each_text(dialect: Dialect, parameter: usize) -> String {
    match dialect {
        Dialect::Sqlite => format!("json_each(?{parameter})"),
        Dialect::Postgres => format!("json_array_elements_text(CAST(CAST(${parameter} AS text) AS json))"),
    }
}

/// Joins the rows of a table for each row before it, through an index. The planner of Postgres would estimate far more rows, and read the
/// whole table.
fn look_up(dialect: Dialect, table: &str, name: &str, condition: &str) -> String {
    match dialect {
        // The tables are read in this order.
        Dialect::Sqlite => format!("CROSS JOIN {table} AS {name} ON {condition}"),
        // OFFSET keeps the planner from joining in another way.
        Dialect::Postgres => {
            format!("CROSS JOIN LATERAL (SELECT * FROM {table} AS {name} WHERE {condition} OFFSET 0) AS {name}")
        }
    }
}

fn postings_sql(dialect: Dialect) -> String {
    let (terms, prefixes, kinds) = (each_json(dialect, 1), each_json(dialect, 2), each_text(dialect, 3));
    let join_lines = if dialect == Dialect::Sqlite { "group_concat" } else { "string_agg" };
    let in_range = "form.form >= given.value ->> 1 AND form.form < given.value ->> 2";
    let forms = look_up(dialect, "search_form", "form", in_range);
    let postings = look_up(dialect, "search_posting", "posting", "posting.term = wanted.term");
    let documents = look_up(dialect, "search_document", "document", "document.number = posting.document");
    format!(
        "WITH wanted (word, term) AS (
            SELECT given.value ->> 0, given.value ->> 1 FROM {terms} AS given
            UNION
            SELECT given.value ->> 0, form.term FROM {prefixes} AS given {forms}
        )
        SELECT coalesce((SELECT CAST(documents AS text) || '\t' || CAST(words AS text) FROM search_total), '0\t0') || '\n'
            || coalesce((SELECT {join_lines}(line, '\n') FROM (
                SELECT wanted.word || '\t' || posting.term || '\t' || CAST(document.record_id AS text) || '\t'
                    || document.kind || '\t' || coalesce(document.language, '') || '\t'
                    || CAST(document.length AS text) || '\t' || posting.positions AS line
                FROM wanted {postings} {documents}
                WHERE document.kind IN (SELECT given.value FROM {kinds} AS given)
            ) AS found), '')"
    )
}

fn texts_sql(dialect: Dialect) -> String {
    let (all, one, id) = match dialect {
        Dialect::Sqlite => ("json_group_array", "json_array", "given.value"),
        Dialect::Postgres => ("json_agg", "json_build_array", "CAST(given.value AS uuid)"),
    };
    let ids = format!("(SELECT {id} FROM {} AS given)", each_text(dialect, 1));
    let of_article = |letter: char, column: &str| {
        format!(
            "SELECT id, '{letter}', language, \"{column}\", 0 FROM article WHERE id IN {ids} AND \"{column}\" IS NOT NULL"
        )
    };
    let texts = [
        of_article('h', "headline"),
        of_article('a', "abstract"),
        of_article('b', "body"),
        format!("SELECT record_id, 'n', language, text, position FROM record_name WHERE record_id IN {ids}"),
        format!("SELECT record_id, 'd', language, text, position FROM record_description WHERE record_id IN {ids}"),
        format!("SELECT id, 'o', 'und', occupation, 0 FROM person WHERE id IN {ids} AND occupation IS NOT NULL"),
    ];
    let found = format!(
        "WITH found (id, field, language, text, position) AS ({}) SELECT * FROM found ORDER BY id, field, position",
        texts.join(" UNION ALL ")
    );
    format!(
        "SELECT coalesce(CAST({all}({one}(CAST(id AS text), field, language, text)) AS text), '[]') FROM ({found}) AS ordered"
    )
}
