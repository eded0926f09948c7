//! A participant, and a citation of one owner, is in its list once.

use std::collections::{HashMap, HashSet};

use entity::{
    Id,
    vocabulary::{AnchorState, UserErrorCode},
};

use crate::domain::{
    kind::{Citation, Participation},
    problem::{Path, Problem},
};

use crate::domain::write::{ChangeKind, Draft, InputProblem, WriteState, parallel::check_each};

/// Reports items that an edit or a line adds to a list which has an identical item. It is called when quotes have their positions,
/// and before items without ids get them.
pub(in crate::domain::write) fn check(state: &mut WriteState<'_>) {
    check_each(&mut state.drafts, &mut state.input_problems, check_draft);
}

fn check_draft(draft: &mut Draft, input_problems: &mut Vec<InputProblem>) {
    let Some(line) = draft.input_index else { return };
    let items = draft.document.body.facts().items;
    if items.participants.is_empty() && items.citations.is_empty() {
        return;
    }
    let stored = draft.stored.as_deref().map(|stored| stored.body.facts().items).unwrap_or_default();
    let is_import = draft.change == ChangeKind::Import;
    let mut problems = Vec::new();
    let stored_citations: HashMap<Id, &Citation> =
        stored.all_citations().filter_map(|citation| Some((citation.id?, citation))).collect();
    let mut check_citations = |citations: &[Citation], list: &Path<'_>| {
        let is_new = |citation: &Citation| match citation.id {
            None => true,
            Some(id) => !is_import && stored_citations.get(&id).is_none_or(|old| !is_unchanged(citation, old)),
        };
        report_identical(citations, is_new, list, &mut problems);
    };
    check_citations(items.citations, &Path::TOP.field("citations"));
    let list = Path::TOP.field("participants");
    for (index, participation) in items.participants.iter().enumerate() {
        check_citations(&participation.citations, &list.item(index).field("citations"));
    }

    let stored: HashMap<Id, &Participation> =
        stored.participants.iter().filter_map(|participation| Some((participation.id?, participation))).collect();
    let is_new = |participation: &Participation| match participation.id {
        None => true,
        Some(id) => !is_import && stored.get(&id).is_none_or(|old| old.key() != participation.key()),
    };
    let mut seen = HashSet::new();
    let is_known = |participation: &&Participation| {
        participation.participant.as_ref().is_none_or(|participant| participant.id() != Id::NIL)
    };
    for new in [false, true] {
        let all = items.participants.iter().enumerate().filter(|(_, participation)| is_known(participation));
        for (index, participation) in all.filter(|(_, participation)| is_new(participation) == new) {
            if !seen.insert(participation.key()) && new {
                let message = "the same participant is in the list already, in the same role: change that item";
                problems.push(Problem::new(UserErrorCode::Duplicate, &list.item(index), message));
            }
        }
    }
    input_problems.extend(problems.into_iter().map(|problem| InputProblem::new(line, problem)));
}

/// Whether an editor left a citation as it is stored. A position that moved with its text is no change.
fn is_unchanged(citation: &Citation, old: &Citation) -> bool {
    let (start, end) =
        if citation.anchor == AnchorState::Anchored { (citation.start, citation.end) } else { (old.start, old.end) };
    Citation { start, end, ..citation.clone() }.is_identical_to(old)
}

/// Reports the new ones among identical citations. Orphans have no position, so two of them may have been different passages.
fn report_identical(
    citations: &[Citation],
    is_new: impl Fn(&Citation) -> bool,
    list: &Path<'_>,
    problems: &mut Vec<Problem>,
) {
    let mut seen: HashMap<_, Vec<&Citation>> = HashMap::new();
    for new in [false, true] {
        let all = citations.iter().enumerate().filter(|(_, citation)| citation.start.is_some());
        for (index, citation) in all.filter(|(_, citation)| is_new(citation) == new) {
            let of_passage = seen.entry((citation.passage(), citation.start)).or_default();
            if new && of_passage.iter().any(|other| citation.is_identical_to(other)) {
                let message = "the same citation is in the list already: leave this one out";
                problems.push(Problem::new(UserErrorCode::Duplicate, &list.item(index), message));
            }
            of_passage.push(citation);
        }
    }
}
