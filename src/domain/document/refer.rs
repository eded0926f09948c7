//! Every reference of a document, each with its place and the kinds of record that it may lead to.

use entity::vocabulary::RecordKind;

use crate::domain::{
    problem::Path,
    shape::{ARTICLE_ONLY, DATED, ENTITY, EVENT_ONLY, ORGANIZATION_ONLY, PERSON_ONLY, PLACE_ONLY},
};

use super::{Body, Citation, Document, FuzzyDate, Reference};

/// What is done with each reference.
pub trait Visitor {
    /// Called for each reference, in the order of the document.
    fn visit(&mut self, reference: &mut Reference, kinds: &'static [RecordKind], path: &Path<'_>);
}

impl<F: FnMut(&mut Reference, &'static [RecordKind], &Path<'_>)> Visitor for F {
    fn visit(&mut self, reference: &mut Reference, kinds: &'static [RecordKind], path: &Path<'_>) {
        self(reference, kinds, path);
    }
}

impl Document {
    /// Shows every reference to a visitor, who may change it.
    pub fn visit_references(&mut self, visitor: &mut impl Visitor) {
        let top = Path::TOP;
        match &mut self.body {
            Body::Article(article) => {
                one(article.publisher.as_mut(), ORGANIZATION_ONLY, &top.field("publisher"), visitor);
                many(&mut article.authors, PERSON_ONLY, &top.field("authors"), visitor);
                one(article.dateline.as_mut(), PLACE_ONLY, &top.field("dateline"), visitor);
                let mentions = top.field("mentions");
                for (index, mention) in article.mentions.iter_mut().enumerate() {
                    let path = mentions.item(index);
                    visitor.visit(&mut mention.entity, ENTITY, &path.field("entity"));
                    one(mention.meant.as_mut(), ENTITY, &path.field("meant"), visitor);
                }
            }
            Body::Place(place) => {
                one(place.contained_in.as_mut(), PLACE_ONLY, &top.field("containedIn"), visitor);
            }
            Body::Organization(organization) => {
                one(organization.parent.as_mut(), ORGANIZATION_ONLY, &top.field("parent"), visitor);
                one(organization.headquarters.as_mut(), PLACE_ONLY, &top.field("headquarters"), visitor);
                one(organization.country.as_mut(), PLACE_ONLY, &top.field("country"), visitor);
                date(organization.founded.as_mut(), &top.field("founded"), visitor);
                date(organization.dissolved.as_mut(), &top.field("dissolved"), visitor);
            }
            Body::Person(person) => {
                date(person.born.as_mut(), &top.field("born"), visitor);
                date(person.died.as_mut(), &top.field("died"), visitor);
                many(&mut person.nationalities, PLACE_ONLY, &top.field("nationalities"), visitor);
            }
            Body::Event(event) => {
                date(event.date.as_mut(), &top.field("date"), visitor);
                one(event.part_of.as_mut(), EVENT_ONLY, &top.field("partOf"), visitor);
                let places = top.field("places");
                for (index, place) in event.places.iter_mut().enumerate() {
                    visitor.visit(&mut place.place, PLACE_ONLY, &places.item(index).field("place"));
                }
                let participants = top.field("participants");
                for (index, participation) in event.participants.iter_mut().enumerate() {
                    let path = participants.item(index);
                    one(participation.participant.as_mut(), ENTITY, &path.field("participant"), visitor);
                    citations(&mut participation.citations, &path, visitor);
                }
                citations(&mut event.citations, &top, visitor);
            }
            Body::Relation(relation) => {
                visitor.visit(&mut relation.source, ENTITY, &top.field("source"));
                visitor.visit(&mut relation.target, ENTITY, &top.field("target"));
                date(relation.since.as_mut(), &top.field("since"), visitor);
                date(relation.until.as_mut(), &top.field("until"), visitor);
                citations(&mut relation.citations, &top, visitor);
            }
        }
    }

    /// Every citation of a document, with its place.
    pub fn visit_citations(&mut self, visitor: &mut impl FnMut(&mut Citation, &Path<'_>)) {
        let mut each = |citations: &mut Vec<Citation>, owner: &Path<'_>| {
            let list = owner.field("citations");
            for (index, citation) in citations.iter_mut().enumerate() {
                visitor(citation, &list.item(index));
            }
        };
        match &mut self.body {
            Body::Event(event) => {
                let participants = Path::TOP.field("participants");
                for (index, participation) in event.participants.iter_mut().enumerate() {
                    each(&mut participation.citations, &participants.item(index));
                }
                each(&mut event.citations, &Path::TOP);
            }
            Body::Relation(relation) => each(&mut relation.citations, &Path::TOP),
            Body::Article(_) | Body::Place(_) | Body::Organization(_) | Body::Person(_) => {}
        }
    }
}

fn one(reference: Option<&mut Reference>, kinds: &'static [RecordKind], path: &Path<'_>, visitor: &mut impl Visitor) {
    if let Some(reference) = reference {
        visitor.visit(reference, kinds, path);
    }
}

fn many(references: &mut [Reference], kinds: &'static [RecordKind], path: &Path<'_>, visitor: &mut impl Visitor) {
    for (index, reference) in references.iter_mut().enumerate() {
        visitor.visit(reference, kinds, &path.item(index));
    }
}

fn date(date: Option<&mut FuzzyDate>, path: &Path<'_>, visitor: &mut impl Visitor) {
    if let Some(relative) = date.and_then(|date| date.relative.as_mut()) {
        visitor.visit(&mut relative.anchor, DATED, &path.field("relative").field("anchor"));
    }
}

fn citations(list: &mut [Citation], owner: &Path<'_>, visitor: &mut impl Visitor) {
    let path = owner.field("citations");
    for (index, citation) in list.iter_mut().enumerate() {
        let path = path.item(index);
        visitor.visit(&mut citation.article, ARTICLE_ONLY, &path.field("article"));
        one(citation.attributed_to.as_mut(), ENTITY, &path.field("attributedTo"), visitor);
        one(citation.attributed_to_country.as_mut(), PLACE_ONLY, &path.field("attributedToCountry"), visitor);
        date(citation.date.as_mut(), &path.field("date"), visitor);
    }
}
