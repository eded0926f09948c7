//! The ids of what records own: participations, citations and mentions. What is handed in without an id keeps that of the
//! stored item which says the same.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    hash::Hash,
};

use entity::{
    Id,
    vocabulary::{AnchorState, TextField, UserErrorCode},
};

use crate::{
    domain::{
        document::{Article, Body, Citation, Document, Event, Mention, Participation},
        problem::{Path, Problem},
    },
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
        let stored = draft.stored.as_deref().map(|stored| &stored.body);
        match (&mut draft.document.body, stored) {
            (Body::Event(event), stored) => {
                let stored = match stored {
                    Some(Body::Event(stored)) => Some(&**stored),
                    _ => None,
                };
                settle_event(event, stored);
            }
            (Body::Relation(relation), stored) => {
                let stored = match stored {
                    Some(Body::Relation(stored)) => stored.citations.as_slice(),
                    _ => &[],
                };
                let given = relation.citations.iter().filter_map(|item| item.id).collect();
                settle_citations(&mut relation.citations, stored, &given);
            }
            (Body::Article(article), stored) => {
                let stored = match stored {
                    Some(Body::Article(stored)) => Some(&**stored),
                    _ => None,
                };
                settle_mentions(article, stored);
            }
            _ => {}
        }
    }
    let mut kept: HashSet<(Nested, Id)> = HashSet::new();
    let owners: HashSet<Id> = passed_on.iter().map(|passed| passed.owner).collect();
    for owner in owners.into_iter().filter_map(|owner| work.draft(owner)) {
        visit_ids(&owner.document, &mut |nested, id, _| {
            kept.insert((nested, id));
        });
    }
    let taken = passed_on.into_iter().filter(|passed| kept.contains(&passed.item));
    work.complaints.extend(taken.map(|passed| passed.complaint));
}

fn settle_event(event: &mut Event, stored: Option<&Event>) {
    let (participants, citations): (&[_], &[_]) =
        stored.map_or((&[], &[]), |stored| (&stored.participants, &stored.citations));
    // Evidence keeps its id where it goes over from a participant to the event or back.
    let all = event.citations.iter().chain(event.participants.iter().flat_map(|item| &item.citations));
    let given: HashSet<Id> = all.filter_map(|item| item.id).collect();
    settle_citations(&mut event.citations, citations, &given);

    let who_is_given = event.participants.iter().filter_map(|item| item.id).collect();
    let mut free = Free::new(participants, &who_is_given, |item| item.id, who);
    // First those that say the same with their citations, then those that do without them, so that a new citation does
    // not make a new participation.
    free.hand_out(
        &mut event.participants,
        |item| &mut item.id,
        |item, old| same_citations(&item.citations, &old.citations),
    );
    free.hand_out(&mut event.participants, |item| &mut item.id, |_, _| true);
    let stored: HashMap<Option<Id>, &[Citation]> =
        participants.iter().map(|old| (old.id, old.citations.as_slice())).collect();
    for participation in &mut event.participants {
        let id = participation.id.get_or_insert_with(Id::new);
        let stored = stored.get(&Some(*id)).copied().unwrap_or_default();
        settle_citations(&mut participation.citations, stored, &given);
    }
}

/// What two participations have to have in common to be the same.
fn who(item: &Participation) -> impl Eq + Hash + use<> {
    (item.participant.clone(), item.description.clone(), item.count, item.role)
}

/// The same of citations.
fn passage(item: &Citation) -> impl Eq + Hash + use<> {
    (item.article.clone(), item.field, item.quote.clone())
}

fn same_citations(items: &[Citation], old: &[Citation]) -> bool {
    items.len() == old.len() && items.iter().zip(old).all(|(item, old)| same_citation(item, old))
}

fn same_citation(item: &Citation, old: &Citation) -> bool {
    let mut item = item.clone();
    if let (Some(date), Some(old)) = (&mut item.date, &old.date) {
        date.resolved.clone_from(&old.resolved);
    }
    item.says_the_same_as(old)
}

/// `given` holds the ids of citations that the line gives, in this list or another one.
fn settle_citations(citations: &mut [Citation], stored: &[Citation], given: &HashSet<Id>) {
    let mut free = Free::new(stored, given, |item| item.id, passage);
    free.hand_out(citations, |item| &mut item.id, same_citation);
    // A citation of the same passage is the same citation, put in another way.
    free.hand_out(citations, |item| &mut item.id, |_, _| true);
    for citation in citations {
        citation.id.get_or_insert_with(Id::new);
    }
}

fn settle_mentions(article: &mut Article, stored: Option<&Article>) {
    let mentions = &mut article.mentions;
    if let Some(stored) = stored {
        let given = mentions.iter().filter_map(|mention| mention.id).collect();
        let mut free = Free::new(&stored.mentions, &given, |mention| mention.id, place);
        // Several may have been lost at one place, one after the other, and another one may stand there.
        free.hand_out(mentions, |mention| &mut mention.id, says_the_same);
        free.hand_out(mentions, |mention| &mut mention.id, |_, _| true);
    }
    for mention in mentions.iter_mut() {
        mention.id.get_or_insert_with(Id::new);
    }
    mentions.sort_unstable_by_key(Mention::order);
}

fn place(mention: &Mention) -> (TextField, i32, i32, Id) {
    (mention.field, mention.start, mention.end, mention.entity.id())
}

fn says_the_same(mention: &Mention, old: &Mention) -> bool {
    let is_lost = |mention: &Mention| mention.anchor == AnchorState::Orphaned;
    is_lost(mention) == is_lost(old) && mention.text == old.text
}

/// Stored items whose ids nobody has claimed yet, by what they have to have in common with those that claim them.
struct Free<'a, T, K> {
    items: HashMap<K, VecDeque<(Id, &'a T)>>,
    key: fn(&T) -> K,
}

impl<'a, T, K: Eq + Hash> Free<'a, T, K> {
    fn new(stored: &'a [T], claimed: &HashSet<Id>, id: impl Fn(&T) -> Option<Id>, key: fn(&T) -> K) -> Self {
        let mut items: HashMap<K, VecDeque<(Id, &'a T)>> = HashMap::new();
        for item in stored {
            if let Some(id) = id(item).filter(|id| !claimed.contains(id)) {
                items.entry(key(item)).or_default().push_back((id, item));
            }
        }
        Self { items, key }
    }

    /// Gives each item without an id that of the first free one that is the same.
    fn hand_out(&mut self, items: &mut [T], id: impl Fn(&mut T) -> &mut Option<Id>, same: impl Fn(&T, &T) -> bool) {
        for item in items {
            if id(item).is_some() {
                continue;
            }
            if let Some(alike) = self.items.get_mut(&(self.key)(item))
                && let Some(index) = alike.iter().position(|(_, old)| same(item, old))
            {
                *id(item) = alike.remove(index).map(|(found, _)| found);
            }
        }
    }
}

/// Ids that are handed in must be those of the record's own items, or of none. Checked before anything is brought into
/// another order, so that what is wrong is told by its place in the line. Gives those of which it shows only when all have their
/// ids.
pub(super) async fn check_given(work: &mut Work<'_>) -> Result<Vec<PassedOn>, store::Error> {
    let mut given: HashMap<Nested, HashMap<Id, Id>> = HashMap::new();
    let mut taken: HashMap<(Nested, Id), &str> = HashMap::new();
    for draft in work.drafts.iter().filter(|draft| draft.line.is_some()) {
        visit_ids(&draft.document, &mut |nested, id, _| {
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
        visit_ids(&draft.document, &mut |nested, id, path| {
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
    if work.transaction.fills().await {
        return Ok(());
    }
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

/// Every id of an item that a document owns, with its place.
pub(super) fn visit_ids(document: &Document, visitor: &mut impl FnMut(Nested, Id, &Path<'_>)) {
    let citations = |citations: &[Citation], owner: &Path<'_>, visitor: &mut dyn FnMut(Nested, Id, &Path<'_>)| {
        let list = owner.field("citations");
        for (index, citation) in citations.iter().enumerate() {
            if let Some(id) = citation.id {
                visitor(Nested::Citation, id, &list.item(index));
            }
        }
    };
    match &document.body {
        Body::Event(event) => {
            let list = Path::TOP.field("participants");
            for (index, participation) in event.participants.iter().enumerate() {
                let path = list.item(index);
                if let Some(id) = participation.id {
                    visitor(Nested::Participation, id, &path);
                }
                citations(&participation.citations, &path, visitor);
            }
            citations(&event.citations, &Path::TOP, visitor);
        }
        Body::Relation(relation) => citations(&relation.citations, &Path::TOP, visitor),
        Body::Article(article) => {
            let list = Path::TOP.field("mentions");
            for (index, mention) in article.mentions.iter().enumerate() {
                if let Some(id) = mention.id {
                    visitor(Nested::Mention, id, &list.item(index));
                }
            }
        }
        Body::Place(_) | Body::Organization(_) | Body::Person(_) => {}
    }
}
