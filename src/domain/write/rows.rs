//! Builds rows from documents.

use std::collections::HashMap;

use entity::{Id, record};

use crate::{
    domain::kind::{Dates, Reference, RowWriter},
    store::write::Rows,
    text::sort_key,
};

use super::{Draft, WriteState, parallel::map_chunks};

/// The rows of all drafts. The row of a parent comes before the rows of its children.
pub(super) fn rows(state: &WriteState<'_>, before: &Rows, dates: &Dates) -> Rows {
    let relative = before.relative_date.iter();
    let relative: HashMap<(Id, &str), Id> =
        relative.filter_map(|row| Some(((row.record_id.or(row.citation_id)?, row.field.as_str()), row.id))).collect();
    let merged: HashMap<Id, &record::Model> = before.merged.iter().map(|row| (row.id, row)).collect();
    // Indexes grow at one place when rows come in the order of their ids.
    let mut drafts: Vec<&Draft> = state.drafts.iter().collect();
    drafts.sort_unstable_by_key(|draft| draft.id);
    sort_parents_first(&mut drafts);
    let shares = map_chunks(&mut drafts, |drafts| {
        let kind_of = |id| state.kind(id);
        let mut writer = RowWriter { kind_of: &kind_of, dates, relative: &relative, rows: Rows::default() };
        for draft in drafts {
            let header = &draft.document.header;
            let is_deleted = header.deleted_at.is_some() || header.merged_into.is_some();
            record(state, &merged, draft, &mut writer.rows);
            draft.document.body.write_rows(draft.id, is_deleted, &mut writer);
        }
        writer.rows
    });
    let mut rows = Rows::default();
    rows.append_all(shares);
    rows
}

/// Sorts drafts so that each comes after its parent, because foreign keys are checked row by row. Parents form no cycles.
fn sort_parents_first(drafts: &mut [&Draft]) {
    let parent = |draft: &&Draft| draft.document.body.facts().parent.and_then(|(_, parent)| parent).map(Reference::id);
    let parents: HashMap<Id, Option<Id>> = drafts.iter().map(|draft| (draft.id, parent(draft))).collect();
    let mut depths: HashMap<Id, usize> = HashMap::with_capacity(drafts.len());
    for start in parents.keys() {
        let mut chain = vec![*start];
        while let Some(Some(parent)) = chain.last().and_then(|id| parents.get(id)) {
            if depths.contains_key(parent) || !parents.contains_key(parent) {
                break;
            }
            chain.push(*parent);
        }
        while let Some(id) = chain.pop() {
            let parent = parents.get(&id).copied().flatten();
            let depth = parent.and_then(|parent| depths.get(&parent)).map_or(0, |depth| depth + 1);
            depths.insert(id, depth);
        }
    }
    drafts.sort_by_key(|draft| depths.get(&draft.id).copied().unwrap_or(0));
}

/// Adds the row of a record, and of those that were merged into it.
fn record(state: &WriteState<'_>, merged: &HashMap<Id, &record::Model>, draft: &Draft, rows: &mut Rows) {
    let header = &draft.document.header;
    let created_at = header.created_at.unwrap_or(state.now);
    // A new merged record is inserted after all others, because it refers to its survivor.
    let is_new_and_merged = header.merged_into.is_some() && !state.record_rows.contains_key(&draft.id);
    let table = if is_new_and_merged { &mut rows.merged } else { &mut rows.record };
    table.push(record::Model {
        id: draft.id,
        kind: header.kind,
        key: header.key.clone(),
        key_key: header.key.as_deref().map(sort_key),
        version: header.version.unwrap_or(1),
        created_at,
        updated_at: header.updated_at.unwrap_or(created_at),
        deleted_at: header.deleted_at,
        merged_into_id: header.merged_into,
        article_count: state.record_rows.get(&draft.id).map_or(0, |stored| stored.article_count),
    });
    // A record that this write merges has a draft, and so a row of its own.
    for id in header.merged_ids.iter().filter(|id| !state.draft_by_id.contains_key(id)) {
        let stored = merged.get(id).map(|row| record::Model { merged_into_id: Some(draft.id), ..(*row).clone() });
        rows.merged.push(stored.unwrap_or(record::Model {
            id: *id,
            kind: header.kind,
            key: None,
            key_key: None,
            version: 1,
            created_at,
            updated_at: created_at,
            deleted_at: None,
            merged_into_id: Some(draft.id),
            article_count: 0,
        }));
    }
}
