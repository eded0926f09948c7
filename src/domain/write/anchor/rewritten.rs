//! What stood in a text before it changed is found again by itself and its surroundings, or told to be lost. What was lost
//! before is found where its words have come back.

use std::{collections::HashMap, sync::Arc};

use entity::{
    Id,
    vocabulary::{AnchorState, TextField},
};

use crate::{
    domain::{
        kind::{Article, Body, Citation},
        write::{Deed, Draft},
    },
    text::{Effort, Passages, Text},
};

use super::{
    put_back::lose,
    remembered::{Lost, Remembered, Span},
    set_span, span,
};

/// The texts that a write changes.
pub(super) struct Rewritten {
    texts: HashMap<(Id, TextField), Change>,
    /// What may be done to find passages again.
    effort: Arc<Effort>,
    /// What was merged into the records of the write before.
    merged: HashMap<Id, Vec<Id>>,
    /// The versions that are undone, by their records.
    undone: HashMap<Id, i32>,
    /// Where what was lost stood last.
    remembered: Remembered,
}

struct Change {
    /// From the old text, empty where there was none; nothing where there is none any more.
    passages: Option<Passages>,
    new: Option<Arc<Text>>,
}

impl Rewritten {
    pub(super) fn of(drafts: &[Draft], undone: HashMap<Id, i32>, effort: Arc<Effort>) -> Self {
        let mut texts = HashMap::new();
        for draft in drafts {
            if let (Body::Article(new), Some(Body::Article(old))) =
                (&draft.document.body, draft.stored.as_ref().map(|stored| &stored.body))
            {
                for field in Article::TEXTS.into_iter().filter(|field| old.text(*field) != new.text(*field)) {
                    let (old, new) = (old.text(field).unwrap_or_default(), new.text(field));
                    let new = new.map(|new| Arc::new(Text::new(new, &effort)));
                    let passages = new.clone().map(|new| Passages::new(Text::new(old, &effort), new));
                    let change = Change { passages, new };
                    texts.insert((draft.id, field), change);
                }
            }
        }
        let stored = drafts.iter().filter_map(|draft| Some((draft.id, &draft.stored.as_deref()?.header.merged_ids)));
        let merged = stored.filter(|(_, ids)| !ids.is_empty()).map(|(id, ids)| (id, ids.clone())).collect();
        Self { texts, effort, merged, undone, remembered: Remembered::default() }
    }

    /// What was lost before, and may be found in the new texts. A line of an import says itself where things stand.
    pub(super) fn lost(&self, drafts: &[Draft]) -> Vec<Lost> {
        let mut lost = Vec::new();
        if self.texts.is_empty() {
            return lost;
        }
        for draft in drafts.iter().filter(|draft| draft.deed != Deed::Import) {
            let Some(stored) = draft.stored.as_deref() else { continue };
            let version = stored.header.version.unwrap_or(1);
            let mut note = |item: Option<Id>, article: Id, field: TextField, words: Option<&str>| {
                let passages = self.texts.get(&(article, field)).and_then(|change| change.passages.as_ref());
                if let (Some(item), Some(words), Some(passages)) = (item, words, passages)
                    && passages.has(words)
                {
                    let words = words.to_owned();
                    lost.push(Lost { item, owner: draft.id, version, article, field, words, stood: None });
                }
            };
            if let Body::Article(article) = &stored.body {
                for mention in article.mentions.iter().filter(|mention| mention.anchor == AnchorState::Orphaned) {
                    note(mention.id, draft.id, mention.field, mention.text.as_deref());
                }
            }
            for citation in stored.body.citations().filter(|citation| citation.anchor == AnchorState::Orphaned) {
                note(citation.id, citation.article.id(), citation.field, Some(&citation.quote));
            }
        }
        lost
    }

    /// A text as it will be, to look for passages in; `present` holds those that do not change.
    pub(super) fn text<'a>(
        &self,
        article: Id,
        field: TextField,
        present: impl Fn(Id, TextField) -> Option<&'a str>,
    ) -> Option<Arc<Text>> {
        match self.texts.get(&(article, field)) {
            Some(change) => change.new.clone(),
            None => Some(Text::new(present(article, field)?, &self.effort).into()),
        }
    }

    /// What was merged into a record before.
    pub(super) fn merged_into(&self, record: Id) -> Vec<Id> {
        self.merged.get(&record).cloned().unwrap_or_default()
    }

    /// A text of the past.
    pub(super) fn old_text(&self, text: &str) -> Text {
        Text::new(text, &self.effort)
    }

    /// Whether the effort suffices to read so many bytes of the history, which is taken from it.
    pub(super) fn may_read(&self, bytes: usize) -> bool {
        self.effort.take(bytes).is_some()
    }

    /// Whether a text changes.
    pub(super) fn changes(&self, article: Id, field: TextField) -> bool {
        self.texts.contains_key(&(article, field))
    }

    /// The version of a record that is undone.
    pub(super) fn undone(&self, record: Id) -> Option<i32> {
        self.undone.get(&record).copied()
    }

    /// Whether more was to be looked for than the effort suffices for.
    pub(super) fn was_too_much(&self) -> bool {
        self.effort.was_too_little()
    }

    /// Takes up where what was lost stood last.
    pub(super) fn remember(&mut self, remembered: Remembered) {
        self.remembered = remembered;
    }

    /// Where something that was lost, or comes back, stands now; nothing where it is not known where it stood.
    #[expect(clippy::option_option, reason = "not known, known to be gone, or found")]
    pub(super) fn remembered(&self, item: Id) -> Option<Option<(usize, usize)>> {
        self.remembered.find(item)
    }

    /// Whether something could not be looked for where it stood: nobody knows whether it is gone.
    pub(super) fn is_unread(&self, item: Option<Id>) -> bool {
        item.is_some_and(|item| self.remembered.is_unread(item))
    }

    /// Lets a citation follow its passage.
    pub(super) fn follow(&self, citation: &mut Citation) {
        let (article, field) = (citation.article.id(), citation.field);
        let span = citation.start.zip(citation.end).and_then(|(start, end)| span(start, end));
        let found = match span {
            Some(_) => self.find(article, field, citation.id, span),
            None => self
                .texts
                .contains_key(&(article, field))
                .then(|| self.come_back(article, field, citation.id, &citation.quote)),
        };
        match found {
            None => {}
            Some(Some(found)) if span == Some(found) => {}
            Some(Some(found)) => {
                set_span(citation, found);
                citation.anchor = AnchorState::Moved;
            }
            Some(None) => lose(citation),
        }
    }

    /// Where something that stood at a span of a text stands by now, if it does; nothing where the text does not change.
    #[expect(clippy::option_option, reason = "not changed, gone, or found")]
    pub(super) fn find(
        &self,
        article: Id,
        field: TextField,
        item: Option<Id>,
        span: Option<Span>,
    ) -> Option<Option<Span>> {
        let change = self.texts.get(&(article, field))?;
        let known = item.and_then(|item| self.remembered(item)).flatten();
        Some(known.or_else(|| span.and_then(|(start, end)| change.passages.as_ref()?.find(start, end))))
    }

    /// Where something that was lost stands again: by what stood around it once, or, where nothing tells that, because its
    /// words are back, once. Words that were there while it was lost are those of something else.
    pub(super) fn come_back(&self, article: Id, field: TextField, item: Option<Id>, words: &str) -> Option<Span> {
        let change = self.texts.get(&(article, field)).filter(|_| !self.is_unread(item))?;
        item.and_then(|item| self.remembered(item)).unwrap_or_else(|| change.passages.as_ref()?.back(words))
    }
}
