//! Places: what the API says of them.

use super::{EVENT, ORGANIZATION, PLACE as SELF, event::RANKS, record::entity};
use crate::store::read::{
    build::{by_enumeration, column, connection, embedded, list, one},
    declare::{Enumeration, FilterKind, Key, KeyColumn, Link, Order, Scalar, Type, argument, asc, through},
    filter::{Bound, Predicate, Subject, Test},
};
use entity::{place, vocabulary::PlaceKind};
use serde_json::Value as Json;
use std::sync::LazyLock;

const KIND: Enumeration = Enumeration::of::<PlaceKind>();

pub static POINT: LazyLock<Type> = LazyLock::new(|| {
    Type::new("GeoPoint", "place", "A point on the Earth, WGS 84.")
        .with(column("latitude", place::Column::Latitude, "Degrees north of the equator, -90 to 90.").required())
        .with(column("longitude", place::Column::Longitude, "Degrees east of Greenwich, -180 to 180.").required())
});

pub static PLACE: LazyLock<Type> = LazyLock::new(|| {
    entity(
        "Place",
        "place",
        "PLACE",
        "A location that is spoken of: a continent, a country, a city, a border, a site. Places contain places.",
    )
    .with(column("kind", place::Column::Kind, "What kind of place it is.").is(Scalar::Enumeration(KIND)))
    .with(column(
        "countryCode",
        place::Column::CountryCode,
        "The ISO 3166-1 alpha-2 code of the country that it is, or lies in.",
    ))
    .with(embedded("location", || &POINT, "", "latitude", "Where it lies; of an area, a point that stands for it."))
    .with(column("population", place::Column::Population, "How many people live there."))
    .with(one("containedIn", || &SELF, place::Column::ContainedInId, "The place that directly contains it."))
    .with(list(
        "ancestors",
        || &SELF,
        through("place_closure", "descendant_id", "ancestor_id")
            .copies(&["depth"])
            .only(Predicate::own("depth", Test::AtLeast(Bound::Int(1)))),
        vec![asc("depth", Scalar::Int)],
        "All places that contain it, the nearest first.",
    ))
    .with(
        connection(
            "contains",
            || &SELF,
            |_| (Link::Back("contained_in_id"), vec![]),
            "The places that it directly contains.",
        )
        .filterable(),
    )
    .with(
        connection(
            "neighbours",
            || &SELF,
            |_| {
                let borders = through("relation_end", "record_id", "other_id")
                    .only(Predicate::own("kind", Test::Equals(Bound::Text("BORDERS".to_owned()))));
                (Link::Among(borders), vec![])
            },
            "The places that it borders, whichever of the two the border was recorded for.",
        )
        .filterable(),
    )
    .with(
        connection(
            "events",
            || &EVENT,
            |arguments| {
                let contained = arguments.get("includeContained").and_then(Json::as_bool) != Some(false);
                let table = if contained { "place_event" } else { "event_place" };
                (through(table, "place_id", "event_id").copies(RANKS).into(), vec![])
            },
            "What happened there.",
        )
        .arg(
            argument(
                "includeContained",
                Scalar::Boolean,
                "Whether events in places that it contains count, however deep.",
            )
            .default("true"),
        )
        .filterable(),
    )
    .with(
        connection(
            "organizations",
            || &ORGANIZATION,
            |_| (Link::Back("headquarters_id"), vec![]),
            "The organizations with their headquarters there.",
        )
        .filterable(),
    )
    .order(population())
    .filter("kind", "By kind.", by_enumeration(place::Column::Kind, KIND))
    .filter("countryCode", "By ISO 3166-1 alpha-2 code.", FilterKind::Text(Subject::Own("country_code")))
    .edge_count("mentionCount", "How often the article whose list this is mentions the place; null in other lists.")
    .edge_count("citationCount", "How often the article whose list this is is cited for it; null in other lists.")
    .edge(
        "description",
        "String",
        Scalar::Text,
        "Where exactly the event whose list this is took place (\"the east of\"); null in other lists.",
    )
    .edge(
        "isCertain",
        "Boolean",
        Scalar::Boolean,
        "Whether it is certain that the event whose list this is took place there; null in other lists.",
    )
});

/// Places without a known population come last in both directions.
fn population() -> Order {
    let key =
        |absent, descending| Key { column: KeyColumn::Number("population", absent), scalar: Scalar::Float, descending };
    Order {
        name: "POPULATION",
        doc: "By population; places of which it is not known come last in both directions.",
        ascending: vec![key(1e15, false)],
        descending: vec![key(-1.0, true)],
    }
}
