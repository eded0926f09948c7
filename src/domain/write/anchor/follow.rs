//! Finds mentions and quotes after a change of their text, and when a revert restores them.

use std::{collections::HashMap, sync::Arc};

use entity::{Id, vocabulary::TextField};

use crate::{
    domain::{
        kind::{Article, Body, Context},
        write::Draft,
    },
    text::{SearchBudget, Selector, Text, TextChange, around},
};

use super::is_revert;

/// A span of a text, in code points.
pub(super) type Span = (usize, usize);

/// A mention or a quote.
pub(super) struct Evidence<'a> {
    pub(super) article: Id,
    pub(super) field: TextField,
    pub(super) words: &'a str,
    /// Where it starts. For an orphan, where it started when it was last anchored.
    pub(super) start: Option<i32>,
    pub(super) is_orphan: bool,
    pub(super) context: &'a Context,
}

/// The new place of a mention or a quote.
pub(super) enum Placement {
    /// It keeps its place, or stays an orphan.
    Unchanged,
    /// It has a new place and context.
    Moved(Span, Context),
    /// It was removed, or several places are possible. It keeps its last context.
    Orphaned(Context),
    /// The budget does not suffice to know.
    Unknown,
}

impl Evidence<'_> {
    fn start(&self) -> Option<usize> {
        self.start.and_then(|start| usize::try_from(start).ok())
    }

    fn span(&self) -> Option<Span> {
        let start = self.start().filter(|_| !self.is_orphan)?;
        Some((start, self.end(start)))
    }

    fn end(&self, start: usize) -> usize {
        start + self.words.chars().count()
    }

    fn selector(&self) -> Selector {
        let Context { prefix, suffix, has_twin } = self.context;
        Selector::new(self.words, self.start(), (prefix, suffix), *has_twin)
    }

    /// The place where its selector found it.
    fn moved_to(&self, start: usize, text: &Text) -> Placement {
        let span = (start, self.end(start));
        Placement::Moved(span, context(text, span, text.has_twin(span.0, span.1)))
    }
}

/// The context of a span of a text.
fn context(text: &Text, (start, end): Span, has_twin: bool) -> Context {
    let (prefix, suffix) = around(text, start, end);
    Context { prefix, suffix, has_twin }
}

/// The texts that a write changes.
pub(super) struct ChangedTexts {
    changes: HashMap<(Id, TextField), TextChange>,
    /// The articles whose texts a revert restores, with its edit.
    restored_by: HashMap<Id, Option<usize>>,
    budget: Arc<SearchBudget>,
}

impl ChangedTexts {
    /// Compares the texts of all articles with the stored ones. Searches in them take from `budget`.
    pub(super) fn of(drafts: &[Draft], budget: Arc<SearchBudget>) -> Self {
        let (mut changes, mut restored_by) = (HashMap::new(), HashMap::new());
        for draft in drafts {
            let (Body::Article(new), Some(Body::Article(old))) =
                (&draft.document.body, draft.stored.as_ref().map(|stored| &stored.body))
            else {
                continue;
            };
            for field in Article::TEXTS.into_iter().filter(|field| old.text(*field) != new.text(*field)) {
                let text = |text: Option<&str>| Text::new(text.unwrap_or_default(), &budget);
                changes.insert((draft.id, field), TextChange::new(text(old.text(field)), text(new.text(field))));
                if is_revert(draft.change) {
                    restored_by.insert(draft.id, draft.input_index);
                }
            }
        }
        Self { changes, restored_by, budget }
    }

    /// Whether a text changes.
    pub(super) fn has(&self, article: Id, field: TextField) -> bool {
        self.changes.contains_key(&(article, field))
    }

    /// An unchanged text to search in.
    pub(super) fn text(&self, text: &str) -> Text {
        Text::new(text, &self.budget)
    }

    /// The place of a mention or quote after a change of its text. An orphan may be found again.
    pub(super) fn follow(&self, evidence: &Evidence<'_>) -> Placement {
        let Some(change) = self.changes.get(&(evidence.article, evidence.field)) else { return Placement::Unchanged };
        let (old, new) = (change.old(), change.new_text());
        let Some((start, end)) = evidence.span() else {
            // It was not in the old text.
            return match evidence.selector().find(new, Some(old)) {
                Some(Some(start)) => evidence.moved_to(start, new),
                _ => Placement::Unchanged,
            };
        };
        if evidence.selector().is_at(start, new) {
            return Placement::Unchanged;
        }
        match change.find(start, end) {
            Some(found) if found.0 == start => Placement::Unchanged,
            Some(found) => {
                let has_twin = change.has_twin(evidence.words).unwrap_or(evidence.context.has_twin);
                Placement::Moved(found, context(new, found, has_twin))
            }
            None if end > old.len() => Placement::Orphaned(evidence.context.clone()),
            None => Placement::Orphaned(context(old, (start, end), old.has_twin(start, end))),
        }
    }

    /// The place of a mention or quote that a revert restores: its old place, if the revert restores the text as well or the context
    /// is the same on one side, and else the place that its selector finds.
    pub(super) fn restore(&self, evidence: &Evidence<'_>, line: Option<usize>, text: &Text) -> Placement {
        let selector = evidence.selector();
        if let Some((start, end)) = evidence.span() {
            let is_text_restored =
                self.has(evidence.article, evidence.field) && self.restored_by.get(&evidence.article) == Some(&line);
            let has_words =
                || text.get(start..end).is_some_and(|there| there.iter().copied().eq(evidence.words.chars()));
            if (is_text_restored && has_words())
                || selector.is_at(start, text)
                || selector.is_at_by_one_side(start, text)
            {
                return Placement::Unchanged;
            }
        }
        match selector.find(text, None) {
            None => Placement::Unknown,
            Some(None) => Placement::Orphaned(evidence.context.clone()),
            Some(Some(start)) if evidence.span().is_some_and(|span| span.0 == start) => Placement::Unchanged,
            Some(Some(start)) => evidence.moved_to(start, text),
        }
    }

    /// The new text, if it changes.
    pub(super) fn new_text(&self, article: Id, field: TextField) -> Option<&Text> {
        self.changes.get(&(article, field)).map(TextChange::new_text)
    }
}
