//! From documents to rows.

use std::collections::HashMap;

use entity::{Id, record};

use crate::{
    domain::kind::{Dates, Reference, RowWriter},
    store::write::Rows,
};

use super::{Draft, WriteState, parallel::map_chunks};

/// The rows of all drafts. What stands above others comes before them.
pub(super) fn rows(state: &WriteState<'_>, before: &Rows, dates: &Dates) -> Rows {
    let relative = before.relative_date.iter();
    let relative: HashMap<(Id, &str), Id> =
        relative.filter_map(|row| Some(((row.record_id.or(row.citation_id)?, row.field.as_str()), row.id))).collect();
    let merged: HashMap<Id, &record::Model> = before.merged.iter().map(|row| (row.id, row)).collect();
    // Indexes grow from one place at a time when rows come in the order of their ids.
    let mut drafts: Vec<&Draft> = state.drafts.iter().collect();
    drafts.sort_unstable_by_key(|draft| draft.id);
    put_above_first(&mut drafts);
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

/// Orders drafts so that each comes after the one above it, which the database asks for of their rows. There are no circles.
fn put_above_first(drafts: &mut [&Draft]) {
    let up = |draft: &&Draft| draft.document.body.facts().parent.and_then(|(_, up)| up).map(Reference::id);
    let above: HashMap<Id, Option<Id>> = drafts.iter().map(|draft| (draft.id, up(draft))).collect();
    let mut depths: HashMap<Id, usize> = HashMap::with_capacity(drafts.len());
    for start in above.keys() {
        let mut way = vec![*start];
        while let Some(Some(up)) = way.last().and_then(|at| above.get(at)) {
            if depths.contains_key(up) || !above.contains_key(up) {
                break;
            }
            way.push(*up);
        }
        while let Some(at) = way.pop() {
            let up = above.get(&at).copied().flatten();
            let depth = up.and_then(|up| depths.get(&up)).map_or(0, |depth| depth + 1);
            depths.insert(at, depth);
        }
    }
    drafts.sort_by_key(|draft| depths.get(&draft.id).copied().unwrap_or(0));
}

/// Adds the row of a record, and of those that were merged into it.
fn record(state: &WriteState<'_>, merged: &HashMap<Id, &record::Model>, draft: &Draft, rows: &mut Rows) {
    let header = &draft.document.header;
    let created_at = header.created_at.unwrap_or(state.now);
    // A new record that was merged away comes after all others, so that its survivor is there.
    let is_new_and_merged = header.merged_into.is_some() && !state.record_rows.contains_key(&draft.id);
    let table = if is_new_and_merged { &mut rows.merged } else { &mut rows.record };
    table.push(record::Model {
        id: draft.id,
        kind: header.kind,
        key: header.key.clone(),
        version: header.version.unwrap_or(1),
        created_at,
        updated_at: header.updated_at.unwrap_or(created_at),
        deleted_at: header.deleted_at,
        merged_into_id: header.merged_into,
    });
    // One that is merged by this very write has a draft, and so a row, of its own.
    for id in header.merged_ids.iter().filter(|id| !state.index.contains_key(id)) {
        let stored = merged.get(id).map(|row| record::Model { merged_into_id: Some(draft.id), ..(*row).clone() });
        rows.merged.push(stored.unwrap_or(record::Model {
            id: *id,
            kind: header.kind,
            key: None,
            version: 1,
            created_at,
            updated_at: created_at,
            deleted_at: None,
            merged_into_id: Some(draft.id),
        }));
    }
}
