//! Merging two entities: everything that has a link to the one is written anew with a link to the other.

use std::collections::HashSet;

use entity::{
    Id,
    vocabulary::{Operation, PlaceKind, RecordKind, UserErrorCode},
};

use crate::{
    domain::{
        document::{Body, Document},
        problem::Path,
        write::{Deed, now, with_article},
    },
    store::{
        self,
        write::{linked_to, relations_of},
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
    take_over(&mut survivor, &mut leaving);
    let mut hand_in = |edit: Option<usize>, document: Document, deed: Deed| {
        if let Some(stored) = document.header.id.and_then(|id| desk.stored.get(&id)) {
            desk.given.push(part(edit, document, stored.clone(), deed));
        }
    };
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
            document.header.deleted_at = Some(now());
            Deed::Part(Operation::Delete)
        } else {
            Deed::Part(Operation::Update)
        };
        if let Some(stored) = document.header.id.and_then(|id| desk.stored.get(&id)) {
            desk.given.push(part(Some(edit), document, stored.clone(), deed));
        }
    }
    for document in others {
        if let Some(stored) = document.header.id.and_then(|id| desk.stored.get(&id)) {
            desk.given.push(part(Some(edit), document, stored.clone(), Deed::Part(Operation::Update)));
        }
    }
    Ok(())
}
