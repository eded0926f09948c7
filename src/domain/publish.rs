//! Removes every link to unpublished records from a document.

use std::collections::HashSet;

use entity::Id;

use super::{
    document::{self, Document},
    kind::of_kind,
    shape::remove_links_of,
};

/// Removes every link to these records, and every item that requires its link. Returns nothing if the document itself requires one.
pub(super) fn without_links(mut document: Document, to: &HashSet<Id>) -> Option<Document> {
    let mut is_linked = false;
    document.body.visit_references(&mut |reference, _, _| {
        is_linked |= to.contains(&reference.id());
    });
    if !is_linked {
        return Some(document);
    }
    let kind = document.header.kind;
    let to: HashSet<String> = to.iter().map(Id::to_string).collect();
    let mut fields = document.fields();
    remove_links_of(&mut fields, of_kind(kind), &to).then_some(())?;
    document::as_far_as_possible(kind, fields.into()).0
}
