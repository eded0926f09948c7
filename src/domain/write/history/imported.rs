//! Checks the revisions of an import: the history of another database.

use std::collections::{HashMap, HashSet};

use entity::{Id, revision, vocabulary::UserErrorCode};

use crate::{
    domain::{
        document::Revision,
        problem::Path,
        write::{Draft, WriteState, report},
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
    let mut input_problems = Vec::new();
    let mut report = |line: usize, code: UserErrorCode, field: &'static str, message: &str| {
        report(&mut input_problems, Some(line), code, &Path::TOP.field(field), message);
    };
    let mut new = Vec::new();
    let mut seen = HashSet::new();
    for (line, revision) in std::mem::take(&mut state.revisions) {
        if !seen.insert(revision.id) {
            report(line, UserErrorCode::Duplicate, "id", "another line is the same revision");
        } else if let Some(row) = stored.get(&revision.id) {
            if *row != to_row(&revision, row.at) {
                let message = "the revision is stored with other content; the history is never rewritten";
                report(line, UserErrorCode::Conflict, "id", message);
            }
        } else {
            new.push((line, revision));
        }
    }
    let ids_in_use = ids_in_use(state, &seen, &new).await?;
    let positions: Vec<i64> = new.iter().map(|(_, line)| line.position).collect();
    let mut taken: HashSet<i64> = taken_positions(state.transaction, &positions).await?.into_iter().collect();
    for (line, revision) in &new {
        if ids_in_use.contains(&revision.id) {
            report(*line, UserErrorCode::Duplicate, "id", "the id is already in use: use another one");
        }
        let record = revision.record.id();
        let version = state.draft(record).map(Draft::version);
        let version = version.or_else(|| state.record_rows.get(&record).map(|row| row.version));
        if version.is_some_and(|version| revision.version > version) {
            report(
                *line,
                UserErrorCode::Conflict,
                "version",
                "is higher than the version of the record: import the record at that version too",
            );
        }
        if revision.position <= state.position || !taken.insert(revision.position) {
            let message =
                "the history has a revision at or after this position; import a history into an empty database";
            report(*line, UserErrorCode::Conflict, "position", message);
        }
    }
    state.input_problems.extend(input_problems);
    Ok(new.into_iter().map(|(_, revision)| revision).collect())
}

/// The ids of revisions that are also ids of records or of items, stored or new.
async fn ids_in_use(
    state: &WriteState<'_>,
    ids: &HashSet<Id>,
    new: &[(usize, Revision)],
) -> Result<HashSet<Id>, store::Error> {
    let mut found: HashSet<Id> = state.record_states.keys().filter(|id| ids.contains(id)).copied().collect();
    for draft in &state.drafts {
        draft.document.body.facts().items.visit_ids(&mut |_, id, _| {
            if ids.contains(&id) {
                found.insert(id);
            }
        });
    }
    // A database without a history is empty.
    if state.position > 0 {
        let new: Vec<Id> = new.iter().map(|(_, revision)| revision.id).collect();
        found.extend(find_records(state.transaction, &new, &[]).await?.into_iter().map(|row| row.id));
        found.extend(ids_of_items_and_revisions(state.transaction, &new).await?);
    }
    Ok(found)
}
