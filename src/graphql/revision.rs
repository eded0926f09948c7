//! The history: the declarations of revisions and field changes.

use super::{NODE, ORGANIZATION, PLACE, RECORD, RELATION, place::within};
use crate::store::read::{
    build::{any, column, computed, expression, list, one, raw_column},
    declare::{ALL_RECORDS, Column, Enumeration, FilterKind, Key, KeyColumn, Link, Scalar, Table, Type, asc, desc},
    expression::{field_changes, record_kind},
    filter::{Predicate, Set, Test},
    filter_kind::{by, by_enumeration, by_text},
    page,
};
use entity::{
    revision,
    vocabulary::{Operation, RecordKind},
};
use serde_json::Value as Json;
use std::sync::LazyLock;

/// The name of the list of all changes, to which the cursors of revisions belong.
pub const CHANGES: &str = "Query.changes";

/// How many fields a change has at most, for its cost.
const FIELD_CHANGES: u64 = 50;

/// The order of that list.
pub const BY_POSITION: Key = Key { column: KeyColumn::Long("position"), scalar: Scalar::Int, descending: false };

/// The tag of its cursors.
static TAG: LazyLock<Json> = LazyLock::new(|| page::tag(CHANGES, &[BY_POSITION]).into());

pub static REVISION: LazyLock<Type> = LazyLock::new(|| {
    let position = Column::of(revision::Column::Position);
    Type::new("Revision", "revision", "A change of a record, as the history stores it.")
        .implements(|| &NODE)
        .default_order(vec![desc("version", Scalar::Int)])
        .with(raw_column("id", "id", Scalar::Id, false, "A UUID, unique over all types."))
        .with(computed(
            "cursor",
            Scalar::Text,
            "String!",
            vec![position],
            |position, _| Json::String(page::encode(&TAG, position)),
            "The cursor of this revision in `changes`, for its argument `after`.",
        ))
        .with(column("recordId", revision::Column::RecordId, "The id of the changed record, even if that is deleted or merged now."))
        .with(expression(
            "recordKind",
            Scalar::Enumeration(Enumeration::of::<RecordKind>()),
            false,
            record_kind,
            "The type of the changed record.",
        ))
        .with(
            any(
                "record",
                || &RECORD,
                revision::Column::RecordId,
                None,
                "The changed record; null where it is in the bin or is a relation, see `relation`. `recordId` and `recordKind` identify it in any case.",
            )
            .nullable(),
        )
        .with(
            one(
                "relation",
                || &RELATION,
                revision::Column::RecordId,
                "The changed relation; null where it is in the bin or is no relation.",
            )
            .nullable(),
        )
        .with(
            column("operation", revision::Column::Operation, "The kind of change.")
                .is(Scalar::Enumeration(Enumeration::of::<Operation>())),
        )
        .with(column("actor", revision::Column::Actor, "Who made the change."))
        .with(column("at", revision::Column::At, "When the change was made."))
        .with(column("summary", revision::Column::Summary, "Why the change was made, in the words of the editor."))
        .with(list(
            "changes",
            || &FIELD_CHANGE,
            Link::Select(field_changes, FIELD_CHANGES),
            vec![asc("at", Scalar::Int)],
            "The fields that changed.",
        ))
        .with(
            column(
                "snapshot",
                revision::Column::Snapshot,
                "The whole record after the change, in the interchange format.",
            )
            .is(Scalar::Json),
        )
});

pub static FIELD_CHANGE: LazyLock<Type> = LazyLock::new(|| {
    Type::new("FieldChange", "", "The change of one field.")
        .with(raw_column("field", "field", Scalar::Text, false, "The field's name in the interchange format."))
        .with(raw_column(
            "before",
            "before",
            Scalar::Json,
            true,
            "The value before the change; null where there was none.",
        ))
        .with(raw_column("after", "after", Scalar::Json, true, "The value after the change; null where there is none."))
});

/// The filters of the list of all changes.
pub static CHANGE: LazyLock<Type> = LazyLock::new(|| {
    Type::new("Change", "revision", "")
        .filter(
            "types",
            "The changed record is of one of these types. An empty list never matches.",
            FilterKind::Values(Enumeration::of::<RecordKind>(), |kinds| {
                let is_one = Predicate::Test("kind", Test::In(kinds));
                Predicate::some_row(&ALL_RECORDS, Link::Match("id", "record_id"), vec![is_one])
            }),
        )
        .filter(
            "ids",
            "The changed record is one of these. Ids or keys, at most 1,000; an empty list never matches.",
            FilterKind::Records(|ids| Predicate::Test("record_id", Test::In(ids))),
        )
        .filter(
            "within",
            "The changed record is one of these places or is in one of them, at any depth: a place that it contains, an event that \
             happened there, or an organization with headquarters there or whose country it is. An event in a deleted place counts \
             for that place only. Ids or keys, at most 1,000.",
            FilterKind::Records(within_places),
        )
        .filter("actor", "By who made the change.", by_text(revision::Column::Actor, revision::Column::ActorKey))
        .filter(
            "operation",
            "By the kind of change.",
            by_enumeration(revision::Column::Operation, Enumeration::of::<Operation>()),
        )
        .filter("at", "By the time of the change.", by(revision::Column::At))
});

/// The events by place, deleted events included. What happened in a hidden place is in no place that contains it.
static EVENTS_BY_PLACE: Table = Table::new("place_event");

fn within_places(places: Set) -> Predicate {
    let link = |column| Link::Match("id", column);
    let place = |column| Predicate::some_row(&PLACE.table, link(column), vec![within(places.clone())]);
    let is_place = place("record_id");
    let of_organization = Predicate::Any(vec![place("headquarters_id"), place("country_id")]);
    let happened = Predicate::Test("place_id", Test::In(places));
    Predicate::Any(vec![
        is_place,
        Predicate::some_row(&EVENTS_BY_PLACE, Link::Match("event_id", "record_id"), vec![happened]),
        Predicate::some_row(&ORGANIZATION.table, link("record_id"), vec![of_organization]),
    ])
}
