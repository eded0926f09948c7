//! Events, with their places.

use entity::{
    Id, event, event_place,
    vocabulary::{EventKind, EventStatus},
};
use serde::{Deserialize, Serialize};

use crate::{
    domain::{
        problem::{Path, Problem},
        shape::{Identity, MAX_ITEMS, MAX_LINE, Object, Shape, VocabularyShape, optional, required},
    },
    store::write::Tree,
    text::sort_key,
};

use super::{
    AnchorDate, Body, Citation, EVENT_ONLY, Facts, FactsMut, HEADER, ID_OR_KEY, Kind, Merge, PLACE_ONLY, RowReader,
    RowWriter, fill,
    part::{
        CITATION, FUZZY_DATE, FuzzyDate, Items, ItemsMut, PARTICIPATION, Participation, Reference, ReferenceVisitor,
        THING, Thing, add_citations, check_references_once, json, remove_equal, visit_one,
    },
};

static EVENT_KIND: VocabularyShape = VocabularyShape::of::<EventKind>();
static EVENT_STATUS: VocabularyShape = VocabularyShape::of::<EventStatus>();
pub(super) static SHAPE: Object = Object::new(
    "Event",
    "Something that happened, is happening or is planned.",
    &[
        &[required("type", Shape::Constant("EVENT"), "The kind of record.").read_only()],
        HEADER,
        THING,
        &[
            required("kind", Shape::Vocabulary(&EVENT_KIND), "What kind of event it is."),
            optional("status", Shape::Vocabulary(&EVENT_STATUS), "How certain it is. The default is REPORTED."),
            optional(
                "officiallyConfirmed",
                Shape::Boolean,
                "Whether it was officially confirmed. False means that it was not; absent means unknown.",
            ),
            optional("isRecurring", Shape::Boolean, "Whether it is repeated. The default is false."),
            optional("date", Shape::Object(&FUZZY_DATE), "When it happened."),
            optional("partOf", Shape::Reference(EVENT_ONLY), "The larger event that it is a part of."),
            optional("places", Shape::List(&Shape::Object(&EVENT_PLACE), MAX_ITEMS), "Where it happened."),
            optional("participants", Shape::List(&Shape::Object(&PARTICIPATION), MAX_ITEMS), "Who took part."),
            optional("citations", Shape::List(&Shape::Object(&CITATION), MAX_ITEMS), "The evidence for it."),
        ],
    ],
)
.needs_one_of(ID_OR_KEY);

static EVENT_PLACE: Object = Object::new(
    "EventPlace",
    "A place of an event.",
    &[&[
        required("place", Shape::Reference(PLACE_ONLY), "The place."),
        optional("description", Shape::Line(MAX_LINE), "Where in the place, such as \"the east of\"."),
        optional("isCertain", Shape::Boolean, "Whether it is certain that it happened there. The default is true."),
    ]],
)
.identified(Identity::Field {
    name: "place",
    add_doc: "Places to add. A place that is already in the list is replaced.",
    remove_doc: "The ids of the places to remove.",
});

/// An event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the shape describes the fields")]
pub struct Event {
    #[serde(flatten)]
    pub thing: Thing,
    pub kind: EventKind,
    #[serde(default = "reported")]
    pub status: EventStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub officially_confirmed: Option<bool>,
    #[serde(default, skip_serializing_if = "json::is_false")]
    pub is_recurring: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<FuzzyDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_of: Option<Reference>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<EventPlace>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub participants: Vec<Participation>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub citations: Vec<Citation>,
}

/// A place of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the shape describes the fields")]
pub struct EventPlace {
    pub place: Reference,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default = "json::yes", skip_serializing_if = "json::is_true")]
    pub is_certain: bool,
}

impl Event {
    pub(super) fn from_row(row: &event::Model, reader: &RowReader<'_>) -> Self {
        let id = row.id;
        Self {
            thing: reader.thing(id, &row.name, &row.name_language, row.image.as_ref()),
            kind: row.kind,
            status: row.status,
            officially_confirmed: row.officially_confirmed,
            is_recurring: row.is_recurring,
            date: reader.date(id, "date", row.date_edtf.as_ref(), row.date_original.as_ref()),
            part_of: row.part_of_id.map(Reference::Id),
            places: reader.list(
                &reader.places,
                id,
                |row| row.position,
                |row| EventPlace {
                    place: Reference::Id(row.place_id),
                    description: row.description.clone(),
                    is_certain: row.is_certain,
                },
            ),
            participants: reader.participations(id),
            citations: reader.citations(id),
        }
    }
}

impl Kind for Event {
    fn facts(&self) -> Facts<'_> {
        Facts {
            same_as: &self.thing.same_as,
            url: None,
            items: Items { participants: &self.participants, citations: &self.citations, ..Items::default() },
            dates: vec![("date", &self.date)],
            period: None,
            anchor_date: AnchorDate::Fuzzy(self.date.as_ref()),
            countries: Vec::new(),
            parent: Some((Tree::PartOf, self.part_of.as_ref())),
        }
    }

    fn facts_mut(&mut self) -> FactsMut<'_> {
        FactsMut {
            items: ItemsMut {
                participants: &mut self.participants,
                citations: &mut self.citations,
                ..ItemsMut::default()
            },
            dates: vec![("date", &mut self.date)],
        }
    }

    fn check(&mut self, problems: &mut Vec<Problem>) {
        self.thing.check(problems);
        FuzzyDate::check(self.date.as_ref(), &Path::TOP.field("date"), problems);
        Participation::check(&self.participants, problems);
        Citation::check(&self.citations, &Path::TOP, problems);
    }

    fn check_references(&self, _is_deleted: bool, problems: &mut Vec<Problem>) {
        let path = Path::TOP.field("places");
        let items: Vec<Path<'_>> = (0..self.places.len()).map(|index| path.item(index)).collect();
        let places = self.places.iter().zip(&items).map(|(place, item)| (&place.place, item.field("place")));
        check_references_once(places, "the place", problems);
    }

    fn visit_references(&mut self, visitor: &mut ReferenceVisitor<'_>) {
        let top = Path::TOP;
        FuzzyDate::visit_references(&mut self.date, &top.field("date"), visitor);
        visit_one(&mut self.part_of, EVENT_ONLY, &top.field("partOf"), visitor);
        let list = top.field("places");
        for (index, place) in self.places.iter_mut().enumerate() {
            visitor(&mut place.place, PLACE_ONLY, &list.item(index).field("place"));
        }
        Participation::visit_references(&mut self.participants, visitor);
        Citation::visit_references(&mut self.citations, &top, visitor);
    }

    fn write_rows(&self, id: Id, is_deleted: bool, writer: &mut RowWriter<'_>) {
        let thing = &self.thing;
        writer.thing(id, thing);
        let (date, ranks) = writer.date(id, "date", self.date.as_ref());
        writer.rows.event.push(event::Model {
            id,
            name: thing.name.clone(),
            name_language: thing.main_language().to_owned(),
            name_key: sort_key(&thing.name),
            image: thing.image.clone(),
            kind: self.kind,
            status: self.status,
            officially_confirmed: self.officially_confirmed,
            is_recurring: self.is_recurring,
            part_of_id: self.part_of.as_ref().map(Reference::id),
            date_edtf: date.edtf,
            date_earliest: date.earliest,
            date_latest: date.latest,
            date_flags: date.flags,
            date_original: date.original,
            rank_asc: ranks.asc,
            rank_desc: ranks.desc,
            rank_end: ranks.end,
            rank_start: ranks.start,
            is_deleted,
        });
        for (position, place) in (0..).zip(&self.places) {
            writer.rows.event_place.push(event_place::Model {
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
        writer.participations(id, &self.participants);
        writer.citations(id, None, &self.citations);
    }

    fn take_over(&mut self, from: &mut Body, merge: Merge) {
        let Body::Event(from) = from else { return };
        self.thing.take_over(&mut from.thing);
        fill(&mut self.date, from.date.as_ref());
        fill(&mut self.officially_confirmed, from.officially_confirmed.as_ref());
        merge.take_over_parent(&mut self.part_of, from.part_of.as_ref());
        self.places.append(&mut from.places);
        self.participants.append(&mut from.participants);
        self.citations.append(&mut from.citations);
    }

    fn deduplicate(&mut self) -> usize {
        let citations = std::mem::take(&mut self.citations);
        let count = citations.len();
        add_citations(&mut self.citations, citations);
        count - self.citations.len()
            + remove_equal(&mut self.places, |place| place.place.clone())
            + Participation::deduplicate(&mut self.participants)
    }
}

fn reported() -> EventStatus {
    EventStatus::Reported
}
