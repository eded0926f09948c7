//! What all records and all entities share: the interfaces Record and Entity, declared once and included by every type.

use super::{
    ARTICLE, EVENT, MENTION, NODE, ORGANIZATION, PERSON, PLACE, REVISION, node::id, relation::relations_field,
};
use crate::store::read::{
    build::{by_id, column, connection, expression, list, of_record, raw_column, values},
    declare::{
        Column, EdgeData, Enumeration, FieldDeclaration, FilterKind, Interface, Key, KeyColumn, Link, Scalar, Through,
        Type, argument, asc, desc, order, through,
    },
    expression::{best_description, best_name, related},
    filter::{Bound, Predicate, Subject, Test},
};
use entity::{
    article_entity, record, record_name,
    vocabulary::{NameKind, RecordType},
};
use std::sync::LazyLock;

pub static RECORD: LazyLock<Interface> = LazyLock::new(|| Interface {
    name: "Record",
    doc: "Everything that is stored with a version and a history.",
    fields: || record_fields(languages(raw_column("name", "name", Scalar::Text, false, NAME))),
    interfaces: &["Node"],
    types: || vec![&ARTICLE, &PLACE, &ORGANIZATION, &PERSON, &EVENT],
});

/// Records of any type as rows of their own: in the bin, whose lists show what is hidden everywhere else.
pub static ANY_RECORD: LazyLock<Type> = LazyLock::new(|| {
    Type::new("Record", "record", "").any_of(|| &RECORD).default_order(vec![desc("deleted_at", Scalar::DateTime)])
});

pub static ENTITY: LazyLock<Interface> = LazyLock::new(|| Interface {
    name: "Entity",
    doc: "What articles speak of: places, organizations, people and events.",
    fields: entity_fields,
    interfaces: &["Record", "Node"],
    types: || vec![&PLACE, &ORGANIZATION, &PERSON, &EVENT],
});

pub static NAME_TYPE: LazyLock<Type> = LazyLock::new(|| {
    Type::new("Name", "record_name", "One of the names of an entity.")
        .with(column("text", record_name::Column::Text, "The name as it is written."))
        .with(
            column("language", record_name::Column::Language, "Its language; `und` where none is known.")
                .is(Scalar::LanguageTag),
        )
        .with(
            column("kind", record_name::Column::Kind, "What kind of name it is.")
                .is(Scalar::Enumeration(Enumeration::of::<NameKind>())),
        )
});

pub static RELATED: LazyLock<Type> = LazyLock::new(|| {
    Type::new("RelatedEntity", "", "An entity that occurs together with another one.")
        .with(super::any_entity("entity", "id", Some("kind"), "The other entity."))
        .with(raw_column("sharedArticles", "shared_articles", Scalar::Int, false, "How many articles speak of both."))
        .with(raw_column("sharedEvents", "shared_events", Scalar::Int, false, "In how many events both take part."))
        .with(raw_column(
            "score",
            "score",
            Scalar::Float,
            false,
            "How strongly they are related: shared articles, and twice the shared events.",
        ))
});

const NAME: &str = "The best name for the languages asked for, in that order; else for those of the reader (`Accept-Language`); \
    else the main name. An article's is its headline, whatever the language.";

fn languages(field: FieldDeclaration) -> FieldDeclaration {
    field
        .arg(argument("languages", Scalar::LanguageTag, "The languages wanted, best first; at most ten count.").list())
        .with_reader_languages()
}

/// The fields of Record; `name` is the type's own.
pub fn record_fields(name: FieldDeclaration) -> Vec<FieldDeclaration> {
    vec![
        id(),
        of_record("key", record::Column::Key, "A stable name of your own, unique over all kinds."),
        name,
        of_record(
            "version",
            record::Column::Version,
            "1 for a new record, one more with every change; to be given back with an edit.",
        ),
        of_record("createdAt", record::Column::CreatedAt, "When it was first stored."),
        of_record("updatedAt", record::Column::UpdatedAt, "When it was changed last."),
        of_record("deletedAt", record::Column::DeletedAt, "When it was put into the bin; null while it is in use."),
        values(
            "mergedIds",
            Scalar::Id,
            ("record", "id", "merged_into_id", "id"),
            "The ids of records that were merged into this one: they lead here.",
        ),
        connection("history", || &REVISION, |_| (Link::Back("record_id"), vec![]), "Its changes, the newest first.")
            .shared("Record"),
    ]
}

/// The fields of Entity, those of Record included.
pub fn entity_fields() -> Vec<FieldDeclaration> {
    let mut fields = record_fields(languages(expression("name", Scalar::Text, false, best_name, NAME)));
    fields.extend([
        list("names", || &NAME_TYPE, Link::Back("record_id"), vec![asc("position", Scalar::Int)], "All its names, the main name first."),
        languages(expression("description", Scalar::Text, true, best_description, "What it is, in the best language for the reader, as with `name`; else in any.")),
        values("sameAs", Scalar::Url, ("same_as", "url", "record_id", "position"), "The same thing elsewhere, as in `http://www.wikidata.org/entity/Q1016` or `https://sws.geonames.org/2215636/`."),
        raw_column("image", "image", Scalar::Url, true, "The address of a picture."),
        connection("articles", || &ARTICLE, |_| (entity_articles().only(Predicate::own("mention_count", at_least_one())).into(), vec![]), "The articles that mention it.").filterable().shared("Entity"),
        connection("mentions", || &MENTION, |_| (Link::Either("entity_id", "meant_id"), vec![]), "The passages that name it, or that mean it by another name.").shared("Entity"),
        relations_field(),
        list("related", || &RELATED, Link::Select(related), vec![asc("score", Scalar::Float).reversed(), asc("id", Scalar::Id)], "What occurs together with it in articles and events, the strongest first.")
            .arg(argument("types", Scalar::Enumeration(Enumeration::of::<RecordType>()), "Only these types.").list())
            .first("10"),
    ]);
    fields
}

/// The link from an entity to the articles that speak of it.
pub fn entity_articles() -> Through {
    through("article_entity", "entity_id", "article_id")
        .copies(&["published_asc", "published_desc"])
        .edge_data("mentionCount", EdgeData::Column(Column::of(article_entity::Column::MentionCount)))
        .edge_data("citationCount", EdgeData::Column(Column::of(article_entity::Column::CitationCount)))
}

/// The link from an article to the entities of one kind that it mentions: any but events. An article is cited for events
/// alone, so that every other row counts mentions, and Postgres need not look further than the key.
pub fn mentioned_entities(kind: &'static str) -> Link {
    article_entities(kind).into()
}

/// The link from an article to the events that it is cited for; others it may merely mention.
pub fn cited_events() -> Link {
    article_entities("EVENT").only(Predicate::own("citation_count", at_least_one())).into()
}

fn article_entities(kind: &'static str) -> Through {
    through("article_entity", "article_id", "entity_id")
        .only(Predicate::own("kind", Test::Equals(Bound::Text(kind.to_owned()))))
        .edge_data("mentionCount", EdgeData::Column(Column::of(article_entity::Column::MentionCount)))
        .edge_data("citationCount", EdgeData::Column(Column::of(article_entity::Column::CitationCount)))
}

fn at_least_one() -> Test {
    Test::AtLeast(Bound::Int(1))
}

/// The orders and filters of every record, and the interfaces that all of them have.
pub fn as_record(ty: Type, name_key: &'static str, name: (&'static str, Subject)) -> Type {
    let by_record = |column| Key { column: KeyColumn::Record(column), scalar: Scalar::DateTime, descending: false };
    ty.order(order("NAME", "By name: letters of all scripts folded, so that case, accents and Arabic spellings do not part what belongs together.", vec![asc(name_key, Scalar::Text)]))
        .order(order("CREATED_AT", "By the time when it was first stored.", vec![by_record("created_at")]))
        .order(order("UPDATED_AT", "By the time of the last change.", vec![by_record("updated_at")]))
        .filter("id", "By id.", by_id())
        .filter("key", "By your own key.", FilterKind::Text(Subject::Other { table: "record", join_column: "id", column: "key" }))
        .filter(name.0, "By name, to the letter; any of its names counts.", FilterKind::Text(name.1))
}

/// A type of entity: its fields, orders, filters and interfaces beside its own.
pub fn entity(name: &'static str, table: &'static str, kind: &'static str, doc: &'static str) -> Type {
    let ty =
        Type::new(name, table, doc).record(kind).implements(|| &ENTITY).implements(|| &RECORD).implements(|| &NODE);
    let names = Subject::Other { table: "record_name", join_column: "record_id", column: "text" };
    as_record(ty.with_all(entity_fields()), "name_key", ("name", names))
        .default_order(vec![asc("name_key", Scalar::Text)])
}
