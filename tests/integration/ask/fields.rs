//! The filters of each type, and the selections that read what they filter.

/// How a filter means its field.
#[derive(Clone, Copy)]
pub enum Kind {
    /// `IdFilter` on the record itself.
    Id,
    /// `TextFilter` on the field.
    Text,
    /// `TextFilter` on any name.
    Names,
    /// The filter of an enumeration with these values.
    Enum(&'static [&'static str]),
    Number,
    Boolean,
    Time,
    FuzzyDate,
    Day,
    /// `some` and `none`, and these filters of the items or of their links.
    Many(&'static str, &'static [&'static str]),
    /// `is` and `isNull`.
    One(&'static str),
    /// A `where` of the record in the field.
    Where(&'static str),
    /// `EntityFilter` on one of these fields.
    Entity(&'static [&'static str]),
    /// `IdFilter` on the object in the field.
    Subject,
    Within,
    Near,
    InBox,
    /// A relation may hold on a day.
    At,
}

use Kind::{
    At, Boolean, Day, Entity, Enum, FuzzyDate, Id, InBox, Many, Names, Near, Number, One, Subject, Text, Time, Where,
    Within,
};

/// A type with a `where`: its name, its root list, its filters, its orders, and a selection with the fields of all filters.
pub struct Filtered {
    pub name: &'static str,
    pub list: &'static str,
    pub filters: &'static [(&'static str, Kind)],
    pub orders: &'static [&'static str],
    pub selection: &'static str,
}

const ANCHORS: Kind = Enum(&["ANCHORED", "MOVED", "ORPHANED"]);

/// All types with a `where`.
pub const TYPES: &[Filtered] = &[
    Filtered {
        name: "Event",
        list: "events",
        filters: &[
            ("id", Id), ("key", Text), ("createdAt", Time), ("updatedAt", Time), ("name", Names),
            ("kind", Enum(&["MEETING", "ATTACK", "AIRSTRIKE"])), ("status", Enum(&["REPORTED", "CONFIRMED", "DENIED"])),
            ("officiallyConfirmed", Boolean), ("isRecurring", Boolean), ("date", FuzzyDate),
            ("places", Many("Place", &["within", "near", "inBox", "isCertain"])), ("participants", Many("Participation", &[])),
            ("articles", Many("Article", &[])), ("citations", Many("Citation", &[])), ("relations", Many("Relation", &[])),
            ("partOf", One("Event")),
        ],
        orders: &["DATE", "NAME", "CREATED_AT", "UPDATED_AT", "ID"],
        selection: "kind status officiallyConfirmed isRecurring date { edtf earliest latest isApproximate isUncertain } names { text }
            places(first: 100) { edges { isCertain node { id } } } participants(first: 100) { edges { node { id } } }
            articles(first: 100) { edges { node { id } } } citations(first: 100) { edges { node { id } } }
            relations(first: 100) { edges { node { id } } } partOf { id }",
    },
    Filtered {
        name: "Place",
        list: "places",
        filters: &[
            ("id", Id), ("key", Text), ("createdAt", Time), ("name", Names), ("kind", Enum(&["COUNTRY", "CITY", "SITE"])),
            ("countryCode", Text), ("population", Number), ("containedIn", One("Place")), ("within", Within), ("near", Near),
            ("inBox", InBox), ("events", Many("Event", &[])), ("articles", Many("Article", &[])),
            ("relations", Many("Relation", &[])), ("organizations", Many("Organization", &[])),
        ],
        orders: &["NAME", "POPULATION", "CREATED_AT", "ID"],
        selection: "kind countryCode population location { latitude longitude } names { text } containedIn { id } ancestors { id }
            events(first: 100) { edges { node { id } } } articles(first: 100) { edges { node { id } } }
            relations(first: 100) { edges { node { id } } }",
    },
    Filtered {
        name: "Organization",
        list: "organizations",
        filters: &[
            ("id", Id), ("key", Text), ("updatedAt", Time), ("name", Names), ("kind", Enum(&["AGENCY", "PARTY", "MEDIA"])),
            ("parent", One("Organization")), ("headquarters", One("Place")), ("country", One("Place")), ("founded", FuzzyDate),
            ("dissolved", FuzzyDate), ("participations", Many("Participation", &[])), ("articles", Many("Article", &[])),
            ("relations", Many("Relation", &[])),
        ],
        orders: &["NAME", "UPDATED_AT", "ID"],
        selection: "kind parent { id } headquarters { id } country { id } names { text }
            founded { edtf earliest latest isApproximate isUncertain } dissolved { edtf earliest latest isApproximate isUncertain }
            articles(first: 100) { edges { node { id } } } relations(first: 100) { edges { node { id } } }",
    },
    Filtered {
        name: "Person",
        list: "people",
        filters: &[
            ("id", Id), ("key", Text), ("name", Names), ("born", FuzzyDate), ("died", FuzzyDate), ("occupation", Text),
            ("nationalities", Many("Place", &[])), ("participations", Many("Participation", &[])),
            ("articles", Many("Article", &[])), ("relations", Many("Relation", &[])),
        ],
        orders: &["NAME", "ID"],
        selection: "occupation names { text } born { edtf earliest latest isApproximate isUncertain } died { edtf earliest latest isApproximate isUncertain }
            nationalities { id } articles(first: 100) { edges { node { id } } } relations(first: 100) { edges { node { id } } }",
    },
    Filtered {
        name: "Article",
        list: "articles",
        filters: &[
            ("id", Id), ("key", Text), ("headline", Text), ("language", Text), ("publishedOn", Day), ("url", Text),
            ("publisher", One("Organization")), ("authors", Many("Person", &[])), ("dateline", One("Place")),
            ("mentions", Many("Mention", &["any", "all"])), ("places", Many("Place", &["within", "near", "inBox"])),
            ("organizations", Many("Organization", &[])), ("people", Many("Person", &[])), ("events", Many("Event", &[])),
            ("citations", Many("Citation", &[])),
        ],
        orders: &["PUBLISHED_ON", "NAME", "CREATED_AT", "ID"],
        selection: "headline language publishedOn url publisher { id } authors { id } dateline { id }
            mentions(first: 100) { edges { node { id } } } places(first: 100) { edges { node { id } } }
            organizations(first: 100) { edges { node { id } } } people(first: 100) { edges { node { id } } }
            events(first: 100) { edges { node { id } } } citations(first: 100) { edges { node { id } } }",
    },
    Filtered {
        name: "Relation",
        list: "relations",
        filters: &[
            ("id", Id), ("kind", Enum(&["OTHER", "OPPOSES", "ACTIVE_IN"])), ("source", Entity(&["source"])),
            ("target", Entity(&["target"])), ("either", Entity(&["source", "target"])), ("at", At), ("since", FuzzyDate),
            ("until", FuzzyDate), ("description", Text),
        ],
        orders: &[],
        selection: "kind source { id } target { id } description since { edtf earliest latest isApproximate isUncertain }
            until { edtf earliest latest isApproximate isUncertain }",
    },
    Filtered {
        name: "Citation",
        list: "citations",
        filters: &[
            ("id", Id), ("article", One("Article")), ("modality", Enum(&["FACT", "CLAIM"])), ("form", Enum(&["DIRECT", "INDIRECT"])),
            ("anchor", ANCHORS), ("attributedTo", Entity(&["attributedTo"])), ("subject", Subject),
        ],
        orders: &[],
        selection: "article { id } modality form anchor attributedTo { id } subject { id }",
    },
    Filtered {
        name: "Mention",
        list: "mentions",
        filters: &[
            ("id", Id), ("article", One("Article")), ("entity", Entity(&["entity"])), ("class", Enum(&["NAME", "NOMINAL"])),
            ("origin", Enum(&["EDITOR", "IMPORT"])), ("anchor", ANCHORS), ("field", Enum(&["HEADLINE", "BODY"])),
        ],
        orders: &[],
        selection: "article { id } entity { id } meant { id } class origin anchor field",
    },
    // It has no root list: its objects are read with their events.
    Filtered {
        name: "Participation",
        list: "",
        filters: &[
            ("id", Id), ("participant", Entity(&["participant"])), ("event", Where("Event")),
            ("role", Enum(&["ATTACKER", "SPEAKER", "HOST"])), ("count", Number), ("description", Text),
        ],
        orders: &[],
        selection: "participant { id } event { id } role count description",
    },
];

/// The type of that name.
pub fn filtered(name: &str) -> &'static Filtered {
    TYPES.iter().find(|ty| ty.name == name).unwrap_or_else(|| panic!("no type {name}"))
}
