//! Where mentions and quotes stand after their texts have changed, or when an undoing brings them back.

use std::{collections::HashMap, sync::Arc};

use entity::{Id, vocabulary::TextField};

use crate::{
    domain::{
        kind::{Article, Body, Context},
        write::Draft,
    },
    text::{Effort, Selector, Text, TextChange, around},
};

use super::comes_back;

/// A span of a text, in code points.
pub(super) type Span = (usize, usize);

/// What a mention and a quote have in common.
pub(super) struct Item<'a> {
    pub(super) article: Id,
    pub(super) field: TextField,
    pub(super) words: &'a str,
    /// Where it starts, or started when it was last anchored.
    pub(super) start: Option<i32>,
    pub(super) is_lost: bool,
    pub(super) context: &'a Context,
}

/// What becomes of a mention or a quote.
pub(super) enum Outcome {
    /// It stays as it is: where it stands, or lost.
    Stays,
    /// It stands there now, and this stands around it.
    Moves(Span, Context),
    /// It is not there any more, or could be one of several; this stood around it.
    IsLost(Context),
    /// There is too much to look for.
    TooMuch,
}

impl Item<'_> {
    fn start(&self) -> Option<usize> {
        self.start.and_then(|start| usize::try_from(start).ok())
    }

    fn span(&self) -> Option<Span> {
        let start = self.start().filter(|_| !self.is_lost)?;
        Some((start, self.end(start)))
    }

    fn end(&self, start: usize) -> usize {
        start + self.words.chars().count()
    }

    fn selector(&self) -> Selector {
        let Context { prefix, suffix, has_twin } = self.context;
        Selector::new(self.words, self.start(), (prefix, suffix), *has_twin)
    }

    /// Where it was found by its selector.
    fn found(&self, start: usize, text: &Text) -> Outcome {
        let span = (start, self.end(start));
        Outcome::Moves(span, context(text, span, text.has_twin(span.0, span.1)))
    }
}

/// What stands around a span of a text.
fn context(text: &Text, (start, end): Span, has_twin: bool) -> Context {
    let (prefix, suffix) = around(text, start, end);
    Context { prefix, suffix, has_twin }
}

/// The texts that a write changes.
pub(super) struct ChangedTexts {
    changes: HashMap<(Id, TextField), TextChange>,
    /// The lines that give texts back which they had before, by undoing a change.
    restored_by: HashMap<Id, Option<usize>>,
    effort: Arc<Effort>,
}

impl ChangedTexts {
    /// Compares the texts of all articles with the stored ones. `effort` bounds what is done to find anything in them.
    pub(super) fn of(drafts: &[Draft], effort: Arc<Effort>) -> Self {
        let (mut changes, mut restored_by) = (HashMap::new(), HashMap::new());
        for draft in drafts {
            let (Body::Article(new), Some(Body::Article(old))) =
                (&draft.document.body, draft.stored.as_ref().map(|stored| &stored.body))
            else {
                continue;
            };
            for field in Article::TEXTS.into_iter().filter(|field| old.text(*field) != new.text(*field)) {
                let text = |text: Option<&str>| Text::new(text.unwrap_or_default(), &effort);
                changes.insert((draft.id, field), TextChange::new(text(old.text(field)), text(new.text(field))));
                if comes_back(draft.change) {
                    restored_by.insert(draft.id, draft.line);
                }
            }
        }
        Self { changes, restored_by, effort }
    }

    /// Whether a text changes.
    pub(super) fn has(&self, article: Id, field: TextField) -> bool {
        self.changes.contains_key(&(article, field))
    }

    /// A text to look for something in.
    pub(super) fn text(&self, text: &str) -> Text {
        Text::new(text, &self.effort)
    }

    /// Lets what stands in a text, or was lost from it, follow a change of the text.
    pub(super) fn follow(&self, item: &Item<'_>) -> Outcome {
        let Some(change) = self.changes.get(&(item.article, item.field)) else { return Outcome::Stays };
        let (old, new) = (change.old(), change.new_text());
        let Some((start, end)) = item.span() else {
            // What stood in the old text was not it.
            return match item.selector().find(new, Some(old)) {
                Some(Some(start)) => item.found(start, new),
                _ => Outcome::Stays,
            };
        };
        if item.selector().stands_at(start, new) {
            return Outcome::Stays;
        }
        match change.find(start, end) {
            Some(found) if found.0 == start => Outcome::Stays,
            Some(found) => {
                let has_twin = change.has_twin(item.words).unwrap_or(item.context.has_twin);
                Outcome::Moves(found, context(new, found, has_twin))
            }
            None if end > old.len() => Outcome::IsLost(item.context.clone()),
            None => Outcome::IsLost(context(old, (start, end), old.has_twin(start, end))),
        }
    }

    /// Puts back what a line brings back by undoing a change: where it stood then, if the undoing restores the text as well or
    /// the same stands around that place, or else where its selector finds it.
    pub(super) fn put_back(&self, item: &Item<'_>, line: Option<usize>, text: &Text) -> Outcome {
        let selector = item.selector();
        if let Some((start, end)) = item.span() {
            let is_restored = self.has(item.article, item.field) && self.restored_by.get(&item.article) == Some(&line);
            let stands = || text.get(start..end).is_some_and(|there| there.iter().copied().eq(item.words.chars()));
            if (is_restored && stands()) || selector.stands_at(start, text) {
                return Outcome::Stays;
            }
        }
        match selector.find(text, None) {
            None => Outcome::TooMuch,
            Some(None) => Outcome::IsLost(item.context.clone()),
            Some(Some(start)) if item.span().is_some_and(|span| span.0 == start) => Outcome::Stays,
            Some(Some(start)) => item.found(start, text),
        }
    }

    /// The text as it will be, if it changes.
    pub(super) fn new_text(&self, article: Id, field: TextField) -> Option<&Text> {
        self.changes.get(&(article, field)).map(TextChange::new_text)
    }
}
