//! Evidence that comes back when a change is undone: the text in which it stood may have changed since. It follows its passage
//! from the text as it was then, as it would have done had it stayed.

use std::collections::HashMap;

use entity::{
    Id,
    vocabulary::{AnchorState, Operation, TextField},
};

use crate::domain::{
    document::Document,
    kind::{Article, Body, Citation, Mention},
    write::{Deed, Draft},
};

use super::{
    Standing,
    remembered::{Lost, Span},
    rewritten::Rewritten,
    set_span, span,
};

/// Whether a draft may bring back evidence.
pub(super) const fn comes_back(deed: Deed) -> bool {
    matches!(deed, Deed::Edit(Operation::Revert) | Deed::Part(Operation::Revert))
}

/// Citations that a record gives back to another one: they have followed their texts there.
pub(super) struct Carried(HashMap<Id, Citation>);

impl Carried {
    pub(super) fn of(drafts: &[Draft]) -> Self {
        let mut carried = HashMap::new();
        for draft in drafts.iter().filter(|draft| comes_back(draft.deed)) {
            for citation in draft.stored.iter().flat_map(|stored| stored.body.citations()) {
                carried.extend(citation.id.map(|id| (id, citation.clone())));
            }
        }
        Self(carried)
    }

    /// Where a citation that says the same stands on the record that gives it back.
    fn get(&self, citation: &Citation) -> Option<&Citation> {
        citation.id.and_then(|id| self.0.get(&id)).filter(|carried| {
            (carried.article.id(), carried.field, &carried.quote)
                == (citation.article.id(), citation.field, &citation.quote)
        })
    }
}

/// What comes back with these drafts, and where it stood before the version of its record that is undone.
pub(super) fn returning(drafts: &[Draft], rewritten: &Rewritten, carried: &Carried) -> Vec<Lost> {
    let mut returning = Vec::new();
    for draft in drafts.iter().filter(|draft| comes_back(draft.deed)) {
        let Some(version) = rewritten.undone(draft.id) else { continue };
        let standing = Standing::of(draft);
        for citation in draft.document.body.citations() {
            let is_given_back = !standing.has(citation) && carried.get(citation).is_some();
            if let Some(item) = citation.id
                && !standing.holds(citation)
                && !is_given_back
            {
                returning.push(Lost {
                    item,
                    owner: draft.id,
                    version,
                    article: citation.article.id(),
                    field: citation.field,
                    words: citation.quote.clone(),
                    stood: citation.start.zip(citation.end).and_then(|(start, end)| span(start, end)),
                });
            }
        }
        if let Body::Article(article) = &draft.document.body {
            let stored = draft.stored.as_deref();
            returning.extend(returning_mentions(article, stored).filter_map(|mention| {
                let stood = span(mention.start, mention.end).filter(|_| mention.anchor != AnchorState::Orphaned);
                let words = mention.text.clone()?;
                Some(Lost {
                    item: mention.id?,
                    owner: draft.id,
                    version,
                    article: draft.id,
                    field: mention.field,
                    words,
                    stood,
                })
            }));
        }
    }
    returning
}

/// What stands in texts of which these drafts undo the last change, and would not be found again where it stands.
pub(super) fn staying(drafts: &[Draft], rewritten: &Rewritten) -> Vec<Lost> {
    let mut staying = Vec::new();
    let reverted = drafts.iter().filter(|draft| comes_back(draft.deed));
    let reverted: HashMap<Id, i32> =
        reverted.filter_map(|draft| Some((draft.id, rewritten.undone(draft.id)?))).collect();
    if reverted.is_empty() {
        return staying;
    }
    for draft in drafts {
        let mut note =
            |item: Option<Id>, article: Id, field: TextField, stood: Option<Span>, words: Option<&String>| {
                if let (Some(item), Some(words), Some(version)) = (item, words, reverted.get(&article).copied())
                    && stood.is_some()
                    && rewritten.find(article, field, None, stood).is_some_and(|found| found != stood)
                {
                    staying.push(Lost { item, owner: draft.id, version, article, field, words: words.clone(), stood });
                }
            };
        let standing = Standing::of(draft);
        for citation in draft.document.body.citations().filter(|citation| standing.holds(citation)) {
            let stood = citation.start.zip(citation.end).and_then(|(start, end)| span(start, end));
            note(citation.id, citation.article.id(), citation.field, stood, Some(&citation.quote));
        }
        if let Body::Article(article) = &draft.document.body {
            let standing = standing_mentions(draft.stored.as_deref());
            let stands =
                |mention: &&Mention| mention.anchor != AnchorState::Orphaned && is_standing(mention, &standing);
            for mention in article.mentions.iter().filter(stands) {
                note(mention.id, draft.id, mention.field, span(mention.start, mention.end), mention.text.as_ref());
            }
        }
    }
    staying
}

/// The mentions that do not stand already as they are.
fn returning_mentions<'a>(article: &'a Article, stored: Option<&'a Document>) -> impl Iterator<Item = &'a Mention> {
    let standing = standing_mentions(stored);
    article.mentions.iter().filter(move |mention| !is_standing(mention, &standing))
}

/// The mentions that an article has already.
pub(super) fn standing_mentions(stored: Option<&Document>) -> HashMap<Id, &Mention> {
    let Some(Body::Article(old)) = stored.map(|stored| &stored.body) else { return HashMap::new() };
    old.mentions.iter().filter_map(|mention| Some((mention.id?, mention))).collect()
}

/// Whether a mention is where it was, with the same words.
pub(super) fn is_standing(mention: &Mention, standing: &HashMap<Id, &Mention>) -> bool {
    mention.id.and_then(|id| standing.get(&id)).is_some_and(|old| {
        (old.field, old.start, old.end, old.anchor, &old.text)
            == (mention.field, mention.start, mention.end, mention.anchor, &mention.text)
    })
}

/// Lets a citation stand where its passage stands now. Where nothing tells that, and it had a place, it stands where its words do, if
/// that is one place, as it would if it was added without a place; else it is lost. Says whether all of that could be looked at.
pub(super) fn put_back(
    citation: &mut Citation,
    standing: &Standing,
    carried: &Carried,
    rewritten: &Rewritten,
    look_for: impl Fn(&str) -> Option<Result<(usize, usize), usize>>,
) -> bool {
    if let Some(there) = carried.get(citation).filter(|_| !standing.has(citation)) {
        (citation.start, citation.end, citation.anchor) = (there.start, there.end, there.anchor);
        rewritten.follow(citation);
        return true;
    }
    let is_lost = citation.anchor == AnchorState::Orphaned;
    let found = match citation.id.and_then(|id| rewritten.remembered(id)) {
        Some(found) => found,
        None if is_lost => None,
        None if rewritten.is_unread(citation.id) => return false,
        None => match look_for(&citation.quote) {
            Some(found) => found.ok(),
            None => return false,
        },
    };
    match found {
        Some(found) => {
            let before = citation.start.zip(citation.end);
            set_span(citation, found);
            if before != citation.start.zip(citation.end) {
                citation.anchor = AnchorState::Moved;
            }
        }
        None => lose(citation),
    }
    true
}

/// Tells that the words of a citation are gone.
pub(super) fn lose(citation: &mut Citation) {
    citation.anchor = AnchorState::Orphaned;
    (citation.start, citation.end) = (None, None);
}
