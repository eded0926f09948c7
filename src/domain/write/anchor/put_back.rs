//! Evidence that comes back when a change is undone: the text in which it stood may have changed since.

use entity::vocabulary::{AnchorState, Operation, TextField};

use crate::{
    domain::{
        document::{Citation, Mention},
        write::Deed,
    },
    text::Spans,
};

use super::{set_span, span};

/// Whether a draft may bring back evidence.
pub(super) const fn comes_back(deed: Deed) -> bool {
    matches!(deed, Deed::Edit(Operation::Revert) | Deed::Part(Operation::Revert))
}

/// Lets a citation stand where it stood, or where its words stand now if that is one place, as they would if it was added without
/// a place; else it is lost. Says whether they could be looked for.
pub(super) fn put_back(
    citation: &mut Citation,
    text: &Spans<'_>,
    look_for: impl Fn(&str) -> Option<Result<(usize, usize), usize>>,
) -> bool {
    let there = citation.start.zip(citation.end).and_then(|(start, end)| span(start, end));
    if citation.anchor == AnchorState::Orphaned
        || there.and_then(|(start, end)| text.at(start, end)) == Some(&citation.quote)
    {
        return true;
    }
    match look_for(&citation.quote) {
        Some(Ok(found)) => {
            set_span(citation, found);
            citation.anchor = AnchorState::Moved;
        }
        Some(Err(_)) => lose(citation),
        None => return false,
    }
    true
}

/// Tells that the words of a citation are gone.
pub(super) fn lose(citation: &mut Citation) {
    citation.anchor = AnchorState::Orphaned;
    (citation.start, citation.end) = (None, None);
}

/// Lets mentions stand where they stood. Their words are few, and found anywhere: where others stand there now they are lost, until
/// their passage comes back.
pub(super) fn put_back_mentions(mentions: &mut [Mention], texts: &[(TextField, Option<Spans<'_>>)]) {
    for mention in mentions {
        let text = texts.iter().find(|(field, _)| *field == mention.field).and_then(|(_, text)| text.as_ref());
        let there = span(mention.start, mention.end).and_then(|(start, end)| text?.at(start, end));
        if there.is_none() || mention.text.as_deref().is_some_and(|words| there != Some(words)) {
            mention.anchor = AnchorState::Orphaned;
        }
    }
}
