//! Organizations: what the API says of them.

use super::{
    ARTICLE, EVENT, ORGANIZATION as SELF, PLACE, event::participant_events, fuzzy_date::fuzzy_date_field,
    record::entity,
};
use crate::store::read::{
    build::{by_enumeration, column, connection, one},
    declare::{Enumeration, Link, Scalar, Type},
};
use entity::{organization, vocabulary::OrganizationKind};
use std::sync::LazyLock;

const KIND: Enumeration = Enumeration::of::<OrganizationKind>();

pub static ORGANIZATION: LazyLock<Type> = LazyLock::new(|| {
    entity(
        "Organization",
        "organization",
        "ORGANIZATION",
        "A group with a name that acts: a government, an army, an armed group, a company, a newspaper.",
    )
    .with(column("kind", organization::Column::Kind, "What kind of organization it is.").is(Scalar::Enumeration(KIND)))
    .with(one("parent", || &SELF, organization::Column::ParentId, "The organization that it is a part of."))
    .with(
        connection(
            "subsidiaries",
            || &SELF,
            |_| (Link::Back("parent_id"), vec![]),
            "The organizations that are directly a part of it.",
        )
        .filterable(),
    )
    .with(one("headquarters", || &PLACE, organization::Column::HeadquartersId, "Where it has its seat."))
    .with(one("country", || &PLACE, organization::Column::CountryId, "The country that it belongs to."))
    .with(fuzzy_date_field("founded", "founded_", "founded_edtf", "When it was founded."))
    .with(fuzzy_date_field("dissolved", "dissolved_", "dissolved_edtf", "When it ceased to exist."))
    .with(
        connection("events", || &EVENT, |_| (participant_events(), vec![]), "The events that it took part in.")
            .filterable(),
    )
    .with(
        connection(
            "published",
            || &ARTICLE,
            |_| (Link::Back("publisher_id"), vec![]),
            "The articles that it published.",
        )
        .filterable(),
    )
    .filter("kind", "By kind.", by_enumeration(organization::Column::Kind, KIND))
    .edge_count(
        "mentionCount",
        "How often the article whose list this is mentions the organization; null in other lists.",
    )
});
