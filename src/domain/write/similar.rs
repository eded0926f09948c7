//! Warnings: other records that have a name, an address or a text that a call gives to a record.

use std::collections::{HashMap, HashSet};

use entity::{
    Id,
    vocabulary::{RecordKind, Vocabulary as _, WarningCode},
};

use crate::{
    domain::problem::quoted,
    store::{
        self,
        write::{Rows, SimilarKeys, SimilarRecord, SimilarTo, similar_records},
    },
};

use super::{ChangeKind, WriteState};

/// How many warnings a call has at most.
pub const MAX_WARNINGS: usize = 100;
/// How many of them one edit has at most, so that a frequent name does not hide the warnings of other edits.
const MAX_WARNINGS_OF_EDIT: usize = 10;

/// A warning about an edit that is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The edit, counted from 0.
    pub index: usize,
    /// The kind of warning.
    pub code: WarningCode,
    /// The path of the field.
    pub field: Vec<String>,
    /// What was found and what to do, without a full stop.
    pub message: String,
    /// The other record.
    pub record: Id,
}

/// A name, an address or a text that an edit gives to a visible record.
pub(super) struct NewKey {
    index: usize,
    record: Id,
    kind: RecordKind,
    key: SimilarTo,
    field: Vec<String>,
    /// The name, for the message.
    name: String,
}

/// The names, addresses and texts that edits give to records, in the order of the edits and of the fields of each.
pub(super) fn new_keys(state: &WriteState<'_>, before: &Rows, after: &Rows) -> Vec<NewKey> {
    let mut known = HashSet::new();
    visit_keys(before, |record, key, _, _| {
        known.insert((record, key));
    });
    let mut new = Vec::new();
    visit_keys(after, |record, key, field, name| {
        let draft = state.draft(record).filter(|draft| matches!(draft.change, ChangeKind::Edit(_)));
        let Some((draft, index)) = draft.and_then(|draft| Some((draft, draft.input_index?))) else { return };
        // Names of one record may differ in case only.
        if known.insert((record, key.clone())) {
            let (field, name) = (field.iter().map(ToString::to_string).collect(), name.to_owned());
            new.push(NewKey { index, record, kind: draft.document.header.kind, key, field, name });
        }
    });
    new.sort_by_key(|new: &NewKey| new.index);
    new
}

/// Calls the visitor with every key of visible records: the record, the key, its field and, of a name, the text.
fn visit_keys(rows: &Rows, mut visitor: impl FnMut(Id, SimilarTo, &[&str], &str)) {
    let is_visible = |row: &&entity::record::Model| row.deleted_at.is_none() && row.merged_into_id.is_none();
    let visible: HashSet<Id> = rows.record.iter().filter(is_visible).map(|row| row.id).collect();
    for row in rows.record_name.iter().filter(|row| visible.contains(&row.record_id)) {
        let key = SimilarTo::Name(row.text_key.clone());
        // The main name comes first, and is not in the list `names`.
        match row.position {
            0 => visitor(row.record_id, key, &["name"], &row.text),
            position => visitor(row.record_id, key, &["names", &(position - 1).to_string()], &row.text),
        }
    }
    for row in rows.article.iter().filter(|row| !row.is_deleted) {
        if let Some(key) = &row.address_key {
            visitor(row.id, SimilarTo::Address(key.clone()), &["url"], "");
        }
        if let Some(key) = row.body_key {
            visitor(row.id, SimilarTo::Body(key), &["body"], "");
        }
    }
}

/// The warnings about these keys. A record is named once for all names that it shares.
pub(super) async fn warnings(state: &WriteState<'_>, new: Vec<NewKey>) -> Result<Vec<Warning>, store::Error> {
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let mut keys = SimilarKeys::default();
    for NewKey { kind, key, .. } in &new {
        match key {
            SimilarTo::Name(name) => keys.names.insert((*kind, name.clone())),
            SimilarTo::Address(address) => keys.addresses.insert(address.clone()),
            SimilarTo::Body(body) => keys.bodies.insert(*body),
        };
    }
    let mut found: HashMap<SimilarTo, Vec<SimilarRecord>> = HashMap::new();
    for similar in similar_records(state.transaction, keys).await? {
        found.entry(similar.by.clone()).or_default().push(similar);
    }
    let (mut warnings, mut named, mut of_edit) = (Vec::new(), HashSet::new(), HashMap::new());
    for new in new {
        let others = found.get(&new.key).into_iter().flatten();
        for other in others.filter(|other| other.kind == new.kind && other.id != new.record) {
            let is_name = matches!(new.key, SimilarTo::Name(_));
            let count = of_edit.entry(new.index).or_insert(0_usize);
            if *count < MAX_WARNINGS_OF_EDIT && (!is_name || named.insert((new.record, other.id))) {
                *count += 1;
                let (code, message) = (WarningCode::Similar, message(state, &new, other));
                warnings.push(Warning { index: new.index, code, field: new.field.clone(), message, record: other.id });
            }
        }
    }
    warnings.truncate(MAX_WARNINGS);
    Ok(warnings)
}

fn message(state: &WriteState<'_>, new: &NewKey, other: &SimilarRecord) -> String {
    let kind = other.kind.as_str().to_lowercase();
    // The id of a record that this call creates means nothing to the caller.
    let is_new = state.draft(other.id).is_some_and(|draft| draft.stored.is_none());
    let other = match &other.key {
        _ if is_new => format!("another {kind} of the call"),
        Some(key) => format!("the {kind} {key}"),
        None => format!("the {kind} {}", other.id),
    };
    let what = match new.key {
        SimilarTo::Name(_) => format!("has the name {}, too", quoted(&new.name)),
        SimilarTo::Address(_) => "has almost the same address".to_owned(),
        SimilarTo::Body(_) => "has the same text".to_owned(),
    };
    format!("{other} {what}: check whether it is the same {kind}")
}
