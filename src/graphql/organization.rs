//! Organizations: the declaration of their type.

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
        "A named group that acts, such as a government, an army, an armed group, a company or a newspaper.",
    )
    .with(column("kind", organization::Column::Kind, "The kind of organization.").is(Scalar::Enumeration(KIND)))
    .with(one(
        "parent",
        || &SELF,
        organization::Column::ParentId,
        "The organization that this organization is directly part of.",
    ))
    .with(
        connection(
            "subsidiaries",
            || &SELF,
            |_| (Link::Back("parent_id"), vec![]),
            "The organizations that are directly part of this organization.",
        )
        .filterable(),
    )
    .with(one("headquarters", || &PLACE, organization::Column::HeadquartersId, "The place of the headquarters."))
    .with(one("country", || &PLACE, organization::Column::CountryId, "The country that the organization belongs to."))
    .with(fuzzy_date_field("founded", "founded_", "founded_edtf", "The date of foundation."))
    .with(fuzzy_date_field("dissolved", "dissolved_", "dissolved_edtf", "The date of dissolution."))
    .with(
        connection(
            "events",
            || &EVENT,
            |_| (participant_events(), vec![]),
            "The events in which the organization took part.",
        )
        .filterable(),
    )
    .with(
        connection(
            "published",
            || &ARTICLE,
            |_| (Link::Back("publisher_id"), vec![]),
            "The articles that the organization published.",
        )
        .filterable(),
    )
    .filter("kind", "By kind.", by_enumeration(organization::Column::Kind, KIND))
    .edge_count(
        "mentionCount",
        "The number of mentions of the organization in the parent article. Always set in `Article.organizations`, null in all other lists.",
    )
});
