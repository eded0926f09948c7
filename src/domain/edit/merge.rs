//! Merges two entities: the survivor takes over missing fields and all links. Equal links become one.

use std::collections::{HashMap, HashSet};

use entity::{
    Id,
    vocabulary::{Operation, PlaceKind, RecordKind, UserErrorCode},
};

use crate::{
    domain::{
        document::Document,
        kind::{Body, FuzzyDate, Merge, Reference, add_citations, of_kind},
        problem::{Path, Problem},
        shape::{self, Shape},
        write::{ChangeKind, time_of_deletion, with_article},
    },
    store::{
        self, Transaction,
        write::{linked_to, named_as_country, parents, relations_of},
    },
};

use super::session::{EditSession, part};

/// Prepares the merge of `from` into `into`.
pub(super) async fn merge(session: &mut EditSession<'_>, edit: usize, from: Id, into: Id) -> Result<(), store::Error> {
    let (kind, other) = (session.record_rows[&from].kind, session.record_rows[&into].kind);
    if kind != other {
        let message = format!(
            "{from} is {}, {into} is {}: only records of one type can be merged",
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
    session.read_documents(&links).await?;

    let (Some(mut survivor), Some(mut merged)) =
        (session.stored.get(&into).cloned(), session.stored.get(&from).cloned())
    else {
        return Ok(());
    };
    if let (Body::Place(place), Body::Place(other)) = (&merged.body, &survivor.body)
        && place.kind == PlaceKind::Country
        && other.kind != PlaceKind::Country
        && !named_as_country(transaction, &[from]).await?.is_empty()
    {
        let message = "must be a COUNTRY, because other records name the merged place as their country";
        session.report(edit, UserErrorCode::WrongType, &Path::TOP.field("into"), message);
        return Ok(());
    }
    // Records that were merged into `from` before now point to `into`, and each gets a revision.
    session.read_documents(&merged.header.merged_ids).await?;
    let survivor_is_ancestor = has_ancestor(transaction, &merged, into).await?;
    take_over(&mut survivor, &mut merged, Merge { from, into, survivor_is_ancestor });
    let mut drafts = vec![(survivor, ChangeKind::Edit(Operation::Merge)), (merged, ChangeKind::Part(Operation::Merge))];
    let mut documents: Vec<Document> = Vec::with_capacity(links.len());
    for id in links {
        if let Some(mut document) = session.stored.get(&id).cloned() {
            redirect_references(&mut document, from, into);
            documents.push(document);
        }
    }
    // Of two equal relations, the one that the survivor had is kept.
    let (mut relations, others): (Vec<Document>, Vec<Document>) =
        documents.into_iter().partition(|document| document.header.kind == RecordKind::Relation);
    relations.sort_by_key(|document| document.header.id.is_some_and(|id| moved.contains(&id)));
    let removed = deduplicate_relations(&mut relations, &moved);
    for (index, mut document) in relations.into_iter().enumerate() {
        let operation = if removed.contains(&index) {
            document.header.deleted_at = Some(time_of_deletion(&document.header));
            Operation::Delete
        } else {
            Operation::Update
        };
        drafts.push((document, ChangeKind::Part(operation)));
    }
    drafts.extend(others.into_iter().map(|document| (document, ChangeKind::Part(Operation::Update))));
    for (document, change) in drafts {
        let Some(stored) = document.header.id.and_then(|id| session.stored.get(&id)) else { continue };
        let problems = new_problems(&document, stored);
        session.drafts.push(part(Some(edit), document, stored.clone(), change));
        for problem in problems {
            let message = format!("cannot be merged: {problem}");
            session.report(edit, UserErrorCode::Invalid, &Path::TOP.field("into"), message);
        }
    }
    Ok(())
}

/// Whether `ancestor` is above a document in the tree of its kind.
async fn has_ancestor(transaction: &Transaction, document: &Document, ancestor: Id) -> Result<bool, store::Error> {
    let Some((tree, parent)) = document.body.facts().parent else { return Ok(false) };
    let mut at = parent.map(Reference::id);
    // This ends, because a tree has no cycles.
    while let Some(id) = at
        && id != ancestor
    {
        at = parents(transaction, tree, &[id]).await?.pop().and_then(|(_, parent)| parent);
    }
    Ok(at.is_some())
}

/// The problems that a merge adds, such as lists that are too long. A stored document must pass its own shape, or it could not be
/// edited or imported.
fn new_problems(document: &Document, stored: &Document) -> Vec<Problem> {
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

/// Moves the fields of `from` that `into` lacks to it, and marks `from` as merged.
fn take_over(into: &mut Document, from: &mut Document, merge: Merge) {
    into.header.merged_ids.push(merge.from);
    into.header.merged_ids.append(&mut from.header.merged_ids);
    into.header.merged_ids.sort_unstable();
    from.header.merged_into = Some(merge.into);
    into.body.take_over(&mut from.body, merge);
    redirect_references(into, merge.from, merge.into);
}

/// Replaces every reference to `from` by `into`, and removes items that become equal.
fn redirect_references(document: &mut Document, from: Id, into: Id) {
    document.body.visit_references(&mut |reference: &mut Reference, _: &'static [RecordKind], _: &Path<'_>| {
        if reference.id() == from {
            *reference = Reference::Id(into);
        }
    });
    document.body.deduplicate();
}

/// The number of items of a document that are equal to others.
pub(super) fn count_duplicates(document: &Document) -> usize {
    document.body.clone().deduplicate()
}

/// Whether two dates say the same in EDTF.
fn is_same_day(one: Option<&FuzzyDate>, other: Option<&FuzzyDate>) -> bool {
    one.and_then(FuzzyDate::edtf_or_resolved) == other.and_then(FuzzyDate::edtf_or_resolved)
}

/// Finds relations to delete: those equal to another one, and those from a record to itself. The others take over their citations.
/// Returns the indexes of relations to delete.
pub(super) fn deduplicate_relations(relations: &mut [Document], moved: &HashSet<Id>) -> HashSet<usize> {
    let mut removed = HashSet::new();
    // The positions of the relations that are kept, by their ends and kind.
    let mut kept: HashMap<_, Vec<usize>> = HashMap::new();
    for index in 0..relations.len() {
        let (before, rest) = relations.split_at_mut(index);
        let Some(document) = rest.first_mut() else { continue };
        let Body::Relation(relation) = &document.body else { continue };
        if document.header.deleted_at.is_some() {
            continue;
        }
        if relation.source == relation.target {
            removed.insert(index);
            continue;
        }
        let is_moved = document.header.id.is_some_and(|id| moved.contains(&id));
        let (source, target, symmetric) =
            (relation.source.id(), relation.target.id(), relation.holds_in_both_directions());
        let ends = if symmetric { (source.min(target), source.max(target)) } else { (source, target) };
        let candidates = kept.entry((ends, relation.kind, symmetric)).or_default();
        let duplicate_of = candidates.iter().copied().find(|at| {
            let other = &before[*at];
            let Body::Relation(known) = &other.body else { return false };
            is_same_day(known.since.as_ref(), relation.since.as_ref())
                // A symmetric relation is stored once for each start date, whatever its other fields are.
                && (symmetric
                    || (is_same_day(known.until.as_ref(), relation.until.as_ref())
                        && known.description == relation.description))
                && (is_moved || other.header.id.is_some_and(|id| moved.contains(&id)))
        });
        if let Some(at) = duplicate_of
            && let (Body::Relation(known), Body::Relation(relation)) = (&mut before[at].body, &mut document.body)
        {
            add_citations(&mut known.citations, std::mem::take(&mut relation.citations));
            removed.insert(index);
        } else {
            candidates.push(index);
        }
    }
    removed
}
