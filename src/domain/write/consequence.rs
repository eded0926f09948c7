//! What a change takes along: passages that lost their place in a text, dates that follow, and other records that change.

use std::collections::{HashMap, HashSet};

use entity::{
    Id,
    vocabulary::{AnchorState, RecordKind, TextField},
};

use crate::{
    domain::kind::{Body, Citation, Mention},
    text::{Nearest, SearchBudget, nearest},
};

use super::{ChangeKind, Draft, WriteState, check::date::visit, history::Change};

/// How many items each list has at most.
pub const MAX_CONSEQUENCES: usize = 100;
/// How many steps the search for nearest passages may take: less than a second of work. No other call writes during this time.
const SEARCH_STEPS: usize = 1 << 27;

/// What a change takes along. Each list has [`MAX_CONSEQUENCES`] items at most. What the bin hides is left out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Consequences {
    /// Mentions and citations that are not in their text any more.
    pub lost: Vec<LostPassage>,
    /// Records whose dates follow the date of another record.
    pub dates: Vec<Id>,
    /// All other records that change, without those that were edited.
    pub records: Vec<Id>,
    /// The relations that change.
    pub relations: Vec<Id>,
}

/// A mention or a citation that lost its place.
#[derive(Debug, Clone, PartialEq)]
pub struct LostPassage {
    /// Its id.
    pub id: Id,
    /// The passage of the new text that is nearest to its words, if one is similar enough.
    pub nearest: Option<Nearest>,
}

/// A mention or a citation that lost its place, and where that was.
struct Lost<'a> {
    article: Id,
    field: TextField,
    start: usize,
    words: &'a str,
    id: Id,
}

/// The consequences of a write.
pub(super) fn consequences(state: &WriteState<'_>, changes: &[Change]) -> Consequences {
    let changed = || changes.iter().map(|change| &state.drafts[change.draft]);
    let is_visible = |draft: &&Draft| {
        let header = &draft.document.header;
        header.deleted_at.is_none() && header.merged_into.is_none()
    };
    let others = || changed().filter(is_visible).filter(|draft| !matches!(draft.change, ChangeKind::Edit(_)));
    let is_relation = |draft: &&Draft| draft.document.header.kind == RecordKind::Relation;
    let first = |ids: &mut dyn Iterator<Item = Id>| {
        let mut ids: Vec<Id> = ids.collect();
        ids.sort_unstable();
        ids.truncate(MAX_CONSEQUENCES);
        ids
    };
    Consequences {
        lost: lost(state, changed().filter(is_visible)),
        dates: first(&mut others().filter(|draft| !is_relation(draft) && has_new_date(draft)).map(|draft| draft.id)),
        records: first(&mut others().filter(|draft| !is_relation(draft)).map(|draft| draft.id)),
        relations: first(&mut others().filter(is_relation).map(|draft| draft.id)),
    }
}

/// Whether a date of a record, or of one of its citations, was resolved again.
fn has_new_date(draft: &Draft) -> bool {
    let Some(stored) = draft.stored.as_deref() else { return false };
    let mut before = HashMap::new();
    visit(stored, draft.id, &mut |owner, field, date| {
        before.insert((owner, field), date.clone());
    });
    let mut is_new = false;
    visit(&draft.document, draft.id, &mut |owner, field, date| {
        is_new |=
            before.get(&(owner, field)).is_some_and(|old| old.relative.is_some() && old.resolved != date.resolved);
    });
    is_new
}

/// The passages that lost their places, each with the nearest one in the new text.
fn lost<'a>(state: &'a WriteState<'_>, changed: impl Iterator<Item = &'a Draft>) -> Vec<LostPassage> {
    let mut lost = Vec::new();
    for draft in changed {
        let Some(stored) = draft.stored.as_deref() else { continue };
        let (old, new) = (stored.body.facts().items, draft.document.body.facts().items);
        let orphans: HashSet<Id> = new
            .all_citations()
            .filter(|citation| citation.anchor == AnchorState::Orphaned)
            .filter_map(|citation| citation.id)
            .chain(new.mentions.iter().filter(|mention| is_orphan(mention)).filter_map(|mention| mention.id))
            .collect();
        if orphans.is_empty() {
            continue;
        }
        let is_lost = |id: &Id| orphans.contains(id);
        let citations = old.all_citations().filter(|citation| citation.anchor != AnchorState::Orphaned);
        lost.extend(citations.filter_map(|citation| lost_citation(citation, citation.id.filter(is_lost)?)));
        let mentions = old.mentions.iter().filter(|mention| !is_orphan(mention));
        lost.extend(mentions.filter_map(|mention| lost_mention(draft.id, mention, mention.id.filter(is_lost)?)));
    }
    lost.sort_unstable_by_key(|lost| (lost.article, lost.field, lost.start, lost.id));
    lost.truncate(MAX_CONSEQUENCES);
    let budget = SearchBudget::new(SEARCH_STEPS);
    let mut texts: HashMap<(Id, TextField), Vec<char>> = HashMap::new();
    let found = lost.into_iter().map(|lost| {
        let text = texts
            .entry((lost.article, lost.field))
            .or_insert_with(|| new_text(state, lost.article, lost.field).chars().collect());
        let words: Vec<char> = lost.words.chars().collect();
        let nearest = nearest(&words, text, lost.start, &budget);
        LostPassage { id: lost.id, nearest }
    });
    found.collect()
}

fn is_orphan(mention: &Mention) -> bool {
    mention.anchor == AnchorState::Orphaned
}

fn lost_citation(citation: &Citation, id: Id) -> Option<Lost<'_>> {
    let start = usize::try_from(citation.start?).ok()?;
    let (article, field, words) = (citation.article.id(), citation.field, &citation.quote);
    Some(Lost { article, field, start, words, id })
}

fn lost_mention(article: Id, mention: &Mention, id: Id) -> Option<Lost<'_>> {
    let start = usize::try_from(mention.start).ok()?;
    Some(Lost { article, field: mention.field, start, words: mention.text.as_deref()?, id })
}

/// A text of an article after the change; empty if there is none. A passage loses its place only in a text that changes.
fn new_text<'a>(state: &'a WriteState<'_>, article: Id, field: TextField) -> &'a str {
    match state.draft(article).map(|draft| &draft.document.body) {
        Some(Body::Article(article)) => article.text(field).unwrap_or_default(),
        _ => "",
    }
}
