//! People: the declaration of their type.

use super::{
    ARTICLE, EVENT, PARTICIPATION, PLACE, event::participant_events, fuzzy_date::fuzzy_date_field, record::entity,
};
use crate::store::read::{
    build::{column, connection, list},
    declare::{FacetMeaning, FilterKind, Link, Scalar, Through, Type, asc, through},
    facet::{Words, linked, own},
    filter_kind::{by_text, fuzzy_date_columns, many},
};
use entity::person;
use std::sync::LazyLock;

pub static PERSON: LazyLock<Type> = LazyLock::new(|| {
    entity("Person", "person", "PERSON", "A person.")
        .with(fuzzy_date_field("born", "born_", "born_edtf", "The date of birth."))
        .with(fuzzy_date_field("died", "died_", "died_edtf", "The date of death."))
        .with(column("occupation", person::Column::Occupation, "The occupation, such as \"journalist\"."))
        .with(list(
            "nationalities",
            || &PLACE,
            nationalities(),
            vec![asc("position", Scalar::Int)],
            "The countries of which the person is or was a national.",
        ))
        .with(
            connection(
                "events",
                || &EVENT,
                |_| (participant_events(), vec![]),
                "The events in which the person took part.",
            ),
        )
        .with(
            connection(
                "authored",
                || &ARTICLE,
                |_| (through("article_author", "person_id", "article_id").into(), vec![]),
                "The articles that the person wrote.",
            ),
        )
        .filter("born", "By date of birth, which may be imprecise.", FilterKind::FuzzyDate(fuzzy_date_columns!("born")))
        .filter("died", "By date of death, which may be imprecise.", FilterKind::FuzzyDate(fuzzy_date_columns!("died")))
        .filter("occupation", "By occupation.", by_text(person::Column::Occupation, person::Column::OccupationKey))
        .filter(
            "nationalities",
            "By the countries of which the person is or was a national.",
            many("PlacesFilter", || &PLACE, || (nationalities().into(), vec![])),
        )
        .filter(
            "participations",
            "By what the person took part in.",
            many("ParticipationsFilter", || &PARTICIPATION, || (Link::Back("participant_id"), vec![])),
        )
        .facet(
            "NATIONALITY",
            "The countries of which the people are or were nationals. Its filter is `nationalities.some.id`.",
            &["nationalities", "some", "id"],
            linked("person_nationality", "person_id", "place_id"),
            FacetMeaning::Records(|| vec![&PLACE], None),
        )
        .facet(
            "OCCUPATION",
            "The occupation.",
            &["occupation"],
            own(person::Column::Occupation),
            FacetMeaning::Words(Words::themselves("occupation_key")),
        )
        .edge_count(
            "mentionCount",
            "The number of mentions of the person in the parent article. Always set in `Article.people`, null in all other lists.",
        )
});

fn nationalities() -> Through {
    through("person_nationality", "person_id", "place_id").copies(&["position"])
}
