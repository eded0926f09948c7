//! Anchors the quotes of citations: stored ones, those that a revert restores, and new ones.

use std::collections::HashMap;

use entity::{
    Id,
    vocabulary::{AnchorState, TextField, UserErrorCode},
};

use crate::{
    domain::{
        kind::{Citation, Context},
        problem::{Path, quoted},
        write::{ChangeKind, Draft, InputProblem, report},
    },
    text::{Spans, first_difference, nearest},
};

use super::{
    SearchBudgets, context_at, field_name,
    follow::{ChangedTexts, Evidence, Placement, Span},
    is_revert, report_missing_text, report_search_limit, span,
    texts::{CitedTexts, TextLookup, find_only, has_twin},
};

/// The stored citations of edited records by their ids, each with its record. Imported lines give all positions themselves.
pub(super) struct CitationsById(HashMap<Id, (Id, Citation)>);

impl CitationsById {
    pub(super) fn of(drafts: &[Draft]) -> Self {
        let mut stored = HashMap::new();
        for draft in drafts.iter().filter(|draft| draft.change != ChangeKind::Import) {
            for citation in draft.stored.iter().flat_map(|stored| stored.body.citations()) {
                stored.extend(citation.id.map(|id| (id, (draft.id, citation.clone()))));
            }
        }
        Self(stored)
    }

    fn get(&self, citation: &Citation) -> Option<&(Id, Citation)> {
        self.0.get(&citation.id?)
    }

    /// Whether a record has this citation already, with the same words at the same position.
    pub(super) fn has_unchanged(&self, owner: Id, citation: &Citation) -> bool {
        self.get(citation).is_some_and(|(stored_owner, stored)| {
            *stored_owner == owner
                && has_same_words(stored, citation)
                && (stored.start, stored.end, stored.anchor) == (citation.start, citation.end, citation.anchor)
        })
    }

    /// The citation as it is stored with another record, from which a revert moves it back.
    fn of_another(&self, owner: Id, citation: &Citation) -> Option<&Citation> {
        let (stored_owner, stored) = self.get(citation)?;
        (*stored_owner != owner && has_same_words(stored, citation)).then_some(stored)
    }
}

fn has_same_words(one: &Citation, other: &Citation) -> bool {
    (one.article.id(), one.field, &one.quote) == (other.article.id(), other.field, &other.quote)
}

/// Anchors the citations of a record.
pub(super) fn anchor_citations(
    draft: &mut Draft,
    stored: &CitationsById,
    changed: &ChangedTexts,
    texts: &CitedTexts<'_>,
    budgets: &SearchBudgets,
    input_problems: &mut Vec<InputProblem>,
) {
    let (id, line, change) = (draft.id, draft.input_index, draft.change);
    let imported = imported_contexts(draft, changed);
    draft.document.body.visit_citations(&mut |citation, path| {
        if stored.has_unchanged(id, citation) {
            return apply(citation, changed.follow(&evidence(citation)));
        }
        if is_revert(change)
            && let Some(other) = stored.of_another(id, citation)
        {
            (citation.start, citation.end, citation.anchor) = (other.start, other.end, other.anchor);
            (citation.context, citation.last_start) = (other.context.clone(), other.last_start);
            return apply(citation, changed.follow(&evidence(citation)));
        }
        match texts.find(citation.article.id(), citation.field) {
            TextLookup::Invalid => {}
            TextLookup::Missing if citation.anchor == AnchorState::Orphaned => {}
            TextLookup::Missing if is_revert(change) => make_orphan(citation, citation.context.clone()),
            TextLookup::Missing => report_missing_text(input_problems, line, path, citation.field),
            TextLookup::Found(text) if is_revert(change) => {
                match changed.restore(&evidence(citation), line, text.search(changed)) {
                    Placement::Unknown => report_search_limit(input_problems, line, path),
                    placement => apply(citation, placement),
                }
            }
            TextLookup::Found(text) => {
                let known = imported.get(&position_of(citation)).filter(|_| citation.context.is_unknown());
                if let Some(known) = known {
                    citation.context.clone_from(known);
                }
                check_position(citation, text.spans(), budgets, path, line, input_problems);
            }
        }
    });
}

type Position = (Id, TextField, String, Option<i32>);

fn position_of(citation: &Citation) -> Position {
    (citation.article.id(), citation.field, citation.quote.clone(), citation.start)
}

/// The contexts of the stored citations of an imported record: a line may leave them out. In a text that changes, the stored context
/// of an anchored citation is not that of its place any more.
fn imported_contexts(draft: &Draft, changed: &ChangedTexts) -> HashMap<Position, Context> {
    let stored = draft.stored.iter().filter(|_| draft.change == ChangeKind::Import);
    stored
        .flat_map(|stored| stored.body.citations())
        .filter(|citation| citation.start.is_none() || !changed.has(citation.article.id(), citation.field))
        .map(|citation| (position_of(citation), citation.context.clone()))
        .collect()
}

fn evidence(citation: &Citation) -> Evidence<'_> {
    Evidence {
        article: citation.article.id(),
        field: citation.field,
        words: &citation.quote,
        start: citation.start.or(citation.last_start),
        is_orphan: citation.start.is_none(),
        context: &citation.context,
    }
}

fn apply(citation: &mut Citation, placement: Placement) {
    match placement {
        Placement::Unchanged | Placement::Unknown => {}
        Placement::Moved(span, context) => {
            set_span(citation, span);
            citation.anchor = AnchorState::Moved;
            citation.context = context;
        }
        Placement::Orphaned(context) => make_orphan(citation, context),
    }
}

fn make_orphan(citation: &mut Citation, context: Context) {
    citation.anchor = AnchorState::Orphaned;
    citation.last_start = citation.start.or(citation.last_start);
    (citation.start, citation.end, citation.context) = (None, None, context);
}

/// Checks the position of a new citation, and fills in what its line or edit leaves out.
fn check_position(
    citation: &mut Citation,
    text: &Spans<'_>,
    budgets: &SearchBudgets,
    path: &Path<'_>,
    line: Option<usize>,
    input_problems: &mut Vec<InputProblem>,
) {
    if citation.anchor == AnchorState::Orphaned {
        return;
    }
    let field = field_name(citation.field);
    let mut refuse = |code: UserErrorCode, name: &str, message: String| {
        report(input_problems, line, code, &path.field(name), message);
    };
    let has_start = citation.start.is_some();
    if let Some(start) = citation.start {
        let length = i32::try_from(citation.quote.chars().count()).unwrap_or(i32::MAX);
        let end = start.saturating_add(length);
        let words = span(start, end).and_then(|(start, end)| text.at(start, end));
        if words != Some(&citation.quote) {
            let message = match find_only(&citation.quote, text, &budgets.quotes) {
                Some(Ok((at, _))) => format!("does not start at {start} of the {field}: set start to {at}"),
                Some(Err(0)) => is_not_in(&citation.quote, text, &field, budgets),
                Some(Err(_)) | None => format!("does not start at {start} of the {field}: correct start or quote"),
            };
            refuse(UserErrorCode::Invalid, "quote", message);
        } else if citation.end.is_some_and(|given| given != end) {
            refuse(UserErrorCode::Invalid, "end", format!("must be {end}, where the quote ends"));
        }
        citation.end = Some(end);
    } else {
        match find_only(&citation.quote, text, &budgets.quotes) {
            Some(Ok(found)) => set_span(citation, found),
            None => {
                let message = "is missing: the call has too many quotes without a start for texts of this length";
                refuse(UserErrorCode::Required, "start", message.to_owned());
            }
            Some(Err(0)) => {
                refuse(UserErrorCode::Invalid, "quote", is_not_in(&citation.quote, text, &field, budgets));
            }
            Some(Err(_)) => {
                let message = format!("occurs more than once in the {field} of the article: give its start");
                refuse(UserErrorCode::Invalid, "quote", message);
            }
        }
    }
    citation.last_start = None;
    if citation.context.is_unknown()
        && let Some(span) = citation.start.zip(citation.end).and_then(|(start, end)| span(start, end))
    {
        // A quote without a start was found because it occurs once.
        let has_twin = has_start && has_twin(&citation.quote, text, &budgets.quotes);
        citation.context = context_at(text, span, has_twin);
    }
}

/// Says that a quote is not in a text, with the most similar passage and how it differs.
fn is_not_in(quote: &str, text: &Spans<'_>, field: &str, budgets: &SearchBudgets) -> String {
    let message = format!("is not in the {field} of the article");
    let similar = || {
        let (points, quote): (Vec<char>, Vec<char>) = (text.text().chars().collect(), quote.chars().collect());
        let found = nearest(&quote, &points, 0, &budgets.similar)?;
        let difference = first_difference(&points[found.start..found.end], &quote)?;
        Some(format!("; the nearest passage, at {}, is {}: {difference}", found.start, quoted(&found.text)))
    };
    message + &similar().unwrap_or_default()
}

fn set_span(citation: &mut Citation, (start, end): Span) {
    citation.start = i32::try_from(start).ok();
    citation.end = i32::try_from(end).ok();
    citation.last_start = None;
}
