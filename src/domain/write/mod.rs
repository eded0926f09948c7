//! The one write path: a batch of documents goes in, and all of it is written or nothing.
//!
//! In one transaction, during which nobody else writes:
//!
//! 1. [`identify`] finds out which record each document is of, and what every reference leads to;
//! 2. [`stored`] reads the records that stand already, and pulls in those that the batch has an effect on: citations of
//!    an article whose text changes, dates that are relative to one that changes;
//! 3. [`unique`], [`anchor`], [`nested`], [`tree`], [`dating`] and [`sense`] check what needs other records, and fill in what follows;
//! 4. [`rows`] turns documents into rows, of which `store` writes what differs from what is stored;
//! 5. [`history`] adds one revision for each record that was made or changed, and `store` brings up to date what follows.
//!
//! Everything that is wrong is reported together. A document that says what is stored already changes nothing.

mod anchor;
mod assemble;
mod behind;
mod dating;
mod history;
mod identify;
mod nested;
mod rows;
mod sense;
mod share;
mod stored;
mod tree;
mod unique;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, SubsecRound, Utc};
use entity::{
    Id,
    vocabulary::{Operation, RecordKind, TextField, UserErrorCode},
};
use tracing::warn;

use crate::store::{
    self, Connection, Transaction,
    write::{DeferredIndexes, Known, Rows, TableWriter},
};

use super::{
    document::{Document, Line, REVISION},
    problem::{Path, Problem},
    shape,
};

pub(crate) use assemble::documents;
pub(super) use history::Told;
pub(crate) use history::to_line;
pub(super) use history::{read_changes, read_snapshot};
pub(super) use identify::{Given, Intake, identify, with_article};

/// As many records as have to be written for the database to look at its tables anew.
const MANY: usize = 1_000;

/// What is to be written.
#[derive(Debug, Default)]
pub struct Batch {
    /// Records and lines of the history, in any order.
    pub lines: Vec<Line>,
    /// Ids and keys of further lines that could not be read. What refers to them is not reported a second time, and
    /// nothing is written if there are any.
    pub broken: HashSet<String>,
}

/// Who writes, and why.
#[derive(Debug, Clone, Copy)]
pub struct Author<'a> {
    /// The name that the history shows.
    pub actor: &'a str,
    /// Why, in a few words.
    pub summary: Option<&'a str>,
}

/// The actor and the summary as the history keeps them, by the rules of its lines.
///
/// # Errors
///
/// What is wrong with `actor` or `summary`.
pub fn signature(actor: &str, summary: Option<&str>) -> Result<(String, Option<String>), Vec<Problem>> {
    let mut problems = Vec::new();
    let mut kept = |name: &str, text: &str| {
        let shape = REVISION.field(name)?.shape;
        let mut value = serde_json::Value::from(text);
        shape::check(&mut value, shape, &Path::TOP.field(name), &mut problems);
        value.as_str().map(str::to_owned)
    };
    let actor = kept("actor", actor).unwrap_or_default();
    let summary = summary.and_then(|summary| kept("summary", summary));
    if problems.is_empty() { Ok((actor, summary)) } else { Err(problems) }
}

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Records that are new.
    pub created: usize,
    /// Records that were changed, those included that follow a change of another.
    pub updated: usize,
    /// Lines that said what was stored already.
    pub unchanged: usize,
    /// Lines of the history that were taken over.
    pub revisions: usize,
}

/// A problem of one line of the batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// The line, counted from 0.
    pub line: usize,
    /// What is wrong.
    pub problem: Problem,
    /// The record that stands in the way, where there is one.
    pub current: Option<Id>,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The batch is not right.
    #[error("{} problems were found", .0.len())]
    Refused(Vec<Complaint>),
    /// The database is at fault.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// What the write path is at.
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
    /// Makes the indexes of a new file.
    Indexing,
    /// Makes it last.
    Committing,
}

/// Writes a batch, all or nothing.
///
/// # Errors
///
/// With everything that is wrong with the batch, or with what is wrong with the database. Then nothing was written.
pub async fn write(
    connection: &Connection,
    batch: Batch,
    author: Author<'_>,
    progress: &(dyn Fn(Phase) + Send + Sync),
) -> Result<Outcome, Failure> {
    let transaction = connection.begin_write().await?;
    let indexes = DeferredIndexes::drop_for_import(&transaction, batch.lines.len()).await?;
    progress(Phase::Resolving);
    let refused_already = !batch.broken.is_empty();
    let work = identify::identify(&transaction, batch.into()).await?;
    let Written { outcome, .. } = carry_out(work, Rows::default(), refused_already, author, progress).await?;
    progress(Phase::Indexing);
    indexes.create(&transaction).await?;
    progress(Phase::Committing);
    transaction.commit().await?;
    if outcome.created + outcome.updated > MANY
        && let Err(error) = connection.analyze().await
    {
        warn!(cause = ?error, "all was written, but the statistics of the database could not be updated");
    }
    Ok(outcome)
}

/// What was written, before it is committed.
pub(super) struct Written {
    pub(super) outcome: Outcome,
    /// What became of the records that lines are of.
    pub(super) results: Vec<history::Told>,
}

/// Checks and writes what was taken up. `before` holds the rows that were read already. All checks come before the first row is
/// written.
pub(super) async fn carry_out(
    mut work: Work<'_>,
    before: Rows,
    refused_already: bool,
    author: Author<'_>,
    progress: &(dyn Fn(Phase) + Send + Sync),
) -> Result<Written, Failure> {
    progress(Phase::Comparing);
    let before = stored::read(&mut work, before).await?;
    unique::check(&mut work).await?;
    let passed_on = nested::check_given(&mut work).await?;
    anchor::settle(&mut work).await?;
    nested::settle(&mut work, passed_on);
    tree::check(&mut work).await?;
    let dates = dating::resolve(&mut work).await?;
    sense::check(&mut work, &dates).await?;
    let changes = history::compare(&mut work);
    let revisions = history::check_given(&mut work).await?;
    history::check(&mut work, &changes, &revisions);
    if !work.complaints.is_empty() || refused_already {
        work.complaints.sort_by_key(|complaint| complaint.line);
        return Err(Failure::Refused(work.complaints));
    }

    let count = |operation| {
        let of_kind = |change: &&history::Change| change.operation == operation;
        changes.iter().filter(of_kind).count()
    };
    let outcome = Outcome {
        created: count(Operation::Create),
        updated: count(Operation::Update) + count(Operation::Delete),
        unchanged: work.lines_of_records - changes.iter().filter(|change| change.was_asked_for).count(),
        revisions: revisions.len(),
    };
    progress(Phase::Writing);
    let after = rows::rows(&work, &before, &dates);
    let touched = store::write::touched(&before, &after);
    let mut writer = TableWriter::new(work.transaction);
    store::write::save(work.transaction, &mut writer, before, after).await?;
    progress(Phase::Recording);
    let results = history::told(&work, &changes);
    history::record(&work, changes, revisions, author, &mut writer).await?;
    writer.finish().await?;
    progress(Phase::Deriving);
    store::write::refresh(work.transaction, &touched).await?;
    Ok(Written { outcome, results })
}

/// One document on its way.
pub(super) struct Draft {
    /// The line or edit that it came from; nothing where it was pulled in.
    pub(super) line: Option<usize>,
    pub(super) id: Id,
    pub(super) document: Document,
    /// What is stored of the record.
    pub(super) stored: Option<Box<Document>>,
    pub(super) deed: Deed,
}

/// Why a draft is part of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// A line of an import: it says all that there is to say of its record, and goes by its id or key.
    Import,
    /// An edit: its record is known, and so is what is done with it.
    Edit(Operation),
    /// It follows from an edit of another record, and is told in the history as a part of it.
    Part(Operation),
    /// It was pulled in, as it is stored, because the batch has an effect on it.
    Follow,
}

/// What is known of a record that something refers to.
#[derive(Debug, Clone, Copy)]
struct Standing {
    kind: RecordKind,
    is_deleted: bool,
    merged_into: Option<Id>,
}

/// All that is known during one write.
pub(super) struct Work<'t> {
    transaction: &'t Transaction,
    now: DateTime<Utc>,
    drafts: Vec<Draft>,
    /// The drafts by their ids.
    index: HashMap<Id, usize>,
    /// Every record that a draft is of or refers to.
    standing: HashMap<Id, Standing>,
    /// The rows of the records that stand already.
    known: HashMap<Id, Known>,
    /// The records that hold the addresses of which documents speak, as `sameAs`.
    same_as: HashMap<String, Id>,
    /// The articles that have these addresses.
    urls: HashMap<String, Id>,
    /// How far the history has come.
    position: i64,
    revisions: Vec<(usize, super::document::Revision)>,
    lines_of_records: usize,
    complaints: Vec<Complaint>,
    /// Whether the changes of each edit are to be told.
    pub(super) tells_changes: bool,
    /// The ids of new records that editors have made.
    pub(super) own_ids: Vec<Id>,
    /// Texts of articles with which something is wrong, as was told: what is said to stand in them is not looked for.
    pub(super) wrong_texts: HashSet<(Id, TextField)>,
}

impl<'t> Work<'t> {
    fn new(transaction: &'t Transaction) -> Self {
        Self {
            transaction,
            now: now(),
            drafts: Vec::new(),
            index: HashMap::new(),
            standing: HashMap::new(),
            known: HashMap::new(),
            same_as: HashMap::new(),
            urls: HashMap::new(),
            position: 0,
            revisions: Vec::new(),
            lines_of_records: 0,
            complaints: Vec::new(),
            tells_changes: false,
            own_ids: Vec::new(),
            wrong_texts: HashSet::new(),
        }
    }

    /// The draft of a record, if it is part of this write.
    fn draft(&self, id: Id) -> Option<&Draft> {
        self.index.get(&id).map(|index| &self.drafts[*index])
    }

    fn add(&mut self, draft: Draft) {
        self.index.insert(draft.id, self.drafts.len());
        self.drafts.push(draft);
    }

    fn kind(&self, id: Id) -> Option<RecordKind> {
        self.standing.get(&id).map(|standing| standing.kind)
    }
}

/// The time of a change, as precise as it is stored.
fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(3)
}

/// When something made then goes into the bin: now, or when it was made, if the clock has been set back since.
pub(super) fn time_of_deletion(created_at: Option<DateTime<Utc>>) -> DateTime<Utc> {
    created_at.map_or_else(now, |created_at| now().max(created_at))
}

/// Adds a complaint of a line. What was pulled in has none: it was right before.
fn complain(
    complaints: &mut Vec<Complaint>,
    line: Option<usize>,
    code: UserErrorCode,
    path: &Path<'_>,
    message: impl Into<String>,
) {
    if let Some(line) = line {
        complaints.push(Complaint { line, problem: Problem::new(code, path, message), current: None });
    }
}

/// The same, naming the record that stands in the way.
fn complain_of(
    complaints: &mut Vec<Complaint>,
    line: Option<usize>,
    current: Id,
    code: UserErrorCode,
    path: &Path<'_>,
    message: impl Into<String>,
) {
    if let Some(line) = line {
        complaints.push(Complaint { line, problem: Problem::new(code, path, message), current: Some(current) });
    }
}
