//! Undoing what the history tells of: a change, with all that was a part or a consequence of it.

use chrono::{DateTime, Utc};
use entity::{
    Id, revision,
    vocabulary::{Operation, UserErrorCode},
};
use serde_json::{Map, Value};

use crate::{
    domain::{
        document::FieldChange,
        problem::{Path, Problem},
        write::{Deed, read_changes, read_snapshot, time_of_deletion},
    },
    store::{
        self,
        write::{linked_to, revisions_by_id, revisions_caused_by},
    },
};

use super::{
    Objection,
    apply::Desk,
    undo::{forget_places, forget_resolved, moved, take_back},
};

/// The fields that differ between two documents of one record, but for what every change changes.
pub(super) fn differing(then: &Map<String, Value>, now: &Map<String, Value>) -> Vec<String> {
    then.keys()
        .chain(now.keys().filter(|name| !then.contains_key(*name)))
        .filter(|name| !matches!(name.as_str(), "type" | "id" | "version" | "createdAt" | "updatedAt"))
        .filter(|name| then.get(*name) != now.get(*name))
        .cloned()
        .collect()
}

/// Prepares the undoing of a revision.
pub(super) async fn revert(desk: &mut Desk<'_>, edit: usize, id: Id) -> Result<(), store::Error> {
    let top = Path::TOP;
    let path = top.field("id");
    let Some(mut lead) = revisions_by_id(desk.transaction, &[id]).await?.pop() else {
        desk.object(edit, UserErrorCode::NotFound, &path, format!("no revision has the id {id}"));
        return Ok(());
    };
    if let Some(cause) = lead.cause_id {
        let whole = revisions_by_id(desk.transaction, &[cause]).await?.pop();
        match whole {
            Some(whole) if matches!(lead.operation, Operation::Merge | Operation::Revert) => lead = whole,
            _ => {
                let message = format!("it is a consequence of the revision {cause}; that one can be reverted");
                desk.object(edit, UserErrorCode::Invalid, &path, message);
                return Ok(());
            }
        }
    }
    let parts = revisions_caused_by(desk.transaction, lead.id).await?;
    let records: Vec<Id> = std::iter::once(&lead).chain(&parts).map(|revision| revision.record_id).collect();
    desk.read(&records).await?;
    for revision in std::iter::once(&lead).chain(&parts) {
        if holds_something_new(desk, revision, &records).await? {
            let id = revision.record_id;
            let why = format!("{id} was changed or linked to since it came back; merge the two anew");
            let problem = Problem::new(UserErrorCode::Conflict, &path, why);
            desk.objections.push(Objection { edit, problem, current: Some(id), differs: Some(Vec::new()) });
            return Ok(());
        }
    }
    // The links of a merge go back with it; what merely followed a change follows its undoing as well.
    let is_whole = parts.iter().any(|part| matches!(part.operation, Operation::Merge | Operation::Revert));
    take(desk, edit, &lead, Deed::Edit(Operation::Revert), true)?;
    for part in &parts {
        take(desk, edit, part, Deed::Part(Operation::Revert), is_whole)?;
    }
    Ok(())
}

/// Whether the undoing of a revision, with those of these other records, would merge a record away again that was given something
/// since it came back, which would be lost with it.
async fn holds_something_new(
    desk: &mut Desk<'_>,
    revision: &revision::Model,
    records: &[Id],
) -> Result<bool, store::Error> {
    let came_back =
        |change: &FieldChange| change.field == "mergedInto" && !change.before.is_null() && change.after.is_null();
    let Some(stored) = desk.stored.get(&revision.record_id) else { return Ok(false) };
    if revision.operation == Operation::Create || !read_changes(revision)?.iter().any(came_back) {
        return Ok(false);
    }
    if stored.header.version != Some(revision.version) {
        return Ok(true);
    }
    let links = linked_to(desk.transaction, revision.record_id).await?;
    let others: Vec<Id> = links.into_iter().filter(|id| !records.contains(id)).collect();
    desk.look_up(&others).await?;
    // What was merged away has gone with its links.
    Ok(others.iter().any(|id| desk.known.get(id).is_some_and(|row| row.merged_into_id.is_none())))
}

/// Takes back one revision. Where that cannot be done, it is an objection only if it has to be.
fn take(
    desk: &mut Desk<'_>,
    edit: usize,
    revision: &revision::Model,
    deed: Deed,
    has_to_be: bool,
) -> Result<(), store::Error> {
    let Some(stored) = desk.stored.get(&revision.record_id) else { return Ok(()) };
    let (kind, header) = (stored.header.kind, stored.header.clone());
    let mut document = stored.fields();
    let changes = read_changes(revision)?;
    let did_something = revision.operation == Operation::Create || !changes.is_empty();
    let blocked = take_back_revision(&mut document, header.created_at, revision, &changes)?;
    let mut present = stored.fields();
    present.values_mut().for_each(forget_resolved);
    let stays_away = (header.deleted_at.is_some() && document.contains_key("deletedAt"))
        || (header.merged_into.is_some() && document.contains_key("mergedInto"));
    let why = if !blocked.is_empty() {
        format!(
            "{} of {} was changed again since; undo the later changes first",
            blocked.join(", "),
            revision.record_id
        )
    } else if stays_away && matches!(deed, Deed::Edit(_)) {
        format!("{} is in the bin or was merged since; undo that first", revision.record_id)
    } else if document == present && matches!(deed, Deed::Edit(_)) && did_something {
        "nothing of it is left to undo".to_owned()
    } else {
        desk.hand_in(edit, kind, revision.record_id, document, Vec::new(), deed, Some(revision.record_id));
        return Ok(());
    };
    if has_to_be {
        let problem = Problem::new(UserErrorCode::Conflict, &Path::TOP.field("id"), why);
        let current = Some(revision.record_id);
        desk.objections.push(Objection { edit, problem, current, differs: Some(blocked) });
    }
    Ok(())
}

fn take_back_revision(
    document: &mut Map<String, Value>,
    created_at: Option<DateTime<Utc>>,
    revision: &revision::Model,
    changes: &[FieldChange],
) -> Result<Vec<String>, store::Error> {
    if revision.operation == Operation::Create {
        // What was made goes into the bin, unless others have worked on it since.
        let mut made = read_snapshot(revision)?.unwrap_or_default();
        made.values_mut().for_each(forget_resolved);
        document.values_mut().for_each(forget_resolved);
        let mut present = document.clone();
        for (field, then) in &mut made {
            if let Some(now) = present.get_mut(field) {
                let moved = moved(now);
                forget_places(now, &moved);
                forget_places(then, &moved);
            }
        }
        let blocked = differing(&made, &present);
        if blocked.is_empty() {
            let time = time_of_deletion(created_at).to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
            document.insert("deletedAt".to_owned(), time.into());
        }
        return Ok(blocked);
    }
    Ok(take_back(document, changes))
}
