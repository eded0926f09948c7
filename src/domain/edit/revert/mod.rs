//! Reverts a change by a new change, together with its parts and consequences.

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

use fields::{moved, remove_positions, remove_resolved, revert_fields, shape_of};
use remerge::Merges;

use super::{difference::differing, session::EditSession};

/// Prepares the revert of a revision.
pub(super) async fn revert(session: &mut EditSession<'_>, edit: usize, id: Id) -> Result<(), store::Error> {
    let top = Path::TOP;
    let path = top.field("id");
    let Some(mut main) = revisions_by_id(session.transaction, &[id]).await?.pop() else {
        session.report(edit, UserErrorCode::NotFound, &path, format!("no revision has the id {id}"));
        return Ok(());
    };
    if let Some(cause) = main.cause_id {
        let whole = revisions_by_id(session.transaction, &[cause]).await?.pop();
        match whole {
            // The links that a merge moved are reverted with it, and the parts of a revert with the revert.
            Some(whole) if whole.operation == Operation::Merge || main.operation == Operation::Revert => main = whole,
            _ => {
                let message = format!("is a consequence of the revision {cause}: revert that revision");
                session.report(edit, UserErrorCode::Invalid, &path, message);
                return Ok(());
            }
        }
    }
    let parts = revisions_caused_by(session.transaction, main.id).await?;
    let revisions: Vec<(revision::Model, Vec<FieldChange>)> = std::iter::once(main)
        .chain(parts)
        .map(|revision| read_changes(&revision).map(|changes| (revision, changes)))
        .collect::<Result<_, _>>()?;
    let records: Vec<Id> = revisions.iter().map(|(revision, _)| revision.record_id).collect();
    session.read_documents(&records).await?;
    let merges = Merges::of(&revisions);
    if let Some((record, message, differs)) = merges.obstacle(session, &revisions).await? {
        session.report_conflict(edit, "id", message, record, differs);
        return Ok(());
    }
    for (at, revision) in revisions.iter().enumerate() {
        let change = if at == 0 { ChangeKind::Edit(Operation::Revert) } else { ChangeKind::Part(Operation::Revert) };
        // The parts of a merge must be reverted with it. Consequences of other changes are computed again by the write.
        revert_one(session, edit, revision, change, at == 0 || !merges.is_empty(), revisions.len() == 1)?;
    }
    let obstacle = match merges.link_of_a_part(session, edit) {
        None => merges.duplicate(session, edit).await?,
        link => link,
    };
    if let Some((record, message)) = obstacle {
        session.report_conflict(edit, "id", message, record, Vec::new());
    }
    Ok(())
}

/// Reverts one revision. If that is not possible, it is a problem only if the revision is required.
fn revert_one(
    session: &mut EditSession<'_>,
    edit: usize,
    (revision, changes): &(revision::Model, Vec<FieldChange>),
    change: ChangeKind,
    is_required: bool,
    is_alone: bool,
) -> Result<(), store::Error> {
    let Some(stored) = session.stored.get(&revision.record_id) else { return Ok(()) };
    let (kind, header) = (stored.header.kind, stored.header.clone());
    let mut document = stored.fields();
    // A revision without changes may have parts with changes.
    let had_an_effect = is_alone || revision.operation == Operation::Create || !changes.is_empty();
    let blocked = revert_fields_of(&mut document, &header, revision, changes)?;
    let mut present = stored.fields();
    present.values_mut().for_each(remove_resolved);
    let stays_hidden = (header.deleted_at.is_some() && document.contains_key("deletedAt"))
        || (header.merged_into.is_some() && document.contains_key("mergedInto"));
    let message = if !blocked.is_empty() {
        format!(
            "{} of {} changed after this revision: revert the later changes first",
            blocked.join(", "),
            revision.record_id
        )
    } else if stays_hidden && matches!(change, ChangeKind::Edit(_)) {
        format!("{} was deleted or merged after this revision: revert that change first", revision.record_id)
    } else if document == present && matches!(change, ChangeKind::Edit(_)) && had_an_effect {
        session.report_conflict(edit, "id", NOTHING_TO_REVERT, revision.record_id, Vec::new());
        return Ok(());
    } else {
        session.add_draft(edit, kind, revision.record_id, document, Vec::new(), change, Some(revision.record_id));
        return Ok(());
    };
    if is_required {
        session.report_conflict(edit, "id", message, revision.record_id, blocked);
    }
    Ok(())
}

/// The fields of a record that editors changed after a revision. Positions that moved with their text and resolved dates do not
/// count.
pub(super) fn changed_since(
    revision: &revision::Model,
    kind: RecordKind,
    mut present: Map<String, Value>,
) -> Result<Vec<String>, store::Error> {
    let mut snapshot = read_snapshot(revision)?.unwrap_or_default();
    snapshot.values_mut().for_each(remove_resolved);
    present.values_mut().for_each(remove_resolved);
    for (field, then) in &mut snapshot {
        if let Some(now) = present.get_mut(field) {
            let shape = shape_of(of_kind(kind), field);
            let moved = moved(shape, now);
            remove_positions(shape, now, &moved);
            remove_positions(shape, then, &moved);
        }
    }
    Ok(differing(&snapshot, &present))
}

fn revert_fields_of(
    document: &mut Map<String, Value>,
    header: &Header,
    revision: &revision::Model,
    changes: &[FieldChange],
) -> Result<Vec<String>, store::Error> {
    if revision.operation == Operation::Create {
        // A created record is deleted, unless it was changed after its creation.
        document.values_mut().for_each(remove_resolved);
        let blocked = changed_since(revision, header.kind, document.clone())?;
        if blocked.is_empty() {
            let time = time_of_deletion(header).to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
            document.insert("deletedAt".to_owned(), time.into());
        }
        return Ok(blocked);
    }
    Ok(revert_fields(of_kind(header.kind), document, changes))
}
