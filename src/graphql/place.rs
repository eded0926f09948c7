//! Places: the declaration of their type.

use super::{ARTICLE, CITATION, EVENT, ORGANIZATION, PERSON, PLACE as SELF, event::RANKS, record::entity};
use crate::store::read::{
    build::{column, connection, embedded, list, one},
    declare::{
        Arguments, Enumeration, FacetMeaning, FilterKind, Key, KeyColumn, Link, Order, Scalar, Through, Type, argument,
        asc, through,
    },
    facet::{Words, own},
    filter::{Bound, Predicate, Set, Test},
    filter_kind::{by, by_enumeration, by_text, many, optional},
};
use entity::{
    place,
    vocabulary::{OrganizationLink, PlaceKind, Vocabulary as _},
};
use serde_json::Value as Json;
use std::sync::LazyLock;

const KIND: Enumeration = Enumeration::of::<PlaceKind>();
/// The sort key. Link tables copy it, so that their indexes serve the order by name.
const NAME: &[&str] = &["name_key"];

pub static POINT: LazyLock<Type> = LazyLock::new(|| {
    Type::new("GeoPoint", "place", "A point on the Earth (WGS 84).")
        .with(
            column("latitude", place::Column::Latitude, "Latitude in degrees, -90 to 90; north is positive.")
                .required(),
        )
        .with(
            column("longitude", place::Column::Longitude, "Longitude in degrees, -180 to 180; east is positive.")
                .required(),
        )
});

pub static PLACE: LazyLock<Type> = LazyLock::new(|| {
    entity(
        "Place",
        "place",
        "PLACE",
        "A location, such as a continent, a country, a city, a border or a site. Places contain places.",
    )
    .with(column("kind", place::Column::Kind, "The kind of place.").is(Scalar::Enumeration(KIND)))
    .with(column(
        "countryCode",
        place::Column::CountryCode,
        "The ISO 3166-1 alpha-2 code of the country that the place is, or is in.",
    ))
    .with(embedded(
        "location",
        || &POINT,
        "",
        "latitude",
        "The coordinates of the place; for an area, a representative point.",
    ))
    .with(column("population", place::Column::Population, "The number of inhabitants."))
    .with(one("containedIn", || &SELF, place::Column::ContainedInId, "The place that directly contains this place."))
    .with(list(
        "ancestors",
        || &SELF,
        contained("descendant_id", "ancestor_id").copies(&["depth"]),
        vec![asc("depth", Scalar::Int)],
        "All places that contain this place, the smallest first.",
    ))
    .with(
        connection(
            "contains",
            || &SELF,
            |arguments| {
                let is_deep = arguments.get("deep").and_then(Json::as_bool) == Some(true);
                let deep = || contained("ancestor_id", "descendant_id").copies(NAME).into();
                (if is_deep { deep() } else { Link::Back("contained_in_id") }, vec![])
            },
            "The places that this place contains.",
        )
        .arg(
            argument(
                "deep",
                Scalar::Boolean,
                "Whether to list the places at any depth, not only those directly contained.",
            )
            .default("false"),
        ),
    )
    .with(
        connection(
            "neighbours",
            || &SELF,
            |_| {
                let borders = through("relation_end", "record_id", "other_id")
                    .only("kind", Test::Equals(Bound::Text("BORDERS".to_owned())));
                (Link::Among(borders), vec![])
            },
            "The places with a BORDERS relation to this place, in either direction.",
        ),
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
            "The events that happened in this place.",
        )
        .arg(
            argument(
                "includeContained",
                Scalar::Boolean,
                "Whether to include events in the places that this place contains, at any depth.",
            )
            .default("true"),
        ),
    )
    .with(
        connection(
            "organizations",
            || &ORGANIZATION,
            organizations,
            "The organizations with headquarters in this place, or of this country.",
        )
        .arg(
            argument(
                "links",
                Scalar::Enumeration(Enumeration::of::<OrganizationLink>()),
                "How the organizations belong to the place. Default: in any of these ways.",
            )
            .list(),
        )
        .arg(
            argument(
                "includeContained",
                Scalar::Boolean,
                "Whether to include organizations of the places that this place contains, at any depth.",
            )
            .default("true"),
        ),
    )
    .with(
        connection(
            "nationals",
            || &PERSON,
            |_| (through("person_nationality", "place_id", "person_id").copies(NAME).into(), vec![]),
            "The people who are or were nationals of this country.",
        ),
    )
    .with(
        connection(
            "datelined",
            || &ARTICLE,
            |_| (Link::Back("dateline_id"), vec![]),
            "The articles that were written in this place, by their dateline.",
        ),
    )
    .with(connection(
        "unnamedAttributions",
        || &CITATION,
        |_| (Link::Back("attributed_to_country_id"), vec![]),
        "The passages that are attributed to an unnamed source of this country.",
    ))
    .order(population())
    .filter("kind", "By kind.", by_enumeration(place::Column::Kind, KIND))
    .filter("countryCode", "By ISO 3166-1 alpha-2 country code.", by_text(place::Column::CountryCode, place::Column::CountryCodeKey))
    .filter("population", "By the number of inhabitants.", by(place::Column::Population))
    .filter("containedIn", "By the place that directly contains it.", optional(|| &SELF, "contained_in_id"))
    .filter(
        "within",
        "The place is one of these places, or one of them contains it, at any depth. Ids or keys, at most 1,000; an empty list never \
         matches.",
        FilterKind::Records(within),
    )
    .filter("near", "The point of the place is at most that far from another point.", FilterKind::Near)
    .filter("inBox", "The point of the place is in a box of degrees.", FilterKind::Box)
    .filter(
        "events",
        "By the events that happened in the place, or in a place that it contains.",
        many("EventsFilter", || &EVENT, || (through("place_event", "place_id", "event_id").into(), vec![])),
    )
    .filter(
        "organizations",
        "By the organizations with headquarters in the place or in a place that it contains, and those whose country is one of these \
         places.",
        many("OrganizationsFilter", || &ORGANIZATION, || (organization_link().into(), vec![])),
    )
    .facet("KIND", "The kind.", &["kind"], own(place::Column::Kind), FacetMeaning::Words(Words::of::<PlaceKind>()))
    .facet(
        "COUNTRY",
        "The country that the place is or is in, as its code. Its filter is `countryCode`.",
        &["countryCode"],
        own(place::Column::CountryCode),
        FacetMeaning::Words(Words::COUNTRIES),
    )
    .edge_count(
        "mentionCount",
        "The number of mentions of the place in the parent article. Always set in `Article.places`, null in all other lists.",
    )
    .edge_count(
        "citationCount",
        "The number of citations of the parent article for the place. Always set in `Article.places`, null in all other lists.",
    )
    .edge(
        "description",
        "String",
        Scalar::Text,
        "Where in the place the parent event happened, such as \"the east of\". Set in `Event.places` if the sources say it, null in all other lists.",
    )
    .edge(
        "isCertain",
        "Boolean",
        Scalar::Boolean,
        "Whether it is certain that the parent event happened there. Always set in `Event.places`, null in all other lists.",
    )
});

/// The link between a place and those that it contains, at any depth, without itself.
fn contained(parent_column: &'static str, child_column: &'static str) -> Through {
    through("place_closure", parent_column, child_column).only("depth", Test::AtLeast(Bound::Int(1)))
}

/// The link from a place to its organizations.
fn organizations(arguments: &Arguments) -> (Link, Vec<Predicate>) {
    let contained = arguments.get("includeContained").and_then(Json::as_bool) != Some(false);
    let is_linked = |link: &OrganizationLink| {
        let column = match link {
            OrganizationLink::Headquarters => "headquarters_depth",
            OrganizationLink::Country => "country_depth",
        };
        Predicate::OfLink(column, if contained { Test::IsNull(false) } else { Test::AtMost(Bound::Int(0)) })
    };
    let wanted: Option<Vec<OrganizationLink>> = arguments
        .get("links")
        .and_then(Json::as_array)
        .map(|links| links.iter().filter_map(Json::as_str).filter_map(OrganizationLink::parse).collect());
    let only = match wanted {
        // every row has one of the links
        None if contained => vec![],
        wanted => {
            let wanted = wanted.unwrap_or_else(|| OrganizationLink::ALL.to_vec());
            vec![Predicate::Any(wanted.iter().map(is_linked).collect())]
        }
    };
    (organization_link().into(), only)
}

/// The link from a place to its organizations and to those of all places that it contains.
fn organization_link() -> Through {
    through("place_organization", "place_id", "organization_id").copies(NAME)
}

/// The place is one of these places, or one of them contains it.
pub fn within(places: Set) -> Predicate {
    let is_one = Predicate::Test("id", Test::In(places));
    Predicate::some_row(&SELF.table, through("place_closure", "descendant_id", "ancestor_id"), vec![is_one])
}

/// Places without a known population come last in both directions.
fn population() -> Order {
    let key =
        |absent, descending| Key { column: KeyColumn::Number("population", absent), scalar: Scalar::Float, descending };
    Order {
        name: "POPULATION",
        doc: "By population. Places without a known population come last in both directions.",
        ascending: vec![key(1e15, false)],
        descending: vec![key(-1.0, true)],
    }
}
