//! Compares stored rows with those that a write of the same records would make.

use std::collections::HashMap;

use entity::{Id, vocabulary::RecordKind};

use crate::{
    domain::kind::{Dates, RowWriter},
    store::write::Rows,
};

use super::{assemble::documents, check::date::visit};

/// The tables whose rows differ, each with the record that they belong to. `kinds` has the kinds of all records.
pub(in crate::domain) fn differences(stored: &Rows, kinds: &HashMap<Id, RecordKind>) -> Vec<(&'static str, Id)> {
    let documents = documents(stored);
    let mut dates = Dates::new();
    for (id, document) in &documents {
        visit(document, *id, &mut |owner, field, date| {
            if let Some(date) = date.edtf_or_resolved().and_then(|date| date.parse().ok()) {
                dates.insert((owner, field), date);
            }
        });
    }
    let relative = stored.relative_date.iter();
    let relative: HashMap<(Id, &str), Id> =
        relative.filter_map(|row| Some(((row.record_id.or(row.citation_id)?, row.field.as_str()), row.id))).collect();
    // A reference to a missing record is reported as such. No reference leads to a relation.
    let kind_of = |id: Id| Some(kinds.get(&id).copied().unwrap_or(RecordKind::Relation));
    let mut writer = RowWriter { kind_of: &kind_of, dates: &dates, relative: &relative, rows: Rows::default() };
    for (id, document) in &documents {
        let header = &document.header;
        document.body.write_rows(*id, header.deleted_at.is_some() || header.merged_into.is_some(), &mut writer);
    }
    // Documents have these rows as they are.
    writer.rows.record.clone_from(&stored.record);
    writer.rows.merged.clone_from(&stored.merged);
    stored.differences(&writer.rows)
}
