//! Relations: the declaration of their type.

use super::{
    CITATION, ENTITY, NODE, RELATION as SELF, REVISION, entity_filter::ENTITY_FILTER, fuzzy_date::fuzzy_date_field,
    node::id,
};
use crate::store::read::{
    build::{any, column, connection, of_record},
    declare::{
        Arguments, Enumeration, FieldDeclaration, FieldSource, FilterKind, Hidden, Key, KeyColumn, Link, Scalar,
        Through, Type, argument, asc, through,
    },
    expression::other_end,
    filter::{Bound, Predicate, Set, Test},
    filter_kind::{by_enumeration, by_record_id, by_text, fuzzy_date_columns},
};
use chrono::NaiveDate;
use entity::{
    record, relation,
    vocabulary::{RelationDirection, RelationKind},
};
use serde_json::Value as Json;
use std::sync::LazyLock;

const KINDS: Enumeration = Enumeration::of::<RelationKind>();
const KIND: Scalar = Scalar::Enumeration(KINDS);

pub static RELATION: LazyLock<Type> = LazyLock::new(relation);

/// The relations in the bin.
pub static DELETED_RELATION: LazyLock<Type> = LazyLock::new(|| {
    let last_deleted = Key { column: KeyColumn::Record("deleted_at"), scalar: Scalar::DateTime, descending: true };
    let mut ty = relation().default_order(vec![last_deleted]);
    ty.table.hidden = Hidden::None;
    ty
});

fn relation() -> Type {
    Type::new("Relation", "relation", "A relation between two entities, which may be limited in time. Containment, parent, headquarters, country and nationality are fields of records, not relations.")
        .record("RELATION")
        .owned_by(&["source_id", "target_id"])
        .implements(|| &NODE)
        .default_order(vec![asc("kind", Scalar::Text)])
        .with(id())
        .with(of_record("key", record::Column::Key, "A stable name of your choice, unique over all records."))
        .with(of_record("version", record::Column::Version, "The version: 1 for a new relation, incremented by every change. Updates and deletions take it."))
        .with(of_record("createdAt", record::Column::CreatedAt, "When the relation was created."))
        .with(of_record("updatedAt", record::Column::UpdatedAt, "When the relation was last changed."))
        .with(of_record("deletedAt", record::Column::DeletedAt, "When the relation was deleted; null while it is not in the bin."))
        .with(connection("history", || &REVISION, |_| (Link::Back("record_id"), vec![]), "The changes of the relation, newest first."))
        .with(any("source", || &ENTITY, relation::Column::SourceId, Some("source_kind"), "The source of the relation."))
        .with(column("kind", relation::Column::Kind, "The kind of relation, read from source to target.").is(KIND))
        .with(any("target", || &ENTITY, relation::Column::TargetId, Some("target_kind"), "The target of the relation."))
        .with(
            FieldDeclaration::new(
                "other",
                "The entity at the other end; null where the given entity is at neither end.",
                FieldSource::Found { family: || &ENTITY, id: other_end },
            )
            .arg(argument("of", Scalar::Id, "The id or key of the entity at one end.").required()),
        )
        .with(column("description", relation::Column::Description, "A description of the relation."))
        .with(column("isSymmetric", relation::Column::IsSymmetric, "Whether the relation holds in both directions."))
        .with(fuzzy_date_field("since", "since_", "since_edtf", "When the relation began."))
        .with(fuzzy_date_field("until", "until_", "until_edtf", "When the relation ended."))
        .with(connection("citations", || &CITATION, |_| (Link::Back("subject_id"), vec![]), "The passages that support it."))
        .filter("id", "By id or key.", by_record_id())
        .filter("kind", "By kind.", by_enumeration(relation::Column::Kind, KINDS))
        .filter("source", "By the source.", end(&["source_id"]))
        .filter("target", "By the target.", end(&["target_id"]))
        .filter("either", "By one of the two entities: one of them must match all of it. Its comparisons count twice.", end(&["source_id", "target_id"]))
        .filter(
            "at",
            "The relation may have held on this day: it did not certainly begin later or end earlier.",
            FilterKind::OnDay(may_hold_on),
        )
        .filter("since", "By its beginning, which may be imprecise.", FilterKind::FuzzyDate(fuzzy_date_columns!("since")))
        .filter("until", "By its end, which may be imprecise.", FilterKind::FuzzyDate(fuzzy_date_columns!("until")))
        .filter("description", "By description.", by_text(relation::Column::Description, relation::Column::DescriptionKey))
}

const fn end(columns: &'static [&'static str]) -> FilterKind {
    FilterKind::Entity { filters: || &ENTITY_FILTER, columns }
}

/// The link from an entity to its relations.
pub fn relation_link() -> Through {
    through("relation_end", "record_id", "relation_id").copies(&["kind"])
}

fn may_hold_on(day: NaiveDate) -> Predicate {
    let unless_null =
        |column, test| Predicate::Any(vec![Predicate::Test(column, Test::IsNull(true)), Predicate::Test(column, test)]);
    Predicate::All(vec![
        unless_null("since_earliest", Test::AtMost(Bound::Date(day))),
        unless_null("until_latest", Test::AtLeast(Bound::Date(day))),
    ])
}

/// The field `relations` of entities.
pub fn relations_field() -> FieldDeclaration {
    connection("relations", || &SELF, pick, "The relations of this entity to other entities.")
        .arg(argument("kinds", KIND, "Only relations of these kinds.").list())
        .arg(
            argument(
                "direction",
                Scalar::Enumeration(Enumeration::of::<RelationDirection>()),
                "The direction, seen from this entity. Symmetric relations match every direction.",
            )
            .default("ANY"),
        )
        .arg(argument("at", Scalar::Date, "Only relations that may have held on this day."))
        .shared("Entity")
}

fn pick(arguments: &Arguments) -> (Link, Vec<Predicate>) {
    let mut link = relation_link();
    if let Some(kinds) = arguments.get("kinds").and_then(Json::as_array) {
        let kinds = kinds.iter().filter_map(|kind| kind.as_str().map(str::to_owned)).collect();
        link = link.only("kind", Test::In(Set::Texts(kinds)));
    }
    if let Some(direction) = arguments.get("direction").and_then(Json::as_str).filter(|d| *d != "ANY") {
        // symmetric relations match every direction
        let near = if direction == "OUTGOING" { "OUTGOING" } else { "INCOMING" };
        link = link.only("direction", Test::In(Set::Texts(vec![near.to_owned(), "ANY".to_owned()])));
    }
    let day = arguments.get("at").and_then(Json::as_str).and_then(|day| day.parse::<NaiveDate>().ok());
    (link.into(), day.map(may_hold_on).into_iter().collect())
}
