//! Rules that need resolved dates or other records: a period does not end before it starts, only places have borders, a country is
//! a place of the kind `COUNTRY`, and a relation is stored once.

use std::collections::{HashMap, HashSet};

use entity::{
    Id,
    vocabulary::{PlaceKind, RecordKind, RelationKind, UserErrorCode},
};

use crate::{
    date::Edtf,
    domain::{
        document::Document,
        kind::{Body, Dates, ENTITY, FuzzyDate},
        problem::{InputProblem, Path, Problem},
    },
    store::{
        self,
        write::{StoredRelation, find_records, named_as_country, place_kinds, relations_from},
    },
};

use crate::domain::write::{
    ChangeKind, Draft, WriteState,
    cause::{Cause, find_causes},
    report, report_with_record,
};

/// Checks what needs the resolved dates and the kinds of other records.
pub(in crate::domain::write) async fn check(state: &mut WriteState<'_>, dates: &Dates) -> Result<(), store::Error> {
    check_former_countries(state).await?;
    check_countries(state).await?;
    check_borders(state);
    let reversed = state.drafts.iter().enumerate();
    let reversed = reversed.filter_map(|(index, draft)| Some((index, reversed_period(draft, dates)?)));
    let mut contradictions: Vec<Contradiction> = reversed
        .map(|(draft, (first, last))| Contradiction {
            draft,
            code: UserErrorCode::Invalid,
            field: last,
            message: format!("is before {first}"),
            advice: "correct one of the two dates",
            current: None,
        })
        .collect();
    contradictions.extend(duplicate_relations(state, dates).await?);
    report_contradictions(state, contradictions);
    Ok(())
}

fn check_borders(state: &mut WriteState<'_>) {
    let WriteState { drafts, input_problems, record_states, .. } = state;
    for draft in drafts.iter() {
        let Body::Relation(relation) = &draft.document.body else { continue };
        if relation.kind != RelationKind::Borders {
            continue;
        }
        for (field, end) in [("source", &relation.source), ("target", &relation.target)] {
            // What is no entity was reported already.
            let is_wrong = |kind: RecordKind| kind != RecordKind::Place && ENTITY.contains(&kind);
            if record_states.get(&end.id()).is_some_and(|end| is_wrong(end.kind)) {
                let message = "is not a place: only places have borders";
                report(input_problems, draft.input_index, UserErrorCode::WrongType, &Path::TOP.field(field), message);
            }
        }
    }
}

/// Why a draft cannot be written.
struct Contradiction {
    draft: usize,
    code: UserErrorCode,
    field: &'static str,
    message: String,
    /// What to do, if the contradiction is in the record that was changed.
    advice: &'static str,
    /// The record that it contradicts, if that is another one.
    current: Option<Id>,
}

/// Reports each contradiction at the line or edit of its record. That of a consequence is reported at its cause.
fn report_contradictions(state: &mut WriteState<'_>, contradictions: Vec<Contradiction>) {
    let mut causes = None;
    for Contradiction { draft, code, field, message, advice, current } in contradictions {
        let draft = &state.drafts[draft];
        let path = Path::TOP.field(field);
        match draft.change {
            ChangeKind::Import | ChangeKind::Edit(_) => {
                let message = format!("{message}: {advice}");
                report_with_record(&mut state.input_problems, draft.input_index, current, code, &path, message);
            }
            // A merge or a revert changes many records, so the message names this one.
            ChangeKind::Part(_) => {
                let message = format!("{}: {message}: {advice}", draft.id);
                report_with_record(&mut state.input_problems, draft.input_index, draft.id, code, &path, message);
            }
            ChangeKind::Consequence => {
                let causes = causes.get_or_insert_with(|| find_causes(&state.drafts, |_| true));
                let Some(Cause { input_index, record }) = causes.get(&draft.id) else { continue };
                let date = if state.kind(*record) == Some(RecordKind::Article) { "publishedOn" } else { "date" };
                let bin = if draft.document.header.deleted_at.is_some() { " in the bin" } else { "" };
                let message = format!(
                    "would contradict {}{bin}, whose dates depend on this one ({field}: {message}): correct that record first",
                    draft.id
                );
                let path = Path::TOP.field(date);
                report_with_record(&mut state.input_problems, Some(*input_index), draft.id, code, &path, message);
            }
        }
    }
}

/// The start and the end of a record that has both, with the names of their fields.
fn period(document: &Document) -> Option<[(&'static str, Option<&FuzzyDate>); 2]> {
    let facts = document.body.facts();
    let date = |field| facts.dates.iter().find(|(known, _)| *known == field).and_then(|(_, date)| date.as_ref());
    facts.period.map(|fields| fields.map(|field| (field, date(field))))
}

/// Whether readers see a record. A deleted record is checked when it is restored.
fn is_visible(document: &Document) -> bool {
    document.header.deleted_at.is_none() && document.header.merged_into.is_none()
}

/// Whether a record was not merged. Includes records in the bin: after a restore nobody could correct them.
fn is_not_merged(document: &Document) -> bool {
    document.header.merged_into.is_none()
}

/// The value of a draft, if it differs from the stored value. A contradiction that is stored already does not refuse this write.
fn changed_value<'a, T: PartialEq>(
    draft: &'a Draft,
    is_checked: impl Fn(&Document) -> bool,
    value: impl Fn(&'a Document) -> Option<T>,
) -> Option<T> {
    let new = value(&draft.document).filter(|_| is_checked(&draft.document))?;
    let old = draft.stored.as_deref().filter(|stored| is_checked(stored)).and_then(value);
    (old.as_ref() != Some(&new)).then_some(new)
}

/// The fields of a period that ends before it starts, for every day that its dates may mean.
fn reversed_period(draft: &Draft, dates: &Dates) -> Option<(&'static str, &'static str)> {
    let [(first, _), (last, _)] = changed_value(draft, is_not_merged, period)?;
    let (start, end) = (dates.get(&(draft.id, first))?, dates.get(&(draft.id, last))?);
    let is_vague = |date: &Edtf| date.is_approximate() || date.is_uncertain();
    let is_reversed = end.latest()? < start.earliest()?;
    (is_reversed && !is_vague(start) && !is_vague(end)).then_some((first, last))
}

/// Whether the countries of a draft are checked at its own line. A consequence has no line, and a record in the bin cannot be
/// corrected: for these, the place that is no longer a country is refused.
fn is_checked_at_its_line(draft: &Draft) -> bool {
    draft.input_index.is_some() && is_visible(&draft.document)
}

/// A place stays a country while other records name it as their country.
async fn check_former_countries(state: &mut WriteState<'_>) -> Result<(), store::Error> {
    let is_country =
        |document: &Document| matches!(&document.body, Body::Place(place) if place.kind == PlaceKind::Country);
    let is_repaired = |draft: &Draft| draft.input_index.is_some_and(|line| state.repaired.contains(&line));
    let is_former = |draft: &&Draft| {
        draft.stored.as_deref().is_some_and(is_country) && !is_country(&draft.document) && !is_repaired(draft)
    };
    let former: HashSet<Id> = state.drafts.iter().filter(is_former).map(|draft| draft.id).collect();
    if former.is_empty() {
        return Ok(());
    }
    // Each country with a record that names it. For a record of this write, its draft counts.
    let mut named: Vec<(Id, Id)> = Vec::new();
    for draft in state.drafts.iter().filter(|draft| !is_checked_at_its_line(draft) && is_not_merged(&draft.document)) {
        let countries = draft.document.body.facts().countries.into_iter().map(|(_, country)| country.id());
        named.extend(countries.filter(|country| former.contains(country)).map(|country| (country, draft.id)));
    }
    let former: Vec<Id> = former.into_iter().collect();
    let stored = named_as_country(state.transaction, &former).await?;
    let outside: Vec<(Id, Id)> =
        stored.into_iter().filter(|(_, owner)| !state.draft_by_id.contains_key(owner)).collect();
    let owners: Vec<Id> = outside.iter().map(|(_, owner)| *owner).collect();
    let owners = find_records(state.transaction, &owners, &[]).await?.into_iter();
    let merged: HashSet<Id> = owners.filter(|row| row.merged_into_id.is_some()).map(|row| row.id).collect();
    named.extend(outside.into_iter().filter(|(_, owner)| !merged.contains(owner)));
    named.sort_unstable();
    for (country, owner) in named {
        let line = state.draft(country).and_then(|draft| draft.input_index);
        let message =
            format!("must be COUNTRY, because {owner} names the place as its country: change that record first");
        report(&mut state.input_problems, line, UserErrorCode::Invalid, &Path::TOP.field("kind"), message);
    }
    Ok(())
}

/// Nationalities and the countries of organizations are places of the kind `COUNTRY`.
async fn check_countries(state: &mut WriteState<'_>) -> Result<(), store::Error> {
    let mut named: Vec<(usize, Vec<String>, Id)> = Vec::new();
    for draft in state.drafts.iter().filter(|draft| is_checked_at_its_line(draft)) {
        let Some(line) = draft.input_index else { continue };
        let countries = draft.document.body.facts().countries.into_iter();
        named.extend(countries.map(|(field, place)| (line, field, place.id())));
    }
    let outside: HashSet<Id> =
        named.iter().map(|(_, _, id)| *id).filter(|id| !state.draft_by_id.contains_key(id)).collect();
    let outside: Vec<Id> = outside.into_iter().collect();
    let stored: HashMap<Id, PlaceKind> = place_kinds(state.transaction, &outside).await?.into_iter().collect();
    for (line, field, id) in named {
        let kind = match state.draft(id).map(|draft| (draft, &draft.document.body)) {
            // The kind may be a placeholder.
            Some((draft, _)) if draft.input_index.is_some_and(|line| state.repaired.contains(&line)) => None,
            Some((_, Body::Place(place))) => Some(place.kind),
            _ => stored.get(&id).copied(),
        };
        if kind.is_some_and(|kind| kind != PlaceKind::Country) {
            let message = "is not a country: name a place of the kind COUNTRY".to_owned();
            let problem = Problem { code: UserErrorCode::WrongType, field, message };
            state.input_problems.push(InputProblem::new(line, problem));
        }
    }
    Ok(())
}

/// What makes two relations the same: ends, kind and dates. The ends of a symmetric relation are in the order of their ids, and it is
/// stored once for each start date, whatever its other fields are.
#[derive(PartialEq, Eq, Hash)]
struct RelationKey {
    ends: (Id, Id),
    kind: RelationKind,
    is_symmetric: bool,
    since: Option<String>,
    /// When it ended, and its description, if it is not symmetric.
    others: Option<(Option<String>, Option<String>)>,
}

impl RelationKey {
    fn new(relation: StoredRelation) -> Self {
        let StoredRelation { source, kind, target, is_symmetric, since, until, description, .. } = relation;
        let ends = if is_symmetric { (source.min(target), source.max(target)) } else { (source, target) };
        Self { ends, kind, is_symmetric, since, others: (!is_symmetric).then_some((until, description)) }
    }
}

/// Finds relations that are stored already.
async fn duplicate_relations(state: &WriteState<'_>, dates: &Dates) -> Result<Vec<Contradiction>, store::Error> {
    let mut sources = HashSet::new();
    let mut written: Vec<(bool, usize, RelationKey)> = Vec::new();
    for (index, draft) in state.drafts.iter().enumerate().filter(|(_, draft)| is_visible(&draft.document)) {
        let Body::Relation(relation) = &draft.document.body else { continue };
        let date = |field| dates.get(&(draft.id, field)).map(ToString::to_string);
        let is_symmetric = relation.holds_in_both_directions();
        let (source, target) = (relation.source.id(), relation.target.id());
        sources.insert(source);
        if is_symmetric {
            sources.insert(target);
        }
        let key = RelationKey::new(StoredRelation {
            id: draft.id,
            source,
            kind: relation.kind,
            target,
            is_symmetric,
            since: date("since"),
            until: date("until"),
            description: relation.description.clone(),
        });
        let is_new = changed_value(draft, is_visible, |document| identity(document, is_symmetric)).is_some();
        written.push((is_new, index, key));
    }
    if !written.iter().any(|(is_new, ..)| *is_new) {
        return Ok(Vec::new());
    }
    let sources: Vec<Id> = sources.into_iter().collect();
    let stored = relations_from(state.transaction, &sources).await?.into_iter();
    // For a relation of this write, its draft counts.
    let mut known: HashMap<RelationKey, Id> = stored
        .filter(|relation| !state.draft_by_id.contains_key(&relation.id))
        .map(|relation| {
            let id = relation.id;
            (RelationKey::new(relation), id)
        })
        .collect();
    // Unchanged relations come first, so that the new one is reported.
    written.sort_by_key(|(is_new, ..)| *is_new);
    let duplicates = written.into_iter().filter_map(|(is_new, draft, key)| {
        let is_symmetric = key.is_symmetric;
        let other = known.insert(key, state.drafts[draft].id)?;
        is_new.then_some((draft, other, is_symmetric))
    });
    let message = |is_symmetric| {
        if is_symmetric {
            "the relation exists already, and a symmetric relation is stored once"
        } else {
            "the same relation exists already"
        }
    };
    Ok(duplicates
        .map(|(draft, other, is_symmetric)| Contradiction {
            draft,
            current: Some(other),
            code: UserErrorCode::Duplicate,
            field: "target",
            message: message(is_symmetric).to_owned(),
            advice: "change the existing one",
        })
        .collect())
}

/// The fields by which a relation may be the same as another one.
fn identity(document: &Document, is_symmetric: bool) -> Option<impl PartialEq> {
    let Body::Relation(relation) = &document.body else { return None };
    let others = (!is_symmetric).then_some((&relation.until, &relation.description));
    let is_symmetric = relation.holds_in_both_directions();
    Some((&relation.source, &relation.target, relation.kind, is_symmetric, &relation.since, others))
}
