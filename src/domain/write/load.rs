//! Reads the stored documents of the drafts, and adds drafts of the records that change as a consequence.

use std::collections::HashSet;

use entity::{
    Id,
    vocabulary::{RecordKind, UserErrorCode},
};

use crate::{
    domain::kind::Body,
    store::{
        self,
        write::{Rows, citing, find_records, with_dates_relative_to},
    },
};

use super::{
    ChangeKind, Draft, WriteState,
    assemble::documents,
    report,
    resolve::{linked_records, record_state},
};

/// Reads the stored documents of the drafts, except those that were read before. Adds a draft of each record that changes as a
/// consequence. Returns all rows that were read.
pub(super) async fn load(state: &mut WriteState<'_>, before: Rows) -> Result<Rows, store::Error> {
    let mut rows = before;
    let unread: Vec<(Id, RecordKind)> = state
        .drafts
        .iter()
        .filter(|draft| draft.stored.is_none())
        .filter_map(|draft| Some((draft.id, state.record_rows.get(&draft.id)?.kind)))
        .collect();
    if !unread.is_empty() {
        let read = store::write::load(state.transaction, &unread).await?;
        let mut stored = documents(&read);
        for draft in &mut state.drafts {
            if draft.stored.is_none() {
                draft.stored = stored.remove(&draft.id).map(Box::new);
                keep_merged_ids(draft);
            }
        }
        rows.append(read);
    }
    check_links_to_the_bin(state);
    if state.drafts.iter().all(|draft| draft.stored.is_none()) {
        return Ok(rows);
    }

    let articles: Vec<Id> = state.drafts.iter().filter(|draft| has_new_text(draft)).map(|draft| draft.id).collect();
    let mut owners = citing(state.transaction, &articles).await?;
    let mut anchors: Vec<Id> = state.drafts.iter().filter(|draft| has_new_date(draft)).map(|draft| draft.id).collect();
    let mut seen: HashSet<Id> = anchors.iter().copied().collect();
    // A dependent record may be an anchor as well.
    while !anchors.is_empty() {
        let dependents = with_dates_relative_to(state.transaction, &anchors).await?;
        anchors = dependents.into_iter().filter(|id| seen.insert(*id)).collect();
        owners.extend(&anchors);
    }
    add_consequences(state, owners, &mut rows).await?;
    Ok(rows)
}

/// Refuses links of imported lines to records in the bin, unless the stored record has that link already.
fn check_links_to_the_bin(state: &mut WriteState<'_>) {
    let WriteState { drafts, record_rows, input_problems, .. } = state;
    // As stored: an import does not restore a record.
    let in_bin: HashSet<Id> = record_rows.values().filter(|row| row.deleted_at.is_some()).map(|row| row.id).collect();
    if in_bin.is_empty() {
        return;
    }
    for draft in drafts.iter_mut().filter(|draft| draft.change == ChangeKind::Import) {
        let linked = draft.stored.as_mut().map(|stored| linked_records(stored)).unwrap_or_default();
        draft.document.body.visit_references(&mut |reference, _, path| {
            let id = reference.id();
            if in_bin.contains(&id) && !linked.contains(&id) {
                let key = record_rows.get(&id).and_then(|row| row.key.clone());
                let message = format!(
                    "{} is in the bin: restore it first, or refer to another record",
                    key.unwrap_or_else(|| id.to_string())
                );
                report(input_problems, draft.input_index, UserErrorCode::NotFound, path, message);
            }
        });
    }
}

/// Adds drafts of stored records that are not part of the batch.
async fn add_consequences(state: &mut WriteState<'_>, mut ids: Vec<Id>, rows: &mut Rows) -> Result<(), store::Error> {
    ids.sort_unstable();
    ids.dedup();
    ids.retain(|id| !state.draft_by_id.contains_key(id));
    if ids.is_empty() {
        return Ok(());
    }
    let records = find_records(state.transaction, &ids, &[]).await?;
    let kinds: Vec<(Id, RecordKind)> = records.iter().map(|row| (row.id, row.kind)).collect();
    let loaded = store::write::load(state.transaction, &kinds).await?;
    let mut references: Vec<Id> = Vec::new();
    for (id, mut document) in documents(&loaded) {
        references.extend(linked_records(&mut document));
        state.add(Draft {
            input_index: None,
            id,
            stored: Some(Box::new(document.clone())),
            document,
            change: ChangeKind::Consequence,
        });
    }
    references.retain(|id| !state.record_states.contains_key(id));
    references.sort_unstable();
    references.dedup();
    for row in find_records(state.transaction, &references, &[]).await? {
        state.record_states.insert(row.id, record_state(&row));
    }
    for row in records {
        state.record_states.insert(row.id, record_state(&row));
        state.record_rows.insert(row.id, row);
    }
    rows.append(loaded);
    Ok(())
}

/// Adds the stored merged ids: a document that leaves them out does not remove them.
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

fn has_new_text(draft: &Draft) -> bool {
    match (&draft.document.body, draft.stored.as_ref().map(|stored| &stored.body)) {
        (Body::Article(new), Some(Body::Article(old))) => {
            new.headline != old.headline || new.summary != old.summary || new.body != old.body
        }
        _ => false,
    }
}

fn has_new_date(draft: &Draft) -> bool {
    match (&draft.document.body, draft.stored.as_ref().map(|stored| &stored.body)) {
        (Body::Article(new), Some(Body::Article(old))) => new.published_on != old.published_on,
        (Body::Event(new), Some(Body::Event(old))) => match (&new.date, &old.date) {
            (Some(new), Some(old)) => !new.is_given_as(old),
            (new, old) => new.is_some() || old.is_some(),
        },
        _ => false,
    }
}
