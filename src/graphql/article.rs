//! Articles: what the API says of them.

use super::{
    CITATION, EVENT, MENTION, NODE, ORGANIZATION, PERSON, PLACE, RECORD,
    record::{as_record, cited_events, mentioned_entities, record_fields},
};
use crate::{
    date::DayRanks,
    store::read::{
        build::{column, connection, list, one},
        declare::{Enumeration, FilterKind, Key, KeyColumn, Link, Order, Scalar, Type, argument, asc, desc, through},
        filter::{Predicate, Set, Subject, Test},
    },
};
use entity::{article, vocabulary::RecordType};
use serde_json::Value as Json;
use std::sync::LazyLock;

pub static ARTICLE: LazyLock<Type> = LazyLock::new(|| {
    let name = column("name", article::Column::Headline, "Its headline, whatever the language.")
        .arg(argument("languages", Scalar::LanguageTag, "Has no effect: an article has one headline.").list());
    let ty = Type::new(
        "Article",
        "article",
        "A text that was published on a day. It is kept as it stands, mistakes included.",
    )
    .record("ARTICLE")
    .implements(|| &RECORD)
    .implements(|| &NODE)
    .with_all(record_fields(name))
    .with(column("headline", article::Column::Headline, "Its headline."))
    .with(column("abstract", article::Column::Abstract, "A summary that belongs to it."))
    .with(column("body", article::Column::Body, "Its text."))
    .with(column("language", article::Column::Language, "The language that it is written in.").is(Scalar::LanguageTag))
    .with(column("publishedOn", article::Column::PublishedOn, "The day on which it was published."))
    .with(column("url", article::Column::Url, "Its own address.").is(Scalar::Url))
    .with(column("image", article::Column::Image, "The address of a picture.").is(Scalar::Url))
    .with(one("publisher", || &ORGANIZATION, article::Column::PublisherId, "Who published it."))
    .with(list(
        "authors",
        || &PERSON,
        through("article_author", "article_id", "person_id").copies(&["position"]),
        vec![asc("position", Scalar::Int)],
        "Who wrote it, in the order of the byline.",
    ))
    .with(one("dateline", || &PLACE, article::Column::DatelineId, "Where it was written, as its first line says."))
    .with(
        connection(
            "mentions",
            || &MENTION,
            |arguments| {
                let types = arguments.get("types").and_then(Json::as_array).map(|types| {
                    let types = types.iter().filter_map(|t| t.as_str().map(str::to_owned)).collect();
                    Predicate::own("entity_kind", Test::In(Set::Texts(types)))
                });
                (Link::Back("article_id"), types.into_iter().collect())
            },
            "The passages that name an entity, in the order of the text: headline, body, abstract.",
        )
        .arg(
            argument("types", Scalar::Enumeration(Enumeration::of::<RecordType>()), "Only of entities of these types.")
                .list(),
        ),
    )
    .with(
        connection("places", || &PLACE, |_| (mentioned_entities("PLACE"), vec![]), "The places that it mentions.")
            .filterable(),
    )
    .with(
        connection(
            "organizations",
            || &ORGANIZATION,
            |_| (mentioned_entities("ORGANIZATION"), vec![]),
            "The organizations that it mentions.",
        )
        .filterable(),
    )
    .with(
        connection("people", || &PERSON, |_| (mentioned_entities("PERSON"), vec![]), "The people whom it mentions.")
            .filterable(),
    )
    .with(
        connection("events", || &EVENT, |_| (cited_events(), vec![]), "The events that it is cited for.").filterable(),
    )
    .with(connection(
        "citations",
        || &CITATION,
        |_| (Link::Back("article_id"), vec![]),
        "Its passages that are cited as evidence.",
    ));
    as_record(ty, "headline_key", ("headline", Subject::Own("headline")))
        .order(published())
        .default_order(vec![desc("published_desc", Scalar::Int)])
        .filter(
            "publishedOn",
            "By the day of publication; an article without one matches no range.",
            FilterKind::Day("published_desc"),
        )
        .edge_count(
            "mentionCount",
            "How often the article mentions the entity whose list this is; null in other lists.",
        )
        .edge_count(
            "citationCount",
            "How often the article is cited for the event whose list this is; null in other lists.",
        )
});

/// What has no day comes last in both directions, hence two columns.
fn published() -> Order {
    let nothing = DayRanks::UNDATED;
    let column = KeyColumn::Twin {
        column: "published_asc",
        absent: nothing.asc,
        twin: "published_desc",
        twin_absent: nothing.desc,
    };
    Order {
        name: "PUBLISHED_ON",
        doc: "By the day of publication; articles without one come last in both directions.",
        ascending: vec![Key { column, scalar: Scalar::Int, descending: false }],
        descending: vec![desc("published_desc", Scalar::Int)],
    }
}
