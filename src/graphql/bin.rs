//! The filters of the list of deleted records.

use crate::store::read::{
    declare::{FilterKind, Link, Scalar, Subject, Table, Type},
    filter_kind::{ANY_NAME, by},
};
use entity::record;
use std::sync::LazyLock;

/// The filters of the bin.
pub static BIN: LazyLock<Type> = LazyLock::new(|| {
    const NAME_OR_HEADLINE: Subject = Subject::AnyOf(&[
        ANY_NAME,
        Subject::Behind { table: &HEADLINES, link: || Link::Match("id", "id"), column: "headline" },
    ]);
    Type::new("Bin", "record", "")
        .filter("key", "By key.", by(record::Column::Key))
        .filter(
            "name",
            "By any name, or by the headline of an article.",
            FilterKind::Value(NAME_OR_HEADLINE, Scalar::Text),
        )
        .filter("deletedAt", "By time of deletion.", by(record::Column::DeletedAt))
});

/// All articles, deleted ones included.
static HEADLINES: Table = Table::new("article");
