//! The quotes of citations: they follow their texts, come back with an undoing, or are put where they are said to stand.

use std::collections::HashMap;

use entity::{
    Id,
    vocabulary::{AnchorState, TextField, UserErrorCode},
};

use crate::{
    domain::{
        kind::{Citation, Context},
        problem::Path,
        write::{ChangeKind, Draft, InputProblem, report},
    },
    text::Spans,
};

use super::{
    comes_back, context_at,
    follow::{ChangedTexts, Item, Outcome, Span},
    report_missing_text, report_too_much, span,
    texts::{Budget, Found, Texts},
    word,
};

/// The stored citations of the records of a write, each with its record. Imported lines say themselves where things stand.
pub(super) struct StoredCitations(HashMap<Id, (Id, Citation)>);

impl StoredCitations {
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

    /// Whether a record has this citation already, of the same passage at the same place.
    pub(super) fn has(&self, owner: Id, citation: &Citation) -> bool {
        self.get(citation).is_some_and(|(stored_owner, stored)| {
            *stored_owner == owner
                && is_of_same_words(stored, citation)
                && (stored.start, stored.end, stored.anchor) == (citation.start, citation.end, citation.anchor)
        })
    }

    /// The citation as another record has it, which gives it back to this one.
    fn of_another(&self, owner: Id, citation: &Citation) -> Option<&Citation> {
        let (stored_owner, stored) = self.get(citation)?;
        (*stored_owner != owner && is_of_same_words(stored, citation)).then_some(stored)
    }
}

fn is_of_same_words(one: &Citation, other: &Citation) -> bool {
    (one.article.id(), one.field, &one.quote) == (other.article.id(), other.field, &other.quote)
}

/// Lets the citations of a record stand where their passages stand.
pub(super) fn anchor_citations(
    draft: &mut Draft,
    stored: &StoredCitations,
    changed: &ChangedTexts,
    texts: &Texts<'_>,
    budget: &Budget,
    input_problems: &mut Vec<InputProblem>,
) {
    let (id, line, change) = (draft.id, draft.line, draft.change);
    let imported = imported_contexts(draft);
    draft.document.body.visit_citations(&mut |citation, path| {
        if stored.has(id, citation) {
            return apply(citation, changed.follow(&item(citation)));
        }
        if comes_back(change)
            && let Some(there) = stored.of_another(id, citation)
        {
            (citation.start, citation.end, citation.anchor) = (there.start, there.end, there.anchor);
            (citation.context, citation.last_start) = (there.context.clone(), there.last_start);
            return apply(citation, changed.follow(&item(citation)));
        }
        match texts.find(citation.article.id(), citation.field) {
            Found::Nothing => {}
            Found::NoText if citation.anchor == AnchorState::Orphaned => {}
            Found::NoText if comes_back(change) => lose(citation, citation.context.clone()),
            Found::NoText => report_missing_text(input_problems, line, path, citation.field),
            Found::Text(text) if comes_back(change) => {
                match changed.put_back(&item(citation), line, text.to_search(changed)) {
                    Outcome::TooMuch => report_too_much(input_problems, line, path),
                    outcome => apply(citation, outcome),
                }
            }
            Found::Text(text) => {
                let known = imported.get(&place_of(citation)).filter(|_| citation.context.is_unknown());
                if let Some(known) = known {
                    citation.context.clone_from(known);
                }
                place(citation, text.spans(), budget, path, line, input_problems);
            }
        }
    });
}

type Place = (Id, TextField, String, Option<i32>);

fn place_of(citation: &Citation) -> Place {
    (citation.article.id(), citation.field, citation.quote.clone(), citation.start)
}

/// What stood around the stored citations of an imported record: a line need not say it again.
fn imported_contexts(draft: &Draft) -> HashMap<Place, Context> {
    let stored = draft.stored.iter().filter(|_| draft.change == ChangeKind::Import);
    stored
        .flat_map(|stored| stored.body.citations())
        .map(|citation| (place_of(citation), citation.context.clone()))
        .collect()
}

fn item(citation: &Citation) -> Item<'_> {
    Item {
        article: citation.article.id(),
        field: citation.field,
        words: &citation.quote,
        start: citation.start.or(citation.last_start),
        is_lost: citation.start.is_none(),
        context: &citation.context,
    }
}

fn apply(citation: &mut Citation, outcome: Outcome) {
    match outcome {
        Outcome::Stays | Outcome::TooMuch => {}
        Outcome::Moves(span, context) => {
            set_span(citation, span);
            citation.anchor = AnchorState::Moved;
            citation.context = context;
        }
        Outcome::IsLost(context) => lose(citation, context),
    }
}

fn lose(citation: &mut Citation, context: Context) {
    citation.anchor = AnchorState::Orphaned;
    citation.last_start = citation.start.or(citation.last_start);
    (citation.start, citation.end, citation.context) = (None, None, context);
}

/// Checks a citation that is handed in.
fn place(
    citation: &mut Citation,
    text: &Spans<'_>,
    budget: &Budget,
    path: &Path<'_>,
    line: Option<usize>,
    input_problems: &mut Vec<InputProblem>,
) {
    if citation.anchor == AnchorState::Orphaned {
        return;
    }
    let field = word(citation.field);
    let mut refuse = |code: UserErrorCode, name: &str, message: String| {
        report(input_problems, line, code, &path.field(name), message);
    };
    let is_placed = citation.start.is_some();
    if let Some(start) = citation.start {
        let length = i32::try_from(citation.quote.chars().count()).unwrap_or(i32::MAX);
        let end = start.saturating_add(length);
        let there = span(start, end).and_then(|(start, end)| text.at(start, end));
        if there != Some(&citation.quote) {
            let message = match budget.look_for(&citation.quote, text) {
                Some(Ok((at, _))) => format!("is not at {start} of the {field}: it starts at {at}"),
                Some(Err(0)) => format!("is not in the {field} of the article"),
                Some(Err(_)) | None => format!("is not at {start} of the {field}"),
            };
            refuse(UserErrorCode::Invalid, "quote", message);
        } else if citation.end.is_some_and(|given| given != end) {
            refuse(UserErrorCode::Invalid, "end", format!("must be {end}, where the quote ends"));
        }
        citation.end = Some(end);
    } else {
        match budget.look_for(&citation.quote, text) {
            Some(Ok(found)) => set_span(citation, found),
            None => {
                let message = "is missing: the call has too many quotes without a start for texts of this length";
                refuse(UserErrorCode::Required, "start", message.to_owned());
            }
            Some(Err(0)) => {
                refuse(UserErrorCode::Invalid, "quote", format!("is not in the {field} of the article"));
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
        // One without a start was found because it stands there once.
        let has_twin = is_placed && budget.has_twin(&citation.quote, text);
        citation.context = context_at(text, span, has_twin);
    }
}

fn set_span(citation: &mut Citation, (start, end): Span) {
    citation.start = i32::try_from(start).ok();
    citation.end = i32::try_from(end).ok();
    citation.last_start = None;
}
