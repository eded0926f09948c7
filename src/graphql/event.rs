//! Events and who took part in them: what the API says of them.

use super::{
    ARTICLE, CITATION, ENTITY, EVENT as SELF, NODE, PARTICIPATION as PARTICIPANTS, PLACE,
    fuzzy_date::fuzzy_date_field,
    node::id,
    record::{entity, entity_articles},
};
use crate::store::read::{
    build::{any, by_enumeration, column, connection, one},
    declare::{Column, EdgeData, Enumeration, FilterKind, Link, Order, Scalar, Type, asc, desc, through},
    expression::roles,
    filter::{Predicate, Test},
};
use entity::{
    event, event_place, participation,
    vocabulary::{EventKind, EventStatus, ParticipantRole},
};
use std::sync::LazyLock;

/// The ranks of an event's date: links to events hold copies, so that their indexes serve its order.
pub const RANKS: &[&str] = &["rank_asc", "rank_desc", "rank_end"];

const KIND: Enumeration = Enumeration::of::<EventKind>();
const STATUS: Enumeration = Enumeration::of::<EventStatus>();
const ROLE: Enumeration = Enumeration::of::<ParticipantRole>();

pub static EVENT: LazyLock<Type> = LazyLock::new(|| {
    let mut ty = entity(
        "Event",
        "event",
        "EVENT",
        "Something that happened, is said to have happened or is planned, with a date as exact as it is known.",
    );
    // an article speaks of an event where it is cited for it, even if it never names it
    ty.fields.retain(|field| field.name != "articles");
    ty.with(
        connection(
            "articles",
            || &ARTICLE,
            |_| (entity_articles().into(), vec![]),
            "The articles that mention it or are cited for it.",
        )
        .filterable()
        .shared("Entity"),
    )
    .with(column("kind", event::Column::Kind, "What kind of event it is.").is(Scalar::Enumeration(KIND)))
    .with(fuzzy_date_field("date", "date_", "date_edtf", "When it happened; null where nothing at all is known."))
    .with(column("status", event::Column::Status, "How firm it is.").is(Scalar::Enumeration(STATUS)))
    .with(column(
        "officiallyConfirmed",
        event::Column::OfficiallyConfirmed,
        "Whether officials have confirmed it: false where it is said that they have not, null where nothing is said.",
    ))
    .with(column("isRecurring", event::Column::IsRecurring, "Whether it happens again and again."))
    .with(connection("places", || &PLACE, |_| (place_link(), vec![]), "Where it happened.").filterable())
    .with(connection(
        "participants",
        || &PARTICIPANTS,
        |_| (Link::Back("event_id"), vec![]),
        "Who took part, in the order in which they are told.",
    ))
    .with(one("partOf", || &SELF, event::Column::PartOfId, "The event that it is a part of."))
    .with(
        connection(
            "parts",
            || &SELF,
            |_| (Link::Back("part_of_id"), vec![]),
            "The events that are directly a part of it.",
        )
        .filterable(),
    )
    .with(connection(
        "citations",
        || &CITATION,
        |_| (Link::Back("subject_id"), vec![Predicate::own("participation_id", Test::IsNull(true))]),
        "The passages that tell of it.",
    ))
    .order(by_date())
    .default_order(by_date().ascending)
    .filter("kind", "By kind.", by_enumeration(event::Column::Kind, KIND))
    .filter("status", "By status.", by_enumeration(event::Column::Status, STATUS))
    .filter(
        "date",
        "By its date, with regard to what is not known of it.",
        FilterKind::FuzzyDate { asc: "rank_asc", desc: "rank_desc", end: "rank_end" },
    )
    .edge(
        "roles",
        "[ParticipantRole!]",
        Scalar::Enumeration(ROLE),
        "In which roles the organization or person whose list this is took part; null in other lists.",
    )
    .edge_count("citationCount", "How often the article whose list this is is cited for it; null in other lists.")
    .edge_count("mentionCount", "How often the article whose list this is names it; null in other lists.")
});

pub static PARTICIPATION: LazyLock<Type> = LazyLock::new(|| {
    Type::new("Participation", "participation", "One participant in one event: an entity, a described group (\"21 Egyptians\"), or both (Tunisia, \"security officials\").")
        .implements(|| &NODE)
        .owned_by(&["event_id"])
        .default_order(vec![asc("position", Scalar::Int)])
        .with(id())
        .with(one("event", || &SELF, participation::Column::EventId, "The event."))
        .with(any("participant", || &ENTITY, participation::Column::ParticipantId, Some("participant_kind"), "Who took part, where it is an entity."))
        .with(column("description", participation::Column::Description, "Who took part, in words."))
        .with(column("count", participation::Column::Count, "How many they were."))
        .with(column("role", participation::Column::Role, "As what they took part.").is(Scalar::Enumeration(ROLE)))
        .with(connection("citations", || &CITATION, |_| (Link::Back("participation_id"), vec![]), "The passages that tell of it."))
});

/// The link from an event to its places.
fn place_link() -> Link {
    through("event_place", "event_id", "place_id")
        .edge_data("description", EdgeData::Column(Column::of(event_place::Column::Description)))
        .edge_data("isCertain", EdgeData::Column(Column::of(event_place::Column::IsCertain)))
        .into()
}

/// The link from an organization or a person to the events that it took part in.
pub fn participant_events() -> Link {
    through("event_entity", "entity_id", "event_id")
        .copies(RANKS)
        .edge_data("roles", EdgeData::Expression(roles))
        .into()
}

fn by_date() -> Order {
    Order {
        name: "DATE",
        doc: "By date: the earliest day, then the latest; events without any date come last in both directions.",
        ascending: vec![asc("rank_asc", Scalar::Int), asc("rank_end", Scalar::Int)],
        descending: vec![desc("rank_desc", Scalar::Int), desc("rank_end", Scalar::Int)],
    }
}
