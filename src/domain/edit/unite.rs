//! Merging two entities: everything that has a link to the one is written anew with a link to the other.

use std::collections::HashSet;

use entity::{
    Id,
    vocabulary::{Operation, PlaceKind, RecordKind, UserErrorCode},
};

use crate::{
    domain::{
        document::{Body, Document, Reference},
        problem::{Path, Problem},
        shape::{self, Shape, of_kind},
        write::{Deed, time_of_deletion, with_article},
    },
    store::{
        self, Transaction,
        write::{Tree, linked_to, parents, relations_of},
    },
};

use super::{
    apply::{Desk, part},
    merge::{lead_on, single_out_relations, take_over},
};

/// Prepares the merge of `from` into `into`.
pub(super) async fn merge(desk: &mut Desk<'_>, edit: usize, from: Id, into: Id) -> Result<(), store::Error> {
    let (kind, other) = (desk.known[&from].kind, desk.known[&into].kind);
    if kind != other {
        let message = format!(
            "{from} is {}, {into} is {}: only entities of one kind can be merged",
            with_article(kind),
            with_article(other)
        );
        desk.object(edit, UserErrorCode::WrongType, &Path::TOP.field("into"), message);
        return Ok(());
    }
    let transaction = desk.transaction;
    let moved = linked_to(transaction, from).await?;
    let relations: HashSet<Id> = relations_of(transaction, into).await?.into_iter().collect();
    let mut links: Vec<Id> = moved.union(&relations).copied().filter(|id| *id != from && *id != into).collect();
    links.sort_unstable();
    desk.read(&links).await?;

    let (Some(mut survivor), Some(mut leaving)) = (desk.stored.get(&into).cloned(), desk.stored.get(&from).cloned())
    else {
        return Ok(());
    };
    if let (Body::Place(place), Body::Place(other)) = (&leaving.body, &survivor.body)
        && place.kind == PlaceKind::Country
        && other.kind != PlaceKind::Country
    {
        let message = "is no country, which the other one is: those who name that as their country would have none";
        desk.object(edit, UserErrorCode::WrongType, &Path::TOP.field("into"), message);
        return Ok(());
    }
    // What was merged into it before leads on with it, as each of their histories tells.
    desk.read(&leaving.header.merged_ids).await?;
    let is_above = stands_above(transaction, &leaving, into).await?;
    take_over(&mut survivor, &mut leaving, is_above);
    let mut grown = Vec::new();
    let mut hand_in = |edit: Option<usize>, document: Document, deed: Deed| {
        if let Some(stored) = document.header.id.and_then(|id| desk.stored.get(&id)) {
            desk.given.push(part(edit, document, stored.clone(), deed));
        }
    };
    grown.extend(desk.stored.get(&into).map(|stored| too_long(&survivor, stored)).unwrap_or_default());
    hand_in(Some(edit), survivor, Deed::Edit(Operation::Merge));
    hand_in(Some(edit), leaving, Deed::Part(Operation::Merge));

    let mut documents: Vec<Document> = Vec::with_capacity(links.len());
    for id in links {
        if let Some(mut document) = desk.stored.get(&id).cloned() {
            lead_on(&mut document, from, into);
            documents.push(document);
        }
    }
    // Of two relations that say the same, the one that the survivor had stays.
    let (mut relations, others): (Vec<Document>, Vec<Document>) =
        documents.into_iter().partition(|document| document.header.kind == RecordKind::Relation);
    relations.sort_by_key(|document| document.header.id.is_some_and(|id| moved.contains(&id)));
    let gone = single_out_relations(&mut relations, &moved);
    for (index, mut document) in relations.into_iter().enumerate() {
        let deed = if gone.contains(&index) {
            document.header.deleted_at = Some(time_of_deletion(document.header.created_at));
            Deed::Part(Operation::Delete)
        } else {
            Deed::Part(Operation::Update)
        };
        if let Some(stored) = document.header.id.and_then(|id| desk.stored.get(&id)) {
            grown.extend(too_long(&document, stored));
            desk.given.push(part(Some(edit), document, stored.clone(), deed));
        }
    }
    for document in others {
        if let Some(stored) = document.header.id.and_then(|id| desk.stored.get(&id)) {
            // Where two take part as one, what each was cited for is cited for both. All other lists of these only get shorter.
            if document.header.kind == RecordKind::Event {
                grown.extend(too_long(&document, stored));
            }
            desk.given.push(part(Some(edit), document, stored.clone(), Deed::Part(Operation::Update)));
        }
    }
    for problem in grown {
        desk.object(edit, UserErrorCode::Invalid, &Path::TOP.field("into"), format!("cannot be merged: {problem}"));
    }
    Ok(())
}

/// Whether a record stands above another one, in whatever tree that is a part of.
async fn stands_above(transaction: &Transaction, document: &Document, above: Id) -> Result<bool, store::Error> {
    let (tree, mut at) = match &document.body {
        Body::Place(place) => (Tree::ContainedIn, place.contained_in.as_ref().map(Reference::id)),
        Body::Organization(organization) => (Tree::Parent, organization.parent.as_ref().map(Reference::id)),
        Body::Event(event) => (Tree::PartOf, event.part_of.as_ref().map(Reference::id)),
        Body::Article(_) | Body::Person(_) | Body::Relation(_) => return Ok(false),
    };
    // Trees have no circles, and an end.
    while let Some(id) = at
        && id != above
    {
        at = parents(transaction, tree, &[id]).await?.pop().and_then(|(_, up)| up);
    }
    Ok(at.is_some())
}

/// What has become too long by taking over the items of another one: what can be stored can be edited, and brought in again.
fn too_long(document: &Document, stored: &Document) -> Vec<Problem> {
    let problems_of = |document: &Document| {
        let mut problems = Vec::new();
        let shape = Shape::Object(of_kind(document.header.kind));
        shape::check(&mut document.fields().into(), shape, &Path::TOP, &mut problems);
        problems
    };
    let mut problems = problems_of(document);
    if !problems.is_empty() {
        let before = problems_of(stored);
        problems.retain(|problem| !before.contains(problem));
    }
    problems
}
