//! What stood in a text before it changed is found again by itself and its surroundings, or told to be lost. What was lost
//! before is found where its words have come back.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use entity::{
    Id,
    vocabulary::{AnchorState, TextField},
};

use crate::{
    domain::{
        document::{Article, Body, Citation, Document, Mention},
        write::{Deed, Draft},
    },
    text::{Effort, Passages, Text},
};

use super::{
    put_back::{is_standing, standing_mentions},
    remembered::{Lost, Remembered},
    set_span,
};

pub(super) const FIELDS: [TextField; 3] = Article::TEXTS;

/// The texts that a write changes.
pub(super) struct Rewritten {
    texts: HashMap<(Id, TextField), Change>,
    /// What may be done to find passages again.
    effort: Arc<Effort>,
    /// What was merged into the records of the write before.
    merged: HashMap<Id, Vec<Id>>,
    /// Where what was lost stood last.
    remembered: Remembered,
}

struct Change {
    /// From the old text, empty where there was none; nothing where there is none any more.
    passages: Option<Passages>,
    new: Option<Arc<Text>>,
}

impl Rewritten {
    pub(super) fn of(drafts: &[Draft], effort: Arc<Effort>) -> Self {
        let mut texts = HashMap::new();
        for draft in drafts {
            if let (Body::Article(new), Some(Body::Article(old))) =
                (&draft.document.body, draft.stored.as_ref().map(|stored| &stored.body))
            {
                for field in FIELDS.into_iter().filter(|field| old.text(*field) != new.text(*field)) {
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
        Self { texts, effort, merged, remembered: Remembered::default() }
    }

    /// What was lost before, and may be found in the new texts. A line of an import says itself where things stand, but for those of
    /// which it does not tell.
    pub(super) fn lost(&self, drafts: &[Draft], unsaid: &HashSet<Id>) -> Vec<Lost> {
        let mut lost = Vec::new();
        if self.texts.is_empty() {
            return lost;
        }
        for draft in drafts.iter().filter(|draft| draft.deed != Deed::Import || !unsaid.is_empty()) {
            let follows = |item: Id| draft.deed != Deed::Import || unsaid.contains(&item);
            let Some(stored) = draft.stored.as_deref() else { continue };
            let version = stored.header.version.unwrap_or(1);
            let mut note = |item: Option<Id>, article: Id, field: TextField, words: Option<&str>| {
                let passages = self.texts.get(&(article, field)).and_then(|change| change.passages.as_ref());
                if let (Some(item), Some(words), Some(passages)) = (item, words, passages)
                    && follows(item)
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

    /// Takes up where what was lost stood last.
    pub(super) fn remember(&mut self, remembered: Remembered) {
        self.remembered = remembered;
    }

    /// Where something that was lost, or comes back, stands now; nothing where it is not known where it stood.
    #[expect(clippy::option_option, reason = "not known, known to be gone, or found")]
    pub(super) fn remembered(&self, item: Id) -> Option<Option<(usize, usize)>> {
        self.remembered.find(item)
    }

    /// Lets a citation follow its passage.
    pub(super) fn follow(&self, citation: &mut Citation) {
        let Some(change) = self.texts.get(&(citation.article.id(), citation.field)) else {
            return;
        };
        let span = span(citation.start, citation.end);
        let found = match span {
            Some((start, end)) => change.passages.as_ref().and_then(|passages| passages.find(start, end)),
            None => self.come_back(change, citation.id, &citation.quote),
        };
        match found {
            Some(found) if span == Some(found) => {}
            Some(found) => {
                set_span(citation, found);
                citation.anchor = AnchorState::Moved;
            }
            None => {
                citation.anchor = AnchorState::Orphaned;
                citation.start = None;
                citation.end = None;
            }
        }
    }

    /// Where something that was lost stands again: by what stood around it once, or, where nothing tells that, because its
    /// words are back, once. Words that were there while it was lost are those of something else.
    fn come_back(&self, change: &Change, item: Option<Id>, words: &str) -> Option<(usize, usize)> {
        item.and_then(|item| self.remembered(item)).unwrap_or_else(|| change.passages.as_ref()?.back(words))
    }

    /// Lets mentions that come back stand where their passages stand now, and tells which those are.
    pub(super) fn put_back_mentions(&self, article: &mut Article, stored: Option<&Document>) -> HashSet<Id> {
        let standing = standing_mentions(stored);
        let mut mentions = std::mem::take(&mut article.mentions);
        let place = |mention: &Mention| (mention.field, mention.start, mention.end, mention.entity.id());
        let (old, back): (Vec<_>, Vec<_>) = mentions.iter_mut().partition(|mention| is_standing(mention, &standing));
        let is_there = |mention: &&&mut Mention| mention.anchor != AnchorState::Orphaned;
        let mut taken: HashSet<_> = old.iter().filter(is_there).map(|mention| place(mention)).collect();
        let mut put_back = HashSet::new();
        for mention in back {
            put_back.extend(mention.id);
            let before = (mention.start, mention.end);
            // Its words are few, and found anywhere: where nothing tells where it stood, it is lost.
            match mention.id.and_then(|id| self.remembered(id)?).and_then(points) {
                Some(found) => {
                    (mention.start, mention.end) = found;
                    if taken.insert(place(mention)) {
                        if found != before || mention.anchor == AnchorState::Orphaned {
                            mention.anchor = AnchorState::Moved;
                        }
                    } else {
                        (mention.start, mention.end) = before;
                        mention.anchor = AnchorState::Orphaned;
                    }
                }
                None => mention.anchor = AnchorState::Orphaned,
            }
        }
        article.mentions = mentions;
        put_back
    }

    /// Lets the mentions that an article had already follow their passages, as far as they do so.
    pub(super) fn follow_mentions(
        &self,
        id: Id,
        article: &mut Article,
        stored: Option<&Document>,
        follows: impl Fn(Id) -> bool,
    ) {
        let standing = standing_mentions(stored);
        let is_old = |mention: &Mention| is_standing(mention, &standing) && mention.id.is_none_or(&follows);
        let place = |mention: &Mention| (mention.field, mention.start, mention.end, mention.entity.id());
        let mut taken: HashSet<_> = article
            .mentions
            .iter()
            .filter(|mention| mention.anchor != AnchorState::Orphaned && !is_old(mention))
            .map(&place)
            .collect();
        // What was lost comes last: it takes no place from what still stands there.
        let (lost, kept): (Vec<&mut Mention>, Vec<&mut Mention>) =
            article.mentions.iter_mut().partition(|mention| mention.anchor == AnchorState::Orphaned);
        for mention in kept {
            let Some(change) = self.texts.get(&(id, mention.field)) else {
                taken.insert(place(mention));
                continue;
            };
            if !is_old(mention) {
                continue;
            }
            let before = (mention.start, mention.end);
            let found = span(Some(mention.start), Some(mention.end))
                .and_then(|(start, end)| change.passages.as_ref()?.find(start, end))
                .and_then(points);
            if let Some(found) = found {
                (mention.start, mention.end) = found;
            }
            if found.is_none() || !taken.insert(place(mention)) {
                (mention.start, mention.end) = before;
                mention.anchor = AnchorState::Orphaned;
            } else if (mention.start, mention.end) != before {
                mention.anchor = AnchorState::Moved;
            }
        }
        for mention in lost {
            let Some(change) = self.texts.get(&(id, mention.field)).filter(|_| is_old(mention)) else {
                continue;
            };
            let words = mention.text.as_deref().filter(|words| !words.is_empty());
            let found = words.and_then(|words| self.come_back(change, mention.id, words)).and_then(points);
            if let Some((start, end)) = found
                && taken.insert((mention.field, start, end, mention.entity.id()))
            {
                (mention.start, mention.end) = (start, end);
                mention.anchor = AnchorState::Moved;
            }
        }
    }
}

fn span(start: Option<i32>, end: Option<i32>) -> Option<(usize, usize)> {
    Some((usize::try_from(start?).ok()?, usize::try_from(end?).ok()?))
}

fn points((start, end): (usize, usize)) -> Option<(i32, i32)> {
    Some((i32::try_from(start).ok()?, i32::try_from(end).ok()?))
}
