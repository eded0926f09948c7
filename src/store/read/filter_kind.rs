//! Constructors of the filters that declarations offer.

use super::{
    declare::{
        ALL_RECORDS, Column, Enumeration, Filter, FilterKind, FilteredText, Link, ManyFilter, NAMES, OfRecords, Scalar,
        Subject, TypeRef,
    },
    filter::{Predicate, Test},
};
use sea_orm::ColumnTrait;

/// The id of a record. Keys are accepted as well.
#[must_use]
pub const fn by_record_id() -> FilterKind {
    FilterKind::Record(|ids| Predicate::Test("id", Test::In(ids)))
}
/// The id of an object that has no key.
#[must_use]
pub const fn by_id() -> FilterKind {
    FilterKind::Value(Subject::Own("id"), Scalar::Id)
}
/// A column of the row with a text, and the one with its sort key.
pub fn by_text(text: impl ColumnTrait, key: impl ColumnTrait) -> FilterKind {
    FilterKind::Text(own_text(text, key))
}
/// The same for a headline or a key of a record, which `record_gram` has as well.
pub fn by_name_column(text: impl ColumnTrait, key: impl ColumnTrait) -> FilterKind {
    FilterKind::Text(FilteredText { has_grams: true, ..own_text(text, key) })
}
fn own_text(text: impl ColumnTrait, key: impl ColumnTrait) -> FilteredText {
    let own = |column| Subject::Own(column);
    FilteredText { exact: own(Column::of(text).name), folded: own(Column::of(key).name), has_grams: false }
}
/// The key of the record that the row is.
#[must_use]
pub const fn by_key() -> FilterKind {
    const fn of_record(column: &'static str) -> Subject {
        Subject::Behind { table: &ALL_RECORDS, link: || Link::Match("id", "id"), column }
    }
    FilterKind::Text(FilteredText { exact: of_record("key"), folded: of_record("key_key"), has_grams: true })
}
/// Any name of the record that the row is.
#[must_use]
pub const fn by_name() -> FilterKind {
    FilterKind::Text(FilteredText { exact: ANY_NAME, folded: ANY_FOLDED_NAME, has_grams: true })
}
/// A column of the row other than a text.
pub fn by(column: impl ColumnTrait) -> FilterKind {
    let column = Column::of(column);
    FilterKind::Value(Subject::Own(column.name), column.scalar)
}
/// An enumerated column of the row.
pub fn by_enumeration(column: impl ColumnTrait, values: Enumeration) -> FilterKind {
    FilterKind::Value(Subject::Own(Column::of(column).name), Scalar::Enumeration(values))
}
/// A column of the row's `record`.
#[must_use]
pub const fn by_record_column(column: &'static str, scalar: Scalar) -> FilterKind {
    FilterKind::Value(Subject::Behind { table: &ALL_RECORDS, link: || Link::Match("id", "id"), column }, scalar)
}
/// Any name of the record that the row is.
pub const ANY_NAME: Subject = of_names("text");
/// The same, folded.
pub const ANY_FOLDED_NAME: Subject = of_names("text_key");
const fn of_names(column: &'static str) -> Subject {
    Subject::Behind { table: &NAMES, link: || Link::Back("record_id"), column }
}
/// The record that a column refers to, which may be absent.
#[must_use]
pub const fn optional(target: TypeRef, column: &'static str) -> FilterKind {
    FilterKind::One { target, column, nullable: true }
}
/// The record that a column refers to.
#[must_use]
pub const fn required(target: TypeRef, column: &'static str) -> FilterKind {
    FilterKind::One { target, column, nullable: false }
}
/// The rows of a link. `input` is the name of the input type; the same name always has the same fields.
#[must_use]
pub const fn many(input: &'static str, target: TypeRef, link: fn() -> (Link, Vec<Predicate>)) -> ManyFilter {
    ManyFilter { input, target, link, lifted: &[], of_link: vec![], of_row: vec![], alone: None }
}

/// The columns of a fuzzy date with this prefix, for a filter.
macro_rules! fuzzy_date_columns {
    ($prefix:literal) => {
        $crate::store::read::declare::FuzzyDateColumns {
            edtf: concat!($prefix, "_edtf"),
            earliest: concat!($prefix, "_earliest"),
            latest: concat!($prefix, "_latest"),
            flags: concat!($prefix, "_flags"),
            ranks: None,
        }
    };
}
pub(crate) use fuzzy_date_columns;

impl ManyFilter {
    /// Filters of the target that stand beside `some`, and hold for the same row.
    #[must_use]
    pub fn lifted(mut self, names: &'static [&'static str]) -> Self {
        self.lifted = names;
        self
    }
    /// A filter of the link, which holds for the same row.
    #[must_use]
    pub fn of_link(mut self, name: &'static str, doc: &'static str, kind: FilterKind) -> Self {
        self.of_link.push(Filter { name, doc, kind });
        self
    }
    /// A filter of the row itself.
    #[must_use]
    pub fn of_row(mut self, name: &'static str, doc: &'static str, kind: FilterKind) -> Self {
        self.of_row.push(Filter { name, doc, kind });
        self
    }
    /// What a lifted filter means where nothing else is asked of the same row: a table of its own serves it then.
    #[must_use]
    pub fn alone(mut self, name: &'static str, meaning: OfRecords) -> Self {
        self.alone = Some((name, meaning));
        self
    }
}

impl From<ManyFilter> for FilterKind {
    fn from(many: ManyFilter) -> Self {
        Self::Many(many)
    }
}
