//! What stood in a text before it changed is found again by itself and its surroundings, or told to be lost.

use std::collections::{HashMap, HashSet};

use entity::{
    Id,
    vocabulary::{AnchorState, TextField},
};

use crate::{
    domain::{
        document::{Article, Body, Citation, Document, Mention},
        write::Draft,
    },
    text::{Passages, Spans},
};

use super::set_span;

const FIELDS: [TextField; 3] = [TextField::Headline, TextField::Abstract, TextField::Body];

/// The texts that a write changes.
pub(super) struct Rewritten {
    /// The texts before and after; nothing where one of them is missing.
    texts: HashMap<(Id, TextField), Change>,
}

struct Change {
    passages: Option<Passages>,
    new: Option<String>,
}

impl Rewritten {
    pub(super) fn of(drafts: &[Draft]) -> Self {
        let mut texts = HashMap::new();
        for draft in drafts {
            if let (Body::Article(new), Some(Body::Article(old))) =
                (&draft.document.body, draft.stored.as_ref().map(|stored| &stored.body))
            {
                for field in FIELDS.into_iter().filter(|field| old.text(*field) != new.text(*field)) {
                    let both = old.text(field).zip(new.text(field));
                    let change = Change {
                        passages: both.map(|(old, new)| Passages::new(old, new)),
                        new: new.text(field).map(str::to_owned),
                    };
                    texts.insert((draft.id, field), change);
                }
            }
        }
        Self { texts }
    }

    /// Lets a citation follow its passage.
    pub(super) fn follow(&self, citation: &mut Citation) {
        let Some(change) = self.texts.get(&(citation.article.id(), citation.field)) else {
            return;
        };
        let span = span(citation.start, citation.end);
        let found = match span {
            Some((start, end)) => change.passages.as_ref().and_then(|passages| passages.find(start, end)),
            // One that was lost before has only its words to be found by.
            None => change.new.as_ref().and_then(|new| Spans::new(new).only(&citation.quote).ok()),
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

    /// Lets the mentions that an article had already follow their passages.
    pub(super) fn follow_mentions(&self, id: Id, article: &mut Article, stored: Option<&Document>) {
        let Some(Body::Article(old)) = stored.map(|stored| &stored.body) else {
            return;
        };
        let standing: HashMap<Id, &Mention> =
            old.mentions.iter().filter_map(|mention| Some((mention.id?, mention))).collect();
        let is_old = |mention: &Mention| {
            mention.id.and_then(|id| standing.get(&id)).is_some_and(|old| {
                (old.field, old.start, old.end, old.anchor, &old.text)
                    == (mention.field, mention.start, mention.end, mention.anchor, &mention.text)
            })
        };
        let place = |mention: &Mention| (mention.field, mention.start, mention.end, mention.entity.id());
        let mut taken: HashSet<_> = article.mentions.iter().filter(|mention| !is_old(mention)).map(&place).collect();
        for mention in article.mentions.iter_mut().filter(|mention| mention.anchor != AnchorState::Orphaned) {
            let Some(change) = self.texts.get(&(id, mention.field)).filter(|_| is_old(mention)) else {
                continue;
            };
            let before = (mention.start, mention.end);
            let found = span(Some(mention.start), Some(mention.end))
                .and_then(|(start, end)| change.passages.as_ref()?.find(start, end))
                .and_then(|(start, end)| Some((i32::try_from(start).ok()?, i32::try_from(end).ok()?)));
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
    }
}

fn span(start: Option<i32>, end: Option<i32>) -> Option<(usize, usize)> {
    Some((usize::try_from(start?).ok()?, usize::try_from(end?).ok()?))
}
