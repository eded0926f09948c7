//! What is stored already of the records of a batch, and of those on which the batch has an effect.

use std::collections::HashSet;

use entity::{
    Id,
    vocabulary::{AnchorState, RecordKind, TextField},
};
use serde_json::{Map, Value};

use crate::{
    domain::{
        document::{self, Body, Document, FieldChange, Mention, Reference},
        problem::Path,
        undo::take_back,
    },
    store::{
        self,
        write::{Rows, anchored_in, citing, known, load},
    },
    text::Passages,
};

use super::{Deed, Draft, Work, assemble, identify::standing};

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
        let mut stored = assemble::documents(&read);
        for draft in &mut work.drafts {
            if draft.stored.is_none() {
                draft.stored = stored.remove(&draft.id).map(Box::new);
                keep_merged_ids(draft);
            }
        }
        rows.append(read);
        Box::pin(keep_links_to_the_bin(work)).await?;
    }
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
    for (id, mut document) in assemble::documents(&pulled) {
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

/// An export without history is silent of what is in the bin. A line of an import takes away no link to there, which comes back with
/// what it leads to: what was left out of the export is put back into the line, as an undoing would do it. Where the line says
/// something else of the same item, or single field, that counts.
async fn keep_links_to_the_bin(work: &mut Work<'_>) -> Result<(), store::Error> {
    let is_import = |draft: &&mut Draft| draft.deed == Deed::Import;
    let mut linked = HashSet::new();
    for stored in work.drafts.iter_mut().filter(is_import).filter_map(|draft| draft.stored.as_mut()) {
        stored.visit_references(&mut |reference: &mut Reference, _: &'static [RecordKind], _: &Path<'_>| {
            linked.insert(reference.id());
        });
    }
    let outside: Vec<Id> = linked.into_iter().filter(|id| !work.index.contains_key(id)).collect();
    let rows = known(work.transaction, &outside, &[]).await?;
    let binned: HashSet<Id> = rows.iter().filter(|row| row.deleted_at.is_some()).map(|row| row.id).collect();
    if binned.is_empty() {
        return Ok(());
    }
    for row in &rows {
        work.standing.entry(row.id).or_insert_with(|| standing(row));
    }
    for draft in work.drafts.iter_mut().filter(is_import) {
        if let Some(stored) = &draft.stored {
            let mut exported = (**stored).clone();
            if exported.forget(&binned) {
                put_back(&mut draft.document, stored, &exported);
            }
        }
    }
    Ok(())
}

/// Puts back into a document what is stored and was left out of what was exported.
fn put_back(document: &mut Document, stored: &Document, exported: &Document) {
    let (before, after) = (stored.fields(), exported.fields());
    let names: HashSet<&String> = before.keys().chain(after.keys()).collect();
    let value = |fields: &Map<String, Value>, name: &str| fields.get(name).cloned().unwrap_or_default();
    let left_out: Vec<FieldChange> = names
        .into_iter()
        .filter(|name| before.get(*name) != after.get(*name))
        .map(|name| FieldChange { field: name.clone(), before: value(&before, name), after: value(&after, name) })
        .collect();
    if left_out.is_empty() {
        return;
    }
    let mut fields = document.fields();
    take_back(&mut fields, &left_out);
    fields.shift_remove("mergedInto");
    let (read, problems) = document::as_far_as_possible(document.header.kind, fields.into());
    if let Some(mut read) = read.filter(|_| problems.is_empty()) {
        let given = mentions(document);
        read.header = document.header.clone();
        *document = read;
        follow(document, stored, &given);
    }
}

fn mentions(document: &Document) -> HashSet<Id> {
    match &document.body {
        Body::Article(article) => article.mentions.iter().filter_map(|mention| mention.id).collect(),
        _ => HashSet::new(),
    }
}

/// Lets mentions that were put back follow their text, of which the line may say something else. Those that it gives stand where it
/// says.
fn follow(document: &mut Document, stored: &Document, given: &HashSet<Id>) {
    let (Body::Article(new), Body::Article(old)) = (&mut document.body, &stored.body) else { return };
    for field in [TextField::Headline, TextField::Abstract, TextField::Body] {
        if old.text(field) == new.text(field) {
            continue;
        }
        let passages = Passages::new(old.text(field).unwrap_or_default(), new.text(field).unwrap_or_default());
        let is_put_back = |mention: &&mut Mention| {
            mention.field == field
                && mention.anchor != AnchorState::Orphaned
                && mention.id.is_some_and(|id| !given.contains(&id))
        };
        for mention in new.mentions.iter_mut().filter(is_put_back) {
            let found = usize::try_from(mention.start).ok().zip(usize::try_from(mention.end).ok());
            let found = found.and_then(|(start, end)| passages.find(start, end));
            let found = found.and_then(|(start, end)| Some((i32::try_from(start).ok()?, i32::try_from(end).ok()?)));
            mention.anchor = if found.is_some() { AnchorState::Moved } else { AnchorState::Orphaned };
            (mention.start, mention.end) = found.unwrap_or((mention.start, mention.end));
        }
    }
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
