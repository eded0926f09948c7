//! Anchors mentions and quotes: each starts at its place in a text of its article, letter for letter.
//!
//! Each keeps its context from when it was last anchored. With its words, the context is a selector that finds it in another text.
//! In a text that changes, the comparison with the old text finds it as well.

mod citation;
mod follow;
mod mention;
mod texts;

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use entity::{
    Id,
    vocabulary::{Operation, TextField, UserErrorCode, Vocabulary},
};

use crate::{
    domain::{
        kind::{Article, Body, Context},
        problem::Path,
    },
    store::{self, write::Texts},
    text::{SearchBudget, Spans},
};

use super::{ChangeKind, Draft, InputProblem, WriteState, parallel::check_each, report};
use citation::{CitationsById, anchor_citations};
use follow::{ChangedTexts, Span};
use mention::anchor_mentions;
use texts::CitedTexts;

/// How many characters are scanned for the quotes of one call without a start: a second or two of work at most. No other call writes
/// during this time.
const MAX_SCANNED_CHARACTERS: usize = 1 << 29;

/// How many steps the search for passages that are similar to wrong quotes may take: less than a second of work. Messages about further
/// quotes name no passage.
const MAX_SIMILAR_STEPS: usize = 1 << 23;

/// The budgets of one call.
struct SearchBudgets {
    /// For quotes without a start, and for other places with the same words.
    quotes: Arc<SearchBudget>,
    /// For passages that are similar to wrong quotes.
    similar: Arc<SearchBudget>,
}

/// Checks every span, and fills in those that are not given. In a text that changes, a mention or quote moves with its passage, or
/// becomes an orphan.
pub(super) async fn anchor(state: &mut WriteState<'_>) -> Result<(), store::Error> {
    let mut drafts = std::mem::take(&mut state.drafts);
    let stored_citations = CitationsById::of(&drafts);
    let mut outside = HashSet::new();
    for draft in &mut drafts {
        let id = draft.id;
        draft.document.body.visit_citations(&mut |citation, _| {
            let article = citation.article.id();
            if !state.draft_by_id.contains_key(&article) && !stored_citations.has_unchanged(id, citation) {
                outside.insert(article);
            }
        });
    }
    let outside: Vec<Id> = outside.into_iter().collect();
    let stored = store::write::texts(state.transaction, &outside).await?;
    // An import may take as long as it needs.
    let is_import = drafts.iter().any(|draft| draft.change == ChangeKind::Import);
    let limit = |of_a_call: usize| if is_import { usize::MAX } else { of_a_call };
    let budgets = SearchBudgets {
        quotes: SearchBudget::new(limit(MAX_SCANNED_CHARACTERS)),
        similar: SearchBudget::new(MAX_SIMILAR_STEPS),
    };
    let changed = ChangedTexts::of(&drafts, SearchBudget::new(limit(SearchBudget::OF_A_CALL)));
    let invalid = &state.invalid_texts;
    check_each(&mut drafts, &mut state.input_problems, |draft, input_problems| {
        anchor_mentions(draft, &changed, invalid, &budgets.quotes, input_problems);
    });
    // The texts of drafts are taken out of them, so that they can be read while other drafts are changed.
    let cited = cited_articles(&mut drafts);
    let mut written = HashMap::new();
    for draft in &mut drafts {
        if let Body::Article(article) = &mut draft.document.body
            && cited.contains(&draft.id)
        {
            written.insert(draft.id, take_texts(article));
        }
    }
    let texts = CitedTexts::new([&written, &stored], invalid);
    check_each(&mut drafts, &mut state.input_problems, |draft, input_problems| {
        anchor_citations(draft, &stored_citations, &changed, &texts, &budgets, input_problems);
    });
    for draft in &mut drafts {
        if let Body::Article(article) = &mut draft.document.body
            && let Some(texts) = written.remove(&draft.id)
        {
            put_back_texts(article, texts);
        }
    }
    state.drafts = drafts;
    Ok(())
}

/// Whether a draft is written by a revert, which restores mentions and quotes.
const fn is_revert(change: ChangeKind) -> bool {
    matches!(change, ChangeKind::Edit(Operation::Revert) | ChangeKind::Part(Operation::Revert))
}

fn cited_articles(drafts: &mut [Draft]) -> HashSet<Id> {
    let mut cited = HashSet::new();
    for draft in drafts {
        draft.document.body.visit_citations(&mut |citation, _| {
            cited.insert(citation.article.id());
        });
    }
    cited
}

fn take_texts(article: &mut Article) -> Texts {
    let Article { headline, summary, body, .. } = article;
    Texts { headline: std::mem::take(headline), summary: summary.take(), body: body.take() }
}

fn put_back_texts(article: &mut Article, texts: Texts) {
    let Texts { headline, summary, body } = texts;
    (article.headline, article.summary, article.body) = (headline, summary, body);
}

/// The context of a span of a text.
fn context_at(text: &Spans<'_>, (start, end): Span, has_twin: bool) -> Context {
    let (prefix, suffix) = text.around(start, end);
    Context { prefix, suffix, has_twin }
}

fn report_missing_text(input_problems: &mut Vec<InputProblem>, line: Option<usize>, path: &Path<'_>, field: TextField) {
    let message = format!("the article has no {}: choose another field", field_name(field));
    report(input_problems, line, UserErrorCode::Invalid, &path.field("field"), message);
}

/// Refuses a revert whose mentions and quotes cannot all be searched, because those would become orphans.
fn report_search_limit(input_problems: &mut Vec<InputProblem>, line: Option<usize>, path: &Path<'_>) {
    let message = "the revert restores too much to find in texts of this length; revert fewer changes at once, or edit the record instead";
    report(input_problems, line, UserErrorCode::Invalid, path, message);
}

fn span(start: i32, end: i32) -> Option<Span> {
    Some((usize::try_from(start).ok()?, usize::try_from(end).ok()?))
}

fn field_name(field: TextField) -> String {
    field.as_str().to_lowercase()
}
