//! Addresses and merged ids that belong to one record only, and lists without duplicates.

use std::collections::HashMap;

use entity::{
    Id,
    vocabulary::{Operation, UserErrorCode},
};

use crate::{
    domain::problem::Path,
    store::{self, write::find_records},
};

use crate::domain::write::{
    ChangeKind, Draft, InputProblem, WriteState, parallel::check_each, report, report_with_record,
};

/// Checks what has to be unique.
pub(in crate::domain::write) async fn check(state: &mut WriteState<'_>) -> Result<(), store::Error> {
    check_each(&mut state.drafts, &mut state.input_problems, check_lists);
    check_addresses(state);
    update_merged_into(state);
    check_merged_ids(state).await?;
    check_merged_into(state);
    Ok(())
}

/// Checks the lists of one document, which needs resolved references.
fn check_lists(draft: &mut Draft, input_problems: &mut Vec<InputProblem>) {
    let Some(line) = draft.input_index else { return };
    let mut problems = Vec::new();
    draft.document.body.check_references(draft.document.header.deleted_at.is_some(), &mut problems);
    input_problems.extend(problems.into_iter().map(|problem| InputProblem::new(line, problem)));
}

fn check_addresses(state: &mut WriteState<'_>) {
    let mut same_as: HashMap<&str, Id> = HashMap::new();
    let mut urls: HashMap<&str, Id> = HashMap::new();
    let mut conflicts = Vec::new();
    // Consequences come first, so that the line or edit with the same address is reported.
    let (written, consequences): (Vec<&Draft>, Vec<&Draft>) =
        state.drafts.iter().partition(|draft| draft.input_index.is_some());
    for draft in consequences.into_iter().chain(written) {
        // For a stored owner that is part of this write, its draft counts.
        let is_other = |owner: &Id| *owner != draft.id;
        let is_other_stored = |owner: &Id| is_other(owner) && !state.draft_by_id.contains_key(owner);
        let facts = draft.document.body.facts();
        for (index, url) in facts.same_as.iter().enumerate() {
            let stored = state.same_as.get(url).copied().filter(is_other_stored);
            let owners = same_as.insert(url, draft.id).filter(is_other).into_iter().chain(stored);
            conflicts.extend(owners.map(|owner| (draft.input_index, Some(index), owner)));
        }
        if let Some(url) = facts.url {
            let stored = state.urls.get(url).copied().filter(is_other_stored);
            let owners = urls.insert(url, draft.id).filter(is_other).into_iter().chain(stored);
            conflicts.extend(owners.map(|owner| (draft.input_index, None, owner)));
        }
    }
    for (line, index, owner) in conflicts {
        let (same_as, url) = (Path::TOP.field("sameAs"), Path::TOP.field("url"));
        let path = index.map_or(url, |index| same_as.item(index));
        let draft = state.draft(owner);
        // The id of a record that this call creates means nothing to the caller.
        let is_new = draft.is_some_and(|draft| draft.change == ChangeKind::Edit(Operation::Create));
        let (current, message) = if is_new {
            (None, "another change of the call has the same address: change one of them".to_owned())
        } else {
            let key = draft.and_then(|draft| draft.document.header.key.clone());
            (
                Some(owner),
                format!(
                    "the address belongs to {}: remove it, or merge the records",
                    key.unwrap_or_else(|| owner.to_string())
                ),
            )
        };
        report_with_record(&mut state.input_problems, line, current, UserErrorCode::Duplicate, &path, message);
    }
}

/// Sets `merged_into` of a merged record to the draft that now lists its id, if its old survivor lists it no longer.
fn update_merged_into(state: &mut WriteState<'_>) {
    let mut moved = Vec::new();
    for draft in &state.drafts {
        for id in &draft.document.header.merged_ids {
            let survivor = state.draft(*id).and_then(|merged| merged.document.header.merged_into);
            let is_released = survivor
                .and_then(|survivor| state.draft(survivor))
                .is_some_and(|other| other.id != draft.id && !other.document.header.merged_ids.contains(id));
            if is_released {
                moved.push((state.draft_by_id[id], draft.id));
            }
        }
    }
    for (merged, survivor) in moved {
        state.drafts[merged].document.header.merged_into = Some(survivor);
    }
}

/// Checks that the survivor of each imported merged record lists its id.
fn check_merged_into(state: &mut WriteState<'_>) {
    let path = Path::TOP.field("mergedInto");
    for draft in state.drafts.iter().filter(|draft| draft.change == ChangeKind::Import) {
        let Some(survivor) = draft.document.header.merged_into else { continue };
        let is_stored = state.record_rows.get(&draft.id).is_some_and(|row| row.merged_into_id == Some(survivor));
        let is_listed =
            state.draft(survivor).is_some_and(|survivor| survivor.document.header.merged_ids.contains(&draft.id));
        // An unknown record was reported.
        let Some(kind) = state.kind(survivor) else { continue };
        if kind != draft.document.header.kind {
            let message = "is a record of another type: only records of one type can be merged";
            report(&mut state.input_problems, draft.input_index, UserErrorCode::WrongType, &path, message);
        } else if !is_stored && !is_listed {
            let message = format!("the record {survivor} does not list this id in its mergedIds");
            report(&mut state.input_problems, draft.input_index, UserErrorCode::Invalid, &path, message);
        }
    }
}

/// Checks that a merged id is listed once, and is not the id of a record that was not merged.
async fn check_merged_ids(state: &mut WriteState<'_>) -> Result<(), store::Error> {
    let mut survivors: HashMap<Id, Id> = HashMap::new();
    let mut conflicts = Vec::new();
    let is_merged_here =
        |id: Id, into: Id| state.draft(id).is_some_and(|merged| merged.document.header.merged_into == Some(into));
    for draft in &state.drafts {
        for (index, id) in draft.document.header.merged_ids.iter().enumerate() {
            let is_duplicate = survivors.insert(*id, draft.id).is_some();
            if is_duplicate || (state.draft_by_id.contains_key(id) && !is_merged_here(*id, draft.id)) {
                conflicts.push((draft.input_index, index));
            }
        }
    }
    let ids: Vec<Id> = survivors.keys().copied().collect();
    for row in find_records(state.transaction, &ids, &[]).await? {
        let Some(draft) = survivors.get(&row.id).and_then(|survivor| state.draft(*survivor)) else { continue };
        // Where the stored survivor is part of this write, it passes the id on.
        let is_passed_on = row.merged_into_id.is_some_and(|survivor| state.draft_by_id.contains_key(&survivor));
        if row.merged_into_id != Some(draft.id)
            && !is_passed_on
            && !is_merged_here(row.id, draft.id)
            && let Some(index) = draft.document.header.merged_ids.iter().position(|id| *id == row.id)
        {
            conflicts.push((draft.input_index, index));
        }
    }
    for draft in &mut state.drafts {
        draft.document.header.merged_ids.sort_unstable();
    }
    for (line, index) in conflicts {
        let (list, message) =
            (Path::TOP.field("mergedIds"), "the id belongs to another record: remove it from mergedIds");
        report(&mut state.input_problems, line, UserErrorCode::Duplicate, &list.item(index), message);
    }
    Ok(())
}
