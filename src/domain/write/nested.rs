//! The ids of what records own: participations, citations and mentions. What is handed in without an id keeps that of the
//! stored item which says the same.

use std::collections::{HashMap, HashSet};

use entity::{Id, vocabulary::UserErrorCode};

use crate::{
    domain::problem::{Path, Problem},
    store::{
        self,
        write::{Nested, ids_of_no_records, known, owners_of_nested},
    },
};

use super::{Complaint, Deed, Draft, Work, complain};

/// An id is that of one thing, whatever that is: of a record, of an item, or of a revision.
pub(super) const TAKEN: &str = "the id is that of something else";
const OF_ANOTHER: &str = "the id is that of another record's item";

/// An item of one record in the line of another one. Its record is part of the write as well, and has given it away unless it was
/// merely pulled in, or says the same without an id.
pub(super) struct PassedOn {
    owner: Id,
    item: (Nested, Id),
    /// What is wrong with the line that takes it, unless it was given away.
    complaint: Complaint,
}

/// Gives every item its id, and tells of those passed on that their records have kept.
pub(super) fn settle(work: &mut Work<'_>, passed_on: Vec<PassedOn>) {
    for draft in &mut work.drafts {
        let stored = draft.stored.as_deref().map(|stored| stored.body.facts().owned).unwrap_or_default();
        draft.document.body.facts_mut().owned.keep_ids(stored);
    }
    let mut kept: HashSet<(Nested, Id)> = HashSet::new();
    let owners: HashSet<Id> = passed_on.iter().map(|passed| passed.owner).collect();
    for owner in owners.into_iter().filter_map(|owner| work.draft(owner)) {
        owner.document.body.facts().owned.visit_ids(&mut |nested, id, _| {
            kept.insert((nested, id));
        });
    }
    let taken = passed_on.into_iter().filter(|passed| kept.contains(&passed.item));
    work.complaints.extend(taken.map(|passed| passed.complaint));
}

/// Ids that are handed in must be those of the record's own items, or of none. Checked before anything is brought into
/// another order, so that what is wrong is told by its place in the line. Gives those of which it shows only when all have their
/// ids.
pub(super) async fn check_given(work: &mut Work<'_>) -> Result<Vec<PassedOn>, store::Error> {
    let mut given: HashMap<Nested, HashMap<Id, Id>> = HashMap::new();
    let mut taken: HashMap<(Nested, Id), &str> = HashMap::new();
    for draft in work.drafts.iter().filter(|draft| draft.line.is_some()) {
        draft.document.body.facts().owned.visit_ids(&mut |nested, id, _| {
            if given.entry(nested).or_default().insert(id, draft.id).is_some() {
                taken.insert((nested, id), "another item has the same id");
            }
        });
    }
    let mut known_items = HashSet::new();
    let mut owners = HashMap::new();
    for (nested, ids) in &given {
        let nested = *nested;
        let asked: Vec<Id> = ids.keys().copied().collect();
        for (id, owner) in owners_of_nested(work.transaction, nested, &asked).await? {
            known_items.insert(id);
            if ids.get(&id) != Some(&owner) {
                if work.index.contains_key(&owner) {
                    owners.insert((nested, id), owner);
                } else {
                    taken.insert((nested, id), OF_ANOTHER);
                }
            }
        }
    }
    Box::pin(check_kinds(work, &given, &mut taken, &known_items)).await?;
    let mut passed_on = Vec::new();
    if taken.is_empty() && owners.is_empty() {
        return Ok(passed_on);
    }
    for draft in &work.drafts {
        draft.document.body.facts().owned.visit_ids(&mut |nested, id, path| {
            let item = (nested, id);
            if let Some(message) = taken.get(&item) {
                complain(&mut work.complaints, draft.line, UserErrorCode::Duplicate, &path.field("id"), *message);
            } else if let (Some(owner), Some(line)) = (owners.get(&item), draft.line) {
                let problem = Problem::new(UserErrorCode::Duplicate, &path.field("id"), OF_ANOTHER);
                passed_on.push(PassedOn { owner: *owner, item, complaint: Complaint { line, problem, current: None } });
            }
        });
    }
    Ok(passed_on)
}

/// The ids of items and of new records are those of nothing else. Those of revisions are looked at when all items have theirs.
async fn check_kinds(
    work: &mut Work<'_>,
    given: &HashMap<Nested, HashMap<Id, Id>>,
    taken: &mut HashMap<(Nested, Id), &str>,
    known_items: &HashSet<Id>,
) -> Result<(), store::Error> {
    let of_others = |nested: Nested, id: &Id| {
        work.index.contains_key(id) || given.iter().any(|(other, ids)| *other != nested && ids.contains_key(id))
    };
    let items = || given.iter().flat_map(|(nested, ids)| ids.keys().map(|id| (*nested, *id)));
    taken.extend(items().filter(|(nested, id)| of_others(*nested, id)).map(|item| (item, TAKEN)));
    let new_items: Vec<(Nested, Id)> = items().filter(|(_, id)| !known_items.contains(id)).collect();
    if !new_items.is_empty() {
        let ids: Vec<Id> = new_items.iter().map(|(_, id)| *id).collect();
        let mut others: HashSet<Id> = known(work.transaction, &ids, &[]).await?.into_iter().map(|row| row.id).collect();
        others.extend(ids_of_no_records(work.transaction, &ids).await?);
        taken.extend(new_items.into_iter().filter(|(_, id)| others.contains(id)).map(|item| (item, TAKEN)));
    }
    let is_new = |draft: &&Draft| draft.deed == Deed::Import && draft.stored.is_none();
    let mut records = work.own_ids.clone();
    records.extend(work.drafts.iter().filter(is_new).map(|draft| draft.id));
    let others: HashSet<Id> = ids_of_no_records(work.transaction, &records).await?.into_iter().collect();
    for draft in work.drafts.iter().filter(|draft| draft.stored.is_none() && others.contains(&draft.id)) {
        complain(&mut work.complaints, draft.line, UserErrorCode::Duplicate, &Path::TOP.field("id"), TAKEN);
    }
    Ok(())
}
