//! From documents to rows.

use std::collections::HashMap;

use entity::{
    Id, article, article_author, citation, event, event_place, mention, organization, participation, person,
    person_nationality, place, record, record_description, record_name, relation, relation_end, relative_date, same_as,
    vocabulary::{NameKind, RecordKind, RelationDirection},
};

use crate::{
    date::{Edtf, Ranks, day_ranks, ranks},
    domain::document::{
        Article, Body, Citation, Document, Event, FuzzyDate, Organization, Person, Place, Reference, Relation, Thing,
    },
    store::write::Rows,
    text::sort_key,
};

use super::{Draft, Work, dating::Dates};

/// The rows of all drafts. What stands above others comes before them.
pub(super) fn rows(work: &Work<'_>, before: &Rows, dates: &Dates) -> Rows {
    let mut writer = Writer {
        work,
        dates,
        relative: before
            .relative_date
            .iter()
            .filter_map(|row| {
                let owner = row.record_id.or(row.citation_id)?;
                Some(((owner, row.field.as_str()), row.id))
            })
            .collect(),
        merged: before.merged.iter().map(|row| (row.id, row)).collect(),
        rows: Rows::default(),
    };
    for draft in &work.drafts {
        writer.draft(draft);
    }
    let mut rows = writer.rows;
    put_above_first(&mut rows.place, |row| (row.id, row.contained_in_id));
    put_above_first(&mut rows.organization, |row| (row.id, row.parent_id));
    put_above_first(&mut rows.event, |row| (row.id, row.part_of_id));
    rows
}

/// Orders rows so that each comes after the one above it, which the database asks for. There are no circles.
fn put_above_first<T>(rows: &mut [T], ids: impl Fn(&T) -> (Id, Option<Id>)) {
    let above: HashMap<Id, Option<Id>> = rows.iter().map(&ids).collect();
    let mut depths: HashMap<Id, usize> = HashMap::with_capacity(rows.len());
    for start in above.keys() {
        let mut way = vec![*start];
        while let Some(Some(up)) = way.last().and_then(|at| above.get(at)) {
            if depths.contains_key(up) || !above.contains_key(up) {
                break;
            }
            way.push(*up);
        }
        while let Some(at) = way.pop() {
            let up = above.get(&at).copied().flatten();
            let depth = up.and_then(|up| depths.get(&up)).map_or(0, |depth| depth + 1);
            depths.insert(at, depth);
        }
    }
    rows.sort_by_key(|row| depths.get(&ids(row).0).copied().unwrap_or(0));
}

/// A fuzzy date as columns.
#[derive(Default)]
struct Columns {
    edtf: Option<String>,
    earliest: Option<chrono::NaiveDate>,
    latest: Option<chrono::NaiveDate>,
    flags: i16,
    original: Option<String>,
}

struct Writer<'a> {
    work: &'a Work<'a>,
    dates: &'a Dates,
    /// The ids of the stored rows of relative dates, by owner and field.
    relative: HashMap<(Id, &'a str), Id>,
    merged: HashMap<Id, &'a record::Model>,
    rows: Rows,
}

impl Writer<'_> {
    fn draft(&mut self, draft: &Draft) {
        let id = draft.id;
        self.record(draft);
        let is_deleted = draft.document.header.deleted_at.is_some();
        if let Some(thing) = draft.document.body.thing() {
            self.thing(id, thing);
        }
        self.same_as(id, &draft.document);
        match &draft.document.body {
            Body::Article(article) => self.article(id, article, is_deleted),
            Body::Place(place) => self.place(id, place, is_deleted),
            Body::Organization(organization) => self.organization(id, organization, is_deleted),
            Body::Person(person) => self.person(id, person, is_deleted),
            Body::Event(event) => self.event(id, event, is_deleted),
            Body::Relation(relation) => self.relation(id, relation, is_deleted),
        }
    }

    fn record(&mut self, draft: &Draft) {
        let header = &draft.document.header;
        let created_at = header.created_at.unwrap_or(self.work.now);
        self.rows.record.push(record::Model {
            id: draft.id,
            kind: header.kind,
            key: header.key.clone(),
            version: header.version.unwrap_or(1),
            created_at,
            updated_at: header.updated_at.unwrap_or(created_at),
            deleted_at: header.deleted_at,
            merged_into_id: None,
        });
        for id in &header.merged_ids {
            let row = self.merged.get(id).copied().cloned();
            self.rows.merged.push(row.unwrap_or(record::Model {
                id: *id,
                kind: header.kind,
                key: None,
                version: 1,
                created_at,
                updated_at: created_at,
                deleted_at: None,
                merged_into_id: Some(draft.id),
            }));
        }
    }

    fn thing(&mut self, id: Id, thing: &Thing) {
        let main = (thing.name.clone(), thing.main_language().to_owned(), NameKind::Main);
        let others = thing.names.iter().map(|name| (name.text.clone(), name.language.clone(), name.kind));
        for (position, (text, language, kind)) in (0..).zip(std::iter::once(main).chain(others)) {
            self.rows.record_name.push(record_name::Model { record_id: id, position, text, language, kind });
        }
        for (position, description) in (0..).zip(&thing.descriptions) {
            self.rows.record_description.push(record_description::Model {
                record_id: id,
                language: description.language.clone(),
                position,
                text: description.text.clone(),
            });
        }
    }

    fn same_as(&mut self, id: Id, document: &Document) {
        for (position, url) in (0..).zip(document.body.same_as()) {
            self.rows.same_as.push(same_as::Model { url: url.clone(), record_id: id, position });
        }
    }

    /// The columns of a date of a record or a citation. Its relative side becomes a row of its own.
    fn date(
        &mut self,
        record: Option<Id>,
        citation: Option<Id>,
        field: &'static str,
        date: Option<&FuzzyDate>,
    ) -> (Columns, Ranks) {
        let Some((owner, date)) = record.or(citation).zip(date) else {
            return (Columns::default(), Ranks::UNDATED);
        };
        if let Some(relative) = &date.relative {
            let stored = self.relative.get(&(owner, field)).copied();
            self.rows.relative_date.push(relative_date::Model {
                id: stored.unwrap_or_else(Id::new),
                record_id: record,
                citation_id: citation,
                field: field.to_owned(),
                anchor_id: relative.anchor.id(),
                relation: relative.relation,
                duration: relative.duration.clone(),
                is_approximate: relative.is_approximate,
                is_asserted: date.edtf.is_some(),
            });
        }
        let resolved: Option<&Edtf> = self.dates.get(&(owner, field));
        let columns = Columns {
            edtf: resolved.map(ToString::to_string),
            earliest: resolved.and_then(Edtf::earliest),
            latest: resolved.and_then(Edtf::latest),
            flags: resolved.map_or(0, Edtf::flags),
            original: date.original.clone(),
        };
        (columns, ranks(resolved))
    }

    fn place(&mut self, id: Id, place: &Place, is_deleted: bool) {
        let thing = &place.thing;
        self.rows.place.push(place::Model {
            id,
            name: thing.name.clone(),
            name_language: thing.main_language().to_owned(),
            name_key: sort_key(&thing.name),
            image: thing.image.clone(),
            kind: place.kind,
            country_code: place.country_code.clone(),
            latitude: place.location.map(|location| location.latitude),
            longitude: place.location.map(|location| location.longitude),
            population: place.population,
            contained_in_id: place.contained_in.as_ref().map(Reference::id),
            is_deleted,
        });
    }

    fn organization(&mut self, id: Id, organization: &Organization, is_deleted: bool) {
        let thing = &organization.thing;
        let (founded, _) = self.date(Some(id), None, "founded", organization.founded.as_ref());
        let (dissolved, _) = self.date(Some(id), None, "dissolved", organization.dissolved.as_ref());
        self.rows.organization.push(organization::Model {
            id,
            name: thing.name.clone(),
            name_language: thing.main_language().to_owned(),
            name_key: sort_key(&thing.name),
            image: thing.image.clone(),
            kind: organization.kind,
            parent_id: organization.parent.as_ref().map(Reference::id),
            headquarters_id: organization.headquarters.as_ref().map(Reference::id),
            country_id: organization.country.as_ref().map(Reference::id),
            founded_edtf: founded.edtf,
            founded_earliest: founded.earliest,
            founded_latest: founded.latest,
            founded_flags: founded.flags,
            founded_original: founded.original,
            dissolved_edtf: dissolved.edtf,
            dissolved_earliest: dissolved.earliest,
            dissolved_latest: dissolved.latest,
            dissolved_flags: dissolved.flags,
            dissolved_original: dissolved.original,
            is_deleted,
        });
    }

    fn person(&mut self, id: Id, person: &Person, is_deleted: bool) {
        let thing = &person.thing;
        let (born, _) = self.date(Some(id), None, "born", person.born.as_ref());
        let (died, _) = self.date(Some(id), None, "died", person.died.as_ref());
        self.rows.person.push(person::Model {
            id,
            name: thing.name.clone(),
            name_language: thing.main_language().to_owned(),
            name_key: sort_key(&thing.name),
            image: thing.image.clone(),
            occupation: person.occupation.clone(),
            born_edtf: born.edtf,
            born_earliest: born.earliest,
            born_latest: born.latest,
            born_flags: born.flags,
            born_original: born.original,
            died_edtf: died.edtf,
            died_earliest: died.earliest,
            died_latest: died.latest,
            died_flags: died.flags,
            died_original: died.original,
            is_deleted,
        });
        for (position, place) in (0..).zip(&person.nationalities) {
            self.rows.person_nationality.push(person_nationality::Model {
                person_id: id,
                place_id: place.id(),
                position,
            });
        }
    }

    fn article(&mut self, id: Id, article: &Article, is_deleted: bool) {
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
            });
        }
    }

    fn event(&mut self, id: Id, event: &Event, is_deleted: bool) {
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

    fn relation(&mut self, id: Id, relation: &Relation, is_deleted: bool) {
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
        // one that holds both ways is found from either end, whichever direction is asked for
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

    /// The id of what a reference leads to, and its kind, which is stored beside it.
    fn target(&self, reference: &Reference) -> (Id, RecordKind) {
        let id = reference.id();
        let kind = self.work.kind(id);
        (id, kind.expect("every reference of a draft was looked up when the draft was taken up"))
    }
}
