//! The ids of items: participations, citations and mentions. An item without an id gets the id of an equal stored item.

use std::collections::{HashMap, HashSet};

use entity::{Id, vocabulary::UserErrorCode};

use crate::{
    domain::problem::{Path, Problem},
    store::{
        self,
        write::{ItemKind, find_records, ids_of_items_and_revisions, owners_of_items},
    },
};

use crate::domain::write::{ChangeKind, Draft, InputProblem, WriteState, report};

/// An id belongs to one record, one item or one revision.
const ID_IS_TAKEN: &str = "the id is already in use: leave it out or use another one";
const ID_OF_ANOTHER_RECORD: &str = "the id belongs to an item of another record: leave it out";

/// An item that moves from one record of the write to another. [`assign`] checks that its old owner gives it up.
pub(in crate::domain::write) struct MovedItem {
    owner: Id,
    item: (ItemKind, Id),
    /// The problem to report if its owner keeps it.
    input_problem: InputProblem,
}

/// Gives every item an id, and reports moved items that their owners keep.
pub(in crate::domain::write) fn assign(state: &mut WriteState<'_>, moved_items: Vec<MovedItem>) {
    for draft in &mut state.drafts {
        let stored = draft.stored.as_deref().map(|stored| stored.body.facts().items).unwrap_or_default();
        draft.document.body.facts_mut().items.keep_ids(stored);
    }
    let mut kept: HashSet<(ItemKind, Id)> = HashSet::new();
    let owners: HashSet<Id> = moved_items.iter().map(|moved| moved.owner).collect();
    for owner in owners.into_iter().filter_map(|owner| state.draft(owner)) {
        owner.document.body.facts().items.visit_ids(&mut |kind, id, _| {
            kept.insert((kind, id));
        });
    }
    let taken = moved_items.into_iter().filter(|moved| kept.contains(&moved.item));
    state.input_problems.extend(taken.map(|moved| moved.input_problem));
}

/// Checks that each given id is new or belongs to an item of the record. Items are not sorted yet, so a problem names the index that
/// the user wrote. Returns the items that move between records of the write.
pub(in crate::domain::write) async fn check(state: &mut WriteState<'_>) -> Result<Vec<MovedItem>, store::Error> {
    let mut given: HashMap<ItemKind, HashMap<Id, Id>> = HashMap::new();
    let mut taken: HashMap<(ItemKind, Id), &str> = HashMap::new();
    for draft in state.drafts.iter().filter(|draft| draft.input_index.is_some()) {
        draft.document.body.facts().items.visit_ids(&mut |kind, id, _| {
            if given.entry(kind).or_default().insert(id, draft.id).is_some() {
                taken.insert((kind, id), "another item has the same id: leave one out");
            }
        });
    }
    let mut known_items = HashSet::new();
    let mut owners = HashMap::new();
    for (kind, ids) in &given {
        let kind = *kind;
        let wanted: Vec<Id> = ids.keys().copied().collect();
        for (id, owner) in owners_of_items(state.transaction, kind, &wanted).await? {
            known_items.insert(id);
            if ids.get(&id) != Some(&owner) {
                if state.draft_by_id.contains_key(&owner) {
                    owners.insert((kind, id), owner);
                } else {
                    taken.insert((kind, id), ID_OF_ANOTHER_RECORD);
                }
            }
        }
    }
    Box::pin(check_kinds(state, &given, &mut taken, &known_items)).await?;
    let mut moved_items = Vec::new();
    if taken.is_empty() && owners.is_empty() {
        return Ok(moved_items);
    }
    for draft in &state.drafts {
        draft.document.body.facts().items.visit_ids(&mut |kind, id, path| {
            let item = (kind, id);
            if let Some(message) = taken.get(&item) {
                report(
                    &mut state.input_problems,
                    draft.input_index,
                    UserErrorCode::Duplicate,
                    &path.field("id"),
                    *message,
                );
            } else if let (Some(owner), Some(line)) = (owners.get(&item), draft.input_index) {
                let problem = Problem::new(UserErrorCode::Duplicate, &path.field("id"), ID_OF_ANOTHER_RECORD);
                moved_items.push(MovedItem { owner: *owner, item, input_problem: InputProblem::new(line, problem) });
            }
        });
    }
    Ok(moved_items)
}

/// Checks that no id is used for things of two kinds. The history checks the ids of revisions.
async fn check_kinds(
    state: &mut WriteState<'_>,
    given: &HashMap<ItemKind, HashMap<Id, Id>>,
    taken: &mut HashMap<(ItemKind, Id), &str>,
    known_items: &HashSet<Id>,
) -> Result<(), store::Error> {
    let is_used_elsewhere = |kind: ItemKind, id: &Id| {
        state.draft_by_id.contains_key(id) || given.iter().any(|(other, ids)| *other != kind && ids.contains_key(id))
    };
    let items = || given.iter().flat_map(|(kind, ids)| ids.keys().map(|id| (*kind, *id)));
    taken.extend(items().filter(|(kind, id)| is_used_elsewhere(*kind, id)).map(|item| (item, ID_IS_TAKEN)));
    let new_items: Vec<(ItemKind, Id)> = items().filter(|(_, id)| !known_items.contains(id)).collect();
    if !new_items.is_empty() {
        let ids: Vec<Id> = new_items.iter().map(|(_, id)| *id).collect();
        let mut others: HashSet<Id> =
            find_records(state.transaction, &ids, &[]).await?.into_iter().map(|row| row.id).collect();
        others.extend(ids_of_items_and_revisions(state.transaction, &ids).await?);
        taken.extend(new_items.into_iter().filter(|(_, id)| others.contains(id)).map(|item| (item, ID_IS_TAKEN)));
    }
    let is_new = |draft: &&Draft| draft.change == ChangeKind::Import && draft.stored.is_none();
    let mut records = state.client_ids.clone();
    records.extend(state.drafts.iter().filter(is_new).map(|draft| draft.id));
    let others: HashSet<Id> = ids_of_items_and_revisions(state.transaction, &records).await?.into_iter().collect();
    for draft in state.drafts.iter().filter(|draft| draft.stored.is_none() && others.contains(&draft.id)) {
        report(
            &mut state.input_problems,
            draft.input_index,
            UserErrorCode::Duplicate,
            &Path::TOP.field("id"),
            ID_IS_TAKEN,
        );
    }
    Ok(())
}
