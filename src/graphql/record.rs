//! The interfaces Record and Entity. Each type includes their fields.

use super::{
    ARTICLE, CITATION, MENTION, NODE, PARTICIPATION, RELATION, REVISION,
    node::id,
    relation::{relation_link, relations_field},
    types_of,
};
use crate::domain::kind::ENTITY as ENTITY_KINDS;
use crate::store::read::{
    build::{column, connection, expression, list, of_record, raw_column, values},
    declare::{
        Column, EdgeData, Enumeration, FieldDeclaration, FilterKind, Interface, Key, KeyColumn, Link, Scalar, Through,
        Type, argument, asc, desc, order, through,
    },
    expression::{best_description, best_name},
    filter::{Bound, Test},
    filter_kind::{by_key, by_name, by_record_column, by_record_id, many},
    related::{RELATED_ROWS, related},
};
use entity::{
    article_entity, record, record_name,
    vocabulary::{NameKind, RecordType, Vocabulary as _},
};
use std::sync::LazyLock;

pub static RECORD: LazyLock<Interface> = LazyLock::new(|| Interface {
    name: "Record",
    doc: "A stored object with a version and a history.",
    fields: || record_fields(languages(raw_column("name", "name", Scalar::Text, false, NAME))),
    interfaces: &["Node"],
    types: || types_of(&RecordType::ALL.iter().map(|of| (*of).into()).collect::<Vec<_>>()),
});

/// Records of any type, for the list of deleted records.
pub static ANY_RECORD: LazyLock<Type> = LazyLock::new(|| {
    Type::new("Record", "record", "").any_of(|| &RECORD).default_order(vec![desc("deleted_at", Scalar::DateTime)])
});

pub static ENTITY: LazyLock<Interface> = LazyLock::new(|| Interface {
    name: "Entity",
    doc: "A subject of articles: a place, an organization, a person or an event.",
    fields: entity_fields,
    interfaces: &["Record", "Node"],
    types: || types_of(ENTITY_KINDS),
});

pub static NAME_TYPE: LazyLock<Type> = LazyLock::new(|| {
    Type::new("Name", "record_name", "One of the names of an entity.")
        .with(column("text", record_name::Column::Text, "The name."))
        .with(
            column("language", record_name::Column::Language, "The language of the name; `und` where it is not known.")
                .is(Scalar::LanguageTag),
        )
        .with(
            column("kind", record_name::Column::Kind, "The kind of name.")
                .is(Scalar::Enumeration(Enumeration::of::<NameKind>())),
        )
});

pub static RELATED: LazyLock<Type> = LazyLock::new(|| {
    Type::new("RelatedEntity", "", "An entity that shares articles or events with another entity.")
        .with(super::any_entity("entity", "id", Some("kind"), "The other entity."))
        .with(raw_column(
            "sharedArticles",
            "shared_articles",
            Scalar::Int,
            false,
            "The number of articles that mention both entities, or are cited for them.",
        ))
        .with(raw_column(
            "sharedEvents",
            "shared_events",
            Scalar::Int,
            false,
            "The number of events to which both belong: they take part in it, or it happened there.",
        ))
        .with(raw_column(
            "score",
            "score",
            Scalar::Float,
            false,
            "How closely they belong together: s × s / (n + 2 × `sharedEvents`), rounded down to three decimals, where s is `sharedArticles` + \
             2 × `sharedEvents`, and n is the other entity's `articleCount`. It is s if nothing of the other entity is unshared, and little \
             for an entity that is mentioned everywhere.",
        ))
});

const NAME: &str = "The best name in the requested languages, in their order; else in the reader's languages (`Accept-Language`); \
    else the main name. For an article, its headline.";

/// A field that takes the argument `languages`.
pub fn languages(field: FieldDeclaration) -> FieldDeclaration {
    field
        .arg(
            argument(
                "languages",
                Scalar::LanguageTag,
                "The requested languages, best first. `pt-PT` finds `pt`, else other forms of the language, such as `pt-BR`. Only the first ten count.",
            )
            .list(),
        )
        .with_reader_languages()
}

/// The fields of Record; each type has its own `name`.
pub fn record_fields(name: FieldDeclaration) -> Vec<FieldDeclaration> {
    vec![
        id(),
        of_record("key", record::Column::Key, "A stable name of your choice, unique over all records."),
        name,
        of_record(
            "version",
            record::Column::Version,
            "The version: 1 for a new record, incremented by every change. Updates, deletions and merges take it.",
        ),
        of_record("createdAt", record::Column::CreatedAt, "When the record was created."),
        of_record("updatedAt", record::Column::UpdatedAt, "When the record was last changed."),
        of_record(
            "deletedAt",
            record::Column::DeletedAt,
            "When the record was deleted; null while it is not in the bin.",
        ),
        values(
            "mergedIds",
            Scalar::Id,
            ("record", "id", "merged_into_id", "id"),
            "The ids of records that were merged into this record. A query for one of them returns this record.",
        ),
        connection(
            "history",
            || &REVISION,
            |_| (Link::Back("record_id"), vec![]),
            "The changes of the record, newest first.",
        )
        .shared("Record"),
    ]
}

/// The fields of Entity, including those of Record.
pub fn entity_fields() -> Vec<FieldDeclaration> {
    let mut fields = record_fields(languages(expression("name", Scalar::Text, false, best_name, NAME)));
    fields.extend([
        list("names", || &NAME_TYPE, Link::Back("record_id"), vec![asc("position", Scalar::Int)], "All names, the main name first."),
        languages(expression("description", Scalar::Text, true, best_description, "A short description in the best language, chosen as for `name`; else in any language.")),
        values("sameAs", Scalar::Url, ("same_as", "url", "record_id", "position"), "Addresses of the same entity in other databases, such as `http://www.wikidata.org/entity/Q1016` or `https://sws.geonames.org/2215636/`."),
        raw_column("image", "image", Scalar::Url, true, "The address of an image."),
        of_record("articleCount", record::Column::ArticleCount, "The number of articles in `articles`: those that mention the entity; for an event, also those that are cited for it."),
        connection("articles", || &ARTICLE, |_| (mentioning_articles(), vec![]), "The articles that mention the entity.").shared("Entity"),
        connection("participations", || &PARTICIPATION, |_| (Link::Back("participant_id"), vec![]), "The participations of the entity in events.").shared("Entity"),
        connection("attributions", || &CITATION, |_| (Link::Back("attributed_to_id"), vec![]), "The passages whose statement is attributed to the entity.").shared("Entity"),
        connection("mentions", || &MENTION, |_| (Link::Either("entity_id", "meant_id"), vec![]), "The mentions of the entity: passages that name it or mean it. Orphaned mentions are among them; they count in no other list.").shared("Entity"),
        relations_field(),
        list("related", || &RELATED, Link::Select(related, RELATED_ROWS), vec![asc("score", Scalar::Float).reversed(), asc("id", Scalar::Id)], "The entities that share articles and events with this entity, those that belong to it most closely first (see `score`). An entity that \
             is mentioned everywhere, such as a country, comes late. Only the latest 1,000 articles and the latest 1,000 events of this entity count.")
            .arg(argument("types", Scalar::Enumeration(Enumeration::of::<RecordType>()), "Only entities of these types.").list())
            .first("10"),
    ]);
    fields
}

/// The link from an entity to its articles.
pub fn entity_articles() -> Through {
    through("article_entity", "entity_id", "article_id")
        .copies(&["published_asc", "published_desc"])
        .edge_data("mentionCount", EdgeData::Column(Column::of(article_entity::Column::MentionCount)))
        .edge_data("citationCount", EdgeData::Column(Column::of(article_entity::Column::CitationCount)))
}

/// The link from an entity to the articles that mention it.
pub fn mentioning_articles() -> Link {
    entity_articles().only("mention_count", at_least_one()).into()
}

/// The link from an article to the entities that it mentions.
pub fn all_mentioned_entities() -> Link {
    through("article_entity", "article_id", "entity_id").only("mention_count", at_least_one()).into()
}

/// The link from an article to the entities of one kind that it mentions; not for events. Only rows of events may have
/// citations without mentions, so no condition on `mention_count` is needed.
pub fn mentioned_entities(kind: &'static str) -> Link {
    article_entities(kind).into()
}

/// The link from an article to the events for which it is cited.
pub fn cited_events() -> Link {
    article_entities("EVENT").only("citation_count", at_least_one()).into()
}

fn article_entities(kind: &'static str) -> Through {
    through("article_entity", "article_id", "entity_id")
        .only("kind", Test::Equals(Bound::Text(kind.to_owned())))
        .edge_data("mentionCount", EdgeData::Column(Column::of(article_entity::Column::MentionCount)))
        .edge_data("citationCount", EdgeData::Column(Column::of(article_entity::Column::CitationCount)))
}

fn at_least_one() -> Test {
    Test::AtLeast(Bound::Int(1))
}

/// Adds the orders and filters that all record types share.
pub fn as_record(ty: Type, name_key: &'static str, name: (&'static str, &'static str, FilterKind)) -> Type {
    let by_record = |column| Key { column: KeyColumn::Record(column), scalar: Scalar::DateTime, descending: false };
    let kind = ty.kind.and_then(RecordType::parse).expect("a record has a type");
    ty.order(order(
        "NAME",
        "By name. Case, accents and variants of Arabic letters are ignored.",
        vec![asc(name_key, Scalar::Text)],
    ))
    .order(order("CREATED_AT", "By time of creation.", vec![by_record("created_at")]))
    .order(order("UPDATED_AT", "By time of the last change.", vec![by_record("updated_at")]))
    .filter("id", "By id or key.", by_record_id())
    .filter("key", "By key.", by_key())
    .filter("createdAt", "By time of creation.", by_record_column("created_at", Scalar::DateTime))
    .filter("updatedAt", "By time of the last change.", by_record_column("updated_at", Scalar::DateTime))
    .filter(name.0, name.1, name.2)
    .filter("search", SEARCH, FilterKind::Search(kind))
}

const SEARCH: &str = "By its texts, as in the query `search`: words, `\"phrases\"`, `prefix*` and `-without`. It is refused \
    if all searches of a list find more than 100,000 records of their types.";

/// An entity type with the fields, orders, filters and interfaces that all entities share.
pub fn entity(name: &'static str, table: &'static str, kind: &'static str, doc: &'static str) -> Type {
    let ty =
        Type::new(name, table, doc).record(kind).implements(|| &ENTITY).implements(|| &RECORD).implements(|| &NODE);
    let ty = as_record(ty.with_all(entity_fields()), "name_key", ("name", "By name. Any name may match.", by_name()))
        .default_order(vec![asc("name_key", Scalar::Text)])
        .filter(
            "relations",
            "By the relations to other entities, in either direction.",
            many("RelationsFilter", || &RELATION, || (relation_link().into(), vec![])),
        );
    if kind == "EVENT" {
        return ty;
    }
    let by_count = Key { column: KeyColumn::Record("article_count"), scalar: Scalar::Int, descending: false };
    ty.order(order("ARTICLE_COUNT", "By the number of articles that mention it.", vec![by_count])).filter(
        "articles",
        "By the articles that mention it.",
        many("ArticlesFilter", || &ARTICLE, || (mentioning_articles(), vec![])),
    )
}
