//! Organizations: the declaration of their type.

use super::{
    ARTICLE, EVENT, ORGANIZATION as SELF, PARTICIPATION, PLACE, event::participant_events,
    fuzzy_date::fuzzy_date_field, record::entity,
};
use crate::store::read::{
    build::{column, connection, one},
    declare::{Enumeration, FacetMeaning, FilterKind, Link, Scalar, Type},
    facet::{Words, own},
    filter_kind::{by_enumeration, fuzzy_date_columns, many, optional},
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
        ),
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
        ),
    )
    .with(
        connection(
            "published",
            || &ARTICLE,
            |_| (Link::Back("publisher_id"), vec![]),
            "The articles that the organization published.",
        ),
    )
    .filter("kind", "By kind.", by_enumeration(organization::Column::Kind, KIND))
    .filter("parent", "By the organization that it is directly part of.", optional(|| &SELF, "parent_id"))
    .filter("headquarters", "By the place of the headquarters.", optional(|| &PLACE, "headquarters_id"))
    .filter("country", "By country.", optional(|| &PLACE, "country_id"))
    .filter(
        "founded",
        "By date of foundation, which may be imprecise.",
        FilterKind::FuzzyDate(fuzzy_date_columns!("founded")),
    )
    .filter(
        "dissolved",
        "By date of dissolution, which may be imprecise.",
        FilterKind::FuzzyDate(fuzzy_date_columns!("dissolved")),
    )
    .filter(
        "participations",
        "By what the organization took part in.",
        many("ParticipationsFilter", || &PARTICIPATION, || (Link::Back("participant_id"), vec![])),
    )
    .facet("KIND", "The kind.", &["kind"], own(organization::Column::Kind), FacetMeaning::Words(Words::of::<OrganizationKind>()))
    .facet(
        "COUNTRY",
        "The country. Its filter is `country.is.id`.",
        &["country", "is", "id"],
        own(organization::Column::CountryId),
        FacetMeaning::Records(|| vec![&PLACE], None),
    )
    .edge_count(
        "mentionCount",
        "The number of mentions of the organization in the parent article. Always set in `Article.organizations`, null in all other lists.",
    )
});
