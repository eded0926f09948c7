//! Reverting a change by a new one, with all that was a part or a consequence of it.

mod fields;
mod remerge;

use entity::{
    Id, revision,
    vocabulary::{Operation, RecordKind, UserErrorCode},
};
use serde_json::{Map, Value};

use crate::{
    domain::{
        document::{FieldChange, Header},
        kind::of_kind,
        problem::Path,
        write::{ChangeKind, NOTHING_TO_REVERT, read_changes, read_snapshot, time_of_deletion},
    },
    store::{
        self,
        write::{revisions_by_id, revisions_caused_by},
    },
};

use fields::{forget_places, forget_resolved, moved, revert_fields, shape_of};
use remerge::Merges;

use super::{difference::differing, session::EditSession};

/// Prepares the revert of a revision.
pub(super) async fn revert(session: &mut EditSession<'_>, edit: usize, id: Id) -> Result<(), store::Error> {
    let top = Path::TOP;
    let path = top.field("id");
    let Some(mut lead) = revisions_by_id(session.transaction, &[id]).await?.pop() else {
        session.report(edit, UserErrorCode::NotFound, &path, format!("no revision has the id {id}"));
        return Ok(());
    };
    if let Some(cause) = lead.cause_id {
        let whole = revisions_by_id(session.transaction, &[cause]).await?.pop();
        match whole {
            Some(whole) if matches!(lead.operation, Operation::Merge | Operation::Revert) => lead = whole,
            _ => {
                let message = format!("is a consequence of the revision {cause}: revert that revision");
                session.report(edit, UserErrorCode::Invalid, &path, message);
                return Ok(());
            }
        }
    }
    let parts = revisions_caused_by(session.transaction, lead.id).await?;
    let revisions: Vec<(revision::Model, Vec<FieldChange>)> = std::iter::once(lead)
        .chain(parts)
        .map(|revision| read_changes(&revision).map(|changes| (revision, changes)))
        .collect::<Result<_, _>>()?;
    let records: Vec<Id> = revisions.iter().map(|(revision, _)| revision.record_id).collect();
    session.read(&records).await?;
    let merges = Merges::of(&revisions);
    if let Some((record, why, differs)) = merges.stands_in_the_way(session, &revisions).await? {
        session.report_conflict(edit, "id", why, record, differs);
        return Ok(());
    }
    for (at, revision) in revisions.iter().enumerate() {
        let change = if at == 0 { ChangeKind::Edit(Operation::Revert) } else { ChangeKind::Part(Operation::Revert) };
        // The links of a merge go back with it; what merely followed a change follows its undoing as well.
        revert_one(session, edit, revision, change, at == 0 || !merges.is_empty(), revisions.len() == 1)?;
    }
    let came_since = match merges.is_linked(session, edit) {
        None => merges.doubles(session, edit).await?,
        linked => linked,
    };
    if let Some((record, why)) = came_since {
        session.report_conflict(edit, "id", why, record, Vec::new());
    }
    Ok(())
}

/// Reverts one revision. Where that cannot be done, it is an objection only if it has to be.
fn revert_one(
    session: &mut EditSession<'_>,
    edit: usize,
    (revision, changes): &(revision::Model, Vec<FieldChange>),
    change: ChangeKind,
    has_to_be: bool,
    is_alone: bool,
) -> Result<(), store::Error> {
    let Some(stored) = session.stored.get(&revision.record_id) else { return Ok(()) };
    let (kind, header) = (stored.header.kind, stored.header.clone());
    let mut document = stored.fields();
    // One that tells of no change may have parts that do.
    let did_something = is_alone || revision.operation == Operation::Create || !changes.is_empty();
    let blocked = revert_fields_of(&mut document, &header, revision, changes)?;
    let mut present = stored.fields();
    present.values_mut().for_each(forget_resolved);
    let stays_away = (header.deleted_at.is_some() && document.contains_key("deletedAt"))
        || (header.merged_into.is_some() && document.contains_key("mergedInto"));
    let why = if !blocked.is_empty() {
        format!(
            "{} of {} changed after this revision: revert the later changes first",
            blocked.join(", "),
            revision.record_id
        )
    } else if stays_away && matches!(change, ChangeKind::Edit(_)) {
        format!("{} was deleted or merged after this revision: revert that change first", revision.record_id)
    } else if document == present && matches!(change, ChangeKind::Edit(_)) && did_something {
        session.report_conflict(edit, "id", NOTHING_TO_REVERT, revision.record_id, Vec::new());
        return Ok(());
    } else {
        session.add_draft(edit, kind, revision.record_id, document, Vec::new(), change, Some(revision.record_id));
        return Ok(());
    };
    if has_to_be {
        session.report_conflict(edit, "id", why, revision.record_id, blocked);
    }
    Ok(())
}

/// The fields of a record that somebody has changed since a revision: what has moved with its text, or what a date comes to since
/// another one has changed, is nobody's change.
pub(super) fn changed_since(
    revision: &revision::Model,
    kind: RecordKind,
    mut present: Map<String, Value>,
) -> Result<Vec<String>, store::Error> {
    let mut then = read_snapshot(revision)?.unwrap_or_default();
    then.values_mut().for_each(forget_resolved);
    present.values_mut().for_each(forget_resolved);
    for (field, then) in &mut then {
        if let Some(now) = present.get_mut(field) {
            let shape = shape_of(of_kind(kind), field);
            let moved = moved(shape, now);
            forget_places(shape, now, &moved);
            forget_places(shape, then, &moved);
        }
    }
    Ok(differing(&then, &present))
}

fn revert_fields_of(
    document: &mut Map<String, Value>,
    header: &Header,
    revision: &revision::Model,
    changes: &[FieldChange],
) -> Result<Vec<String>, store::Error> {
    if revision.operation == Operation::Create {
        // What was made goes into the bin, unless others have worked on it since.
        document.values_mut().for_each(forget_resolved);
        let blocked = changed_since(revision, header.kind, document.clone())?;
        if blocked.is_empty() {
            let time = time_of_deletion(header.created_at).to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
            document.insert("deletedAt".to_owned(), time.into());
        }
        return Ok(blocked);
    }
    Ok(revert_fields(of_kind(header.kind), document, changes))
}
