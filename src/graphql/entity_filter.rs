//! `EntityFilter`: the filters of an entity of any type.

use super::{EVENT, ORGANIZATION, PERSON, PLACE};
use crate::store::read::{
    declare::{Enumeration, FilterKind, Scalar, Subject, Type},
    filter_kind::{by_name, by_name_column, by_record_id},
};
use entity::{record, vocabulary::RecordType};
use std::sync::LazyLock;

/// The filters of an entity of any type.
pub static ENTITY_FILTER: LazyLock<Type> = LazyLock::new(|| {
    Type::new("Entity", "record", "")
        .without_combination()
        .filter("id", "By id or key.", by_record_id())
        .filter(
            "type",
            "By type.",
            FilterKind::Value(Subject::Own("kind"), Scalar::Enumeration(Enumeration::of::<RecordType>())),
        )
        .filter("key", "By key.", by_name_column(record::Column::Key, record::Column::KeyKey))
        .filter("name", "By name. Any name may match.", by_name())
        .filter("place", "It is a place that matches.", FilterKind::Where { target: || &PLACE, column: "id" })
        .filter(
            "organization",
            "It is an organization that matches.",
            FilterKind::Where { target: || &ORGANIZATION, column: "id" },
        )
        .filter("person", "It is a person who matches.", FilterKind::Where { target: || &PERSON, column: "id" })
        .filter("event", "It is an event that matches.", FilterKind::Where { target: || &EVENT, column: "id" })
});
