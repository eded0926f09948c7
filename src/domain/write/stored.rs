//! What is stored already of the records of a batch, and of those on which the batch has an effect.

use std::collections::HashSet;

use entity::{
    Id,
    vocabulary::{RecordKind, UserErrorCode},
};

use crate::{
    domain::{
        kind::{Body, Reference},
        problem::Path,
    },
    store::{
        self,
        write::{Rows, anchored_in, citing, known, load},
    },
};

use super::{Deed, Draft, Work, assemble::documents, complain, identify::standing};

/// Reads what is stored of the drafts, as far as it was not read before, pulls in what they have an effect on, and gives
/// all rows that were read.
pub(super) async fn read(work: &mut Work<'_>, before: Rows) -> Result<Rows, store::Error> {
    let mut rows = before;
    let unread: Vec<(Id, RecordKind)> = work
        .drafts
        .iter()
        .filter(|draft| draft.stored.is_none())
        .filter_map(|draft| Some((draft.id, work.known.get(&draft.id)?.kind)))
        .collect();
    if !unread.is_empty() {
        let read = load(work.transaction, &unread).await?;
        let mut stored = documents(&read);
        for draft in &mut work.drafts {
            if draft.stored.is_none() {
                draft.stored = stored.remove(&draft.id).map(Box::new);
                keep_merged_ids(draft);
            }
        }
        rows.append(read);
    }
    check_links_to_the_bin(work);
    if work.drafts.iter().all(|draft| draft.stored.is_none()) {
        return Ok(rows);
    }

    let rewritten: Vec<Id> = work.drafts.iter().filter(|draft| is_rewritten(draft)).map(|draft| draft.id).collect();
    let mut owners = citing(work.transaction, &rewritten).await?;
    let mut moved: Vec<Id> = work.drafts.iter().filter(|draft| is_redated(draft)).map(|draft| draft.id).collect();
    let mut seen: HashSet<Id> = moved.iter().copied().collect();
    // What is pulled in may be an anchor itself.
    while !moved.is_empty() {
        let dependents = anchored_in(work.transaction, &moved).await?;
        moved = dependents.into_iter().filter(|id| seen.insert(*id)).collect();
        owners.extend(&moved);
    }
    pull_in(work, owners, &mut rows).await?;
    Ok(rows)
}

/// Refuses links of imported lines to records in the bin, unless the stored record has that link already.
fn check_links_to_the_bin(work: &mut Work<'_>) {
    let Work { drafts, standing, known, complaints, .. } = work;
    let in_bin: HashSet<Id> = standing.iter().filter(|(_, to)| to.is_deleted).map(|(id, _)| *id).collect();
    if in_bin.is_empty() {
        return;
    }
    for draft in drafts.iter_mut().filter(|draft| draft.deed == Deed::Import) {
        let mut linked = HashSet::new();
        if let Some(stored) = &mut draft.stored {
            stored.visit_references(&mut |reference: &mut Reference, _: &'static [RecordKind], _: &Path<'_>| {
                linked.insert(reference.id());
            });
        }
        draft.document.visit_references(&mut |reference: &mut Reference, _: &'static [RecordKind], path: &Path<'_>| {
            let id = reference.id();
            if in_bin.contains(&id) && !linked.contains(&id) {
                let key = known.get(&id).and_then(|row| row.key.clone());
                let message = format!("{} is in the bin", key.unwrap_or_else(|| id.to_string()));
                complain(complaints, draft.line, UserErrorCode::NotFound, path, message);
            }
        });
    }
}

/// Adds drafts of records that are not part of the batch, as they are stored.
async fn pull_in(work: &mut Work<'_>, mut ids: Vec<Id>, rows: &mut Rows) -> Result<(), store::Error> {
    ids.sort_unstable();
    ids.dedup();
    ids.retain(|id| !work.index.contains_key(id));
    if ids.is_empty() {
        return Ok(());
    }
    let records = known(work.transaction, &ids, &[]).await?;
    let kinds: Vec<(Id, RecordKind)> = records.iter().map(|row| (row.id, row.kind)).collect();
    let pulled = load(work.transaction, &kinds).await?;
    let mut references = Vec::new();
    for (id, mut document) in documents(&pulled) {
        document.visit_references(&mut |reference: &mut Reference, _: &'static [RecordKind], _: &Path<'_>| {
            references.push(reference.id());
        });
        work.add(Draft { line: None, id, stored: Some(Box::new(document.clone())), document, deed: Deed::Follow });
    }
    references.retain(|id| !work.standing.contains_key(id));
    references.sort_unstable();
    references.dedup();
    for row in known(work.transaction, &references, &[]).await? {
        work.standing.insert(row.id, standing(&row));
    }
    for row in records {
        work.standing.insert(row.id, standing(&row));
        work.known.insert(row.id, row);
    }
    rows.append(pulled);
    Ok(())
}

/// Ids that lead to a record are never lost, whether a document names them or not.
fn keep_merged_ids(draft: &mut Draft) {
    if let Some(stored) = &draft.stored {
        let ids = &mut draft.document.header.merged_ids;
        for id in &stored.header.merged_ids {
            if !ids.contains(id) {
                ids.push(*id);
            }
        }
        ids.sort_unstable();
    }
}

fn is_rewritten(draft: &Draft) -> bool {
    match (&draft.document.body, draft.stored.as_ref().map(|stored| &stored.body)) {
        (Body::Article(new), Some(Body::Article(old))) => {
            new.headline != old.headline || new.summary != old.summary || new.body != old.body
        }
        _ => false,
    }
}

fn is_redated(draft: &Draft) -> bool {
    match (&draft.document.body, draft.stored.as_ref().map(|stored| &stored.body)) {
        (Body::Article(new), Some(Body::Article(old))) => new.published_on != old.published_on,
        (Body::Event(new), Some(Body::Event(old))) => match (&new.date, &old.date) {
            (Some(new), Some(old)) => !new.is_given_as(old),
            (new, old) => new.is_some() || old.is_some(),
        },
        _ => false,
    }
}
