//! What cannot be: an end before its beginning, a border that is not between places, a nationality that is no country, the
//! same tie told from both of its ends.

use std::collections::{HashMap, HashSet};

use entity::{
    Id,
    vocabulary::{PlaceKind, RecordKind, RelationKind, UserErrorCode},
};

use crate::{
    date::Edtf,
    domain::{document::Body, problem::Path},
    store::{
        self,
        write::{Tie, place_kinds, ties_of},
    },
};

use super::{Draft, Work, complain, dating::Dates};

/// Checks what needs the resolved dates and the kinds of other records.
pub(super) async fn check(work: &mut Work<'_>, dates: &Dates) -> Result<(), store::Error> {
    countries(work).await?;
    let Work { drafts, complaints, standing, .. } = work;
    for draft in drafts.iter() {
        if let Some((first, last)) = backwards(draft, dates) {
            complain(
                complaints,
                draft.line,
                UserErrorCode::Invalid,
                &Path::TOP.field(last),
                format!("is certainly before {first}"),
            );
        }
        if let Body::Relation(relation) = &draft.document.body
            && relation.kind == RelationKind::Borders
        {
            for (field, reference) in [("source", &relation.source), ("target", &relation.target)] {
                if standing.get(&reference.id()).is_some_and(|end| end.kind != RecordKind::Place) {
                    complain(
                        complaints,
                        draft.line,
                        UserErrorCode::WrongType,
                        &Path::TOP.field(field),
                        "is no place: only places have borders",
                    );
                }
            }
        }
    }
    ties(work, dates).await
}

/// The fields of a time that is over before it begins, whatever its dates leave open.
fn backwards(draft: &Draft, dates: &Dates) -> Option<(&'static str, &'static str)> {
    let (first, last) = match &draft.document.body {
        Body::Person(_) => ("born", "died"),
        Body::Organization(_) => ("founded", "dissolved"),
        Body::Relation(_) => ("since", "until"),
        Body::Article(_) | Body::Place(_) | Body::Event(_) => return None,
    };
    let (start, end) = (dates.get(&(draft.id, first))?, dates.get(&(draft.id, last))?);
    let is_vague = |date: &Edtf| date.is_approximate() || date.is_uncertain();
    let is_backwards = end.latest()? < start.earliest()?;
    (is_backwards && !is_vague(start) && !is_vague(end)).then_some((first, last))
}

/// Nationalities and the countries of organizations are places of the kind `COUNTRY`.
async fn countries(work: &mut Work<'_>) -> Result<(), store::Error> {
    let mut asked: Vec<(Option<usize>, Vec<String>, Id)> = Vec::new();
    for draft in &work.drafts {
        match &draft.document.body {
            Body::Person(person) => {
                for (index, place) in person.nationalities.iter().enumerate() {
                    asked.push((draft.line, vec!["nationalities".to_owned(), index.to_string()], place.id()));
                }
            }
            Body::Organization(organization) => {
                if let Some(country) = &organization.country {
                    asked.push((draft.line, vec!["country".to_owned()], country.id()));
                }
            }
            _ => {}
        }
    }
    let outside: HashSet<Id> = asked.iter().map(|(_, _, id)| *id).filter(|id| !work.index.contains_key(id)).collect();
    let outside: Vec<Id> = outside.into_iter().collect();
    let stored: HashMap<Id, PlaceKind> = place_kinds(work.transaction, &outside).await?.into_iter().collect();
    for (line, field, id) in asked {
        let kind = match work.draft(id).map(|draft| &draft.document.body) {
            Some(Body::Place(place)) => Some(place.kind),
            _ => stored.get(&id).copied(),
        };
        if kind.is_some_and(|kind| kind != PlaceKind::Country)
            && let Some(line) = line
        {
            let message = "is no country: a place of the kind COUNTRY is wanted".to_owned();
            let problem = crate::domain::problem::Problem { code: UserErrorCode::WrongType, field, message };
            work.complaints.push(super::Complaint { line, problem, current: None });
        }
    }
    Ok(())
}

/// A relation that holds both ways is told once, from either end, for each time that it began.
async fn ties(work: &mut Work<'_>, dates: &Dates) -> Result<(), store::Error> {
    type Told = (Id, Id, RelationKind, Option<String>);
    let told = |one: Id, other: Id, kind: RelationKind, since: Option<String>| -> Told {
        (one.min(other), one.max(other), kind, since)
    };
    let mut ends = HashSet::new();
    let mut given: Vec<(usize, Told)> = Vec::new();
    for (index, draft) in work.drafts.iter().enumerate() {
        if let Body::Relation(relation) = &draft.document.body
            && relation.holds_both_ways()
            && draft.document.header.deleted_at.is_none()
        {
            let since = dates.get(&(draft.id, "since")).map(ToString::to_string);
            let (source, target) = (relation.source.id(), relation.target.id());
            ends.extend([source, target]);
            given.push((index, told(source, target, relation.kind, since)));
        }
    }
    if given.is_empty() {
        return Ok(());
    }
    let ends: Vec<Id> = ends.into_iter().collect();
    // A stored relation that is part of this write says for itself what it still is.
    let mut known: HashSet<Told> = ties_of(work.transaction, &ends)
        .await?
        .into_iter()
        .filter(|tie: &Tie| !work.index.contains_key(&tie.id))
        .map(|tie| told(tie.source, tie.target, tie.kind, tie.since))
        .collect();
    for (index, tie) in given {
        if !known.insert(tie) {
            complain(
                &mut work.complaints,
                work.drafts[index].line,
                UserErrorCode::Duplicate,
                &Path::TOP.field("target"),
                "the relation is there already: it holds both ways, so that it is told once, from either end",
            );
        }
    }
    Ok(())
}
