//! Events and participations: the declarations of their types.

use super::{
    ARTICLE, CITATION, ENTITY, EVENT as SELF, NODE, PARTICIPATION as PARTICIPANTS, PLACE,
    compiled::records,
    entity_filter::ENTITY_FILTER,
    fuzzy_date::fuzzy_date_field,
    node::id,
    record::{entity, entity_articles},
};
use crate::store::read::{
    build::{any, column, connection, one},
    declare::{
        Column, DateOfHistogram, EdgeData, Enumeration, FacetMeaning, FilterKind, FuzzyDateColumns, Link, LinkedValues,
        Order, RankColumns, Scalar, Subject, Type, asc, desc, through,
    },
    expression::roles,
    facet::{Words, linked, own},
    filter::{Predicate, Set, Test},
    filter_kind::{by, by_enumeration, by_id, by_text, fuzzy_date_columns, many, optional},
};
use entity::{
    event, event_place, participation,
    vocabulary::{EventKind, EventStatus, ParticipantRole},
};
use std::sync::LazyLock;

/// The ranks of an event's date. Link tables copy them, so that their indexes serve the order by date.
pub const RANKS: &[&str] = &["rank_asc", "rank_desc", "rank_end"];

const KIND: Enumeration = Enumeration::of::<EventKind>();
const STATUS: Enumeration = Enumeration::of::<EventStatus>();
const ROLE: Enumeration = Enumeration::of::<ParticipantRole>();

pub static EVENT: LazyLock<Type> = LazyLock::new(|| {
    let mut ty =
        entity("Event", "event", "EVENT", "Something that happened, is reported to have happened, or is planned.");
    // an article that is cited for an event belongs to its list even without a mention
    ty.fields.retain(|field| field.name != "articles");
    ty.with(
        connection(
            "articles",
            || &ARTICLE,
            |_| (entity_articles().into(), vec![]),
            "The articles that mention the event or are cited for it.",
        )
        .shared("Entity"),
    )
    .with(column("kind", event::Column::Kind, "The kind of event.").is(Scalar::Enumeration(KIND)))
    .with(fuzzy_date_field("date", "date_", "date_edtf", "When it happened, as exactly as it is known; null where nothing is known."))
    .with(column("status", event::Column::Status, "How certain it is that the event happened or will happen.").is(Scalar::Enumeration(STATUS)))
    .with(column(
        "officiallyConfirmed",
        event::Column::OfficiallyConfirmed,
        "Whether officials have confirmed the event; false where a source says that they have not, null where no source says anything.",
    ))
    .with(column("isRecurring", event::Column::IsRecurring, "Whether the event repeats, such as an annual summit."))
    .with(connection("places", || &PLACE, |_| (place_link(), vec![]), "The places where it happened."))
    .with(connection(
        "participants",
        || &PARTICIPANTS,
        |_| (Link::Back("event_id"), vec![]),
        "The participants, in the order that an editor gave them.",
    ))
    .with(one("partOf", || &SELF, event::Column::PartOfId, "The larger event that this event is part of."))
    .with(
        connection(
            "parts",
            || &SELF,
            |_| (Link::Back("part_of_id"), vec![]),
            "The events that are directly part of this event.",
        ),
    )
    .with(connection(
        "citations",
        || &CITATION,
        |_| own_citations(),
        "The passages that support it.",
    ))
    .order(by_date())
    .default_order(by_date().ascending)
    .filter("kind", "By kind.", by_enumeration(event::Column::Kind, KIND))
    .filter("status", "By status.", by_enumeration(event::Column::Status, STATUS))
    .filter(
        "date",
        "By date, which may be imprecise.",
        FilterKind::FuzzyDate(FuzzyDateColumns {
            ranks: Some(RankColumns { asc: "rank_asc", desc: "rank_desc", start: "rank_start", end: "rank_end" }),
            ..fuzzy_date_columns!("date")
        }),
    )
    .filter("officiallyConfirmed", "By whether officials have confirmed it.", by(event::Column::OfficiallyConfirmed))
    .filter("isRecurring", "By whether it repeats.", by(event::Column::IsRecurring))
    .filter(
        "places",
        "By the places where it happened. All conditions but `none` must hold for the same place.",
        many("EventPlacesFilter", || &PLACE, || (place_link(), vec![]))
            .lifted(&["within", "near", "inBox"])
            .alone("within", happened_within)
            .of_link(
                "isCertain",
                "By whether it is certain that the event happened there.",
                FilterKind::Value(Subject::OfLink("is_certain"), Scalar::Boolean),
            ),
    )
    .filter(
        "participants",
        "By participants.",
        many("ParticipationsFilter", || &PARTICIPANTS, || (Link::Back("event_id"), vec![])),
    )
    .filter(
        "articles",
        "By the articles that mention the event or are cited for it.",
        many("ArticlesFilter", || &ARTICLE, || (entity_articles().into(), vec![])),
    )
    .filter(
        "citations",
        "By the passages that support the event.",
        many("CitationsFilter", || &CITATION, own_citations),
    )
    .filter("partOf", "By the larger event.", optional(|| &SELF, "part_of_id"))
    .facet("KIND", "The kind.", &["kind"], own(event::Column::Kind), FacetMeaning::Words(Words::of::<EventKind>()))
    .facet("STATUS", "The status.", &["status"], own(event::Column::Status), FacetMeaning::Words(Words::of::<EventStatus>()))
    .facet(
        "PLACE",
        "The places where the events happened and all places that contain them; each event counts once for each of these. Its filter is `places.within`.",
        &["places", "within"],
        places_of_events(),
        FacetMeaning::Records(|| vec![&PLACE], None),
    )
    .facet(
        "COUNTRY",
        "The countries among the values of PLACE. Its filter is `places.within`.",
        &["places", "within"],
        places_of_events(),
        FacetMeaning::Records(|| vec![&PLACE], Some("COUNTRY")),
    )
    .facet(
        "PARTICIPANT",
        "The entities that took part, in any role. Its filter is `participants.some.participant.id`.",
        &["participants", "some", "participant", "id"],
        linked("event_entity", "event_id", "entity_id"),
        FacetMeaning::Records(|| records(&ENTITY), None),
    )
    .facet(
        "ROLE",
        "The roles of participants. Its filter is `participants.some.role`.",
        &["participants", "some", "role"],
        linked("participation", "event_id", "role").visible(|| &PARTICIPANTS.table).repeated(),
        FacetMeaning::Words(Words::of::<ParticipantRole>()),
    )
    .histogram(DateOfHistogram { filter: "date", start: "rank_start", end: "rank_end" })
    .edge(
        "roles",
        "[ParticipantRole!]",
        Scalar::Enumeration(ROLE),
        "The roles of the parent organization or person in the event. Always set in `Organization.events` and `Person.events`, null in all other lists.",
    )
    .edge_count("citationCount", "The number of citations of the parent article for the event. Always set in `Article.events`, null in all other lists.")
    .edge_count("mentionCount", "The number of mentions of the event in the parent article. Always set in `Article.events`, null in all other lists.")
});

pub static PARTICIPATION: LazyLock<Type> = LazyLock::new(|| {
    Type::new("Participation", "participation", "One participant in one event: an entity, a described group (\"21 Egyptians\"), or both (Tunisia, \"security officials\").")
        .implements(|| &NODE)
        .owned_by(&["event_id"])
        .names("participant_id", "description")
        .default_order(vec![asc("position", Scalar::Int)])
        .with(id())
        .with(one("event", || &SELF, participation::Column::EventId, "The event."))
        .with(any("participant", || &ENTITY, participation::Column::ParticipantId, Some("participant_kind"), "The entity that took part; null where only a description is known, and while the entity is in the bin. Without a description, the participation is hidden as well then."))
        .with(column("description", participation::Column::Description, "A description of the participant, such as \"security officials\"."))
        .with(column("count", participation::Column::Count, "The number of people."))
        .with(column("role", participation::Column::Role, "The role in the event.").is(Scalar::Enumeration(ROLE)))
        .with(connection("citations", || &CITATION, |_| (Link::Back("participation_id"), vec![]), "The passages that support it."))
        .filter("id", "By id.", by_id())
        .filter(
            "participant",
            "By the entity that took part.",
            FilterKind::Entity { filters: || &ENTITY_FILTER, columns: &["participant_id"] },
        )
        .filter("event", "By the event.", FilterKind::Where { target: || &SELF, column: "event_id" })
        .filter("role", "By role.", by_enumeration(participation::Column::Role, ROLE))
        .filter("count", "By the number of people.", by(participation::Column::Count))
        .filter("description", "By description.", by_text(participation::Column::Description, participation::Column::DescriptionKey))
});

/// The citations of an event itself, not of its participations.
fn own_citations() -> (Link, Vec<Predicate>) {
    (Link::Back("subject_id"), vec![Predicate::Test("participation_id", Test::IsNull(true))])
}

/// The event happened in one of these places, or in a place that one of them contains. Of hidden places, the table has the events of the
/// place itself only, and hidden places are left out here, so that the same events are found as by their places.
fn happened_within(places: Set) -> Predicate {
    let is_one = Predicate::Test("id", Test::In(places));
    Predicate::some_row(&PLACE.table, through("place_event", "event_id", "place_id"), vec![is_one])
}

/// The places of events and all places that contain them, for facets.
fn places_of_events() -> LinkedValues {
    linked("place_event", "event_id", "place_id")
}

/// The link from an event to its places.
fn place_link() -> Link {
    through("event_place", "event_id", "place_id")
        .edge_data("description", EdgeData::Column(Column::of(event_place::Column::Description)))
        .edge_data("isCertain", EdgeData::Column(Column::of(event_place::Column::IsCertain)))
        .into()
}

/// The link from an organization or a person to its events.
pub fn participant_events() -> Link {
    through("event_entity", "entity_id", "event_id")
        .copies(RANKS)
        .edge_data("roles", EdgeData::Expression(roles))
        .into()
}

fn by_date() -> Order {
    Order {
        name: "DATE",
        doc: "By the earliest day of the date, or by its latest day where it has no earliest day; then by the latest day, where none is after \
              all others. Events without a date, or with one that has neither day (`../..`), come last in both directions.",
        ascending: vec![asc("rank_asc", Scalar::Int), asc("rank_end", Scalar::Int)],
        descending: vec![desc("rank_desc", Scalar::Int), desc("rank_end", Scalar::Int)],
    }
}
