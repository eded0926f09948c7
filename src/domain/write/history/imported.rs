//! Revisions that an import brings: the history of another database.

use std::collections::{HashMap, HashSet};

use entity::{Id, revision, vocabulary::UserErrorCode};

use crate::{
    domain::{
        document::Revision,
        problem::Path,
        write::{WriteState, check::item_id::ID_IS_TAKEN, report},
    },
    store::{
        self,
        write::{find_records, ids_of_items_and_revisions, revisions_by_id, taken_positions},
    },
};

use super::to_row;

/// Checks the imported revisions, and returns those that are not stored yet.
pub(in crate::domain::write) async fn check_imported(
    state: &mut WriteState<'_>,
) -> Result<Vec<Revision>, store::Error> {
    if state.revisions.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Id> = state.revisions.iter().map(|(_, line)| line.id).collect();
    let stored: HashMap<Id, revision::Model> =
        revisions_by_id(state.transaction, &ids).await?.into_iter().map(|row| (row.id, row)).collect();
    let imported = std::mem::take(&mut state.revisions);
    let mut fresh = Vec::new();
    let mut seen = HashSet::new();
    for (line, revision) in imported {
        if !seen.insert(revision.id) {
            report(
                &mut state.input_problems,
                Some(line),
                UserErrorCode::Duplicate,
                &Path::TOP.field("id"),
                "another line is the same revision",
            );
        } else if let Some(row) = stored.get(&revision.id) {
            if *row != to_row(&revision, row.at) {
                report(
                    &mut state.input_problems,
                    Some(line),
                    UserErrorCode::Conflict,
                    &Path::TOP.field("id"),
                    "the revision is stored with other content; the history is never rewritten",
                );
            }
        } else {
            fresh.push((line, revision));
        }
    }
    let of_others = ids_of_others(state, &seen, &fresh).await?;
    let last = state.position;
    let positions: Vec<i64> = fresh.iter().map(|(_, line)| line.position).collect();
    let mut taken: HashSet<i64> = taken_positions(state.transaction, &positions).await?.into_iter().collect();
    for (line, revision) in &fresh {
        if of_others.contains(&revision.id) {
            report(
                &mut state.input_problems,
                Some(*line),
                UserErrorCode::Duplicate,
                &Path::TOP.field("id"),
                ID_IS_TAKEN,
            );
        }
        let present = state.draft(revision.record.id()).map(|draft| draft.document.header.version.unwrap_or(1));
        let present = present.or_else(|| state.record_rows.get(&revision.record.id()).map(|row| row.version));
        if present.is_some_and(|present| revision.version > present) {
            report(
                &mut state.input_problems,
                Some(*line),
                UserErrorCode::Conflict,
                &Path::TOP.field("version"),
                "is higher than the version of the record",
            );
        }
        if revision.position <= last || !taken.insert(revision.position) {
            report(
                &mut state.input_problems,
                Some(*line),
                UserErrorCode::Conflict,
                &Path::TOP.field("position"),
                "the history has a revision at or after this position; import a history into an empty database",
            );
        }
    }
    Ok(fresh.into_iter().map(|(_, revision)| revision).collect())
}

/// The ids of revisions that are also ids of records or of items, stored or new.
async fn ids_of_others(
    state: &WriteState<'_>,
    ids: &HashSet<Id>,
    fresh: &[(usize, Revision)],
) -> Result<HashSet<Id>, store::Error> {
    let mut found: HashSet<Id> = state.record_states.keys().filter(|id| ids.contains(id)).copied().collect();
    for draft in &state.drafts {
        draft.document.body.facts().owned.visit_ids(&mut |_, id, _| {
            if ids.contains(&id) {
                found.insert(id);
            }
        });
    }
    // Without a history nothing is stored.
    if state.position > 0 {
        let fresh: Vec<Id> = fresh.iter().map(|(_, revision)| revision.id).collect();
        found.extend(find_records(state.transaction, &fresh, &[]).await?.into_iter().map(|row| row.id));
        found.extend(ids_of_items_and_revisions(state.transaction, &fresh).await?);
    }
    Ok(found)
}
