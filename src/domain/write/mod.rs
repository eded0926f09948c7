//! The one write path: it writes all documents of a batch, or none of them.
//!
//! The steps, in one transaction during which nobody else writes:
//!
//! 1. [`resolve`] finds the record of each document, and the target of every reference.
//! 2. [`load`] reads the stored records. It adds the records that change as a consequence: those that cite a text that changes, and
//!    those with a date relative to one that changes.
//! 3. [`check`] and [`anchor`] apply the rules that need other records. They resolve dates and find the places of quotes.
//! 4. [`history`] compares each document with the stored one. An equal document changes nothing.
//! 5. [`rows`] turns documents into rows, and `store` writes those that differ, with the search index.
//! 6. [`history`] adds one revision for each record that changes, and `store` updates the derived tables.
//!
//! All problems are reported together, before the first row is written.

mod anchor;
mod assemble;
mod cause;
mod check;
mod consequence;
mod history;
mod load;
mod parallel;
mod resolve;
mod row_difference;
mod rows;
mod similar;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, SubsecRound, Utc};
use entity::{
    Id,
    vocabulary::{Operation, RecordKind, TextField, UserErrorCode, Vocabulary as _},
};
use tracing::warn;

use crate::store::{
    self, Connection, Transaction,
    write::{DeferredIndexes, RecordRow, Rows, TableWriter},
};

use super::{
    document::{Document, Header, Line, REVISION},
    kind::Article,
    problem::{InputProblem, Path, Problem, with_unexplained},
    rule::is_blank,
    shape,
};

pub(crate) use assemble::documents;
pub use consequence::{Consequences, LostPassage, MAX_CONSEQUENCES};
pub(crate) use history::to_line;
pub(super) use history::{NOTHING_TO_REVERT, RecordOutcome};
pub(super) use history::{read_changes, read_snapshot};
pub(super) use resolve::{NewDraft, WriteInput, resolve, with_article};
pub(super) use row_difference::differences;
pub use similar::{MAX_WARNINGS, Warning};

/// After a write of more records than this, the database updates its statistics.
const ANALYZE_ABOVE: usize = 1_000;

/// The lines of an import.
#[derive(Debug, Default)]
pub struct Batch {
    /// Records and lines of the history, in any order.
    pub lines: Vec<Line>,
    /// The problems of lines that were read as far as possible. If there are any, nothing is written.
    pub problems: Vec<InputProblem>,
    /// Ids and keys of lines with problems. References to them are not reported. If there are any, nothing is written.
    pub unreadable: HashSet<String>,
}

/// Who writes, and why.
#[derive(Debug, Clone, Copy)]
pub struct Author<'a> {
    /// The name that the history shows.
    pub actor: &'a str,
    /// Why, in a few words.
    pub summary: Option<&'a str>,
}

/// The actor and the summary in the form in which the history stores them.
///
/// # Errors
///
/// The problems of `actor` or `summary`.
pub fn signature(actor: &str, summary: Option<&str>) -> Result<(String, Option<String>), Vec<Problem>> {
    let mut problems = Vec::new();
    let mut checked = |name: &str, text: &str| {
        let shape = REVISION.field(name)?.shape;
        let mut value = serde_json::Value::from(text);
        shape::check(&mut value, shape, &Path::TOP.field(name), &mut problems);
        value.as_str().map(str::to_owned)
    };
    let actor = checked("actor", actor).unwrap_or_default();
    let summary = summary.filter(|summary| !is_blank(summary)).and_then(|summary| checked("summary", summary));
    if problems.is_empty() { Ok((actor, summary)) } else { Err(problems) }
}

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WriteCounts {
    /// Records that are new.
    pub created: usize,
    /// Records that were changed, consequences included.
    pub updated: usize,
    /// Lines that are equal to the stored record.
    pub unchanged: usize,
    /// Revisions that were imported.
    pub revisions: usize,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The batch has problems.
    #[error("{} problems were found", .0.len())]
    Problems(Vec<InputProblem>),
    /// The database failed. Nothing was written.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The database failed during the commit. The write may be committed or not.
    #[error("it is unknown whether the write was committed")]
    Unconfirmed(#[source] store::Error),
}

/// The step of a write, for its progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Looks up what the documents refer to.
    Resolving,
    /// Compares them with what is stored.
    Comparing,
    /// Writes what differs.
    Writing,
    /// Adds the history.
    Recording,
    /// Brings derived tables up to date.
    Deriving,
    /// Creates the indexes of a new file.
    Indexing,
    /// Commits the transaction.
    Committing,
}

/// Writes a batch, all or nothing. On an error nothing was written.
pub async fn write(
    connection: &Connection,
    mut batch: Batch,
    author: Author<'_>,
    progress: &(dyn Fn(Phase) + Send + Sync),
) -> Result<WriteCounts, WriteError> {
    let transaction = connection.begin_write().await?;
    let indexes = DeferredIndexes::drop_for_import(&transaction, batch.lines.len()).await?;
    progress(Phase::Resolving);
    let reported = std::mem::take(&mut batch.problems);
    let has_problems = !(reported.is_empty() && batch.unreadable.is_empty());
    let mut state = resolve(&transaction, batch.into()).await?;
    state.invalid_texts = invalid_texts(&reported, &state.drafts);
    state.repaired = reported.iter().map(|problem| problem.index).collect();
    let written = run(state, Rows::default(), has_problems, author, progress).await;
    let WriteResult { counts, .. } = written.map_err(|error| match error {
        WriteError::Problems(found) => WriteError::Problems(with_unexplained(reported, found)),
        error => error,
    })?;
    if let Some(indexes) = indexes {
        progress(Phase::Indexing);
        indexes.create(&transaction).await?;
    }
    progress(Phase::Committing);
    transaction.commit().await.map_err(|error| match error {
        error @ store::Error::Constraint { .. } => WriteError::Store(error),
        error => WriteError::Unconfirmed(error),
    })?;
    if counts.created + counts.updated > ANALYZE_ABOVE
        && let Err(error) = connection.analyze().await
    {
        warn!(cause = ?error, "the import succeeded, but the statistics of the database could not be updated");
    }
    Ok(counts)
}

/// The texts of drafts whose lines have reported problems there.
fn invalid_texts(reported: &[InputProblem], drafts: &[Draft]) -> HashSet<(Id, TextField)> {
    if reported.is_empty() {
        return HashSet::new();
    }
    let fields: HashSet<(usize, &[String])> =
        reported.iter().map(|reported| (reported.index, reported.problem.field.as_slice())).collect();
    let has_problem = |line: usize, text: TextField| fields.contains(&(line, &[text.as_str().to_lowercase()][..]));
    let invalid = drafts.iter().filter_map(|draft| Some((draft.id, draft.input_index?)));
    invalid
        .flat_map(|(id, line)| Article::TEXTS.into_iter().map(move |text| (id, line, text)))
        .filter(|(_, line, text)| has_problem(*line, *text))
        .map(|(id, _, text)| (id, text))
        .collect()
}

/// The result of a write that is not committed yet.
pub(super) struct WriteResult {
    pub(super) counts: WriteCounts,
    /// The outcomes of edits.
    pub(super) outcomes: Vec<history::RecordOutcome>,
    /// What the write takes along, if it was asked for.
    pub(super) consequences: Consequences,
    /// The warnings, if they were asked for.
    pub(super) warnings: Vec<Warning>,
}

/// Checks and writes all drafts. `before` holds the rows that were read already. With `has_problems`, it only looks for further
/// problems.
pub(super) async fn run(
    mut state: WriteState<'_>,
    before: Rows,
    has_problems: bool,
    author: Author<'_>,
    progress: &(dyn Fn(Phase) + Send + Sync),
) -> Result<WriteResult, WriteError> {
    progress(Phase::Comparing);
    let before = load::load(&mut state, before).await?;
    check::unique::check(&mut state).await?;
    let moved_items = check::item_id::check(&mut state).await?;
    anchor::anchor(&mut state).await?;
    check::duplicate::check(&mut state);
    check::item_id::assign(&mut state, moved_items);
    check::tree::check(&mut state).await?;
    let dates = check::date::resolve(&mut state).await?;
    check::consistency::check(&mut state, &dates).await?;
    let changes = history::compare(&mut state);
    let revisions = history::check_imported(&mut state).await?;
    history::check(&mut state, &changes, &revisions);
    if !state.input_problems.is_empty() || has_problems {
        state.input_problems.sort_by_key(|input_problem| input_problem.index);
        return Err(WriteError::Problems(state.input_problems));
    }

    let count = |operation| {
        let of_kind = |change: &&history::Change| change.operation == operation;
        changes.iter().filter(of_kind).count()
    };
    let counts = WriteCounts {
        created: count(Operation::Create),
        updated: count(Operation::Update) + count(Operation::Delete),
        unchanged: state.lines_of_records - changes.iter().filter(|change| change.is_imported).count(),
        revisions: revisions.len(),
    };
    progress(Phase::Writing);
    let after = rows::rows(&state, &before, &dates);
    let affected = store::write::affected(&before, &after);
    let new_keys = if state.with_warnings { similar::new_keys(&state, &before, &after) } else { Vec::new() };
    store::write::update_search_index(state.transaction, &before, &after).await?;
    let mut writer = TableWriter::new(state.transaction);
    store::write::save(state.transaction, &mut writer, before, after).await?;
    progress(Phase::Recording);
    let outcomes = history::outcomes(&state, &changes);
    let consequences =
        if state.with_consequences { consequence::consequences(&state, &changes) } else { Consequences::default() };
    history::write_revisions(&state, changes, revisions, author, &mut writer).await?;
    writer.finish().await?;
    progress(Phase::Deriving);
    store::write::refresh(state.transaction, &affected).await?;
    // All rows are written, so that new records of one call are found like stored ones.
    let warnings = similar::warnings(&state, new_keys).await?;
    Ok(WriteResult { counts, outcomes, consequences, warnings })
}

/// A document to write, with its record.
pub(super) struct Draft {
    /// The index of its line or edit; none for a consequence.
    pub(super) input_index: Option<usize>,
    pub(super) id: Id,
    pub(super) document: Document,
    /// The stored document; none for a new record.
    pub(super) stored: Option<Box<Document>>,
    pub(super) change: ChangeKind,
}

impl Draft {
    fn version(&self) -> i32 {
        self.document.header.version.unwrap_or(1)
    }
}

/// Why a draft is part of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ChangeKind {
    /// A line of an import, which is the whole record.
    Import,
    /// An edit.
    Edit(Operation),
    /// A part of an edit of another record, such as a link that a merge redirects.
    Part(Operation),
    /// A consequence of another change: of a text that a citation quotes, or of a date that another date is relative to.
    Consequence,
}

/// The state of a record that decides whether others may refer to it.
#[derive(Debug, Clone, Copy)]
struct RecordState {
    kind: RecordKind,
    is_deleted: bool,
    merged_into: Option<Id>,
}

/// Everything that the steps of a write share.
pub(super) struct WriteState<'t> {
    transaction: &'t Transaction,
    now: DateTime<Utc>,
    drafts: Vec<Draft>,
    /// The drafts by their ids.
    draft_by_id: HashMap<Id, usize>,
    /// Every record that a draft is of or refers to.
    record_states: HashMap<Id, RecordState>,
    /// The rows of the stored records.
    record_rows: HashMap<Id, RecordRow>,
    /// The stored owners of the `sameAs` addresses in the batch.
    same_as: HashMap<String, Id>,
    /// The stored articles with the `url` addresses in the batch.
    urls: HashMap<String, Id>,
    /// The position of the last revision.
    position: i64,
    revisions: Vec<(usize, super::document::Revision)>,
    lines_of_records: usize,
    input_problems: Vec<InputProblem>,
    /// Whether the outcome of each edit has the changed fields.
    pub(super) with_changes: bool,
    /// Whether the result has the consequences.
    pub(super) with_consequences: bool,
    /// Whether the result has the warnings.
    pub(super) with_warnings: bool,
    /// The ids of new records that the client chose.
    pub(super) client_ids: Vec<Id>,
    /// Texts of articles that have problems. Quotes are not searched in them.
    pub(super) invalid_texts: HashSet<(Id, TextField)>,
    /// Lines with problems, in which placeholders stand for wrong values.
    repaired: HashSet<usize>,
}

impl<'t> WriteState<'t> {
    fn new(transaction: &'t Transaction) -> Self {
        Self {
            transaction,
            now: now(),
            drafts: Vec::new(),
            draft_by_id: HashMap::new(),
            record_states: HashMap::new(),
            record_rows: HashMap::new(),
            same_as: HashMap::new(),
            urls: HashMap::new(),
            position: 0,
            revisions: Vec::new(),
            lines_of_records: 0,
            input_problems: Vec::new(),
            with_changes: false,
            with_consequences: false,
            with_warnings: false,
            client_ids: Vec::new(),
            invalid_texts: HashSet::new(),
            repaired: HashSet::new(),
        }
    }

    /// The draft of a record, if it is part of this write.
    fn draft(&self, id: Id) -> Option<&Draft> {
        self.draft_by_id.get(&id).map(|index| &self.drafts[*index])
    }

    fn add(&mut self, draft: Draft) {
        self.draft_by_id.insert(draft.id, self.drafts.len());
        self.drafts.push(draft);
    }

    fn kind(&self, id: Id) -> Option<RecordKind> {
        self.record_states.get(&id).map(|record| record.kind)
    }
}

/// The time of a change, as precise as it is stored.
fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(3)
}

/// The time of a deletion of this record.
pub(super) fn time_of_deletion(header: &Header) -> DateTime<Utc> {
    header.not_before(now())
}

/// Reports a problem of a line or an edit. A consequence has neither: its record was correct before.
fn report(
    input_problems: &mut Vec<InputProblem>,
    index: Option<usize>,
    code: UserErrorCode,
    path: &Path<'_>,
    message: impl Into<String>,
) {
    report_with_record(input_problems, index, None, code, path, message);
}

/// Reports a problem, and the record that the input conflicts with.
fn report_with_record(
    input_problems: &mut Vec<InputProblem>,
    index: Option<usize>,
    current: impl Into<Option<Id>>,
    code: UserErrorCode,
    path: &Path<'_>,
    message: impl Into<String>,
) {
    let (problem, current) = (Problem::new(code, path, message), current.into());
    input_problems.extend(index.map(|index| InputProblem { current, ..InputProblem::new(index, problem) }));
}
