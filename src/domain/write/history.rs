//! The history: one revision for each record that was made or changed, and those that are handed in with an export.

mod given;
mod told;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::{
    Id,
    revision::{self, NEVER_TOLD},
    vocabulary::{Operation, UserErrorCode},
};
use serde_json::{Map, Value};

use crate::{
    domain::{
        document::{Document, FieldChange, MAX_POSITION, Revision, RevisionType},
        kind::Reference,
        problem::Path,
        shape::MAX_VERSION,
    },
    store::{
        self,
        write::{TableWriter, insert_revisions},
    },
};

pub(super) use given::check_given;
pub(in crate::domain) use told::Told;
pub(super) use told::told;

use told::Leads;

use super::{Author, Complaint, Deed, Draft, Failure, Work, complain, complain_of};

/// What becomes of a draft.
pub(super) struct Change {
    draft: usize,
    pub(super) operation: Operation,
    /// Whether a line of the batch is behind it, rather than a change of another record.
    pub(super) was_asked_for: bool,
}

/// Finds out which drafts are new and which say something else than what is stored, and settles versions and times.
pub(super) fn compare(work: &mut Work<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for (index, draft) in work.drafts.iter_mut().enumerate() {
        let operation = match &draft.stored {
            Some(stored) if draft.deed != Deed::Import => {
                // An update that was accepted is told, even if it says what was there: its version is used up.
                let is_told = draft.deed == Deed::Edit(Operation::Update) || !draft.document.says_the_same_as(stored);
                if is_told {
                    settle_edit(draft, work.now, &mut work.complaints);
                    Some(operation_of(draft))
                } else {
                    draft.document.header = stored.header.clone();
                    None
                }
            }
            None => {
                let header = &mut draft.document.header;
                header.version.get_or_insert(1);
                // What lies in the bin was made before it came there.
                let latest = header.deleted_at.map_or(work.now, |deleted| deleted.min(work.now));
                let created = *header.created_at.get_or_insert(latest);
                header.updated_at.get_or_insert(created);
                Some(Operation::Create)
            }
            Some(stored) if draft.document.says_the_same_as(stored) => {
                draft.document.header = stored.header.clone();
                None
            }
            Some(stored) => {
                let given = draft.document.header.version;
                let version = stored.header.version.unwrap_or(1);
                if let Some(given) = given
                    && given < version
                {
                    complain(
                        &mut work.complaints,
                        draft.line,
                        UserErrorCode::Conflict,
                        &Path::TOP.field("version"),
                        format!(
                            "the record was changed since: it is at version {version}, and the line was made from version {given}"
                        ),
                    );
                }
                let ahead = given.is_some_and(|given| given > version);
                let header = &mut draft.document.header;
                if !ahead {
                    header.version = version.checked_add(1).filter(|version| *version <= MAX_VERSION);
                    header.updated_at = Some(work.now);
                    if header.version.is_none() {
                        complain(
                            &mut work.complaints,
                            draft.line,
                            UserErrorCode::Conflict,
                            &Path::TOP.field("version"),
                            format!("the record is at version {version}, the last one; it cannot be changed any more"),
                        );
                    }
                }
                header.updated_at.get_or_insert(work.now);
                header.created_at = stored.header.created_at;
                let is_put_away = header.deleted_at.is_some() && stored.header.deleted_at.is_none();
                Some(if is_put_away { Operation::Delete } else { Operation::Update })
            }
        };
        let header = &draft.document.header;
        if let (Some(created), Some(deleted)) = (header.created_at, header.deleted_at)
            && deleted < created
        {
            complain(
                &mut work.complaints,
                draft.line,
                UserErrorCode::Invalid,
                &Path::TOP.field("deletedAt"),
                "is before createdAt",
            );
        }
        if let Some(operation) = operation {
            changes.push(Change { draft: index, operation, was_asked_for: draft.deed == Deed::Import });
        }
    }
    changes
}

/// Checks that every undoing changes something, if nothing else is wrong, and that the history has room for all changes.
pub(super) fn check(work: &mut Work<'_>, changes: &[Change], given: &[Revision]) {
    if work.complaints.is_empty() {
        let changed: HashSet<usize> = changes.iter().filter_map(|change| work.drafts[change.draft].line).collect();
        let undoings = work.drafts.iter().filter(|draft| draft.deed == Deed::Edit(Operation::Revert));
        for draft in undoings.filter(|draft| draft.line.is_some_and(|line| !changed.contains(&line))) {
            let path = Path::TOP.field("id");
            complain_of(
                &mut work.complaints,
                draft.line,
                draft.id,
                UserErrorCode::Conflict,
                &path,
                "nothing of it is left to undo",
            );
        }
    }
    let last = given.iter().map(|revision| revision.position).max().unwrap_or(work.position);
    let room = usize::try_from(MAX_POSITION - last).unwrap_or(0);
    if let Some(change) = changes.get(room) {
        let line = work.drafts[change.draft].line.or(Some(0));
        let path = Path::TOP.field("position");
        let message = "the history is at its last position; nothing can follow";
        complain(&mut work.complaints, line, UserErrorCode::Conflict, &path, message);
    }
}

/// An edit, and what follows from one, makes the next version, whatever the document said of it.
fn settle_edit(draft: &mut Draft, now: DateTime<Utc>, complaints: &mut Vec<Complaint>) {
    let stored = draft.stored.as_ref().map_or(1, |stored| stored.header.version.unwrap_or(1));
    let header = &mut draft.document.header;
    header.version = stored.checked_add(1).filter(|version| *version <= MAX_VERSION);
    header.updated_at = Some(now);
    header.created_at = draft.stored.as_ref().and_then(|stored| stored.header.created_at);
    if header.version.is_none() {
        let message = format!("the record is at version {stored}, the last one; it cannot be changed any more");
        complain(complaints, draft.line, UserErrorCode::Conflict, &Path::TOP.field("version"), message);
    }
}

fn operation_of(draft: &Draft) -> Operation {
    let was_in_bin = draft.stored.as_ref().is_some_and(|stored| stored.header.deleted_at.is_some());
    match draft.deed {
        Deed::Edit(operation) | Deed::Part(operation) => operation,
        _ if draft.document.header.deleted_at.is_some() && !was_in_bin => Operation::Delete,
        Deed::Import | Deed::Follow => Operation::Update,
    }
}

/// Writes the revisions.
pub(super) async fn record(
    work: &Work<'_>,
    changes: Vec<Change>,
    given: Vec<Revision>,
    author: Author<'_>,
    writer: &mut TableWriter<'_>,
) -> Result<(), Failure> {
    if changes.is_empty() && given.is_empty() {
        return Ok(());
    }
    // A record that comes with the revision which made its present version needs no other.
    let told: HashMap<(Id, i32), Id> =
        given.iter().map(|revision| ((revision.record.id(), revision.version), revision.id)).collect();
    let mut rows: Vec<revision::Model> = {
        let made = times_of_making(work, &given);
        given.iter().map(|revision| to_row(revision, made[&revision.record.id()], work.now)).collect()
    };
    // Lines may come in any order; the history grows at its end.
    rows.sort_unstable_by_key(|row| row.position);
    let position = rows.last().map_or(work.position, |row| row.position);
    insert_revisions(writer, rows).await?;
    let leads = Leads::new(work, &changes, &told);
    let version = |draft: &Draft| draft.document.header.version.unwrap_or(1);
    let untold = changes.into_iter().filter(|change| {
        let draft = &work.drafts[change.draft];
        !told.contains_key(&(draft.id, version(draft)))
    });
    // Each is made when it is written: together they take more memory than the records.
    let row = |(position, change): (i64, Change)| {
        let draft = &work.drafts[change.draft];
        revision::Model {
            id: leads.id_of(draft).unwrap_or_else(Id::new),
            record_id: draft.id,
            record_created_at: draft.document.header.created_at.unwrap_or(work.now),
            version: version(draft),
            position,
            cause_id: leads.cause_of(draft),
            operation: change.operation,
            actor: author.actor.to_owned(),
            at: work.now,
            summary: author.summary.map(str::to_owned),
            changes: written(&changes_of(draft)),
            snapshot: Some(draft.document.to_json()),
        }
    };
    Ok(insert_revisions(writer, (position + 1..).zip(untold).map(row)).await?)
}

/// When the records of which revisions are handed in were made, as their rows say.
fn times_of_making(work: &Work<'_>, given: &[Revision]) -> HashMap<Id, DateTime<Utc>> {
    if given.is_empty() {
        return HashMap::new();
    }
    let of_draft = |draft: &Draft| draft.document.header.created_at.unwrap_or(work.now);
    // Of one that was merged away, and is new here, nothing is known but its survivor.
    let merged =
        work.drafts.iter().flat_map(|draft| draft.document.header.merged_ids.iter().map(|id| (*id, of_draft(draft))));
    let merged: HashMap<Id, DateTime<Utc>> = merged.collect();
    let time = |id: Id| {
        let stored = || work.known.get(&id).map(|row| row.created_at);
        let time = work.draft(id).map(of_draft).or_else(stored).or_else(|| merged.get(&id).copied());
        (id, time.expect("the record of a revision is there, or comes with it: otherwise the line is refused"))
    };
    given.iter().map(|line| time(line.record.id())).collect()
}

fn to_row(revision: &Revision, record_created_at: DateTime<Utc>, now: DateTime<Utc>) -> revision::Model {
    let says_it_all = revision.operation == Operation::Create
        && revision.snapshot.as_ref().is_some_and(|snapshot| revision.changes == made_from_nothing(snapshot));
    revision::Model {
        id: revision.id,
        record_id: revision.record.id(),
        record_created_at,
        version: revision.version,
        position: revision.position,
        cause_id: revision.cause,
        operation: revision.operation,
        actor: revision.actor.clone(),
        at: revision.at.unwrap_or(now),
        summary: revision.summary.clone(),
        changes: written(if says_it_all { &[] } else { &revision.changes }),
        snapshot: revision.snapshot.as_ref().map(Value::to_string),
    }
}

/// The line of the history that a row is.
///
/// # Errors
///
/// If what is stored of it is not what was written.
pub(crate) fn to_line(row: revision::Model, name: impl Fn(Id) -> Reference) -> Result<Revision, store::Error> {
    let (mut changes, snapshot) = (read_changes(&row)?, read_snapshot(&row)?.map(Value::Object));
    if let (Operation::Create, true, Some(snapshot)) = (row.operation, changes.is_empty(), &snapshot) {
        changes = made_from_nothing(snapshot);
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

/// The changes that a stored revision tells: none for a new record, see [`made_from_nothing`].
pub(in crate::domain) fn read_changes(row: &revision::Model) -> Result<Vec<FieldChange>, store::Error> {
    serde_json::from_str(&row.changes).map_err(|error| unreadable(row, "changes", &error))
}

/// The state of the record after a stored revision, where it was kept.
pub(in crate::domain) fn read_snapshot(row: &revision::Model) -> Result<Option<Map<String, Value>>, store::Error> {
    let read = |text: &String| serde_json::from_str(text).map_err(|error| unreadable(row, "snapshot", &error));
    row.snapshot.as_ref().map(read).transpose()
}

fn unreadable(row: &revision::Model, what: &str, error: &serde_json::Error) -> store::Error {
    store::Error::Corrupt { what: format!("the {what} of the revision {} ({error})", row.id) }
}

/// The fields that differ. For a new record there are none: they are those of its snapshot, see [`made_from_nothing`].
fn changes_of(draft: &Draft) -> Vec<FieldChange> {
    if draft.stored.is_some() { differences(draft) } else { Vec::new() }
}

/// The fields that differ from what is stored, those of a new record from nothing.
fn differences(draft: &Draft) -> Vec<FieldChange> {
    let before = draft.stored.as_deref().map(Document::fields).unwrap_or_default();
    let after = draft.document.fields();
    let names = after.keys().chain(before.keys().filter(|name| !after.contains_key(*name)));
    names
        .filter(|name| !NEVER_TOLD.contains(&name.as_str()))
        .filter(|name| before.get(*name) != after.get(*name))
        .map(|name| FieldChange {
            field: name.clone(),
            before: before.get(name).cloned().unwrap_or_default(),
            after: after.get(name).cloned().unwrap_or_default(),
        })
        .collect()
}

/// What the revision that made a record changed: every field of its snapshot, from nothing.
fn made_from_nothing(snapshot: &Value) -> Vec<FieldChange> {
    let fields = snapshot.as_object().into_iter().flatten();
    fields
        .filter(|(name, _)| !NEVER_TOLD.contains(&name.as_str()))
        .map(|(name, value)| FieldChange { field: name.clone(), before: Value::Null, after: value.clone() })
        .collect()
}

fn written(changes: &[FieldChange]) -> String {
    serde_json::to_string(changes).expect("changes have string keys, so that they can be written")
}
