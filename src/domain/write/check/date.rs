//! Dates that are relative to another record are worked out from it, anchors first. What they come to becomes a part of the
//! document, so that a record whose date follows another one's gets a revision that tells so.

use std::collections::{HashMap, HashSet};

use entity::{Id, vocabulary::TemporalRelation};

use crate::{
    date::{self, Duration, Edtf},
    domain::{
        document::Document,
        kind::{AnchorDate, Dates, FuzzyDate, RelativeDate},
    },
    store::{
        self,
        write::{event_dates, publication_days},
    },
};

use crate::domain::write::WriteState;

/// Works out all dates.
pub(in crate::domain::write) async fn resolve(state: &mut WriteState<'_>) -> Result<Dates, store::Error> {
    let mut outside = HashSet::new();
    for draft in &state.drafts {
        visit(&draft.document, draft.id, &mut |_, _, date| {
            if let Some(relative) = &date.relative {
                let anchor = relative.anchor.id();
                if !state.index.contains_key(&anchor) {
                    outside.insert(anchor);
                }
            }
        });
    }
    let outside: Vec<Id> = outside.into_iter().collect();
    let mut known: HashMap<Id, Option<Edtf>> = HashMap::new();
    for (id, text) in event_dates(state.transaction, &outside).await? {
        known.insert(id, text.parse().ok());
    }
    for (id, day) in publication_days(state.transaction, &outside).await? {
        known.insert(id, Edtf::from_day(day));
    }
    let mut dates = Dates::new();
    for draft in &state.drafts {
        visit(&draft.document, draft.id, &mut |owner, field, date| {
            let resolved = match (&date.edtf, &date.relative) {
                (Some(text), _) => text.parse().ok(),
                (None, Some(relative)) => {
                    let anchor = anchor_date(relative.anchor.id(), state, &mut known);
                    Some(apply(anchor.as_ref(), relative))
                }
                (None, None) => None,
            };
            if let Some(resolved) = resolved {
                dates.insert((owner, field), resolved);
            }
        });
    }
    for draft in &mut state.drafts {
        fill_in(&mut draft.document, draft.id, &dates);
    }
    Ok(dates)
}

/// Lets the dates of a document say what they come to, so that the history tells of it where that changes.
pub(in crate::domain::write) fn fill_in(document: &mut Document, id: Id, dates: &Dates) {
    let settle = |owner: Id, field: &'static str, date: &mut Option<FuzzyDate>| {
        if let Some(date) = date {
            let is_worked_out = date.edtf.is_none() && date.relative.is_some();
            date.resolved = dates.get(&(owner, field)).filter(|_| is_worked_out).map(ToString::to_string);
        }
    };
    for (field, date) in document.body.facts_mut().dates {
        settle(id, field, date);
    }
    document.body.visit_citations(&mut |citation, _| {
        if let Some(id) = citation.id {
            settle(id, "date", &mut citation.date);
        }
    });
}

/// The date of an anchor. Its own anchors are worked out first, from the far end of the line, which has no circles; where
/// one was found and reported, the way ends where it would begin again.
fn anchor_date(anchor: Id, state: &WriteState<'_>, known: &mut HashMap<Id, Option<Edtf>>) -> Option<Edtf> {
    let mut way: Vec<(Id, &RelativeDate)> = Vec::new();
    let mut at = anchor;
    let mut date = loop {
        if let Some(date) = known.get(&at) {
            break date.clone();
        }
        let Some(draft) = state.draft(at) else {
            break None;
        };
        let own = match draft.document.body.facts().anchor_date {
            AnchorDate::None => break None,
            AnchorDate::Day(day) => break day,
            AnchorDate::Fuzzy(date) => date,
        };
        match own {
            Some(FuzzyDate { edtf: Some(text), .. }) => break text.parse().ok(),
            Some(FuzzyDate { relative: Some(relative), .. }) if way.iter().all(|(id, _)| *id != at) => {
                way.push((at, relative));
                at = relative.anchor.id();
            }
            _ => break None,
        }
    };
    known.insert(at, date.clone());
    while let Some((id, relative)) = way.pop() {
        date = Some(apply(date.as_ref(), relative));
        known.insert(id, date.clone());
    }
    date
}

fn apply(anchor: Option<&Edtf>, relative: &RelativeDate) -> Edtf {
    let duration: Option<Duration> = relative.duration.as_ref().and_then(|duration| duration.parse().ok());
    let relation = match relative.relation {
        TemporalRelation::Before => date::TemporalRelation::Before,
        TemporalRelation::BeforeOrAt => date::TemporalRelation::BeforeOrAt,
        TemporalRelation::After => date::TemporalRelation::After,
        TemporalRelation::AfterOrAt => date::TemporalRelation::AfterOrAt,
        TemporalRelation::During => date::TemporalRelation::During,
        TemporalRelation::Since => date::TemporalRelation::Since,
        TemporalRelation::Until => date::TemporalRelation::Until,
    };
    date::resolve(anchor, relation, duration.as_ref(), relative.is_approximate)
}

/// Every fuzzy date of a document, with its owner and field.
pub(in crate::domain::write) fn visit(
    document: &Document,
    id: Id,
    visitor: &mut impl FnMut(Id, &'static str, &FuzzyDate),
) {
    for (field, date) in document.body.facts().dates {
        if let Some(date) = date {
            visitor(id, field, date);
        }
    }
    for citation in document.body.citations() {
        if let (Some(id), Some(date)) = (citation.id, &citation.date) {
            visitor(id, "date", date);
        }
    }
}
