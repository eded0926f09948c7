//! The history that is handed in with an export: lines that were revisions elsewhere.

use std::collections::{HashMap, HashSet};

use entity::{Id, revision, vocabulary::UserErrorCode};

use crate::{
    domain::{
        document::Revision,
        problem::Path,
        write::{Work, complain, nested::TAKEN},
    },
    store::{
        self,
        write::{ids_of_no_records, known, revisions_by_id, taken_positions},
    },
};

use super::to_row;

/// Checks the lines of the history that were handed in, and gives those that are not stored yet.
pub(in crate::domain::write) async fn check_given(work: &mut Work<'_>) -> Result<Vec<Revision>, store::Error> {
    if work.revisions.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Id> = work.revisions.iter().map(|(_, line)| line.id).collect();
    let stored: HashMap<Id, revision::Model> =
        revisions_by_id(work.transaction, &ids).await?.into_iter().map(|row| (row.id, row)).collect();
    let given = std::mem::take(&mut work.revisions);
    let mut fresh = Vec::new();
    let mut seen = HashSet::new();
    for (line, revision) in given {
        if !seen.insert(revision.id) {
            complain(
                &mut work.complaints,
                Some(line),
                UserErrorCode::Duplicate,
                &Path::TOP.field("id"),
                "another line is the same revision",
            );
        } else if let Some(row) = stored.get(&revision.id) {
            if *row != to_row(&revision, row.record_created_at, row.at) {
                complain(
                    &mut work.complaints,
                    Some(line),
                    UserErrorCode::Conflict,
                    &Path::TOP.field("id"),
                    "the revision is stored with another content; history is never rewritten",
                );
            }
        } else {
            fresh.push((line, revision));
        }
    }
    let of_others = ids_of_others(work, &seen, &fresh).await?;
    let last = work.position;
    let positions: Vec<i64> = fresh.iter().map(|(_, line)| line.position).collect();
    let mut taken: HashSet<i64> = taken_positions(work.transaction, &positions).await?.into_iter().collect();
    for (line, revision) in &fresh {
        if of_others.contains(&revision.id) {
            complain(&mut work.complaints, Some(*line), UserErrorCode::Duplicate, &Path::TOP.field("id"), TAKEN);
        }
        let present = work.draft(revision.record.id()).map(|draft| draft.document.header.version.unwrap_or(1));
        let present = present.or_else(|| work.known.get(&revision.record.id()).map(|row| row.version));
        if present.is_some_and(|present| revision.version > present) {
            complain(
                &mut work.complaints,
                Some(*line),
                UserErrorCode::Conflict,
                &Path::TOP.field("version"),
                "is higher than that of the record itself",
            );
        }
        if revision.position <= last || !taken.insert(revision.position) {
            complain(
                &mut work.complaints,
                Some(*line),
                UserErrorCode::Conflict,
                &Path::TOP.field("position"),
                "the history has come to that position already, and nothing is put in behind; a history can be restored into an empty database only",
            );
        }
    }
    Ok(fresh.into_iter().map(|(_, revision)| revision).collect())
}

/// Which of the ids of these lines are those of something else: of a record, or of an item that one owns, stored or new. What is
/// stored is asked for those that are not stored yet.
async fn ids_of_others(
    work: &Work<'_>,
    ids: &HashSet<Id>,
    fresh: &[(usize, Revision)],
) -> Result<HashSet<Id>, store::Error> {
    let mut found: HashSet<Id> = work.standing.keys().filter(|id| ids.contains(id)).copied().collect();
    for draft in &work.drafts {
        draft.document.body.facts().owned.visit_ids(&mut |_, id, _| {
            if ids.contains(&id) {
                found.insert(id);
            }
        });
    }
    // Nothing stands where nothing has a history.
    if work.position > 0 {
        let fresh: Vec<Id> = fresh.iter().map(|(_, revision)| revision.id).collect();
        found.extend(known(work.transaction, &fresh, &[]).await?.into_iter().map(|row| row.id));
        found.extend(ids_of_no_records(work.transaction, &fresh).await?);
    }
    Ok(found)
}
