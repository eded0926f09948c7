//! The outcome of each edit, and the causes of revisions.

use std::collections::HashMap;

use entity::{
    Id,
    vocabulary::{Operation, RecordKind},
};

use crate::domain::{
    document::FieldChange,
    write::{
        ChangeKind, Draft, WriteState,
        cause::{Cause, find_causes},
    },
};

use super::{Change, differences};

/// The outcome of an edit: what changed of its record.
pub(in crate::domain) struct RecordOutcome {
    pub(in crate::domain) input_index: usize,
    pub(in crate::domain) id: Id,
    pub(in crate::domain) kind: RecordKind,
    pub(in crate::domain) operation: Option<Operation>,
    pub(in crate::domain) version: i32,
    pub(in crate::domain) changes: Vec<FieldChange>,
}

/// The outcomes of all edits.
pub(in crate::domain::write) fn outcomes(state: &WriteState<'_>, changes: &[Change]) -> Vec<RecordOutcome> {
    let operations: HashMap<usize, Operation> = changes.iter().map(|change| (change.draft, change.operation)).collect();
    let drafts = state.drafts.iter().enumerate();
    drafts
        .filter_map(|(index, draft)| {
            let ChangeKind::Edit(_) = draft.change else { return None };
            let operation = operations.get(&index).copied();
            Some(RecordOutcome {
                input_index: draft.input_index?,
                id: draft.id,
                kind: draft.document.header.kind,
                operation,
                version: draft.version(),
                changes: operation.filter(|_| state.with_changes).map(|_| differences(draft)).unwrap_or_default(),
            })
        })
        .collect()
}

/// The ids of the revisions of edits and lines, which the revisions of their consequences name as their cause.
pub(super) struct RevisionIds {
    by_input_index: HashMap<usize, Id>,
    /// The only one of them, if there is one: it caused all consequences.
    only: Option<Id>,
    /// The cause of each consequence, if there are several.
    causes: HashMap<Id, Cause>,
}

impl RevisionIds {
    /// `imported` holds the ids of imported revisions, by record and version.
    pub(super) fn new(state: &WriteState<'_>, changes: &[Change], imported: &HashMap<(Id, i32), Id>) -> Self {
        let drafts = || changes.iter().map(|change| &state.drafts[change.draft]);
        // Only a line with consequences needs the id of its revision before it is written.
        let has_consequences = drafts().any(|draft| draft.change == ChangeKind::Consequence);
        let is_cause = |draft: &&Draft| match draft.change {
            ChangeKind::Edit(_) => true,
            ChangeKind::Import => has_consequences,
            ChangeKind::Part(_) | ChangeKind::Consequence => false,
        };
        let by_input_index: HashMap<usize, Id> = drafts()
            .filter(is_cause)
            .filter_map(|draft| {
                Some((draft.input_index?, imported.get(&(draft.id, draft.version())).copied().unwrap_or_else(Id::new)))
            })
            .collect();
        let only = by_input_index.values().next().copied().filter(|_| by_input_index.len() == 1);
        let causes = if by_input_index.len() > 1 {
            find_causes(&state.drafts, |draft| {
                draft.input_index.is_some_and(|index| by_input_index.contains_key(&index))
            })
        } else {
            HashMap::new()
        };
        Self { by_input_index, only, causes }
    }

    pub(super) fn id_of(&self, draft: &Draft) -> Option<Id> {
        let index = draft.input_index.filter(|_| matches!(draft.change, ChangeKind::Edit(_) | ChangeKind::Import))?;
        self.by_input_index.get(&index).copied()
    }

    pub(super) fn cause_of(&self, draft: &Draft) -> Option<Id> {
        match draft.change {
            ChangeKind::Import | ChangeKind::Edit(_) => None,
            ChangeKind::Part(_) => {
                draft.input_index.and_then(|index| self.by_input_index.get(&index).copied()).or(self.only)
            }
            ChangeKind::Consequence => {
                self.only.or_else(|| self.by_input_index.get(&self.causes.get(&draft.id)?.input_index).copied())
            }
        }
    }
}
