//! Visits the references of a document to other records.

use entity::{Reference, vocabulary::RecordKind};

use crate::domain::problem::Path;

/// A function that is called with each reference in the order of the document, the kinds of record that it allows, and its path.
/// It may change the reference.
pub type ReferenceVisitor<'v> = dyn FnMut(&mut Reference, &'static [RecordKind], &Path<'_>) + 'v;

/// Calls the visitor with a reference, if there is one.
pub(crate) fn visit_one(
    reference: &mut Option<Reference>,
    kinds: &'static [RecordKind],
    path: &Path<'_>,
    visitor: &mut ReferenceVisitor<'_>,
) {
    if let Some(reference) = reference {
        visitor(reference, kinds, path);
    }
}

/// Calls the visitor with each reference of a list.
pub(crate) fn visit_all(
    references: &mut [Reference],
    kinds: &'static [RecordKind],
    path: &Path<'_>,
    visitor: &mut ReferenceVisitor<'_>,
) {
    for (index, reference) in references.iter_mut().enumerate() {
        visitor(reference, kinds, &path.item(index));
    }
}
