//! What is told of edits: to whoever made them, and in the history, where what follows from an edit names it as its cause.

use std::collections::HashMap;

use entity::{
    Id,
    vocabulary::{Operation, RecordKind},
};

use crate::domain::{
    document::FieldChange,
    write::{
        Deed, Draft, Work,
        behind::{Behind, behind},
    },
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
pub(super) struct Leads {
    by_line: HashMap<usize, Id>,
    /// Where there is one edit alone, whatever was pulled in follows from it.
    only: Option<Id>,
    /// Where there are several, the one that is behind each record that follows.
    behind: HashMap<Id, Behind>,
}

impl Leads {
    /// `told` holds the revisions that come with the records whose versions they made.
    pub(super) fn new(work: &Work<'_>, changes: &[Change], told: &HashMap<(Id, i32), Id>) -> Self {
        let drafts = || changes.iter().map(|change| &work.drafts[change.draft]);
        // A line of an import leads only where something follows from one.
        let follows = drafts().any(|draft| draft.deed == Deed::Follow);
        let by_line: HashMap<usize, Id> = drafts()
            .filter(|draft| matches!(draft.deed, Deed::Edit(_)) || (follows && draft.deed == Deed::Import))
            .filter_map(|draft| {
                let version = draft.document.header.version.unwrap_or(1);
                Some((draft.line?, told.get(&(draft.id, version)).copied().unwrap_or_else(Id::new)))
            })
            .collect();
        let only = by_line.values().next().copied().filter(|_| by_line.len() == 1);
        let behind = if by_line.len() > 1 {
            behind(&work.drafts, |draft| draft.line.is_some_and(|line| by_line.contains_key(&line)))
        } else {
            HashMap::new()
        };
        Self { by_line, only, behind }
    }

    pub(super) fn id_of(&self, draft: &Draft) -> Option<Id> {
        let line = draft.line.filter(|_| matches!(draft.deed, Deed::Edit(_) | Deed::Import))?;
        self.by_line.get(&line).copied()
    }

    pub(super) fn cause_of(&self, draft: &Draft) -> Option<Id> {
        match draft.deed {
            Deed::Import | Deed::Edit(_) => None,
            Deed::Part(_) => draft.line.and_then(|line| self.by_line.get(&line).copied()).or(self.only),
            Deed::Follow => self.only.or_else(|| self.by_line.get(&self.behind.get(&draft.id)?.line).copied()),
        }
    }
}
