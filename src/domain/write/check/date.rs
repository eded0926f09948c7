//! Resolves dates that are relative to another record, the anchor. The resolved date is a part of the document, so that a record
//! gets a revision when a change of its anchor changes its date.

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

/// Resolves all dates.
pub(in crate::domain::write) async fn resolve(state: &mut WriteState<'_>) -> Result<Dates, store::Error> {
    let mut outside = HashSet::new();
    for draft in &state.drafts {
        visit(&draft.document, draft.id, &mut |_, _, date| {
            if let Some(relative) = &date.relative {
                let anchor = relative.anchor.id();
                if !state.draft_by_id.contains_key(&anchor) {
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

/// Writes the resolved dates into a document.
pub(in crate::domain::write) fn fill_in(document: &mut Document, id: Id, dates: &Dates) {
    let fill_in = |owner: Id, field: &'static str, date: &mut Option<FuzzyDate>| {
        if let Some(date) = date {
            let is_resolved = date.edtf.is_none() && date.relative.is_some();
            date.resolved = dates.get(&(owner, field)).filter(|_| is_resolved).map(ToString::to_string);
        }
    };
    for (field, date) in document.body.facts_mut().dates {
        fill_in(id, field, date);
    }
    document.body.visit_citations(&mut |citation, _| {
        if let Some(id) = citation.id {
            fill_in(id, "date", &mut citation.date);
        }
    });
}

/// The date of an anchor. Its own anchors are resolved first. A cycle ends the chain; [`super::tree`] reports it.
fn anchor_date(anchor: Id, state: &WriteState<'_>, known: &mut HashMap<Id, Option<Edtf>>) -> Option<Edtf> {
    let mut chain: Vec<(Id, &RelativeDate)> = Vec::new();
    let mut id = anchor;
    let mut date = loop {
        if let Some(date) = known.get(&id) {
            break date.clone();
        }
        let Some(draft) = state.draft(id) else { break None };
        let own = match draft.document.body.facts().anchor_date {
            AnchorDate::None => break None,
            AnchorDate::Day(day) => break day,
            AnchorDate::Fuzzy(date) => date,
        };
        match own {
            Some(FuzzyDate { edtf: Some(text), .. }) => break text.parse().ok(),
            Some(FuzzyDate { relative: Some(relative), .. }) if chain.iter().all(|(other, _)| *other != id) => {
                chain.push((id, relative));
                id = relative.anchor.id();
            }
            _ => break None,
        }
    };
    known.insert(id, date.clone());
    while let Some((id, relative)) = chain.pop() {
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
