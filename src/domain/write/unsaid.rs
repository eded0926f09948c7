//! What the lines of an import are silent of, since an export without history leaves it out: links to what is in the bin. They stay,
//! and come back with what they lead to.

use std::collections::{HashMap, HashSet};

use entity::{Id, vocabulary::RecordKind};
use serde_json::{Map, Value};

use crate::{
    domain::{
        document::{self, Document},
        edit::shape_of,
        kind::of_kind,
        kind::{Body, Reference},
        problem::Path,
        shape::{Object, Shape},
    },
    store::{self, write::known},
};

use super::{Complaint, Deed, Draft, Work, identify::standing};

/// Puts back into the lines of an import what was left out of what was exported, item by item and field by field. Where a line says
/// something else of the very field that held a link to the bin, that counts.
pub(super) async fn keep_links_to_the_bin(work: &mut Work<'_>) -> Result<(), store::Error> {
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
        let Some(stored) = draft.stored.as_deref() else { continue };
        let mut exported = stored.clone();
        if !exported.forget(&binned) || exported == *stored {
            continue;
        }
        let mut fields = draft.document.fields();
        put_back(of_kind(stored.header.kind), &mut fields, &stored.fields(), &exported.fields());
        fields.shift_remove("mergedInto");
        let (read, problems) = document::as_far_as_possible(draft.document.header.kind, fields.into());
        let of_line = |problem| Some(Complaint { line: draft.line?, problem, current: None });
        work.complaints.extend(problems.into_iter().filter_map(of_line));
        if let Some(mut read) = read {
            read.header = draft.document.header.clone();
            let said = placed(&draft.document);
            work.unsaid.extend(placed(&read).difference(&said));
            draft.document = read;
        }
    }
    Ok(())
}

/// The citations and mentions of a document.
fn placed(document: &Document) -> HashSet<Id> {
    let citations = document.body.citations().filter_map(|citation| citation.id);
    let mentions = match &document.body {
        Body::Article(article) => article.mentions.as_slice(),
        _ => &[],
    };
    citations.chain(mentions.iter().filter_map(|mention| mention.id)).collect()
}

/// Gives the fields of a line what was left out of them.
fn put_back(
    object: &Object,
    line: &mut Map<String, Value>,
    stored: &Map<String, Value>,
    exported: &Map<String, Value>,
) {
    for (name, before) in stored {
        let shape = shape_of(object, name).item();
        let after = exported.get(name).cloned().unwrap_or_default();
        if *before == after {
            continue;
        }
        match (line.get_mut(name), before, &after) {
            (None, _, Value::Null) => drop(line.insert(name.clone(), before.clone())),
            (Some(now), _, _) if *now == after => *now = before.clone(),
            (Some(Value::Array(now)), Value::Array(before), Value::Array(after)) => {
                put_back_items(shape, now, before, after);
            }
            (Some(Value::Array(now)), Value::Array(before), Value::Null) => put_back_items(shape, now, before, &[]),
            (None, Value::Array(before), Value::Array(after)) => {
                let mut now = Vec::new();
                put_back_items(shape, &mut now, before, after);
                if !now.is_empty() {
                    line.insert(name.clone(), now.into());
                }
            }
            _ => {}
        }
    }
}

fn put_back_items(shape: Shape, line: &mut Vec<Value>, stored: &[Value], exported: &[Value]) {
    let exported: HashMap<String, &Value> = exported.iter().map(|item| (shape.key(item), item)).collect();
    let mut places: HashMap<String, usize> = line.iter().enumerate().map(|(at, item)| (shape.key(item), at)).collect();
    let mut left_out = Vec::new();
    for (at, before) in stored.iter().enumerate() {
        match (exported.get(&shape.key(before)), places.remove(&shape.key(before)).map(|at| &mut line[at])) {
            (None, None) => left_out.push((at, before)),
            (Some(Value::Object(after)), Some(Value::Object(now))) => {
                if let (Shape::Object(object), Value::Object(before)) = (shape, before) {
                    put_back(object, now, before, after);
                }
            }
            // The line gives it, or has taken it out.
            _ => {}
        }
    }
    for (at, item) in left_out {
        line.insert(at.min(line.len()), item.clone());
    }
}
