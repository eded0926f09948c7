//! Which line is behind what merely follows: a record whose citations follow the text of an article, or whose dates follow that
//! of another record.

use std::collections::HashMap;

use entity::Id;

use crate::domain::kind::Citation;

use super::{Deed, Draft, dating::visit};

/// What a record follows: the first of the lines behind it, and the record of that line where the way to it begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Behind {
    pub(super) line: usize,
    pub(super) record: Id,
}

/// What is behind each draft that merely follows, as far as lines count.
///
/// Each way is gone once, however long the chains are: from the lines, the first one first, to what follows them.
pub(super) fn behind(drafts: &[Draft], counts: impl Fn(&Draft) -> bool) -> HashMap<Id, Behind> {
    let (follow, lead): (Vec<&Draft>, Vec<&Draft>) = drafts.iter().partition(|draft| draft.deed == Deed::Follow);
    let mut followers: HashMap<Id, Vec<Id>> = HashMap::new();
    for draft in follow {
        for cause in causes(draft) {
            followers.entry(cause).or_default().push(draft.id);
        }
    }
    let mut lead: Vec<(usize, Id)> =
        lead.into_iter().filter(|draft| counts(draft)).filter_map(|draft| Some((draft.line?, draft.id))).collect();
    lead.sort_unstable();
    let mut found = HashMap::new();
    for (line, record) in lead {
        let mut ways = vec![record];
        while let Some(at) = ways.pop() {
            for follower in followers.remove(&at).unwrap_or_default() {
                found.entry(follower).or_insert(Behind { line, record });
                ways.push(follower);
            }
        }
    }
    found
}

/// The records on which it depends what a draft says otherwise than what is stored: the articles whose text its citations
/// followed, and the anchors of dates that come to something else.
fn causes(draft: &Draft) -> Vec<Id> {
    let Some(stored) = draft.stored.as_deref() else { return Vec::new() };
    let places: HashMap<Option<Id>, &Citation> = stored.body.citations().map(|old| (old.id, old)).collect();
    let followed = draft.document.body.citations().filter(|citation| {
        places.get(&citation.id).is_some_and(|old| (old.start, old.anchor) != (citation.start, citation.anchor))
    });
    let mut causes: Vec<Id> = followed.map(|citation| citation.article.id()).collect();
    let mut dates = HashMap::new();
    visit(stored, draft.id, &mut |owner, field, date| {
        dates.insert((owner, field), date.resolved.clone());
    });
    visit(&draft.document, draft.id, &mut |owner, field, date| {
        if let Some(relative) = &date.relative
            && dates.get(&(owner, field)) != Some(&date.resolved)
        {
            causes.push(relative.anchor.id());
        }
    });
    causes
}
