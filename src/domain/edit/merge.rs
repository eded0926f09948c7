//! Merging two entities: what is known of the one goes over to the other, and so do all links to it, without doubling.

use std::collections::{HashMap, HashSet};

use entity::{
    Id,
    vocabulary::{Operation, PlaceKind, RecordKind, UserErrorCode},
};

use crate::{
    domain::{
        document::Document,
        kind::{Body, Merge, Reference, add_citations, of_kind},
        problem::{Path, Problem},
        shape::{self, Shape},
        write::{ChangeKind, time_of_deletion, with_article},
    },
    store::{
        self, Transaction,
        write::{linked_to, parents, relations_of},
    },
};

use super::session::{EditSession, part};

/// Prepares the merge of `from` into `into`.
pub(super) async fn merge(session: &mut EditSession<'_>, edit: usize, from: Id, into: Id) -> Result<(), store::Error> {
    let (kind, other) = (session.record_rows[&from].kind, session.record_rows[&into].kind);
    if kind != other {
        let message = format!(
            "{from} is {}, {into} is {}: only entities of one kind can be merged",
            with_article(kind),
            with_article(other)
        );
        session.report(edit, UserErrorCode::WrongType, &Path::TOP.field("into"), message);
        return Ok(());
    }
    let transaction = session.transaction;
    let moved = linked_to(transaction, from).await?;
    let relations: HashSet<Id> = relations_of(transaction, into).await?.into_iter().collect();
    let mut links: Vec<Id> = moved.union(&relations).copied().filter(|id| *id != from && *id != into).collect();
    links.sort_unstable();
    session.read(&links).await?;

    let (Some(mut survivor), Some(mut leaving)) =
        (session.stored.get(&into).cloned(), session.stored.get(&from).cloned())
    else {
        return Ok(());
    };
    if let (Body::Place(place), Body::Place(other)) = (&leaving.body, &survivor.body)
        && place.kind == PlaceKind::Country
        && other.kind != PlaceKind::Country
    {
        let message = "must be a COUNTRY, because other records name the merged place as their country";
        session.report(edit, UserErrorCode::WrongType, &Path::TOP.field("into"), message);
        return Ok(());
    }
    // What was merged into it before leads on with it, as each of their histories tells.
    session.read(&leaving.header.merged_ids).await?;
    let is_above = stands_above(transaction, &leaving, into).await?;
    take_over(&mut survivor, &mut leaving, Merge { from, into, is_above });
    let mut grown = Vec::new();
    let mut add_draft = |edit: Option<usize>, document: Document, change: ChangeKind| {
        if let Some(stored) = document.header.id.and_then(|id| session.stored.get(&id)) {
            session.drafts.push(part(edit, document, stored.clone(), change));
        }
    };
    grown.extend(session.stored.get(&into).map(|stored| too_long(&survivor, stored)).unwrap_or_default());
    add_draft(Some(edit), survivor, ChangeKind::Edit(Operation::Merge));
    add_draft(Some(edit), leaving, ChangeKind::Part(Operation::Merge));

    let mut documents: Vec<Document> = Vec::with_capacity(links.len());
    for id in links {
        if let Some(mut document) = session.stored.get(&id).cloned() {
            redirect_references(&mut document, from, into);
            documents.push(document);
        }
    }
    // Of two relations that say the same, the one that the survivor had stays.
    let (mut relations, others): (Vec<Document>, Vec<Document>) =
        documents.into_iter().partition(|document| document.header.kind == RecordKind::Relation);
    relations.sort_by_key(|document| document.header.id.is_some_and(|id| moved.contains(&id)));
    let gone = deduplicate_relations(&mut relations, &moved);
    for (index, mut document) in relations.into_iter().enumerate() {
        let change = if gone.contains(&index) {
            document.header.deleted_at = Some(time_of_deletion(document.header.created_at));
            ChangeKind::Part(Operation::Delete)
        } else {
            ChangeKind::Part(Operation::Update)
        };
        if let Some(stored) = document.header.id.and_then(|id| session.stored.get(&id)) {
            grown.extend(too_long(&document, stored));
            session.drafts.push(part(Some(edit), document, stored.clone(), change));
        }
    }
    for document in others {
        if let Some(stored) = document.header.id.and_then(|id| session.stored.get(&id)) {
            // Where two take part as one, what each was cited for is cited for both.
            grown.extend(too_long(&document, stored));
            session.drafts.push(part(Some(edit), document, stored.clone(), ChangeKind::Part(Operation::Update)));
        }
    }
    for problem in grown {
        session.report(edit, UserErrorCode::Invalid, &Path::TOP.field("into"), format!("cannot be merged: {problem}"));
    }
    Ok(())
}

/// Whether a record stands above another one, in the tree that their kind forms.
async fn stands_above(transaction: &Transaction, document: &Document, above: Id) -> Result<bool, store::Error> {
    let Some((tree, up)) = document.body.facts().parent else { return Ok(false) };
    let mut at = up.map(Reference::id);
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

/// Lets `into` take over what is known of `from`, which leads to it from then on.
fn take_over(into: &mut Document, from: &mut Document, merge: Merge) {
    into.header.merged_ids.push(merge.from);
    into.header.merged_ids.append(&mut from.header.merged_ids);
    into.header.merged_ids.sort_unstable();
    from.header.merged_into = Some(merge.into);
    into.body.take_over(&mut from.body, merge);
    redirect_references(into, merge.from, merge.into);
}

/// Lets every reference to `from` lead to `into`, and takes out what is equal thereby.
fn redirect_references(document: &mut Document, from: Id, into: Id) {
    document.visit_references(&mut |reference: &mut Reference, _: &'static [RecordKind], _: &Path<'_>| {
        if reference.id() == from {
            *reference = Reference::Id(into);
        }
    });
    document.body.deduplicate();
}

/// How many items of a document are equal to others.
pub(super) fn count_duplicates(document: &Document) -> usize {
    document.body.clone().deduplicate()
}

/// Relations that say the same as another one, or run from a record to itself, go into the bin. Those that stay take
/// over the citations. Gives the positions of those that go.
pub(super) fn deduplicate_relations(relations: &mut [Document], moved: &HashSet<Id>) -> HashSet<usize> {
    let mut gone = HashSet::new();
    // Those that stay, by what they are between and of.
    let mut kept: HashMap<_, Vec<usize>> = HashMap::new();
    for index in 0..relations.len() {
        let (before, rest) = relations.split_at_mut(index);
        let Some(document) = rest.first_mut() else { continue };
        let Body::Relation(relation) = &document.body else { continue };
        if document.header.deleted_at.is_some() {
            continue;
        }
        if relation.source == relation.target {
            gone.insert(index);
            continue;
        }
        let is_moved = document.header.id.is_some_and(|id| moved.contains(&id));
        let (source, target, both_ways) = (relation.source.id(), relation.target.id(), relation.holds_both_ways());
        let ends = if both_ways { (source.min(target), source.max(target)) } else { (source, target) };
        let alike = kept.entry((ends, relation.kind, both_ways)).or_default();
        let twin = alike.iter().copied().find(|at| {
            let other = &before[*at];
            let Body::Relation(known) = &other.body else { return false };
            known.since == relation.since
                // What holds both ways is told once for each time that it began, whatever else is said of it.
                && (both_ways || (known.until == relation.until && known.description == relation.description))
                && (is_moved || other.header.id.is_some_and(|id| moved.contains(&id)))
        });
        if let Some(at) = twin
            && let (Body::Relation(known), Body::Relation(relation)) = (&mut before[at].body, &mut document.body)
        {
            add_citations(&mut known.citations, std::mem::take(&mut relation.citations));
            gone.insert(index);
        } else {
            alike.push(index);
        }
    }
    gone
}
