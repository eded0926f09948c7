//! The statements of a search: one finds the postings of words in the index, one the records of hits, one the texts of a page.

use super::{
    Question, ReadCall, Reader,
    budget::Reservation,
    cost::Cost,
    dialect::Dialect,
    error::ReadError,
    filter::Predicate,
    record_search::{RecordSearch, fill_in_hits},
    search_memory::{MAX_INDEX_BYTES, MEMORY_OF_BYTE},
    sql::{Statement, found_records, number_list},
    suggest::LAST,
};
use crate::text::{
    analysis::{prefixes, query::Query, query_terms},
    retrieval::{Corpus, Hit, Postings},
};
use entity::vocabulary::{RecordType, Vocabulary as _};
use sea_orm::sea_query::Value;
use serde_json::json;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Bytes that a search takes from the index without a reservation of memory, and those of a page of texts.
const FEW_BYTES: usize = 256 * 1024;
/// Bytes of memory in which a byte of a text is analysed.
const MEMORY_OF_TEXT: usize = 4;
/// Bytes of the numbers and languages of hits: about 12 of each.
const MAX_HIT_BYTES: usize = 64 * 1024 * 1024;
/// Bytes of the texts of a page.
const MAX_TEXT_BYTES: usize = 16 * 1024 * 1024;
/// Bytes of other spellings.
const MAX_SPELLING_BYTES: usize = 512 * 1024;
/// The hits that the searches of a statement may have together: they are its parameters.
const MAX_HITS_OF_FILTER: usize = 100_000;
/// Bytes of postings that are ranked on a thread of its own.
const MANY_POSTINGS: usize = 128 * 1024;
/// Before the number of bytes, where the index has more than were asked for.
const TOO_LARGE: char = '>';

/// What a query found.
#[derive(Debug, Default)]
pub struct FoundHits {
    /// The records, the best first.
    pub hits: Vec<Hit>,
    /// The terms of each word of the query that texts have.
    pub terms: Vec<HashSet<String>>,
}

/// A searchable text of a record: the id of the record, the number of the field, the language and the text.
pub type RecordText = (String, u32, String, String);

impl Reader {
    /// The records that a query finds.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn find(&self, query: &Query, call: &ReadCall) -> Result<FoundHits, ReadError> {
        let (text, memory) = match self.postings(query, FEW_BYTES, call.clone()).await? {
            Indexed::Postings(text) => (text, None),
            Indexed::TooLarge(bytes) if bytes <= MAX_INDEX_BYTES => {
                let memory = self.memory(bytes * MEMORY_OF_BYTE, call).await?;
                let call = ReadCall { cost: Cost::EXPENSIVE, ..call.clone() };
                match self.postings(query, MAX_INDEX_BYTES, call).await? {
                    Indexed::Postings(text) => (text, Some(memory)),
                    Indexed::TooLarge(_) => return Err(too_frequent()),
                }
            }
            Indexed::TooLarge(_) => return Err(too_frequent()),
        };
        if text.len() < MANY_POSTINGS {
            return rank(&text, query);
        }
        let query = query.clone();
        let ranked = tokio::task::spawn_blocking(move || {
            // As long as this runs, even if nobody waits for it.
            let _memory = memory;
            rank(&text, &query)
        });
        ranked.await.map_err(|error| ReadError::Failed(error.to_string()))?
    }

    /// Waits for memory. Nothing else of the request must hold some, because that could wait for itself.
    async fn memory(&self, bytes: usize, call: &ReadCall) -> Result<Reservation, ReadError> {
        let memory = self.memory_of_searches.reserve(&call.client, bytes).await;
        memory.ok_or_else(|| ReadError::Busy("no memory for a search".to_owned()))
    }

    /// The postings of the words of a query, if they have at most so many bytes.
    async fn postings(&self, query: &Query, most: usize, call: ReadCall) -> Result<Indexed, ReadError> {
        let (mut terms, mut beginnings) = (vec![], vec![]);
        for (number, word) in query.words.iter().enumerate() {
            if word.is_prefix {
                let with_end = |prefix: String| json!([number.to_string(), prefix, format!("{prefix}{LAST}")]);
                beginnings.extend(prefixes(&word.form).into_iter().map(with_end));
            } else {
                terms.extend(query_terms(&word.form).into_iter().map(|term| json!([number.to_string(), term])));
            }
        }
        let most_bytes = i64::try_from(most).unwrap_or(i64::MAX);
        let values = vec![json!(terms).to_string().into(), json!(beginnings).to_string().into(), most_bytes.into()];
        // The statement counts the bytes itself, all but the first line.
        let call = ReadCall { max_bytes: most + 1024, ..call };
        let text = self.ask(Question::one(postings_sql(self.dialect()), values, call)).await?.unwrap_or_default();
        Ok(match text.strip_prefix(TOO_LARGE).map(str::parse) {
            Some(bytes) => Indexed::TooLarge(bytes.unwrap_or(usize::MAX)),
            None => Indexed::Postings(text),
        })
    }

    /// Those of the records with these numbers that satisfy the conditions, which are on rows of `search_document`; with the
    /// languages of articles.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn satisfying(
        &self,
        numbers: &[i32],
        only: &[Predicate],
        call: &ReadCall,
    ) -> Result<Vec<(i32, Option<String>)>, ReadError> {
        let lines = self.found_records(numbers, only, "language", call).await?;
        let record = |(number, language): (i32, &str)| (number, (!language.is_empty()).then(|| language.to_owned()));
        Ok(numbered(&lines).map(record).collect())
    }

    /// The ids of the records with these numbers.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn ids_of(&self, numbers: &[i32], call: &ReadCall) -> Result<HashMap<i32, Uuid>, ReadError> {
        let lines = self.found_records(numbers, &[], "record_id", call).await?;
        Ok(numbered(&lines).filter_map(|(number, id)| Some((number, id.parse().ok()?))).collect())
    }

    async fn found_records(
        &self,
        numbers: &[i32],
        only: &[Predicate],
        column: &str,
        call: &ReadCall,
    ) -> Result<String, ReadError> {
        if numbers.is_empty() {
            return Ok(String::new());
        }
        let Statement { sql, mut values, searches, .. } = found_records(numbers, only, column, self.dialect());
        fill_in_hits(&mut values, &self.find_hits(&searches, call).await?);
        let call = ReadCall { max_bytes: MAX_HIT_BYTES, ..call.clone() };
        match self.ask(Question::one(sql, values, call)).await {
            Err(ReadError::AnswerTooLarge) => Err(too_many_hits()),
            found => Ok(found?.unwrap_or_default()),
        }
    }

    /// The words with one of these keys that names of visible records have, each with its frequency in all texts. None where there are too many.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn find_spellings(&self, keys: &[String], call: &ReadCall) -> Result<Vec<(String, u64)>, ReadError> {
        let values = vec![Value::from(json!(keys).to_string())];
        let call = ReadCall { max_bytes: MAX_SPELLING_BYTES, ..call.clone() };
        let found = match self.ask(Question::one(spellings_sql(self.dialect()), values, call)).await {
            Err(ReadError::AnswerTooLarge) => String::new(),
            found => found?.unwrap_or_default(),
        };
        let spelling = |line: &str| {
            let (text, frequency) = line.split_once('\t')?;
            Some((text.to_owned(), frequency.parse().ok()?))
        };
        Ok(found.lines().filter_map(spelling).collect())
    }

    /// The searchable texts of these records, as JSON for [`RecordText`]s: those of a record together, the most important field first.
    /// With the memory in which long ones are analysed.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn read_texts(&self, ids: &[Uuid], call: &ReadCall) -> Result<(String, Option<Reservation>), ReadError> {
        let values = vec![Value::from(json!(ids).to_string())];
        let of_texts = ReadCall { max_bytes: MAX_TEXT_BYTES, ..call.clone() };
        let texts = self.ask(Question::one(texts_sql(self.dialect()), values, of_texts)).await.map_err(|error| match error {
            ReadError::AnswerTooLarge => ReadError::Refused(format!(
                "The texts of the page have more than {MAX_TEXT_BYTES} bytes: too many for `matches`. Request a smaller page, or leave \
                 out `matches`."
            )),
            error => error,
        })?;
        let texts = texts.unwrap_or_else(|| "[]".to_owned());
        let memory =
            if texts.len() > FEW_BYTES { Some(self.memory(texts.len() * MEMORY_OF_TEXT, call).await?) } else { None };
        Ok((texts, memory))
    }

    /// The hits of the searches of a statement, each as a parameter.
    pub(super) async fn find_hits(&self, searches: &[RecordSearch], call: &ReadCall) -> Result<Vec<Value>, ReadError> {
        let mut lists = Vec::with_capacity(searches.len());
        let mut found_by_all = 0;
        for search in searches {
            let kind = RecordType::ALL.iter().position(|kind| *kind == search.kind).unwrap_or_default();
            let found = self.find(&search.query, call).await?;
            let numbers: Vec<i32> =
                found.hits.iter().filter(|hit| usize::from(hit.kind) == kind).map(|hit| hit.record).collect();
            found_by_all += numbers.len();
            if found_by_all > MAX_HITS_OF_FILTER {
                let searches =
                    if lists.is_empty() { "A search in `where` finds" } else { "The searches in `where` find" };
                return Err(ReadError::Refused(format!(
                    "{searches} {found_by_all} records; the limit is {MAX_HITS_OF_FILTER}. Add a rarer word."
                )));
            }
            lists.push(number_list(&numbers, self.dialect()));
        }
        Ok(lists)
    }
}

/// What the index has for a query.
enum Indexed {
    /// The size of the index and rows of it, for [`rank`].
    Postings(String),
    /// More bytes than were asked for: their number.
    TooLarge(usize),
}

/// The index has too much of the words: another word would only add to it.
fn too_frequent() -> ReadError {
    let message = "The words of the search are too frequent. Leave out the most frequent ones and short prefixes.";
    ReadError::Refused(message.to_owned())
}

fn too_many_hits() -> ReadError {
    ReadError::Refused("The search finds too many records to filter or count them. Add a rarer word.".to_owned())
}

/// The lines of `found_records`: the number of a record, and a text.
fn numbered(lines: &str) -> impl Iterator<Item = (i32, &str)> {
    lines.split(',').filter_map(|line| {
        let (number, text) = line.split_once(' ')?;
        Some((number.parse().ok()?, text))
    })
}

/// The first line is the size of the index: records and words. Each other line is a row of the index.
fn rank(text: &str, query: &Query) -> Result<FoundHits, ReadError> {
    let failed = |line: &str| ReadError::Failed(format!("the index gave {line:?}"));
    let (size, lines) = text.split_once('\n').ok_or_else(|| failed(text))?;
    let corpus = size
        .split_once('\t')
        .and_then(|(documents, words)| Some(Corpus { documents: documents.parse().ok()?, words: words.parse().ok()? }));
    let postings = Postings::read(lines, query).map_err(failed)?;
    let hits = postings.rank(query, corpus.ok_or_else(|| failed(size))?);
    let owned = |terms: &HashSet<&str>| terms.iter().map(|term| (*term).to_owned()).collect();
    Ok(FoundHits { hits, terms: postings.terms().iter().map(owned).collect() })
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
    let (terms, prefixes) = (each_json(dialect, 1), each_json(dialect, 2));
    let join_lines = if dialect == Dialect::Sqlite { "group_concat" } else { "string_agg" };
    let in_range = "form.form >= given.value ->> 1 AND form.form < given.value ->> 2";
    let forms = look_up(dialect, "search_form", "form", in_range);
    let postings = look_up(dialect, "search_posting", "posting", "posting.term = wanted.term");
    let most = if dialect == Dialect::Sqlite { "?3" } else { "$3" };
    // A line has at most 16 bytes besides the term and the postings.
    format!(
        "WITH wanted (word, term) AS (
            SELECT given.value ->> 0, given.value ->> 1 FROM {terms} AS given
            UNION
            SELECT given.value ->> 0, form.term FROM {prefixes} AS given {forms}
        ), size (bytes) AS (
            SELECT coalesce(sum(octet_length(posting.term) + octet_length(posting.postings) + 16), 0) FROM wanted {postings}
        )
        SELECT CASE WHEN size.bytes > {most} THEN '{TOO_LARGE}' || CAST(size.bytes AS text) ELSE
            coalesce((SELECT CAST(documents AS text) || '\t' || CAST(words AS text) FROM search_total), '0\t0') || '\n'
            || coalesce((SELECT {join_lines}(line, '\n') FROM (
                SELECT wanted.word || '\t' || posting.term || '\t' || CAST(posting.block AS text) || '\t' || posting.postings AS line
                FROM wanted {postings}
            ) AS found), '')
        END FROM size"
    )
}

fn spellings_sql(dialect: Dialect) -> String {
    let keys = each_text(dialect, 1);
    // With all kinds, the index of the words serves the condition.
    let kinds: Vec<String> = RecordType::ALL.iter().map(|kind| format!("'{}'", kind.as_str())).collect();
    let kinds = kinds.join(", ");
    let join_lines = if dialect == Dialect::Sqlite { "group_concat" } else { "string_agg" };
    format!(
        "SELECT coalesce({join_lines}(text || '\t' || CAST(frequency AS text), '\n'), '') FROM (
            SELECT spelling.text, CASE
                WHEN EXISTS (SELECT 1 FROM name_word AS word WHERE word.kind IN ({kinds}) AND word.word = spelling.form)
                THEN (
                    SELECT sum(octet_length(posting.postings)) FROM search_form AS form
                    JOIN search_posting AS posting ON posting.term = form.term WHERE form.form = spelling.form
                )
            END AS frequency
            FROM (SELECT DISTINCT text, form FROM search_spelling WHERE key IN (SELECT given.value FROM {keys} AS given)) AS spelling
        ) AS found WHERE frequency IS NOT NULL"
    )
}

fn texts_sql(dialect: Dialect) -> String {
    use crate::text::retrieval::Field;

    let (all, one, id) = match dialect {
        Dialect::Sqlite => ("json_group_array", "json_array", "given.value"),
        Dialect::Postgres => ("json_agg", "json_build_array", "CAST(given.value AS uuid)"),
    };
    let ids = format!("(SELECT {id} FROM {} AS given)", each_text(dialect, 1));
    let of_article = |field: Field, column: &str| {
        let field = field.number();
        format!(
            "SELECT id, {field}, language, \"{column}\", 0 FROM article WHERE id IN {ids} AND \"{column}\" IS NOT NULL"
        )
    };
    let of_entity = |field: Field, table: &str| {
        let field = field.number();
        format!("SELECT record_id, {field}, language, text, position FROM {table} WHERE record_id IN {ids}")
    };
    let occupation = Field::Occupation.number();
    let texts = [
        of_article(Field::Headline, "headline"),
        of_article(Field::Abstract, "abstract"),
        of_article(Field::Body, "body"),
        of_entity(Field::Name, "record_name"),
        of_entity(Field::Description, "record_description"),
        format!(
            "SELECT id, {occupation}, 'und', occupation, 0 FROM person WHERE id IN {ids} AND occupation IS NOT NULL"
        ),
    ];
    let found = format!(
        "WITH found (id, field, language, text, position) AS ({}) SELECT * FROM found ORDER BY id, field, position",
        texts.join(" UNION ALL ")
    );
    format!(
        "SELECT coalesce(CAST({all}({one}(CAST(id AS text), field, language, text)) AS text), '[]') FROM ({found}) AS ordered"
    )
}
