//! The way back: everything that is stored, as lines that can be imported again.

use std::{
    cmp::Ordering,
    collections::{HashMap, HashSet},
};

use entity::{Id, vocabulary::RecordKind};

use crate::store::{
    self, Connection,
    write::{Known, all_records, load, revisions_after},
};

use super::{
    kind::{ENTITY, Reference},
    problem::Path,
    write::{documents, to_line},
};

/// As many records as are held in memory at once.
const RECORDS_AT_ONCE: usize = 1_000;
/// As many revisions.
const REVISIONS_AT_ONCE: u64 = 1_000;

/// Hands every record to a sink, one line each, in an order that depends on nothing but the records: by type, then
/// those with a key by key, then by id. With the history, records in the bin are there, too, and revisions follow;
/// without it, nothing refers to a record in the bin.
///
/// # Errors
///
/// If the database fails, or with the sink's own error.
pub async fn export<E: From<store::Error>>(
    connection: &Connection,
    with_history: bool,
    mut sink: impl FnMut(&str, Progress) -> Result<(), E>,
) -> Result<Progress, E> {
    let transaction = connection.begin_read().await?;
    let records = all_records(&transaction).await?;
    let keys: HashMap<Id, String> = records.iter().filter_map(|row| Some((row.id, row.key.clone()?))).collect();
    let name = |id: Id| match keys.get(&id) {
        Some(key) => Reference::Key(key.clone()),
        None => Reference::Id(id),
    };
    let (binned, mut records): (Vec<Known>, Vec<Known>) =
        records.into_iter().partition(|row| !with_history && row.deleted_at.is_some());
    let binned: HashSet<Id> = binned.into_iter().map(|row| row.id).collect();
    records.sort_by(in_order);

    let mut progress = Progress { written: 0, records: records.len() };
    for records in records.chunks(RECORDS_AT_ONCE) {
        let ids: Vec<(Id, RecordKind)> = records.iter().map(|row| (row.id, row.kind)).collect();
        let mut documents = documents(&load(&transaction, &ids).await?);
        for row in records {
            let Some(mut document) = documents.remove(&row.id) else {
                continue;
            };
            if !document.forget(&binned) {
                continue;
            }
            document.visit_references(&mut |reference: &mut Reference, _: &'static [RecordKind], _: &Path<'_>| {
                *reference = name(reference.id());
            });
            progress.written += 1;
            sink(&document.to_json(), progress)?;
        }
    }
    if with_history {
        let mut position = 0;
        loop {
            let revisions = revisions_after(&transaction, position, REVISIONS_AT_ONCE).await?;
            let Some(last) = revisions.last() else { break };
            position = last.position;
            for row in revisions {
                let line = serde_json::to_string(&to_line(row, name)?)
                    .expect("a revision has string keys, so that it can be written");
                progress.written += 1;
                sink(&line, progress)?;
            }
        }
    }
    transaction.roll_back().await?;
    Ok(progress)
}

/// How far an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The lines that were written.
    pub written: usize,
    /// The records that there are.
    pub records: usize,
}

/// Entities come first, which others refer to.
fn in_order(left: &Known, right: &Known) -> Ordering {
    let order = |row: &Known| (!ENTITY.contains(&row.kind), row.kind, row.key.is_none());
    order(left).cmp(&order(right)).then_with(|| left.key.cmp(&right.key)).then_with(|| left.id.cmp(&right.id))
}
