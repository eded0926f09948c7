//! What is told of edits: to whoever made them, and in the history, where what follows from an edit names it as its cause.

use std::collections::{HashMap, HashSet};

use entity::{
    Id,
    vocabulary::{Operation, RecordKind},
};

use crate::domain::{
    document::{Citation, FieldChange},
    write::{Deed, Draft, Work, dating::visit},
};

use super::{Change, differences};

/// What became of the record of a line.
pub(in crate::domain) struct Told {
    pub(in crate::domain) line: usize,
    pub(in crate::domain) id: Id,
    pub(in crate::domain) kind: RecordKind,
    pub(in crate::domain) operation: Option<Operation>,
    pub(in crate::domain) version: i32,
    pub(in crate::domain) changes: Vec<FieldChange>,
}

/// Tells of every edit what becomes of its record.
pub(in crate::domain::write) fn told(work: &Work<'_>, changes: &[Change]) -> Vec<Told> {
    let operations: HashMap<usize, Operation> = changes.iter().map(|change| (change.draft, change.operation)).collect();
    let drafts = work.drafts.iter().enumerate();
    drafts
        .filter_map(|(index, draft)| {
            let Deed::Edit(_) = draft.deed else { return None };
            let operation = operations.get(&index).copied();
            Some(Told {
                line: draft.line?,
                id: draft.id,
                kind: draft.document.header.kind,
                operation,
                version: draft.document.header.version.unwrap_or(1),
                changes: operation.filter(|_| work.tells_changes).map(|_| differences(draft)).unwrap_or_default(),
            })
        })
        .collect()
}

/// The revisions of the edits, which those of what follows from them name as their cause.
pub(super) struct Leads<'a> {
    work: &'a Work<'a>,
    by_line: HashMap<usize, Id>,
    /// Where there is one edit alone, whatever was pulled in follows from it.
    only: Option<Id>,
}

impl<'a> Leads<'a> {
    pub(super) fn new(work: &'a Work<'a>, changes: &[Change]) -> Self {
        let edits = changes.iter().map(|change| &work.drafts[change.draft]);
        let by_line: HashMap<usize, Id> = edits
            .filter(|draft| matches!(draft.deed, Deed::Edit(_)))
            .filter_map(|draft| Some((draft.line?, Id::new())))
            .collect();
        let only = by_line.values().next().copied().filter(|_| by_line.len() == 1);
        Self { work, by_line, only }
    }

    pub(super) fn id_of(&self, draft: &Draft) -> Option<Id> {
        let line = draft.line.filter(|_| matches!(draft.deed, Deed::Edit(_)))?;
        self.by_line.get(&line).copied()
    }

    pub(super) fn cause_of(&self, draft: &Draft) -> Option<Id> {
        match draft.deed {
            Deed::Import | Deed::Edit(_) => None,
            Deed::Part(_) => draft.line.and_then(|line| self.by_line.get(&line).copied()).or(self.only),
            Deed::Follow => self.only.or_else(|| {
                let lines = self.behind(draft, &mut HashSet::new());
                lines.into_iter().min().and_then(|line| self.by_line.get(&line).copied())
            }),
        }
    }

    /// The edits of what a record that follows depends on: of the articles whose text its citations followed, and of the anchors
    /// of dates that come to something else.
    fn behind(&self, draft: &Draft, seen: &mut HashSet<Id>) -> Vec<usize> {
        let Some(stored) = draft.stored.as_deref().filter(|_| seen.insert(draft.id)) else { return Vec::new() };
        let places: HashMap<Option<Id>, &Citation> = stored.body.citations().map(|old| (old.id, old)).collect();
        let followed = draft.document.body.citations().filter(|citation| {
            places.get(&citation.id).is_some_and(|old| (old.start, old.anchor) != (citation.start, citation.anchor))
        });
        let mut causes: Vec<Id> = followed.map(|citation| citation.article.id()).collect();
        let mut dates = HashMap::new();
        visit(stored, draft.id, &mut |owner, field, date| {
            dates.insert((owner, field), date.resolved.clone());
        });
        visit(&draft.document, draft.id, &mut |owner, field, date| {
            if let Some(relative) = &date.relative
                && dates.get(&(owner, field)) != Some(&date.resolved)
            {
                causes.push(relative.anchor.id());
            }
        });
        let drafts = causes.into_iter().filter_map(|id| self.work.draft(id));
        drafts
            .flat_map(|cause| match cause.deed {
                Deed::Edit(_) | Deed::Part(_) => Vec::from_iter(cause.line),
                Deed::Follow => self.behind(cause, seen),
                Deed::Import => Vec::new(),
            })
            .collect()
    }
}
