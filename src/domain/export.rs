//! Export: all records as lines that can be imported again.

use std::{
    cmp::Ordering,
    collections::{HashMap, HashSet},
};

use entity::{Id, vocabulary::RecordKind};

use crate::store::{
    self, Connection,
    write::{RecordRow, all_records, load, revisions_after},
};

use super::{
    document::ExportLine,
    kind::{ENTITY, Reference},
    publish::without_links,
    write::{documents, to_line},
};

/// How many records are in memory at once.
const RECORDS_AT_ONCE: usize = 1_000;
/// How many revisions are in memory at once.
const REVISIONS_AT_ONCE: u64 = 1_000;

/// What an export contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// All records, also those in the bin and merged ones.
    Records,
    /// All records and all revisions.
    RecordsAndHistory,
    /// What readers see: no records in the bin, and no links to them.
    Published,
}

/// Passes every record to a sink, one line each. The order depends only on the records: by type, then by key, then by id, records with
/// a key first. Revisions follow. The first and the last line are those of an export, see [`ExportLine`].
pub async fn export<E: From<store::Error>>(
    connection: &Connection,
    content: Content,
    mut sink: impl FnMut(&str, Progress) -> Result<(), E>,
) -> Result<Progress, E> {
    let transaction = connection.begin_read().await?;
    let mut records = all_records(&transaction).await?;
    let keys: HashMap<Id, String> = records.iter().filter_map(|row| Some((row.id, row.key.clone()?))).collect();
    let name = |id: Id| match keys.get(&id) {
        Some(key) => Reference::Key(key.clone()),
        None => Reference::Id(id),
    };
    let mut left_out: HashSet<Id> = HashSet::new();
    if content == Content::Published {
        left_out.extend(records.iter().filter(|row| row.deleted_at.is_some()).map(|row| row.id));
        let is_left_out = |row: &RecordRow| left_out.contains(&row.merged_into_id.unwrap_or(row.id));
        records.retain(|row| !is_left_out(row));
    }
    records.sort_by(in_order);

    let mut progress = Progress { written: 0, records: records.len(), left_out: left_out.len() };
    sink(&ExportLine::First {}.to_json(), progress)?;
    for records in records.chunks(RECORDS_AT_ONCE) {
        let ids: Vec<(Id, RecordKind)> = records.iter().map(|row| (row.id, row.kind)).collect();
        let mut documents = documents(&load(&transaction, &ids).await?);
        for row in records {
            // An id that was imported only in `mergedIds` of another record has no document.
            let Some(document) = documents.remove(&row.id) else { continue };
            let Some(mut document) = without_links(document, &left_out) else {
                progress.left_out += 1;
                continue;
            };
            document.body.visit_references(&mut |reference, _, _| {
                *reference = name(reference.id());
            });
            progress.written += 1;
            sink(&document.to_json(), progress)?;
        }
    }
    let records = progress.written;
    if content == Content::RecordsAndHistory {
        let mut position = 0;
        loop {
            let revisions = revisions_after(&transaction, position, REVISIONS_AT_ONCE).await?;
            let Some(last) = revisions.last() else { break };
            position = last.position;
            for row in revisions {
                let line = serde_json::to_string(&to_line(row, name)?).expect("a revision has string keys");
                progress.written += 1;
                sink(&line, progress)?;
            }
        }
    }
    transaction.roll_back().await?;
    sink(&ExportLine::Last { records, revisions: progress.written - records }.to_json(), progress)?;
    Ok(progress)
}

/// The progress of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The number of records and revisions that were written.
    pub written: usize,
    /// The number of records to write.
    pub records: usize,
    /// The number of records that are not published and were left out.
    pub left_out: usize,
}

/// Entities come first, because other records refer to them.
fn in_order(left: &RecordRow, right: &RecordRow) -> Ordering {
    let order = |row: &RecordRow| (!ENTITY.contains(&row.kind), row.kind, row.key.is_none());
    order(left).cmp(&order(right)).then_with(|| left.key.cmp(&right.key)).then_with(|| left.id.cmp(&right.id))
}
