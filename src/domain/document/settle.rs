//! What the parts of one document have to do with one another, and what follows from them.

use std::{collections::HashSet, hash::Hash};

use entity::vocabulary::{AnchorState, NameKind, UserErrorCode};

use crate::domain::problem::{Path, Problem};

use super::{Article, Body, Citation, Document, Event, FuzzyDate, Relation, Thing};

impl Document {
    /// Fills in what follows from the document itself, orders what has no order of its own, and reports what contradicts
    /// itself.
    pub(crate) fn settle(&mut self, problems: &mut Vec<Problem>) {
        let header = &mut self.header;
        if header.id.is_none() && header.key.is_none() {
            problems.push(Problem::new(
                UserErrorCode::Required,
                &Path::TOP.field("key"),
                "is missing: a record has an id or a key",
            ));
        }
        if let (Some(created), Some(updated)) = (header.created_at, header.updated_at)
            && updated < created
        {
            problems.push(Problem::new(UserErrorCode::Invalid, &Path::TOP.field("updatedAt"), "is before createdAt"));
        }
        if let (Some(created), Some(deleted)) = (header.created_at, header.deleted_at)
            && deleted < created
        {
            problems.push(Problem::new(UserErrorCode::Invalid, &Path::TOP.field("deletedAt"), "is before createdAt"));
        }
        no_doubles(&header.merged_ids, &Path::TOP.field("mergedIds"), "the id", problems);
        if header.id.is_some_and(|id| header.merged_ids.contains(&id)) {
            problems.push(Problem::new(
                UserErrorCode::Cycle,
                &Path::TOP.field("mergedIds"),
                "holds the record's own id",
            ));
        }
        if header.merged_into.is_some() && !header.merged_ids.is_empty() {
            let message = "a record that was merged away has none; list them in the record that it was merged into";
            problems.push(Problem::new(UserErrorCode::Invalid, &Path::TOP.field("mergedIds"), message));
        }
        if let Some(thing) = self.body.thing_mut() {
            settle_thing(thing, problems);
        }
        match &mut self.body {
            Body::Article(article) => settle_article(article, problems),
            Body::Event(event) => settle_event(event, problems),
            Body::Relation(relation) => settle_relation(relation, problems),
            Body::Organization(organization) => {
                settle_date(organization.founded.as_ref(), "founded", problems);
                settle_date(organization.dissolved.as_ref(), "dissolved", problems);
            }
            Body::Person(person) => {
                settle_date(person.born.as_ref(), "born", problems);
                settle_date(person.died.as_ref(), "died", problems);
            }
            Body::Place(_) => {}
        }
    }
}

fn settle_thing(thing: &mut Thing, problems: &mut Vec<Problem>) {
    // What is wrong is told by its place in the line, where the main name may stand among the others.
    let written = thing.settle_main_name();
    let names = Path::TOP.field("names");
    let mut seen = HashSet::with_capacity(thing.names.len());
    let mut main = HashSet::from([thing.main_language()]);
    for (index, name) in written.into_iter().zip(&thing.names) {
        if !seen.insert(name) {
            problems.push(Problem::new(UserErrorCode::Duplicate, &names.item(index), "the name is there already"));
        }
        if name.kind == NameKind::Main && !main.insert(&name.language) {
            problems.push(Problem::new(
                UserErrorCode::Duplicate,
                &names.item(index).field("kind"),
                format!("there is another main name in {}", name.language),
            ));
        }
    }
    no_doubles_by(
        &thing.descriptions,
        |description| description.language.clone(),
        &Path::TOP.field("descriptions"),
        "a description in that language",
        problems,
    );
    no_doubles(&thing.same_as, &Path::TOP.field("sameAs"), "the address", problems);
}

fn settle_article(article: &mut Article, problems: &mut Vec<Problem>) {
    no_doubles(&article.same_as, &Path::TOP.field("sameAs"), "the address", problems);
    let mentions = Path::TOP.field("mentions");
    for (index, mention) in article.mentions.iter().enumerate() {
        let path = mentions.item(index);
        if mention.start >= mention.end {
            problems.push(Problem::new(UserErrorCode::Invalid, &path.field("end"), "does not lie after start"));
        }
        if mention.anchor == AnchorState::Orphaned && mention.text.is_none() {
            problems.push(Problem::new(
                UserErrorCode::Required,
                &path.field("text"),
                "is missing: an orphaned mention has nothing else to tell what it was",
            ));
        }
    }
}

fn settle_event(event: &mut Event, problems: &mut Vec<Problem>) {
    settle_date(event.date.as_ref(), "date", problems);
    let participants = Path::TOP.field("participants");
    for (index, participation) in event.participants.iter().enumerate() {
        let path = participants.item(index);
        if participation.participant.is_none() && participation.description.is_none() {
            problems.push(Problem::new(
                UserErrorCode::Required,
                &path.field("participant"),
                "is missing: a participant, a description or both are needed",
            ));
        }
        settle_citations(&participation.citations, &path, problems);
    }
    settle_citations(&event.citations, &Path::TOP, problems);
}

fn settle_relation(relation: &mut Relation, problems: &mut Vec<Problem>) {
    settle_date(relation.since.as_ref(), "since", problems);
    settle_date(relation.until.as_ref(), "until", problems);
    if relation.is_symmetric == Some(relation.kind.is_symmetric()) {
        relation.is_symmetric = None;
    }
    settle_citations(&relation.citations, &Path::TOP, problems);
}

fn settle_date(date: Option<&FuzzyDate>, field: &str, problems: &mut Vec<Problem>) {
    settle_date_at(date, &Path::TOP.field(field), problems);
}

fn settle_date_at(date: Option<&FuzzyDate>, path: &Path<'_>, problems: &mut Vec<Problem>) {
    if let Some(date) = date
        && date.edtf.is_none()
        && date.relative.is_none()
    {
        problems.push(Problem::new(
            UserErrorCode::Required,
            &path.field("edtf"),
            "is missing: a date has edtf, relative or both",
        ));
    }
}

fn settle_citations(citations: &[Citation], owner: &Path<'_>, problems: &mut Vec<Problem>) {
    let list = owner.field("citations");
    for (index, citation) in citations.iter().enumerate() {
        let path = list.item(index);
        settle_date_at(citation.date.as_ref(), &path.field("date"), problems);
        let orphaned = citation.anchor == AnchorState::Orphaned;
        match (citation.start, citation.end) {
            (None, Some(_)) => problems.push(Problem::new(
                UserErrorCode::Required,
                &path.field("start"),
                "is missing where end is given",
            )),
            (Some(_), None) if orphaned => problems.push(Problem::new(
                UserErrorCode::Required,
                &path.field("end"),
                "is missing where start is given",
            )),
            (Some(start), Some(end)) if start >= end => {
                problems.push(Problem::new(UserErrorCode::Invalid, &path.field("end"), "does not lie after start"));
            }
            _ => {}
        }
    }
}

fn no_doubles<T: Eq + Hash>(items: &[T], path: &Path<'_>, what: &str, problems: &mut Vec<Problem>) {
    no_doubles_by(items, |item| item, path, what, problems);
}

fn no_doubles_by<'a, T, K: Eq + Hash>(
    items: &'a [T],
    key: impl Fn(&'a T) -> K,
    path: &Path<'_>,
    what: &str,
    problems: &mut Vec<Problem>,
) {
    let mut seen = HashSet::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        if !seen.insert(key(item)) {
            problems.push(Problem::new(
                UserErrorCode::Duplicate,
                &path.item(index),
                format!("{what} is there already"),
            ));
        }
    }
}
