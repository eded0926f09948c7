//! Mentions and quotes stand where they are said to stand, in the text of their article letter for letter.
//!
//! Each keeps what stood around it when it was last anchored. With its words, this is a selector that finds it again in another
//! text. What stands in a text that changes is found from the old text as well.

mod citation;
mod follow;
mod mention;
mod texts;

use std::collections::{HashMap, HashSet};

use entity::{
    Id,
    vocabulary::{Operation, TextField, UserErrorCode, Vocabulary},
};

use crate::{
    domain::{
        kind::{Article, Body, Context},
        problem::Path,
    },
    store::{self, write::Texts as StoredTexts},
    text::{Effort, Spans},
};

use super::{ChangeKind, Draft, InputProblem, WriteState, parallel::check_each, report};
use citation::{StoredCitations, anchor_citations};
use follow::{ChangedTexts, Span};
use mention::anchor_mentions;
use texts::{Budget, Texts};

/// How many characters of texts are looked through for the quotes of one call that do not say where they begin: a tenth of a
/// second of work for real ones, a second or two at worst, in which nobody else writes.
const LOOKED_THROUGH: usize = 1 << 29;

/// Checks every span, and fills in those that are not given. What stood in an article before its text changed follows its
/// passage: it is found again, or becomes an orphan.
pub(super) async fn anchor(state: &mut WriteState<'_>) -> Result<(), store::Error> {
    let mut drafts = std::mem::take(&mut state.drafts);
    let stored_citations = StoredCitations::of(&drafts);
    let mut outside = HashSet::new();
    for draft in &mut drafts {
        let id = draft.id;
        draft.document.body.visit_citations(&mut |citation, _| {
            let article = citation.article.id();
            if !state.index.contains_key(&article) && !stored_citations.has(id, citation) {
                outside.insert(article);
            }
        });
    }
    let outside: Vec<Id> = outside.into_iter().collect();
    let stored = store::write::texts(state.transaction, &outside).await?;
    // An import is the work of who runs the database, and takes as long as it takes.
    let is_import = drafts.iter().any(|draft| draft.change == ChangeKind::Import);
    let limit = |of_a_call: usize| if is_import { usize::MAX } else { of_a_call };
    let budget = Budget::of(limit(LOOKED_THROUGH));
    let changed = ChangedTexts::of(&drafts, Effort::of(limit(Effort::OF_A_CALL)));
    let wrong = &state.invalid_texts;
    check_each(&mut drafts, &mut state.input_problems, |draft, input_problems| {
        anchor_mentions(draft, &changed, wrong, &budget, input_problems);
    });
    // The texts of articles that are part of this write, of which there is one draft each, stand aside as long as the documents
    // are changed that quote them.
    let cited = cited_articles(&mut drafts);
    let mut written = HashMap::new();
    for draft in &mut drafts {
        if let Body::Article(article) = &mut draft.document.body
            && cited.contains(&draft.id)
        {
            written.insert(draft.id, take_texts(article));
        }
    }
    let texts = Texts::new([&written, &stored], wrong);
    check_each(&mut drafts, &mut state.input_problems, |draft, input_problems| {
        anchor_citations(draft, &stored_citations, &changed, &texts, &budget, input_problems);
    });
    for draft in &mut drafts {
        if let Body::Article(article) = &mut draft.document.body
            && let Some(texts) = written.remove(&draft.id)
        {
            give_back(article, texts);
        }
    }
    state.drafts = drafts;
    Ok(())
}

/// Whether a draft may bring back what was removed or lost.
const fn comes_back(change: ChangeKind) -> bool {
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

fn take_texts(article: &mut Article) -> StoredTexts {
    let Article { headline, summary, body, .. } = article;
    StoredTexts { headline: std::mem::take(headline), summary: summary.take(), body: body.take() }
}

fn give_back(article: &mut Article, texts: StoredTexts) {
    let StoredTexts { headline, summary, body } = texts;
    (article.headline, article.summary, article.body) = (headline, summary, body);
}

/// What stands around a span of a text.
fn context_at(text: &Spans<'_>, (start, end): Span, has_twin: bool) -> Context {
    let (prefix, suffix) = text.around(start, end);
    Context { prefix, suffix, has_twin }
}

fn report_missing_text(input_problems: &mut Vec<InputProblem>, line: Option<usize>, path: &Path<'_>, field: TextField) {
    let message = format!("the article has no {}", word(field));
    report(input_problems, line, UserErrorCode::Invalid, &path.field("field"), message);
}

/// What an undoing brings back must not be lost because there is too much of it.
fn report_too_much(input_problems: &mut Vec<InputProblem>, line: Option<usize>, path: &Path<'_>) {
    let message =
        "the revert restores too much to find in texts of this length; revert fewer changes at once, or restore it by hand";
    report(input_problems, line, UserErrorCode::Invalid, path, message);
}

fn span(start: i32, end: i32) -> Option<Span> {
    Some((usize::try_from(start).ok()?, usize::try_from(end).ok()?))
}

fn word(field: TextField) -> String {
    field.as_str().to_lowercase()
}
