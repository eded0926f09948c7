//! What cannot be: an end before its beginning, a border that is not between places, a nationality that is no country, the
//! same tie told from both of its ends.

use std::collections::{HashMap, HashSet};

use entity::{
    Id,
    vocabulary::{PlaceKind, RecordKind, RelationKind, UserErrorCode},
};

use crate::{
    date::Edtf,
    domain::{
        document::Document,
        kind::{Body, Dates, FuzzyDate},
        problem::{InputProblem, Path},
    },
    store::{
        self,
        write::{SymmetricRelation, find_records, named_as_country, place_kinds, symmetric_relations_of},
    },
};

use crate::domain::write::{
    ChangeKind, Draft, WriteState,
    cause::{Cause, find_causes},
    report, report_with_record,
};

/// Checks what needs the resolved dates and the kinds of other records.
pub(in crate::domain::write) async fn check(state: &mut WriteState<'_>, dates: &Dates) -> Result<(), store::Error> {
    countries(state).await?;
    let WriteState { drafts, input_problems, record_states, .. } = state;
    for draft in drafts.iter() {
        if let Body::Relation(relation) = &draft.document.body
            && relation.kind == RelationKind::Borders
        {
            for (field, reference) in [("source", &relation.source), ("target", &relation.target)] {
                if record_states.get(&reference.id()).is_some_and(|end| end.kind != RecordKind::Place) {
                    report(
                        input_problems,
                        draft.line,
                        UserErrorCode::WrongType,
                        &Path::TOP.field(field),
                        "is no place: only places have borders",
                    );
                }
            }
        }
    }
    let backwards = drafts.iter().enumerate().filter_map(|(at, draft)| Some((at, backwards(draft, dates)?)));
    let mut nonsense: Vec<Nonsense> = backwards
        .map(|(draft, (first, last))| Nonsense {
            draft,
            code: UserErrorCode::Invalid,
            field: last,
            message: format!("is certainly before {first}"),
            current: None,
        })
        .collect();
    nonsense.extend(ties(state, dates).await?);
    tell(state, nonsense);
    Ok(())
}

/// What a draft cannot say.
struct Nonsense {
    draft: usize,
    code: UserErrorCode,
    field: &'static str,
    message: String,
    /// The record that stands in the way.
    current: Option<Id>,
}

/// Complains of what cannot be: to who says it, or to who changes the date that it follows.
fn tell(state: &mut WriteState<'_>, nonsense: Vec<Nonsense>) {
    let mut behind_what_follows = None;
    for Nonsense { draft, code, field, message, current } in nonsense {
        let draft = &state.drafts[draft];
        match draft.change {
            ChangeKind::Consequence => {}
            // Of a merge, and of an undoing, this is one record of many.
            ChangeKind::Part(_) => {
                let message = format!("{}: {message}", draft.id);
                report_with_record(
                    &mut state.input_problems,
                    draft.line,
                    draft.id,
                    code,
                    &Path::TOP.field(field),
                    message,
                );
                continue;
            }
            ChangeKind::Import | ChangeKind::Edit(_) => {
                let path = Path::TOP.field(field);
                match current {
                    Some(current) => {
                        report_with_record(&mut state.input_problems, draft.line, current, code, &path, message);
                    }
                    None => report(&mut state.input_problems, draft.line, code, &path, message),
                }
                continue;
            }
        }
        let find_causes = behind_what_follows.get_or_insert_with(|| find_causes(&state.drafts, |_| true));
        if let Some(Cause { line, record }) = find_causes.get(&draft.id) {
            let date = if state.kind(*record) == Some(RecordKind::Article) { "publishedOn" } else { "date" };
            let is_in_bin = draft.document.header.deleted_at.is_some();
            let follower = if is_in_bin { "which is in the bin and follows it" } else { "which follows it" };
            let message = format!("{}, {follower}, cannot be so: {field}: {message}", draft.id);
            report_with_record(&mut state.input_problems, Some(*line), draft.id, code, &Path::TOP.field(date), message);
        }
    }
}

/// The beginning and the end of what has both, by their fields.
fn time(document: &Document) -> Option<[(&'static str, Option<&FuzzyDate>); 2]> {
    let facts = document.body.facts();
    let date = |field| facts.dates.iter().find(|(known, _)| *known == field).and_then(|(_, date)| date.as_ref());
    facts.period.map(|fields| fields.map(|field| (field, date(field))))
}

/// Whether a record is there to be seen. What is in the bin, or was merged away, tells nothing twice until it comes back.
fn is_there(document: &Document) -> bool {
    document.header.deleted_at.is_none() && document.header.merged_into.is_none()
}

/// Whether a record was not merged away. What is in the bin stays right: it could not be mended there when it is to come back.
fn stands_for_itself(document: &Document) -> bool {
    document.header.merged_into.is_none()
}

/// What a draft says that it did not say before, as far as it counts: what was said before is nobody's fault of now.
fn news<'a, T: PartialEq>(
    draft: &'a Draft,
    counts: impl Fn(&Document) -> bool,
    said: impl Fn(&'a Document) -> Option<T>,
) -> Option<T> {
    let says = said(&draft.document).filter(|_| counts(&draft.document))?;
    let said_before = draft.stored.as_deref().filter(|stored| counts(stored)).and_then(said);
    (said_before.as_ref() != Some(&says)).then_some(says)
}

/// The fields of a time that is over before it begins, whatever its dates leave open.
fn backwards(draft: &Draft, dates: &Dates) -> Option<(&'static str, &'static str)> {
    let [(first, _), (last, _)] = news(draft, stands_for_itself, time)?;
    let (start, end) = (dates.get(&(draft.id, first))?, dates.get(&(draft.id, last))?);
    let is_vague = |date: &Edtf| date.is_approximate() || date.is_uncertain();
    let is_backwards = end.latest()? < start.earliest()?;
    (is_backwards && !is_vague(start) && !is_vague(end)).then_some((first, last))
}

/// Whether what a draft names as its countries is judged, and told at its own line. What was pulled in has none, and what is in
/// the bin could not be mended there: of these the place is told that is a country no more.
fn answers_for_its_countries(draft: &Draft) -> bool {
    draft.line.is_some() && is_there(&draft.document)
}

/// A country that others name as theirs stays one.
async fn former_countries(state: &mut WriteState<'_>) -> Result<(), store::Error> {
    let is_country =
        |document: &Document| matches!(&document.body, Body::Place(place) if place.kind == PlaceKind::Country);
    let former: HashSet<Id> = state
        .drafts
        .iter()
        .filter(|draft| draft.stored.as_deref().is_some_and(is_country) && !is_country(&draft.document))
        .map(|draft| draft.id)
        .collect();
    if former.is_empty() {
        return Ok(());
    }
    // Who is part of this write counts by what it says then.
    let mut named: Vec<(Id, Id)> = Vec::new();
    for draft in state.drafts.iter().filter(|draft| !answers_for_its_countries(draft)) {
        let countries =
            draft.document.body.facts().countries.into_iter().filter(|_| stands_for_itself(&draft.document));
        named.extend(
            countries.map(|(_, country)| (country.id(), draft.id)).filter(|(country, _)| former.contains(country)),
        );
    }
    let former: Vec<Id> = former.into_iter().collect();
    let stored = named_as_country(state.transaction, &former).await?;
    let outside: Vec<(Id, Id)> = stored.into_iter().filter(|(_, owner)| !state.index.contains_key(owner)).collect();
    let owners: Vec<Id> = outside.iter().map(|(_, owner)| *owner).collect();
    // What was merged away names nothing any more. Should it come back, it is judged then.
    let away =
        find_records(state.transaction, &owners, &[]).await?.into_iter().filter(|row| row.merged_into_id.is_some());
    let away: HashSet<Id> = away.map(|row| row.id).collect();
    named.extend(outside.into_iter().filter(|(_, owner)| !away.contains(owner)));
    named.sort_unstable();
    for (country, owner) in named {
        let line = state.draft(country).and_then(|draft| draft.line);
        let message = format!("has to stay COUNTRY: {owner} names the place as its country");
        report(&mut state.input_problems, line, UserErrorCode::Invalid, &Path::TOP.field("kind"), message);
    }
    Ok(())
}

/// Nationalities and the countries of organizations are places of the kind `COUNTRY`.
async fn countries(state: &mut WriteState<'_>) -> Result<(), store::Error> {
    former_countries(state).await?;
    let judged = state.drafts.iter().filter(|draft| answers_for_its_countries(draft));
    let asked: Vec<(Option<usize>, Vec<String>, Id)> = judged
        .flat_map(|draft| {
            draft.document.body.facts().countries.into_iter().map(|(field, place)| (draft.line, field, place.id()))
        })
        .collect();
    let outside: HashSet<Id> = asked.iter().map(|(_, _, id)| *id).filter(|id| !state.index.contains_key(id)).collect();
    let outside: Vec<Id> = outside.into_iter().collect();
    let stored: HashMap<Id, PlaceKind> = place_kinds(state.transaction, &outside).await?.into_iter().collect();
    for (line, field, id) in asked {
        let kind = match state.draft(id).map(|draft| &draft.document.body) {
            Some(Body::Place(place)) => Some(place.kind),
            _ => stored.get(&id).copied(),
        };
        if kind.is_some_and(|kind| kind != PlaceKind::Country)
            && let Some(line) = line
        {
            let message = "is no country: a place of the kind COUNTRY is wanted".to_owned();
            let problem = crate::domain::problem::Problem { code: UserErrorCode::WrongType, field, message };
            state.input_problems.push(InputProblem::new(line, problem));
        }
    }
    Ok(())
}

/// A relation that holds both ways is told once, from either end, for each time that it began.
async fn ties(state: &WriteState<'_>, dates: &Dates) -> Result<Vec<Nonsense>, store::Error> {
    type RecordOutcome = (Id, Id, RelationKind, Option<String>);
    let outcomes = |one: Id, other: Id, kind: RelationKind, since: Option<String>| -> RecordOutcome {
        (one.min(other), one.max(other), kind, since)
    };
    let tie = |document: &Document| match &document.body {
        Body::Relation(relation) if relation.holds_in_both_directions() => {
            Some((relation.source.id(), relation.target.id(), relation.kind, relation.since.clone()))
        }
        _ => None,
    };
    let mut ends = HashSet::new();
    let mut given: Vec<(bool, usize, RecordOutcome)> = Vec::new();
    for (index, draft) in state.drafts.iter().enumerate() {
        if let Some((source, target, kind, _)) = tie(&draft.document).filter(|_| is_there(&draft.document)) {
            let since = dates.get(&(draft.id, "since")).map(ToString::to_string);
            ends.extend([source, target]);
            given.push((news(draft, is_there, tie).is_some(), index, outcomes(source, target, kind, since)));
        }
    }
    if given.is_empty() {
        return Ok(Vec::new());
    }
    let ends: Vec<Id> = ends.into_iter().collect();
    // A stored relation that is part of this write says for itself what it still is.
    let mut known: HashMap<RecordOutcome, Id> = symmetric_relations_of(state.transaction, &ends)
        .await?
        .into_iter()
        .filter(|tie: &SymmetricRelation| !state.index.contains_key(&tie.id))
        .map(|tie| (outcomes(tie.source, tie.target, tie.kind, tie.since), tie.id))
        .collect();
    // Those that say what they said before come first, so that the others are in their way.
    given.sort_by_key(|(is_news, ..)| *is_news);
    let twice = given.into_iter().filter_map(|(is_news, draft, tie)| {
        let other = known.insert(tie, state.drafts[draft].id)?;
        is_news.then_some((draft, other))
    });
    Ok(twice
        .map(|(draft, other)| Nonsense {
            draft,
            current: Some(other),
            code: UserErrorCode::Duplicate,
            field: "target",
            message: "the relation is there already: it holds both ways, so that it is told once, from either end"
                .to_owned(),
        })
        .collect())
}
