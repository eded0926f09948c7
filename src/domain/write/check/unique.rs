//! Addresses that lead to one record only, ids that are taken, and lists that hold nothing twice.

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
    check_each(&mut state.drafts, &mut state.input_problems, |draft, input_problems| within(draft, input_problems));
    addresses(state);
    merged_ids(state).await?;
    merged_into(state);
    Ok(())
}

/// What a document must not hold twice, now that references can be compared.
fn within(draft: &Draft, input_problems: &mut Vec<InputProblem>) {
    let Some(line) = draft.line else { return };
    let mut problems = Vec::new();
    draft.document.body.check_references(draft.document.header.deleted_at.is_some(), &mut problems);
    input_problems.extend(problems.into_iter().map(|problem| InputProblem::new(line, problem)));
}

fn addresses(state: &mut WriteState<'_>) {
    let mut same: HashMap<&str, Id> = HashMap::new();
    let mut urls: HashMap<&str, Id> = HashMap::new();
    let mut clashes = Vec::new();
    // What was pulled in comes first: it has what it has, and whoever takes that from it is told.
    let (given, pulled_in): (Vec<&Draft>, Vec<&Draft>) = state.drafts.iter().partition(|draft| draft.line.is_some());
    for draft in pulled_in.into_iter().chain(given) {
        for (index, url) in draft.document.body.facts().same_as.iter().enumerate() {
            if let Some(other) = same.insert(url, draft.id)
                && other != draft.id
            {
                clashes.push((draft.line, Some(index), other));
            }
        }
        if let Some(url) = draft.document.body.facts().url
            && let Some(other) = urls.insert(url, draft.id)
            && other != draft.id
        {
            clashes.push((draft.line, None, other));
        }
    }
    // An owner that is part of this write says for itself what it still holds.
    let held = |owner: Id, draft: Id| owner != draft && !state.index.contains_key(&owner);
    for draft in &state.drafts {
        for (index, url) in draft.document.body.facts().same_as.iter().enumerate() {
            if let Some(owner) = state.same_as.get(url)
                && held(*owner, draft.id)
            {
                clashes.push((draft.line, Some(index), *owner));
            }
        }
        if let Some(owner) = draft.document.body.facts().url.and_then(|url| state.urls.get(url))
            && held(*owner, draft.id)
        {
            clashes.push((draft.line, None, *owner));
        }
    }
    for (line, index, owner) in clashes {
        let record = owner;
        let (same_as, url) = (Path::TOP.field("sameAs"), Path::TOP.field("url"));
        let path = index.map_or(url, |index| same_as.item(index));
        let draft = state.draft(owner);
        if draft.is_some_and(|draft| draft.change == ChangeKind::Edit(Operation::Create)) {
            // It has an id that nobody knows, and never will if this is refused.
            let message = "another edit of the call has the same address";
            report(&mut state.input_problems, line, UserErrorCode::Duplicate, &path, message);
            continue;
        }
        let owner = draft.and_then(|draft| draft.document.header.key.clone()).unwrap_or_else(|| owner.to_string());
        report_with_record(
            &mut state.input_problems,
            line,
            record,
            UserErrorCode::Duplicate,
            &path,
            format!("the address belongs to {owner}"),
        );
    }
}

/// Lets what was merged into a record lead on with it, where that is merged itself or comes back with this write.
fn find_survivors(state: &mut WriteState<'_>) {
    let mut led = Vec::new();
    for draft in &state.drafts {
        for id in &draft.document.header.merged_ids {
            let was_led_to = state.draft(*id).and_then(|merged| merged.document.header.merged_into);
            let is_let_go = was_led_to
                .and_then(|other| state.draft(other))
                .is_some_and(|other| other.id != draft.id && !other.document.header.merged_ids.contains(id));
            if is_let_go {
                led.push((state.index[id], draft.id));
            }
        }
    }
    for (merged, into) in led {
        state.drafts[merged].document.header.merged_into = Some(into);
    }
}

/// A line of a record that was merged away agrees with the record that it was merged into.
fn merged_into(state: &mut WriteState<'_>) {
    let path = Path::TOP.field("mergedInto");
    for draft in state.drafts.iter().filter(|draft| draft.change == ChangeKind::Import) {
        let Some(survivor) = draft.document.header.merged_into else { continue };
        let is_known = state.record_rows.get(&draft.id).is_some_and(|row| row.merged_into_id == Some(survivor));
        let lists_it =
            state.draft(survivor).is_some_and(|survivor| survivor.document.header.merged_ids.contains(&draft.id));
        if state.kind(survivor) != Some(draft.document.header.kind) {
            let message = "is a record of another type: only records of one type can be merged";
            report(&mut state.input_problems, draft.line, UserErrorCode::WrongType, &path, message);
        } else if !is_known && !lists_it {
            let message = format!("the record {survivor} does not list this id in its mergedIds");
            report(&mut state.input_problems, draft.line, UserErrorCode::Invalid, &path, message);
        }
    }
}

/// An id that is said to lead to a record must not be that of a record of its own.
async fn merged_ids(state: &mut WriteState<'_>) -> Result<(), store::Error> {
    let mut owners: HashMap<Id, Id> = HashMap::new();
    let mut clashes = Vec::new();
    find_survivors(state);
    let is_merged_here =
        |id: Id, into: Id| state.draft(id).is_some_and(|merged| merged.document.header.merged_into == Some(into));
    for draft in &state.drafts {
        for (index, id) in draft.document.header.merged_ids.iter().enumerate() {
            let twice = owners.insert(*id, draft.id).is_some();
            if twice || (state.index.contains_key(id) && !is_merged_here(*id, draft.id)) {
                clashes.push((draft.line, index));
            }
        }
    }
    let ids: Vec<Id> = owners.keys().copied().collect();
    for row in find_records(state.transaction, &ids, &[]).await? {
        let Some(draft) = owners.get(&row.id).and_then(|owner| state.draft(*owner)) else {
            continue;
        };
        let comes_along = row.merged_into_id.is_some_and(|owner| state.index.contains_key(&owner));
        if row.merged_into_id != Some(draft.id)
            && !comes_along
            && !is_merged_here(row.id, draft.id)
            && let Some(index) = draft.document.header.merged_ids.iter().position(|id| *id == row.id)
        {
            clashes.push((draft.line, index));
        }
    }
    for draft in &mut state.drafts {
        draft.document.header.merged_ids.sort_unstable();
    }
    for (line, index) in clashes {
        report(
            &mut state.input_problems,
            line,
            UserErrorCode::Duplicate,
            &Path::TOP.field("mergedIds").item(index),
            "the id belongs to another record",
        );
    }
    Ok(())
}
