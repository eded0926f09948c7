//! The filters of the list of deleted records.

use crate::store::read::{
    declare::{FilterKind, FilteredText, Link, Subject, Table, Type},
    filter_kind::{ANY_FOLDED_NAME, ANY_NAME, by, by_name_column},
};
use entity::record;
use std::sync::LazyLock;

/// The filters of the bin.
pub static BIN: LazyLock<Type> = LazyLock::new(|| {
    const fn of_article(column: &'static str) -> Subject {
        Subject::Behind { table: &HEADLINES, link: || Link::Match("id", "id"), column }
    }
    const NAME_OR_HEADLINE: FilteredText = FilteredText {
        exact: Subject::AnyOf(&[ANY_NAME, of_article("headline")]),
        folded: Subject::AnyOf(&[ANY_FOLDED_NAME, of_article("headline_key")]),
        has_grams: true,
    };
    Type::new("Bin", "record", "")
        .filter("key", "By key.", by_name_column(record::Column::Key, record::Column::KeyKey))
        .filter("name", "By any name, or by the headline of an article.", FilterKind::Text(NAME_OR_HEADLINE))
        .filter("deletedAt", "By time of deletion.", by(record::Column::DeletedAt))
});

/// All articles, deleted ones included.
static HEADLINES: Table = Table::new("article");
