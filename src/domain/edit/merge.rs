//! One entity turns out to be another: what is known of it goes over to the other, and so do the links, without doubling.

use std::collections::{HashMap, HashSet, hash_map::Entry};

use entity::{
    Id,
    vocabulary::{AnchorState, NameKind, RecordKind},
};

use crate::domain::{
    document::{Body, Citation, Document, Event, Name, Participation, Reference, Thing},
    problem::Path,
};

/// Lets `into` take over what is known of `from`, which leads to it from then on. What stands above `from` is taken over only
/// if `into` is nothing of that.
pub(super) fn take_over(into: &mut Document, from: &mut Document, is_above: bool) {
    let (Some(into_id), Some(from_id)) = (into.header.id, from.header.id) else { return };
    let step_over = |into: &mut Option<Reference>, from: Option<&Reference>| {
        step_over(into, from.filter(|above| !is_above && above.id() != into_id), from_id);
    };
    into.header.merged_ids.push(from_id);
    into.header.merged_ids.append(&mut from.header.merged_ids);
    into.header.merged_ids.sort_unstable();
    from.header.merged_into = Some(into_id);
    if let (Some(thing), Some(other)) = (into.body.thing_mut(), from.body.thing_mut()) {
        take_over_names(thing, other);
    }
    match (&mut into.body, &mut from.body) {
        (Body::Place(into), Body::Place(from)) => {
            fill(&mut into.country_code, from.country_code.as_ref());
            fill(&mut into.location, from.location.as_ref());
            fill(&mut into.population, from.population.as_ref());
            step_over(&mut into.contained_in, from.contained_in.as_ref());
        }
        (Body::Organization(into), Body::Organization(from)) => {
            fill(&mut into.headquarters, from.headquarters.as_ref());
            fill(&mut into.country, from.country.as_ref());
            fill(&mut into.founded, from.founded.as_ref());
            fill(&mut into.dissolved, from.dissolved.as_ref());
            step_over(&mut into.parent, from.parent.as_ref());
        }
        (Body::Person(into), Body::Person(from)) => {
            fill(&mut into.born, from.born.as_ref());
            fill(&mut into.died, from.died.as_ref());
            fill(&mut into.occupation, from.occupation.as_ref());
            into.nationalities.extend(from.nationalities.iter().cloned());
        }
        (Body::Event(into), Body::Event(from)) => {
            fill(&mut into.date, from.date.as_ref());
            fill(&mut into.officially_confirmed, from.officially_confirmed.as_ref());
            step_over(&mut into.part_of, from.part_of.as_ref());
            into.places.append(&mut from.places);
            into.participants.append(&mut from.participants);
            into.citations.append(&mut from.citations);
        }
        _ => {}
    }
    lead_on(into, from_id, into_id);
}

fn take_over_names(into: &mut Thing, from: &mut Thing) {
    let main = Name { text: from.name.clone(), language: from.main_language().to_owned(), kind: NameKind::Alias };
    let others = from.names.iter().map(|name| match name.kind {
        NameKind::Main => Name { kind: NameKind::Alias, ..name.clone() },
        _ => name.clone(),
    });
    for name in std::iter::once(main).chain(others) {
        let is_main = name.text == into.name && name.language == into.main_language();
        if !is_main && into.names.iter().all(|known| known.text != name.text || known.language != name.language) {
            into.names.push(name);
        }
    }
    for description in &from.descriptions {
        if into.descriptions.iter().all(|known| known.language != description.language) {
            into.descriptions.push(description.clone());
        }
    }
    into.same_as.append(&mut from.same_as);
    fill(&mut into.image, from.image.as_ref());
}

fn fill<T: Clone>(into: &mut Option<T>, from: Option<&T>) {
    if into.is_none() {
        *into = from.cloned();
    }
}

/// What stands above the survivor is never the survivor itself, nor what is merged into it.
fn step_over(into: &mut Option<Reference>, from: Option<&Reference>, from_id: Id) {
    if into.as_ref().is_none_or(|above| above.id() == from_id) {
        *into = from.cloned();
    }
}

/// Lets every link to `from` lead to `into`, and takes out what is doubled thereby.
pub(super) fn lead_on(document: &mut Document, from: Id, into: Id) {
    document.visit_references(&mut |reference: &mut Reference, _: &'static [RecordKind], _: &Path<'_>| {
        if reference.id() == from {
            *reference = Reference::Id(into);
        }
    });
    match &mut document.body {
        Body::Article(article) => {
            let mut seen = HashSet::new();
            article.authors.retain(|author| seen.insert(author.clone()));
            let mut seen = HashSet::new();
            article.mentions.retain(|mention| {
                // Of what was lost the words are all that tells one from another.
                let lost = (mention.anchor == AnchorState::Orphaned).then(|| mention.text.clone());
                seen.insert((mention.field, mention.start, mention.end, mention.entity.clone(), lost))
            });
            for mention in &mut article.mentions {
                if mention.meant.as_ref() == Some(&mention.entity) {
                    mention.meant = None;
                }
            }
        }
        Body::Person(person) => {
            let mut seen = HashSet::new();
            person.nationalities.retain(|place| seen.insert(place.clone()));
        }
        Body::Event(event) => single_out(event),
        Body::Place(_) | Body::Organization(_) | Body::Relation(_) => {}
    }
}

/// How much of a document is told twice.
pub(super) fn doubled(document: &Document) -> usize {
    let told = |document: &Document| match &document.body {
        Body::Article(article) => article.authors.len() + article.mentions.len(),
        Body::Person(person) => person.nationalities.len(),
        Body::Event(event) => event.places.len() + event.participants.len() + event.citations.len(),
        Body::Place(_) | Body::Organization(_) | Body::Relation(_) => 0,
    };
    let mut once = document.clone();
    lead_on(&mut once, Id::NOBODY, Id::NOBODY);
    told(document) - told(&once)
}

fn single_out(event: &mut Event) {
    let mut seen = HashSet::new();
    event.places.retain(|place| seen.insert(place.place.clone()));
    let mut kept: Vec<Participation> = Vec::with_capacity(event.participants.len());
    let mut places = HashMap::new();
    for participation in event.participants.drain(..) {
        let who = (
            participation.participant.clone(),
            participation.description.clone(),
            participation.count,
            participation.role,
        );
        match places.entry(who) {
            Entry::Occupied(place) => {
                let other: &mut Participation = &mut kept[*place.get()];
                unite(&mut other.citations, participation.citations);
            }
            Entry::Vacant(place) => {
                place.insert(kept.len());
                kept.push(participation);
            }
        }
    }
    event.participants = kept;
    let citations = std::mem::take(&mut event.citations);
    unite(&mut event.citations, citations);
}

/// Adds citations, but for those that say the same as one that is there.
fn unite(into: &mut Vec<Citation>, more: Vec<Citation>) {
    let passage = |citation: &Citation| (citation.article.id(), citation.field, citation.quote.clone());
    let mut places: HashMap<_, Vec<usize>> = HashMap::new();
    for (at, citation) in into.iter().enumerate() {
        places.entry(passage(citation)).or_default().push(at);
    }
    for citation in more {
        let alike = places.entry(passage(&citation)).or_default();
        let is_known = alike.iter().any(|at| citation.says_the_same_as(&into[*at]));
        if !is_known {
            alike.push(into.len());
            into.push(citation);
        }
    }
}

/// Relations that say the same as another one, or run from a record to itself, go into the bin. Those that stay take
/// over the citations. Gives the positions of those that go.
pub(super) fn single_out_relations(relations: &mut [Document], moved: &HashSet<Id>) -> HashSet<usize> {
    let mut gone = HashSet::new();
    // Those that stay, by what they are between and of.
    let mut kept: HashMap<_, Vec<usize>> = HashMap::new();
    for index in 0..relations.len() {
        let (before, rest) = relations.split_at_mut(index);
        let Some(document) = rest.first_mut() else { continue };
        let Body::Relation(relation) = &document.body else { continue };
        if document.header.deleted_at.is_some() {
            continue;
        }
        if relation.source == relation.target {
            gone.insert(index);
            continue;
        }
        let is_moved = document.header.id.is_some_and(|id| moved.contains(&id));
        let (source, target, both_ways) = (relation.source.id(), relation.target.id(), relation.holds_both_ways());
        let ends = if both_ways { (source.min(target), source.max(target)) } else { (source, target) };
        let alike = kept.entry((ends, relation.kind, both_ways)).or_default();
        let twin = alike.iter().copied().find(|at| {
            let other = &before[*at];
            let Body::Relation(known) = &other.body else { return false };
            known.since == relation.since
                // What holds both ways is told once for each time that it began, whatever else is said of it.
                && (both_ways || (known.until == relation.until && known.description == relation.description))
                && (is_moved || other.header.id.is_some_and(|id| moved.contains(&id)))
        });
        if let Some(at) = twin
            && let (Body::Relation(known), Body::Relation(relation)) = (&mut before[at].body, &mut document.body)
        {
            unite(&mut known.citations, std::mem::take(&mut relation.citations));
            gone.insert(index);
        } else {
            alike.push(index);
        }
    }
    gone
}
