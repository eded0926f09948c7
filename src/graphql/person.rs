//! People: what the API says of them.

use super::{ARTICLE, EVENT, PLACE, event::participant_events, fuzzy_date::fuzzy_date_field, record::entity};
use crate::store::read::{
    build::{column, connection, list},
    declare::{Scalar, Type, asc, through},
};
use entity::person;
use std::sync::LazyLock;

pub static PERSON: LazyLock<Type> = LazyLock::new(|| {
    entity("Person", "person", "PERSON", "A human being with a name.")
        .with(fuzzy_date_field("born", "born_", "born_edtf", "When the person was born."))
        .with(fuzzy_date_field("died", "died_", "died_edtf", "When the person died."))
        .with(column("occupation", person::Column::Occupation, "What the person does or did."))
        .with(list(
            "nationalities",
            || &PLACE,
            through("person_nationality", "person_id", "place_id").copies(&["position"]),
            vec![asc("position", Scalar::Int)],
            "The countries whose nationality the person has or had.",
        ))
        .with(
            connection(
                "events",
                || &EVENT,
                |_| (participant_events(), vec![]),
                "The events that the person took part in.",
            )
            .filterable(),
        )
        .with(
            connection(
                "authored",
                || &ARTICLE,
                |_| (through("article_author", "person_id", "article_id").into(), vec![]),
                "The articles that the person wrote.",
            )
            .filterable(),
        )
        .edge_count(
            "mentionCount",
            "How often the article whose list this is mentions the person; null in other lists.",
        )
});
