//! Articles: the declaration of their type.

use super::{
    CITATION, EVENT, MENTION, NODE, ORGANIZATION, PERSON, PLACE, RECORD,
    record::{all_mentioned_entities, as_record, cited_events, mentioned_entities, record_fields},
};
use crate::store::read::{
    build::{column, connection, list, one, values},
    declare::{
        DateOfHistogram, Enumeration, FacetMeaning, FilterKind, Link, LinkedValues, Order, Scalar, Through, Type,
        VISIBLE_RECORDS, argument, asc, desc, through,
    },
    facet::{Words, linked, own},
    filter::{Bound, LinkedRows, Predicate, Set, Test},
    filter_kind::{by_name_column, by_text, many, optional},
};
use entity::{article, vocabulary::RecordType};
use serde_json::Value as Json;
use std::sync::LazyLock;

pub static ARTICLE: LazyLock<Type> = LazyLock::new(|| {
    let name = column("name", article::Column::Headline, "The headline, whatever languages are requested.").arg(
        argument("languages", Scalar::LanguageTag, "No effect: an article has one headline, in its own language.")
            .list(),
    );
    let ty = Type::new(
        "Article",
        "article",
        "A published text, such as a press article. The text is stored unchanged, mistakes included.",
    )
    .record("ARTICLE")
    .implements(|| &RECORD)
    .implements(|| &NODE)
    .with_all(record_fields(name))
    .with(column("headline", article::Column::Headline, "The headline."))
    .with(column("abstract", article::Column::Abstract, "The summary that was published with the article."))
    .with(column("body", article::Column::Body, "The full text."))
    .with(column("language", article::Column::Language, "The language of the text.").is(Scalar::LanguageTag))
    .with(column("publishedOn", article::Column::PublishedOn, "The day of publication; null where it is not known."))
    .with(column("url", article::Column::Url, "The address of the article on the web.").is(Scalar::Url))
    .with(column("image", article::Column::Image, "The address of an image.").is(Scalar::Url))
    .with(values(
        "sameAs",
        Scalar::Url,
        ("same_as", "url", "record_id", "position"),
        "Addresses of the same article in other databases.",
    ))
    .with(one("publisher", || &ORGANIZATION, article::Column::PublisherId, "The organization that published the article."))
    .with(list(
        "authors",
        || &PERSON,
        authors(),
        vec![asc("position", Scalar::Int)],
        "The authors, in the order of the byline.",
    ))
    .with(one("dateline", || &PLACE, article::Column::DatelineId, "The place in the dateline: where the article was written."))
    .with(
        connection(
            "mentions",
            || &MENTION,
            |arguments| {
                let types = arguments.get("types").and_then(Json::as_array).map(|types| {
                    let types = types.iter().filter_map(|t| t.as_str().map(str::to_owned)).collect();
                    Predicate::Test("entity_kind", Test::In(Set::Texts(types)))
                });
                (Link::Back("article_id"), types.into_iter().collect())
            },
            "The mentions of entities in the text: those in the headline first, then the body, then the abstract, each by position. Orphaned mentions are among them, at their last positions; they count in no other list.",
        )
        .arg(
            argument("types", Scalar::Enumeration(Enumeration::of::<RecordType>()), "Only mentions of entities of these types.")
                .list(),
        ),
    )
    .with(
        connection("places", || &PLACE, |_| (mentioned_entities("PLACE"), vec![]), "The places that the article mentions."),
    )
    .with(
        connection(
            "organizations",
            || &ORGANIZATION,
            |_| (mentioned_entities("ORGANIZATION"), vec![]),
            "The organizations that the article mentions.",
        ),
    )
    .with(
        connection("people", || &PERSON, |_| (mentioned_entities("PERSON"), vec![]), "The people whom the article mentions."),
    )
    .with(
        connection("events", || &EVENT, |_| (cited_events(), vec![]), "The events for which the article is cited as evidence."),
    )
    .with(connection(
        "citations",
        || &CITATION,
        |_| (Link::Back("article_id"), vec![]),
        "The passages of the article that are cited as evidence.",
    ));
    as_record(ty, "headline_key", ("headline", "By headline.", by_name_column(article::Column::Headline, article::Column::HeadlineKey)))
        .order(published())
        .default_order(vec![desc("published_desc", Scalar::Int)])
        .filter(
            "publishedOn",
            "By the day of publication. An article without one matches no range.",
            FilterKind::Day { asc: "published_asc", desc: "published_desc" },
        )
        .filter("language", "By language.", by_text(article::Column::Language, article::Column::LanguageKey))
        .filter("url", "By address.", by_text(article::Column::Url, article::Column::UrlKey))
        .filter("publisher", "By publisher.", optional(|| &ORGANIZATION, "publisher_id"))
        .filter("authors", "By authors.", many("PeopleFilter", || &PERSON, || (authors().into(), vec![])))
        .filter("dateline", "By the place in the dateline.", optional(|| &PLACE, "dateline_id"))
        .filter(
            "mentions",
            "By mentions of entities in the text.",
            many("ArticleMentionsFilter", || &MENTION, || (Link::Back("article_id"), vec![]))
                .of_row(
                    "any",
                    "The article mentions at least one of these entities. Ids or keys, at most 1,000; an empty list never matches.",
                    FilterKind::Records(mentions_any),
                )
                .of_row(
                    "all",
                    "The article mentions each of these entities. Ids or keys, at most 1,000; an empty list always matches, an unknown id never.",
                    FilterKind::Records(mentions_all),
                ),
        )
        .filter(
            "places",
            "By the places that the article mentions.",
            many("ArticlePlacesFilter", || &PLACE, || (mentioned_entities("PLACE"), vec![]))
                .lifted(&["within", "near", "inBox"]),
        )
        .filter(
            "organizations",
            "By the organizations that the article mentions.",
            many("OrganizationsFilter", || &ORGANIZATION, || (mentioned_entities("ORGANIZATION"), vec![])),
        )
        .filter(
            "people",
            "By the people whom the article mentions.",
            many("PeopleFilter", || &PERSON, || (mentioned_entities("PERSON"), vec![])),
        )
        .filter(
            "events",
            "By the events for which the article is cited.",
            many("EventsFilter", || &EVENT, || (cited_events(), vec![])),
        )
        .filter(
            "citations",
            "By the passages of the article that are cited.",
            many("CitationsFilter", || &CITATION, || (Link::Back("article_id"), vec![])),
        )
        .facet("LANGUAGE", "The language.", &["language"], own(article::Column::Language), FacetMeaning::Words(Words::LANGUAGES))
        .facet(
            "PUBLISHER",
            "The publisher. Its filter is `publisher.is.id`.",
            &["publisher", "is", "id"],
            own(article::Column::PublisherId),
            FacetMeaning::Records(|| vec![&ORGANIZATION], None),
        )
        .facet(
            "PLACE",
            "The places that the articles mention and all places that contain them; each article counts once for each of these. Its filter is \
             `places.within`.",
            &["places", "within"],
            entities("PLACE").containing(),
            FacetMeaning::Records(|| vec![&PLACE], None),
        )
        .facet(
            "ORGANIZATION",
            "The organizations that the articles mention. Its filter is `organizations.some.id`.",
            &["organizations", "some", "id"],
            entities("ORGANIZATION"),
            FacetMeaning::Records(|| vec![&ORGANIZATION], None),
        )
        .facet(
            "PERSON",
            "The people whom the articles mention. Its filter is `people.some.id`.",
            &["people", "some", "id"],
            entities("PERSON"),
            FacetMeaning::Records(|| vec![&PERSON], None),
        )
        .facet(
            "EVENT",
            "The events for which the articles are cited. Its filter is `events.some.id`.",
            &["events", "some", "id"],
            entities("EVENT").only("citation_count", Test::AtLeast(Bound::Int(1))),
            FacetMeaning::Records(|| vec![&EVENT], None),
        )
        .histogram(DateOfHistogram { filter: "publishedOn", start: "published_asc", end: "published_asc" })
        .edge_count(
            "mentionCount",
            "The number of mentions of the parent entity in the article. Always set in `Entity.articles`, null in all other lists.",
        )
        .edge_count(
            "citationCount",
            "The number of citations of the article for the parent entity. Always set in `Entity.articles`, null in all other lists.",
        )
});

/// The entities of one kind that articles mention or are cited for.
fn entities(kind: &'static str) -> LinkedValues {
    linked("article_entity", "article_id", "entity_id")
        .only("kind", Test::Equals(Bound::Text(kind.to_owned())))
        .with_hidden_owner("is_deleted")
}

fn authors() -> Through {
    through("article_author", "article_id", "person_id").copies(&["position"])
}

fn mentions_any(entities: Set) -> Predicate {
    let is_one = Predicate::Test("id", Test::In(entities));
    Predicate::some_row(&VISIBLE_RECORDS, all_mentioned_entities(), vec![is_one])
}

fn mentions_all(entities: Set) -> Predicate {
    if matches!(&entities, Set::Records(records) if records.is_empty()) {
        return Predicate::All(vec![]);
    }
    let rows = LinkedRows { table: &VISIBLE_RECORDS, link: all_mentioned_entities(), only: vec![] };
    // the first condition is there for its index
    Predicate::All(vec![mentions_any(entities.clone()), Predicate::Each(Box::new(rows), entities)])
}

/// Articles without a day come last in both directions, hence two columns.
fn published() -> Order {
    Order {
        name: "PUBLISHED_ON",
        doc: "By the day of publication. Articles without one come last in both directions.",
        ascending: vec![asc("published_asc", Scalar::Int)],
        descending: vec![desc("published_desc", Scalar::Int)],
    }
}
