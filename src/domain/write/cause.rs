//! Finds the line or edit that causes each consequence. A consequence changes citations after their text, or dates after their anchor.

use std::collections::HashMap;

use entity::Id;

use crate::domain::kind::Citation;

use super::{ChangeKind, Draft, check::date::visit};

/// The cause of a consequence.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cause {
    /// The first line or edit with this consequence.
    pub(super) input_index: usize,
    /// The record of that line or edit.
    pub(super) record: Id,
}

/// The cause of each consequence, among the drafts that can be causes. Each link is followed once.
pub(super) fn find_causes(drafts: &[Draft], can_be_cause: impl Fn(&Draft) -> bool) -> HashMap<Id, Cause> {
    let (consequences, others): (Vec<&Draft>, Vec<&Draft>) =
        drafts.iter().partition(|draft| draft.change == ChangeKind::Consequence);
    let mut dependents: HashMap<Id, Vec<Id>> = HashMap::new();
    for draft in consequences {
        for cause in direct_causes(draft) {
            dependents.entry(cause).or_default().push(draft.id);
        }
    }
    let mut sources: Vec<(usize, Id)> = others
        .into_iter()
        .filter(|draft| can_be_cause(draft))
        .filter_map(|draft| Some((draft.input_index?, draft.id)))
        .collect();
    sources.sort_unstable();
    let mut causes = HashMap::new();
    for (input_index, record) in sources {
        let mut pending = vec![record];
        while let Some(id) = pending.pop() {
            for dependent in dependents.remove(&id).unwrap_or_default() {
                causes.entry(dependent).or_insert(Cause { input_index, record });
                pending.push(dependent);
            }
        }
    }
    causes
}

/// The records that directly cause a change: the articles of citations that moved, and the anchors of dates that changed.
fn direct_causes(draft: &Draft) -> Vec<Id> {
    let Some(stored) = draft.stored.as_deref() else { return Vec::new() };
    let stored_citations: HashMap<Option<Id>, &Citation> = stored.body.citations().map(|old| (old.id, old)).collect();
    let moved = draft.document.body.citations().filter(|citation| {
        stored_citations
            .get(&citation.id)
            .is_some_and(|old| (old.start, old.anchor) != (citation.start, citation.anchor))
    });
    let mut causes: Vec<Id> = moved.map(|citation| citation.article.id()).collect();
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
    causes
}
