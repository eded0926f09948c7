//! From rows back to documents: what is stored, as its owner would hand it in.

use std::collections::HashMap;

use entity::{Id, citation, mention, participation, relative_date, vocabulary::NameKind};

use crate::{
    domain::document::{
        Article, Body, Citation, Context, Description, Document, Event, EventPlace, FuzzyDate, Header, Location,
        Mention, Name, Organization, Participation, Person, Place, Reference, Relation, RelativeDate, Thing,
    },
    store::write::{Rows, by_owner},
};

/// The documents of all records among the rows, with references by id.
pub(crate) fn documents(rows: &Rows) -> HashMap<Id, Document> {
    let assembly = Assembly::new(rows);
    let headers: HashMap<Id, Header> = rows.record.iter().map(|row| (row.id, assembly.header(row))).collect();
    let mut documents = HashMap::with_capacity(headers.len());
    let mut add = |id: Id, body: Body| {
        if let Some(header) = headers.get(&id) {
            let header = header.clone();
            documents.insert(id, Document { header, body });
        }
    };
    for row in &rows.place {
        add(row.id, Body::Place(Box::new(assembly.place(row))));
    }
    for row in &rows.organization {
        add(row.id, Body::Organization(Box::new(assembly.organization(row))));
    }
    for row in &rows.person {
        add(row.id, Body::Person(Box::new(assembly.person(row))));
    }
    for row in &rows.article {
        add(row.id, Body::Article(Box::new(assembly.article(row))));
    }
    for row in &rows.event {
        add(row.id, Body::Event(Box::new(assembly.event(row))));
    }
    for row in &rows.relation {
        add(row.id, Body::Relation(Box::new(assembly.relation(row))));
    }
    documents
}

/// The rows by their owners.
struct Assembly<'a> {
    merged: HashMap<Id, Vec<&'a entity::record::Model>>,
    names: HashMap<Id, Vec<&'a entity::record_name::Model>>,
    descriptions: HashMap<Id, Vec<&'a entity::record_description::Model>>,
    same_as: HashMap<Id, Vec<&'a entity::same_as::Model>>,
    nationalities: HashMap<Id, Vec<&'a entity::person_nationality::Model>>,
    authors: HashMap<Id, Vec<&'a entity::article_author::Model>>,
    places: HashMap<Id, Vec<&'a entity::event_place::Model>>,
    participations: HashMap<Id, Vec<&'a participation::Model>>,
    mentions: HashMap<Id, Vec<&'a mention::Model>>,
    /// By record, or by participation.
    citations: HashMap<Id, Vec<&'a citation::Model>>,
    /// By record or citation, and field.
    relative: HashMap<(Id, &'a str), &'a relative_date::Model>,
}

/// The columns of a fuzzy date, and of its relative side.
macro_rules! fuzzy_date {
    ($assembly:expr, $row:expr, $field:literal, $edtf:ident, $original:ident) => {
        $assembly.fuzzy_date($row.id, $field, $row.$edtf.as_ref(), $row.$original.as_ref())
    };
}

impl<'a> Assembly<'a> {
    fn new(rows: &'a Rows) -> Self {
        Self {
            merged: by_owner(&rows.merged, |row| row.merged_into_id.unwrap_or(row.id)),
            names: by_owner(&rows.record_name, |row| row.record_id),
            descriptions: by_owner(&rows.record_description, |row| row.record_id),
            same_as: by_owner(&rows.same_as, |row| row.record_id),
            nationalities: by_owner(&rows.person_nationality, |row| row.person_id),
            authors: by_owner(&rows.article_author, |row| row.article_id),
            places: by_owner(&rows.event_place, |row| row.event_id),
            participations: by_owner(&rows.participation, |row| row.event_id),
            mentions: by_owner(&rows.mention, |row| row.article_id),
            citations: by_owner(&rows.citation, |row| row.participation_id.unwrap_or(row.subject_id)),
            relative: rows
                .relative_date
                .iter()
                .filter_map(|row| {
                    let owner = row.record_id.or(row.citation_id)?;
                    Some(((owner, row.field.as_str()), row))
                })
                .collect(),
        }
    }

    fn header(&self, row: &entity::record::Model) -> Header {
        let mut merged_ids: Vec<Id> = list(&self.merged, row.id, |row| row.id, |row| row.id);
        merged_ids.sort_unstable();
        Header {
            kind: row.kind,
            id: Some(row.id),
            key: row.key.clone(),
            version: Some(row.version),
            created_at: Some(row.created_at),
            updated_at: Some(row.updated_at),
            deleted_at: row.deleted_at,
            merged_ids,
            merged_into: row.merged_into_id,
        }
    }

    fn thing(&self, id: Id, name: &str, language: &str, image: Option<&String>) -> Thing {
        let names = list(
            &self.names,
            id,
            |row| row.position,
            |row| Name { text: row.text.clone(), language: row.language.clone(), kind: row.kind },
        );
        let mut main_name_seen = false;
        Thing {
            name: name.to_owned(),
            language: Some(language.to_owned()),
            names: names
                .into_iter()
                .filter(|other| {
                    let is_main_name = !main_name_seen
                        && other.kind == NameKind::Main
                        && other.text == name
                        && other.language == language;
                    main_name_seen |= is_main_name;
                    !is_main_name
                })
                .collect(),
            descriptions: list(
                &self.descriptions,
                id,
                |row| row.position,
                |row| Description { text: row.text.clone(), language: row.language.clone() },
            ),
            same_as: self.same_as(id),
            image: image.cloned(),
        }
    }

    fn same_as(&self, id: Id) -> Vec<String> {
        list(&self.same_as, id, |row| row.position, |row| row.url.clone())
    }

    fn fuzzy_date(
        &self,
        owner: Id,
        field: &str,
        edtf: Option<&String>,
        original: Option<&String>,
    ) -> Option<FuzzyDate> {
        let relative = self.relative.get(&(owner, field)).copied();
        if edtf.is_none() && relative.is_none() {
            return None;
        }
        let is_given = relative.is_none_or(|relative| relative.is_asserted);
        Some(FuzzyDate {
            edtf: edtf.filter(|_| is_given).cloned(),
            original: original.cloned(),
            relative: relative.map(|row| RelativeDate {
                anchor: Reference::Id(row.anchor_id),
                relation: row.relation,
                duration: row.duration.clone(),
                is_approximate: row.is_approximate,
            }),
            resolved: edtf.filter(|_| !is_given).cloned(),
        })
    }

    fn place(&self, row: &entity::place::Model) -> Place {
        Place {
            thing: self.thing(row.id, &row.name, &row.name_language, row.image.as_ref()),
            kind: row.kind,
            country_code: row.country_code.clone(),
            location: row.latitude.zip(row.longitude).map(|(latitude, longitude)| Location { latitude, longitude }),
            population: row.population,
            contained_in: row.contained_in_id.map(Reference::Id),
        }
    }

    fn organization(&self, row: &entity::organization::Model) -> Organization {
        Organization {
            thing: self.thing(row.id, &row.name, &row.name_language, row.image.as_ref()),
            kind: row.kind,
            parent: row.parent_id.map(Reference::Id),
            headquarters: row.headquarters_id.map(Reference::Id),
            country: row.country_id.map(Reference::Id),
            founded: fuzzy_date!(self, row, "founded", founded_edtf, founded_original),
            dissolved: fuzzy_date!(self, row, "dissolved", dissolved_edtf, dissolved_original),
        }
    }

    fn person(&self, row: &entity::person::Model) -> Person {
        Person {
            thing: self.thing(row.id, &row.name, &row.name_language, row.image.as_ref()),
            born: fuzzy_date!(self, row, "born", born_edtf, born_original),
            died: fuzzy_date!(self, row, "died", died_edtf, died_original),
            occupation: row.occupation.clone(),
            nationalities: list(&self.nationalities, row.id, |row| row.position, |row| Reference::Id(row.place_id)),
        }
    }

    fn article(&self, row: &entity::article::Model) -> Article {
        Article {
            headline: row.headline.clone(),
            summary: row.r#abstract.clone(),
            body: row.body.clone(),
            language: row.language.clone(),
            published_on: row.published_on,
            url: row.url.clone(),
            image: row.image.clone(),
            publisher: row.publisher_id.map(Reference::Id),
            authors: list(&self.authors, row.id, |row| row.position, |row| Reference::Id(row.person_id)),
            dateline: row.dateline_id.map(Reference::Id),
            same_as: self.same_as(row.id),
            mentions: list(
                &self.mentions,
                row.id,
                |row| (row.field, row.span_start, row.span_end, row.entity_id, row.id),
                |row| Mention {
                    id: Some(row.id),
                    entity: Reference::Id(row.entity_id),
                    meant: row.meant_id.map(Reference::Id),
                    field: row.field,
                    start: row.span_start,
                    end: row.span_end,
                    text: Some(row.text.clone()),
                    class: row.class,
                    origin: row.origin,
                    anchor: row.anchor,
                    context: context(&row.prefix, &row.suffix, row.has_twin),
                },
            ),
        }
    }

    fn event(&self, row: &entity::event::Model) -> Event {
        Event {
            thing: self.thing(row.id, &row.name, &row.name_language, row.image.as_ref()),
            kind: row.kind,
            status: row.status,
            officially_confirmed: row.officially_confirmed,
            is_recurring: row.is_recurring,
            date: fuzzy_date!(self, row, "date", date_edtf, date_original),
            part_of: row.part_of_id.map(Reference::Id),
            places: list(
                &self.places,
                row.id,
                |row| row.position,
                |row| EventPlace {
                    place: Reference::Id(row.place_id),
                    description: row.description.clone(),
                    is_certain: row.is_certain,
                },
            ),
            participants: list(
                &self.participations,
                row.id,
                |row| row.position,
                |row| Participation {
                    id: Some(row.id),
                    participant: row.participant_id.map(Reference::Id),
                    description: row.description.clone(),
                    count: row.count,
                    role: row.role,
                    citations: self.citations(row.id),
                },
            ),
            citations: self.citations(row.id),
        }
    }

    fn relation(&self, row: &entity::relation::Model) -> Relation {
        Relation {
            source: Reference::Id(row.source_id),
            kind: row.kind,
            target: Reference::Id(row.target_id),
            description: row.description.clone(),
            is_symmetric: (row.is_symmetric != row.kind.is_symmetric()).then_some(row.is_symmetric),
            since: fuzzy_date!(self, row, "since", since_edtf, since_original),
            until: fuzzy_date!(self, row, "until", until_edtf, until_original),
            citations: self.citations(row.id),
        }
    }

    fn citations(&self, owner: Id) -> Vec<Citation> {
        list(
            &self.citations,
            owner,
            |row| row.position,
            |row| Citation {
                id: Some(row.id),
                article: Reference::Id(row.article_id),
                field: row.field,
                quote: row.quote.clone(),
                start: row.span_start,
                end: row.span_end,
                anchor: row.anchor,
                context: context(&row.prefix, &row.suffix, row.has_twin),
                last_start: row.last_start,
                form: row.form,
                modality: row.modality,
                attributed_to: row.attributed_to_id.map(Reference::Id),
                attributed_to_text: row.attributed_to_text.clone(),
                attributed_to_country: row.attributed_to_country_id.map(Reference::Id),
                date: fuzzy_date!(self, row, "date", date_edtf, date_original),
                note: row.note.clone(),
                subject_field: row.subject_field.clone(),
            },
        )
    }
}

fn context(prefix: &str, suffix: &str, has_twin: bool) -> Context {
    Context { prefix: prefix.to_owned(), suffix: suffix.to_owned(), has_twin }
}

/// The rows of one owner in order, each turned into what the document holds.
fn list<R, K: Ord, T>(
    rows: &HashMap<Id, Vec<&R>>,
    owner: Id,
    order: impl Fn(&R) -> K,
    turn: impl Fn(&R) -> T,
) -> Vec<T> {
    let Some(rows) = rows.get(&owner) else {
        return Vec::new();
    };
    let mut rows = rows.clone();
    rows.sort_by_key(|row| order(row));
    rows.into_iter().map(turn).collect()
}
