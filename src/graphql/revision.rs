//! History: what the API says of it.

use super::{NODE, RECORD};
use crate::store::read::{
    build::{any, column, computed, expression, list, raw_column},
    declare::{Column, Enumeration, Key, KeyColumn, Link, Scalar, Type, asc, desc},
    expression::{field_changes, record_kind},
    page,
};
use entity::{
    revision,
    vocabulary::{Operation, RecordKind},
};
use serde_json::Value as Json;
use std::sync::LazyLock;

/// The list of all changes of the service. Any revision's cursor leads into it.
pub const CHANGES: &str = "Query.changes";

/// The order of that list: the one in which the changes were made.
pub const BY_POSITION: Key = Key { column: KeyColumn::Long("position"), scalar: Scalar::Int, descending: false };

/// What stands in its cursors before the position.
static TAG: LazyLock<Json> = LazyLock::new(|| page::tag(CHANGES, &[BY_POSITION]).into());

pub static REVISION: LazyLock<Type> = LazyLock::new(|| {
    let position = Column::of(revision::Column::Position);
    Type::new("Revision", "revision", "One change of one record.")
        .implements(|| &NODE)
        .default_order(vec![desc("version", Scalar::Int)])
        .with(raw_column("id", "id", Scalar::Id, false, "A UUID, unique over all kinds."))
        .with(computed(
            "cursor",
            Scalar::Text,
            "String!",
            vec![position],
            |position, _| Json::String(page::encode(&TAG, position)),
            "Its place among all changes of the service, in one order: for `changes(after:)`.",
        ))
        .with(column("recordId", revision::Column::RecordId, "The id of what was changed, wherever that is by now."))
        .with(expression(
            "recordKind",
            Scalar::Enumeration(Enumeration::of::<RecordKind>()),
            false,
            record_kind,
            "What sort of record that is.",
        ))
        .with(
            any(
                "record",
                || &RECORD,
                revision::Column::RecordId,
                None,
                "What was changed; null where it is in the bin, or is a relation: `recordId` and `recordKind` tell what that was.",
            )
            .nullable(),
        )
        .with(
            column("operation", revision::Column::Operation, "What was done.")
                .is(Scalar::Enumeration(Enumeration::of::<Operation>())),
        )
        .with(column("actor", revision::Column::Actor, "Who did it."))
        .with(column("at", revision::Column::At, "When it was done."))
        .with(column("summary", revision::Column::Summary, "Why, in the words of who did it."))
        .with(list(
            "changes",
            || &FIELD_CHANGE,
            Link::Select(field_changes),
            vec![asc("at", Scalar::Int)],
            "Which fields changed.",
        ))
        .with(
            column(
                "snapshot",
                revision::Column::Snapshot,
                "The whole record after the change, in the format of the interchange files.",
            )
            .is(Scalar::Json),
        )
});

pub static FIELD_CHANGE: LazyLock<Type> = LazyLock::new(|| {
    Type::new("FieldChange", "", "How one field was changed.")
        .with(raw_column("field", "field", Scalar::Text, false, "The field's name in the interchange format."))
        .with(raw_column("before", "before", Scalar::Json, true, "What it was; null where there was nothing."))
        .with(raw_column("after", "after", Scalar::Json, true, "What it became; null where nothing is left."))
});
