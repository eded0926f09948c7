//! The history: one revision for each record that changes, and the revisions of an import.

mod imported;
mod outcome;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::{
    Id,
    revision::{self, UNRECORDED_FIELDS},
    vocabulary::{Operation, UserErrorCode},
};
use serde_json::{Map, Value};

use crate::{
    domain::{
        document::{Document, FieldChange, MAX_POSITION, Revision, RevisionType},
        kind::Reference,
        problem::{InputProblem, Path, Problem},
        shape::MAX_VERSION,
    },
    store::{
        self,
        write::{TableWriter, insert_revisions, times_of_revisions},
    },
    text::sort_key,
};

pub(super) use imported::check_imported;
pub(in crate::domain) use outcome::RecordOutcome;
pub(super) use outcome::outcomes;

use outcome::RevisionIds;

use super::{Author, ChangeKind, Draft, WriteError, WriteState, report};

/// Why a revert is refused that would change nothing.
pub(in crate::domain) const NOTHING_TO_REVERT: &str =
    "nothing is left to revert: later changes have reverted it already";

/// A draft that changes its record.
pub(super) struct Change {
    pub(super) draft: usize,
    pub(super) operation: Operation,
    /// Whether the draft is a line of an import.
    pub(super) is_imported: bool,
}

/// Finds the drafts that change their records, and sets versions and times.
pub(super) fn compare(state: &mut WriteState<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for (index, draft) in state.drafts.iter_mut().enumerate() {
        let operation = match &draft.stored {
            None => {
                let header = &mut draft.document.header;
                header.version.get_or_insert(1);
                // A record was created before it was changed or deleted.
                let others = [header.updated_at, header.deleted_at].into_iter().flatten();
                let created = *header.created_at.get_or_insert(others.fold(state.now, DateTime::min));
                header.updated_at.get_or_insert(created);
                Some(Operation::Create)
            }
            // An accepted update always makes a new version, so that sending it again is a conflict.
            Some(stored)
                if draft.change != ChangeKind::Edit(Operation::Update)
                    && draft.document.equals_except_version(stored) =>
            {
                draft.document.header = stored.header.clone();
                None
            }
            Some(stored) => {
                let given = draft.document.header.version.filter(|_| draft.change == ChangeKind::Import);
                let (version, created_at) = (stored.header.version.unwrap_or(1), stored.header.created_at);
                if let Some(given) = given.filter(|given| *given < version) {
                    let path = Path::TOP.field("version");
                    let message = format!(
                        "the record was changed since: it is at version {version}, and the line was made from version {given}: export the record again, or leave out version to overwrite"
                    );
                    report(&mut state.input_problems, draft.input_index, UserErrorCode::Conflict, &path, message);
                }
                if given.is_some_and(|given| given > version) {
                    let header = &mut draft.document.header;
                    header.updated_at = Some(stored.header.not_before(header.updated_at.unwrap_or(state.now)));
                    header.created_at = created_at;
                } else {
                    set_next_version(draft, state.now, &mut state.input_problems);
                }
                Some(operation_of(draft))
            }
        };
        let header = &draft.document.header;
        if header.deleted_at.zip(header.created_at).is_some_and(|(deleted, created)| deleted < created) {
            let path = Path::TOP.field("deletedAt");
            report(&mut state.input_problems, draft.input_index, UserErrorCode::Invalid, &path, "is before createdAt");
        }
        if let Some(operation) = operation {
            changes.push(Change { draft: index, operation, is_imported: draft.change == ChangeKind::Import });
        }
    }
    changes
}

/// Checks that every revert changes something, if there are no other problems, and that the positions of the history suffice.
pub(super) fn check(state: &mut WriteState<'_>, changes: &[Change], imported: &[Revision]) {
    if state.input_problems.is_empty() {
        let changed: HashSet<usize> =
            changes.iter().filter_map(|change| state.drafts[change.draft].input_index).collect();
        let reverts = state.drafts.iter().filter(|draft| draft.change == ChangeKind::Edit(Operation::Revert));
        for draft in reverts.filter(|draft| draft.input_index.is_some_and(|line| !changed.contains(&line))) {
            let problem = Problem::new(UserErrorCode::Conflict, &Path::TOP.field("id"), NOTHING_TO_REVERT);
            let (current, differs) = (Some(draft.id), Some(Vec::new()));
            let edit =
                draft.input_index.map(|edit| InputProblem { current, differs, ..InputProblem::new(edit, problem) });
            state.input_problems.extend(edit);
        }
    }
    let imported_versions: HashSet<(Id, i32)> =
        imported.iter().map(|revision| (revision.record.id(), revision.version)).collect();
    let is_new = |draft: &&Draft| !imported_versions.contains(&(draft.id, draft.version()));
    let last = imported.iter().map(|revision| revision.position).max().unwrap_or(state.position);
    let free_positions = usize::try_from(MAX_POSITION - last).unwrap_or(0);
    let mut new = changes.iter().map(|change| &state.drafts[change.draft]).filter(is_new);
    if let Some(draft) = new.nth(free_positions) {
        let line = draft.input_index.or(Some(0));
        let path = Path::TOP.field("position");
        let message = "the history is at its last position: it cannot grow any more";
        report(&mut state.input_problems, line, UserErrorCode::Conflict, &path, message);
    }
}

/// Gives a changed draft the next version, and the times of its change.
fn set_next_version(draft: &mut Draft, now: DateTime<Utc>, input_problems: &mut Vec<InputProblem>) {
    let stored = draft.stored.as_ref().map_or(1, |stored| stored.header.version.unwrap_or(1));
    let header = &mut draft.document.header;
    header.version = stored.checked_add(1).filter(|version| *version <= MAX_VERSION);
    // A line may have any time of deletion, also one in the future.
    let was_in_bin = draft.stored.as_ref().is_some_and(|stored| stored.header.deleted_at.is_some());
    let deleted_at = header.deleted_at.filter(|_| draft.change != ChangeKind::Import && !was_in_bin);
    let time = deleted_at.map_or(now, |deleted| deleted.max(now));
    header.updated_at = Some(draft.stored.as_ref().map_or(time, |stored| stored.header.not_before(time)));
    header.created_at = draft.stored.as_ref().and_then(|stored| stored.header.created_at);
    if header.version.is_none() {
        let message =
            format!("the record is at version {stored}, the highest possible, and cannot be changed any more");
        // A consequence has no line. Its problem is reported with the first one.
        report(
            input_problems,
            draft.input_index.or(Some(0)),
            UserErrorCode::Conflict,
            &Path::TOP.field("version"),
            message,
        );
    }
}

fn operation_of(draft: &Draft) -> Operation {
    let was_in_bin = draft.stored.as_ref().is_some_and(|stored| stored.header.deleted_at.is_some());
    match draft.change {
        ChangeKind::Edit(operation) | ChangeKind::Part(operation) => operation,
        _ if draft.document.header.deleted_at.is_some() && !was_in_bin => Operation::Delete,
        ChangeKind::Import | ChangeKind::Consequence => Operation::Update,
    }
}

/// Writes the revisions: those of an import, then one for each change.
pub(super) async fn write_revisions(
    state: &WriteState<'_>,
    changes: Vec<Change>,
    imported: Vec<Revision>,
    author: Author<'_>,
    writer: &mut TableWriter<'_>,
) -> Result<(), WriteError> {
    let mut rows: Vec<revision::Model> = imported.iter().map(|revision| to_row(revision, state.now)).collect();
    // Lines may come in any order; the history grows at its end.
    rows.sort_unstable_by_key(|row| row.position);
    let position = rows.last().map_or(state.position, |row| row.position);
    insert_revisions(writer, rows).await?;
    // A change whose revision is imported needs no other revision.
    let imported: HashMap<(Id, i32), Id> =
        imported.iter().map(|revision| ((revision.record.id(), revision.version), revision.id)).collect();
    let revision_ids = RevisionIds::new(state, &changes, &imported);
    let last_times = last_times(state, &changes).await?;
    let unrecorded = changes.into_iter().filter(|change| {
        let draft = &state.drafts[change.draft];
        !imported.contains_key(&(draft.id, draft.version()))
    });
    // Rows are built one at a time: together they take more memory than the records.
    let row = |(position, change): (i64, Change)| {
        let draft = &state.drafts[change.draft];
        revision::Model {
            id: revision_ids.id_of(draft).unwrap_or_else(Id::new),
            record_id: draft.id,
            version: draft.version(),
            position,
            cause_id: revision_ids.cause_of(draft),
            operation: change.operation,
            actor: author.actor.to_owned(),
            actor_key: sort_key(author.actor),
            at: time_of_revision(draft, state.now, last_times.get(&draft.id)),
            summary: author.summary.map(str::to_owned),
            changes: to_text(&changes_of(draft)),
            snapshot: Some(draft.document.to_json()),
        }
    };
    Ok(insert_revisions(writer, (position + 1..).zip(unrecorded).map(row)).await?)
}

/// The time of the last revision of each changed record.
async fn last_times(state: &WriteState<'_>, changes: &[Change]) -> Result<HashMap<Id, DateTime<Utc>>, store::Error> {
    let drafts = changes.iter().map(|change| &state.drafts[change.draft]);
    let stored = drafts.filter_map(|draft| Some((draft.id, draft.stored.as_ref()?.header.version?)));
    let (ids, versions): (Vec<Id>, HashSet<i32>) = stored.unzip();
    let versions: Vec<i32> = versions.into_iter().collect();
    let mut last = HashMap::new();
    for (id, at) in times_of_revisions(state.transaction, &ids, &versions).await? {
        let time = last.entry(id).or_insert(at);
        *time = at.max(*time);
    }
    Ok(last)
}

/// The time of a revision: now, but not before the last one of its record, in case the clock was set back. An edit has the time that the
/// record shows; the times of an imported line are those of another database.
fn time_of_revision(draft: &Draft, now: DateTime<Utc>, last: Option<&DateTime<Utc>>) -> DateTime<Utc> {
    let shown = draft.document.header.updated_at.filter(|_| draft.change != ChangeKind::Import);
    [shown, last.copied()].into_iter().flatten().fold(now, DateTime::max)
}

fn to_row(revision: &Revision, now: DateTime<Utc>) -> revision::Model {
    let is_in_snapshot = revision.operation == Operation::Create
        && revision.snapshot.as_ref().is_some_and(|snapshot| revision.changes == changes_of_new(snapshot));
    revision::Model {
        id: revision.id,
        record_id: revision.record.id(),
        version: revision.version,
        position: revision.position,
        cause_id: revision.cause,
        operation: revision.operation,
        actor: revision.actor.clone(),
        actor_key: sort_key(&revision.actor),
        at: revision.at.unwrap_or(now),
        summary: revision.summary.clone(),
        changes: to_text(if is_in_snapshot { &[] } else { &revision.changes }),
        snapshot: revision.snapshot.as_ref().map(Value::to_string),
    }
}

/// The line of an export for a revision. Fails if the stored JSON cannot be read.
pub(crate) fn to_line(row: revision::Model, name: impl Fn(Id) -> Reference) -> Result<Revision, store::Error> {
    let (mut changes, snapshot) = (read_changes(&row)?, read_snapshot(&row)?.map(Value::Object));
    if let (Operation::Create, true, Some(snapshot)) = (row.operation, changes.is_empty(), &snapshot) {
        changes = changes_of_new(snapshot);
    }
    Ok(Revision {
        kind: RevisionType::Revision,
        id: row.id,
        record: name(row.record_id),
        version: row.version,
        position: row.position,
        cause: row.cause_id,
        operation: row.operation,
        actor: row.actor,
        at: Some(row.at),
        summary: row.summary,
        changes,
        snapshot,
    })
}

/// The stored changes of a revision. There are none for a new record, see [`changes_of_new`].
pub(in crate::domain) fn read_changes(row: &revision::Model) -> Result<Vec<FieldChange>, store::Error> {
    serde_json::from_str(&row.changes).map_err(|error| unreadable(row, "changes", &error))
}

/// The record after a revision, if it was stored.
pub(in crate::domain) fn read_snapshot(row: &revision::Model) -> Result<Option<Map<String, Value>>, store::Error> {
    let read = |text: &String| serde_json::from_str(text).map_err(|error| unreadable(row, "snapshot", &error));
    row.snapshot.as_ref().map(read).transpose()
}

fn unreadable(row: &revision::Model, what: &str, error: &serde_json::Error) -> store::Error {
    store::Error::Corrupt { what: format!("the {what} of the revision {} ({error})", row.id) }
}

/// The changes to store. For a new record there are none, because its snapshot has them, see [`changes_of_new`].
fn changes_of(draft: &Draft) -> Vec<FieldChange> {
    if draft.stored.is_some() { differences(draft) } else { Vec::new() }
}

/// The fields that differ from what is stored.
fn differences(draft: &Draft) -> Vec<FieldChange> {
    let before = draft.stored.as_deref().map(Document::fields).unwrap_or_default();
    let after = draft.document.fields();
    let names = after.keys().chain(before.keys().filter(|name| !after.contains_key(*name)));
    names
        .filter(|name| !UNRECORDED_FIELDS.contains(&name.as_str()))
        .filter(|name| before.get(*name) != after.get(*name))
        .map(|name| FieldChange {
            field: name.clone(),
            before: before.get(name).cloned().unwrap_or_default(),
            after: after.get(name).cloned().unwrap_or_default(),
        })
        .collect()
}

/// The changes of a new record: every field of its snapshot.
fn changes_of_new(snapshot: &Value) -> Vec<FieldChange> {
    let fields = snapshot.as_object().into_iter().flatten();
    fields
        .filter(|(name, _)| !UNRECORDED_FIELDS.contains(&name.as_str()))
        .map(|(name, value)| FieldChange { field: name.clone(), before: Value::Null, after: value.clone() })
        .collect()
}

fn to_text(changes: &[FieldChange]) -> String {
    serde_json::to_string(changes).expect("changes have string keys")
}
