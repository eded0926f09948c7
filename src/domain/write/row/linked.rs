//! The rows of articles, events and relations, with what they own: mentions, participations and citations.

use entity::{
    Id, article, article_author, citation, event, event_place, mention, participation, relation, relation_end,
    vocabulary::RelationDirection,
};

use crate::{
    date::day_ranks,
    domain::document::{Article, Citation, Event, Reference, Relation},
    text::sort_key,
};

use super::Writer;

impl Writer<'_> {
    pub(super) fn article(&mut self, id: Id, article: &Article, is_deleted: bool) {
        let published = day_ranks(article.published_on);
        self.rows.article.push(article::Model {
            id,
            headline: article.headline.clone(),
            headline_key: sort_key(&article.headline),
            r#abstract: article.summary.clone(),
            body: article.body.clone(),
            language: article.language.clone(),
            published_on: article.published_on,
            published_asc: published.asc,
            published_desc: published.desc,
            url: article.url.clone(),
            image: article.image.clone(),
            publisher_id: article.publisher.as_ref().map(Reference::id),
            dateline_id: article.dateline.as_ref().map(Reference::id),
            is_deleted,
        });
        for (position, author) in (0..).zip(&article.authors) {
            self.rows.article_author.push(article_author::Model { article_id: id, person_id: author.id(), position });
        }
        for mention in &article.mentions {
            let (entity_id, entity_kind) = self.target(&mention.entity);
            let meant = mention.meant.as_ref().map(|meant| self.target(meant));
            self.rows.mention.push(mention::Model {
                id: mention.id.unwrap_or_else(Id::new),
                article_id: id,
                entity_id,
                entity_kind,
                meant_id: meant.map(|(id, _)| id),
                meant_kind: meant.map(|(_, kind)| kind),
                field: mention.field,
                span_start: mention.start,
                span_end: mention.end,
                text: mention.text.clone().unwrap_or_default(),
                class: mention.class,
                origin: mention.origin,
                anchor: mention.anchor,
                prefix: mention.context.prefix.clone(),
                suffix: mention.context.suffix.clone(),
                has_twin: mention.context.has_twin,
            });
        }
    }

    pub(super) fn event(&mut self, id: Id, event: &Event, is_deleted: bool) {
        let thing = &event.thing;
        let (date, ranks) = self.date(Some(id), None, "date", event.date.as_ref());
        self.rows.event.push(event::Model {
            id,
            name: thing.name.clone(),
            name_language: thing.main_language().to_owned(),
            name_key: sort_key(&thing.name),
            image: thing.image.clone(),
            kind: event.kind,
            status: event.status,
            officially_confirmed: event.officially_confirmed,
            is_recurring: event.is_recurring,
            part_of_id: event.part_of.as_ref().map(Reference::id),
            date_edtf: date.edtf,
            date_earliest: date.earliest,
            date_latest: date.latest,
            date_flags: date.flags,
            date_original: date.original,
            rank_asc: ranks.asc,
            rank_desc: ranks.desc,
            rank_end: ranks.end,
            is_deleted,
        });
        for (position, place) in (0..).zip(&event.places) {
            self.rows.event_place.push(event_place::Model {
                event_id: id,
                place_id: place.place.id(),
                position,
                description: place.description.clone(),
                is_certain: place.is_certain,
                rank_asc: ranks.asc,
                rank_desc: ranks.desc,
                rank_end: ranks.end,
            });
        }
        for (position, participation) in (0..).zip(&event.participants) {
            let participation_id = participation.id.unwrap_or_else(Id::new);
            let participant = participation.participant.as_ref().map(|participant| self.target(participant));
            self.rows.participation.push(participation::Model {
                id: participation_id,
                event_id: id,
                position,
                participant_id: participant.map(|(id, _)| id),
                participant_kind: participant.map(|(_, kind)| kind),
                description: participation.description.clone(),
                count: participation.count,
                role: participation.role,
            });
            self.citations(id, Some(participation_id), &participation.citations);
        }
        self.citations(id, None, &event.citations);
    }

    pub(super) fn relation(&mut self, id: Id, relation: &Relation, is_deleted: bool) {
        let (source_id, source_kind) = self.target(&relation.source);
        let (target_id, target_kind) = self.target(&relation.target);
        let (since, _) = self.date(Some(id), None, "since", relation.since.as_ref());
        let (until, _) = self.date(Some(id), None, "until", relation.until.as_ref());
        self.rows.relation.push(relation::Model {
            id,
            source_id,
            source_kind,
            kind: relation.kind,
            target_id,
            target_kind,
            description: relation.description.clone(),
            is_symmetric: relation.holds_both_ways(),
            since_edtf: since.edtf,
            since_earliest: since.earliest,
            since_latest: since.latest,
            since_flags: since.flags,
            since_original: since.original,
            until_edtf: until.edtf,
            until_earliest: until.earliest,
            until_latest: until.latest,
            until_flags: until.flags,
            until_original: until.original,
            is_deleted,
        });
        // One in the bin is found from neither end.
        if is_deleted {
            return self.citations(id, None, &relation.citations);
        }
        // One that holds both ways is found from either end, whichever direction is asked for.
        let (out, into) = if relation.holds_both_ways() {
            (RelationDirection::Any, RelationDirection::Any)
        } else {
            (RelationDirection::Outgoing, RelationDirection::Incoming)
        };
        let ends = [(source_id, out, target_id, target_kind), (target_id, into, source_id, source_kind)];
        for (record_id, direction, other_id, other_kind) in ends {
            self.rows.relation_end.push(relation_end::Model {
                record_id,
                relation_id: id,
                direction,
                kind: relation.kind,
                other_id,
                other_kind,
            });
        }
        self.citations(id, None, &relation.citations);
    }

    fn citations(&mut self, subject: Id, participation: Option<Id>, citations: &[Citation]) {
        for (position, citation) in (0..).zip(citations) {
            let id = citation.id.unwrap_or_else(Id::new);
            let (date, _) = self.date(None, Some(id), "date", citation.date.as_ref());
            let attributed_to = citation.attributed_to.as_ref().map(|record| self.target(record));
            self.rows.citation.push(citation::Model {
                id,
                article_id: citation.article.id(),
                subject_id: subject,
                participation_id: participation,
                subject_field: citation.subject_field.clone(),
                position,
                field: citation.field,
                quote: citation.quote.clone(),
                span_start: citation.start,
                span_end: citation.end,
                anchor: citation.anchor,
                prefix: citation.context.prefix.clone(),
                suffix: citation.context.suffix.clone(),
                has_twin: citation.context.has_twin,
                last_start: citation.last_start,
                form: citation.form,
                modality: citation.modality,
                attributed_to_id: attributed_to.map(|(id, _)| id),
                attributed_to_kind: attributed_to.map(|(_, kind)| kind),
                attributed_to_text: citation.attributed_to_text.clone(),
                attributed_to_country_id: citation.attributed_to_country.as_ref().map(Reference::id),
                date_edtf: date.edtf,
                date_earliest: date.earliest,
                date_latest: date.latest,
                date_flags: date.flags,
                date_original: date.original,
                note: citation.note.clone(),
            });
        }
    }
}
