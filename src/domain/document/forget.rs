//! Taking out of a document what leads to records that are not to be seen.

use std::collections::HashSet;

use entity::Id;

use crate::domain::kind::{Body, Citation, FuzzyDate, Reference};

use super::Document;

impl Document {
    /// Takes out every link to these records, with what is nothing without the link. Says whether the document itself is
    /// something without them.
    pub fn forget(&mut self, gone: &HashSet<Id>) -> bool {
        if gone.is_empty() {
            return true;
        }
        let is_gone = |reference: &Reference| gone.contains(&reference.id());
        let forget = |reference: &mut Option<Reference>| forget_reference(reference, gone);
        match &mut self.body {
            Body::Article(article) => {
                forget(&mut article.publisher);
                forget(&mut article.dateline);
                article.authors.retain(|author| !is_gone(author));
                article.mentions.retain(|mention| !is_gone(&mention.entity));
                for mention in &mut article.mentions {
                    forget(&mut mention.meant);
                }
            }
            Body::Place(place) => forget(&mut place.contained_in),
            Body::Organization(organization) => {
                forget(&mut organization.parent);
                forget(&mut organization.headquarters);
                forget(&mut organization.country);
                forget_anchor(&mut organization.founded, gone);
                forget_anchor(&mut organization.dissolved, gone);
            }
            Body::Person(person) => {
                person.nationalities.retain(|place| !is_gone(place));
                forget_anchor(&mut person.born, gone);
                forget_anchor(&mut person.died, gone);
            }
            Body::Event(event) => {
                forget(&mut event.part_of);
                forget_anchor(&mut event.date, gone);
                event.places.retain(|place| !is_gone(&place.place));
                for participation in &mut event.participants {
                    forget(&mut participation.participant);
                    forget_citations(&mut participation.citations, gone);
                }
                event
                    .participants
                    .retain(|participation| participation.participant.is_some() || participation.description.is_some());
                forget_citations(&mut event.citations, gone);
            }
            Body::Relation(relation) => {
                if is_gone(&relation.source) || is_gone(&relation.target) {
                    return false;
                }
                forget_anchor(&mut relation.since, gone);
                forget_anchor(&mut relation.until, gone);
                forget_citations(&mut relation.citations, gone);
            }
        }
        true
    }
}

fn forget_reference(reference: &mut Option<Reference>, gone: &HashSet<Id>) {
    if reference.as_ref().is_some_and(|reference| gone.contains(&reference.id())) {
        *reference = None;
    }
}

fn forget_citations(citations: &mut Vec<Citation>, gone: &HashSet<Id>) {
    citations.retain(|citation| !gone.contains(&citation.article.id()));
    for citation in citations {
        forget_reference(&mut citation.attributed_to, gone);
        forget_reference(&mut citation.attributed_to_country, gone);
        forget_anchor(&mut citation.date, gone);
    }
}

/// A date that is only known from a record that is gone stays what it came to; nothing says any more from where.
fn forget_anchor(date: &mut Option<FuzzyDate>, gone: &HashSet<Id>) {
    if let Some(known) = date
        && known.relative.as_ref().is_some_and(|relative| gone.contains(&relative.anchor.id()))
    {
        known.relative = None;
        known.edtf = known.edtf.take().or_else(|| known.resolved.take());
        if known.edtf.is_none() {
            *date = None;
        }
    }
}
