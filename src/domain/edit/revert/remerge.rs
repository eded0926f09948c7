//! Remerges: merges that are repeated, because the revert of the merge is reverted. Changes that the two records got in between must
//! not be lost or duplicated.

use std::collections::HashSet;

use entity::{
    Id, revision,
    vocabulary::{Operation, RecordKind},
};

use crate::{
    domain::{
        document::{Document, FieldChange},
        kind::Reference,
        problem::Path,
    },
    store::{
        self,
        write::{linked_to, relations_of},
    },
};

use super::{
    super::{
        merge::{count_duplicates, deduplicate_relations},
        session::EditSession,
    },
    changed_since,
};

/// The merges in the revisions to revert.
pub(super) struct Merges {
    is_empty: bool,
    remerges: Vec<Remerge>,
}

/// A merge that is repeated.
struct Remerge {
    /// The position of the revision that separated the record again.
    at: usize,
    from: Id,
    into: Id,
}

/// The message about a record that has new links and cannot be merged again.
fn linked_since(id: Id) -> String {
    format!("{id} has new links since its merge was reverted: use mergeEntities")
}

impl Merges {
    pub(super) fn of(revisions: &[(revision::Model, Vec<FieldChange>)]) -> Self {
        let mut merges = Self { is_empty: true, remerges: Vec::new() };
        for (at, (revision, changes)) in revisions.iter().enumerate() {
            for change in changes.iter().filter(|change| change.field == "mergedInto") {
                merges.is_empty = false;
                if let Some(into) = change.before.as_str().and_then(|id| id.parse().ok())
                    && change.after.is_null()
                    && revision.operation != Operation::Create
                {
                    merges.remerges.push(Remerge { at, from: revision.record_id, into });
                }
            }
        }
        merges
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.is_empty
    }

    /// Finds changes that would be lost with a record that is merged again. Returns the record, a message, and the changed fields.
    pub(super) async fn obstacle(
        &self,
        session: &mut EditSession<'_>,
        revisions: &[(revision::Model, Vec<FieldChange>)],
    ) -> Result<Option<(Id, String, Vec<String>)>, store::Error> {
        let records: HashSet<Id> = revisions.iter().map(|(revision, _)| revision.record_id).collect();
        for Remerge { at, from: id, .. } in &self.remerges {
            let (revision, id) = (&revisions[*at].0, *id);
            let Some(stored) = session.stored.get(&id) else { continue };
            let differs = changed_since(revision, stored.header.kind, stored.fields())?;
            if !differs.is_empty() {
                let message = format!("{id} was changed since its merge was reverted: use mergeEntities");
                return Ok(Some((id, message, differs)));
            }
            let links = linked_to(session.transaction, id).await?;
            let others: Vec<Id> = links.into_iter().filter(|id| !records.contains(id)).collect();
            session.read_record_rows(&others).await?;
            // Merged records have no links any more.
            if others.iter().any(|id| session.record_rows.get(id).is_some_and(|row| row.merged_into_id.is_none())) {
                return Ok(Some((id, linked_since(id), Vec::new())));
            }
        }
        Ok(None)
    }

    /// Finds a part of the reverted change that got a new link to a record that is merged again. Returns that record and a message.
    pub(super) fn link_of_a_part(&self, session: &EditSession<'_>, edit: usize) -> Option<(Id, String)> {
        let from: HashSet<Id> = self.remerges.iter().map(|remerge| remerge.from).collect();
        if from.is_empty() {
            return None;
        }
        let mut linked = None;
        // Merged records have no links any more.
        for mut document in drafts_of(session, edit).filter(|document| document.header.merged_into.is_none()).cloned() {
            document.body.visit_references(&mut |reference: &mut Reference, _: &'static [RecordKind], _: &Path<'_>| {
                linked = linked.or(Some(reference.id()).filter(|id| from.contains(id)));
            });
        }
        linked.map(|id| (id, linked_since(id)))
    }

    /// Finds a duplicate that the merge would create, because the survivor got the same link in between. Returns the record with the
    /// duplicate and a message.
    pub(super) async fn duplicate(
        &self,
        session: &mut EditSession<'_>,
        edit: usize,
    ) -> Result<Option<(Id, String)>, store::Error> {
        if self.remerges.is_empty() {
            return Ok(None);
        }
        let mut of_survivors = Vec::new();
        for Remerge { into, .. } in &self.remerges {
            of_survivors.extend(relations_of(session.transaction, *into).await?);
        }
        session.read_documents(&of_survivors).await?;
        let problem = |id: Id| {
            (id, format!("{id} would repeat what the survivor got since its merge was reverted: use mergeEntities"))
        };
        let mut relations = Vec::new();
        for document in drafts_of(session, edit) {
            let Some(id) = document.header.id else { continue };
            if document.header.kind == RecordKind::Relation {
                relations.push(document.clone());
            } else if count_duplicates(document) > session.stored.get(&id).map_or(0, count_duplicates) {
                return Ok(Some(problem(id)));
            }
        }
        let moved: HashSet<Id> = relations.iter().filter_map(|relation: &Document| relation.header.id).collect();
        let others = of_survivors.iter().filter(|id| !moved.contains(id)).filter_map(|id| session.stored.get(id));
        let mut all: Vec<Document> = others.cloned().collect();
        all.append(&mut relations);
        let removed = deduplicate_relations(&mut all, &moved);
        let mut removed = removed.into_iter().filter_map(|at| all[at].header.id);
        Ok(removed.next().map(problem))
    }
}

/// The drafts of an edit so far.
fn drafts_of<'d>(session: &'d EditSession<'_>, edit: usize) -> impl Iterator<Item = &'d Document> {
    session.drafts.iter().filter(move |draft| draft.input_index == Some(edit)).map(|draft| &draft.document)
}
