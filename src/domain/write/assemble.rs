//! Builds documents from rows.

use std::collections::HashMap;

use entity::{Id, record};

use crate::{
    domain::{
        document::{Document, Header},
        kind::Body,
    },
    store::write::{Rows, by_owner},
};

/// The documents of all records among the rows, with references by id.
pub(crate) fn documents(rows: &Rows) -> HashMap<Id, Document> {
    let mut bodies = Body::from_rows(rows);
    let merged = by_owner(&rows.merged, |row| row.merged_into_id.unwrap_or(row.id));
    let documents = rows.record.iter().filter_map(|row| {
        let body = bodies.remove(&row.id)?;
        let merged_ids = merged.get(&row.id).into_iter().flatten().map(|row| row.id).collect();
        Some((row.id, Document { header: header(row, merged_ids), body }))
    });
    documents.collect()
}

fn header(row: &record::Model, mut merged_ids: Vec<Id>) -> Header {
    merged_ids.sort_unstable();
    Header {
        kind: row.kind,
        id: Some(row.id),
        key: row.key.clone(),
        version: Some(row.version),
        created_at: Some(row.created_at),
        updated_at: Some(row.updated_at),
        deleted_at: row.deleted_at,
        merged_ids,
        merged_into: row.merged_into_id,
    }
}
