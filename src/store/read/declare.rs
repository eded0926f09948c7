//! The types of declarations. One declaration of a field gives its place in the GraphQL schema (type, arguments,
//! nullability, description) and its source in SQL. The declarations are in `graphql`, one file per type.
//! `graphql::compiled` registers the schema and plans requests with them; `sql` writes statements.

pub use super::{
    link::{EdgeData, Link, Through, through},
    order::{Key, KeyColumn, Order, asc, desc, order},
    scalar::{Arguments, Column, Compute, Enumeration, Scalar},
    table::{ALL_RECORDS, GRAMS, Hidden, NAMES, Table, TableRef, VISIBLE_RECORDS},
    words::Words,
};

use super::{
    filter::{Predicate, Set, Test},
    sql::builder::{Row, Sql},
};
use chrono::NaiveDate;
use entity::vocabulary::RecordType;
use sea_orm::sea_query::Expr;

/// An argument of a field.
pub struct ArgumentDeclaration {
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) scalar: Scalar,
    pub(crate) list: bool,
    pub(crate) required: bool,
    /// The default, in GraphQL syntax.
    pub(crate) default: Option<&'static str>,
}

/// An optional argument.
#[must_use]
pub fn argument(name: &'static str, scalar: Scalar, doc: &'static str) -> ArgumentDeclaration {
    ArgumentDeclaration { name, doc, scalar, list: false, required: false, default: None }
}

impl ArgumentDeclaration {
    /// Makes it required.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }
    /// Makes it a list.
    #[must_use]
    pub fn list(mut self) -> Self {
        self.list = true;
        self
    }
    /// Sets the default, in GraphQL syntax.
    #[must_use]
    pub fn default(mut self, literal: &'static str) -> Self {
        self.default = Some(literal);
        self
    }
    /// Its GraphQL type.
    #[must_use]
    pub fn graphql_type(&self) -> String {
        let name = self.scalar.name();
        let inner = if self.list { format!("[{name}!]") } else { name.to_owned() };
        if self.required { inner + "!" } else { inner }
    }
}

/// A function from the arguments to a link and further conditions on the rows.
pub type PickLink = fn(&Arguments) -> (Link, Vec<Predicate>);
/// The join conditions of a row (first) and its owner (second). The columns of the owner's object have this prefix.
pub type RowCondition = fn(&Sql, &Row, &Row, &str) -> Vec<Expr>;
/// Another type. It is a function because declarations refer to one another.
pub type TypeRef = fn() -> &'static Type;

/// Where the value of a field comes from.
pub enum FieldSource {
    /// A column of the row.
    Column(Column),
    /// A column of the row's `record`.
    Record(Column),
    /// An object of columns of the same row that share a prefix; null where `present` is null.
    Embedded { target: TypeRef, prefix: &'static str, present: &'static str },
    /// The row of another table that a foreign key refers to.
    One { target: TypeRef, key: Column },
    /// A record that a foreign key refers to, of any type of an interface; `kind` is the column with its type. Where
    /// the column of `first` is not null, the field is the row that this column refers to instead.
    Any {
        family: fn() -> &'static Interface,
        key: Column,
        kind: Option<&'static str>,
        first: Option<(&'static str, TypeRef)>,
    },
    /// A record of any type of an interface, whose id is computed in SQL; null where there is none.
    Found { family: fn() -> &'static Interface, id: fn(&Sql, &Row, &Arguments) -> Expr },
    /// At most one row of another table, found by a condition.
    Row { target: TypeRef, found: RowCondition },
    /// A short list, whole or limited by `first`.
    List { target: TypeRef, link: Link, order: Vec<Key>, limit: Option<&'static str> },
    /// Plain values from another table.
    Values {
        scalar: Scalar,
        table: &'static str,
        column: &'static str,
        parent_column: &'static str,
        order: &'static str,
    },
    /// A Relay connection.
    Connection { target: TypeRef, link: PickLink },
    /// A value computed in Rust from columns.
    Computed { inputs: Vec<Column>, ty: &'static str, scalar: Scalar, by: Compute },
    /// A value computed in SQL.
    Expression { scalar: Scalar, nullable: bool, by: fn(&Sql, &Row, &Arguments) -> Expr },
}

/// A field of a type.
pub struct FieldDeclaration {
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) args: Vec<ArgumentDeclaration>,
    pub(crate) source: FieldSource,
    /// The interface that declares the list, where its types share it.
    pub(crate) shared: Option<&'static str>,
    /// Uses the reader's languages where the argument `languages` or `language` is absent.
    pub(crate) reader_languages: bool,
}

/// A filter that a type's `where` offers.
pub struct Filter {
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) kind: FilterKind,
}

/// The kind of a filter: its input type and its meaning.
pub enum FilterKind {
    /// `TextFilter` on a text.
    Text(FilteredText),
    /// `IntFilter` and so on: the operators of a scalar other than a text, on a value.
    Value(Subject, Scalar),
    /// `IdFilter` on records, which takes keys as well.
    Record(fn(Set) -> Predicate),
    /// `DateFilter` on a fuzzy date.
    FuzzyDate(FuzzyDateColumns),
    /// `DayFilter` on the ranks of a plain date.
    Day { asc: &'static str, desc: &'static str },
    /// `some` and `none`: the rows of a link.
    Many(ManyFilter),
    /// `is` and `isNull`: the row that a column refers to.
    One { target: TypeRef, column: &'static str, nullable: bool },
    /// The `where` of the row that a column refers to.
    Where { target: TypeRef, column: &'static str },
    /// The same for a row of the index, which may be of another type: then it holds.
    WhereOfType { target: TypeRef, column: &'static str },
    /// `EntityFilter` on the record that one of these columns refers to.
    Entity { filters: TypeRef, columns: &'static [&'static str] },
    /// Ids or keys of records, with a meaning of their own.
    Records(OfRecords),
    /// Values of an enumeration, with a meaning of their own.
    Values(Enumeration, fn(Set) -> Predicate),
    /// A day, with a meaning of its own.
    OnDay(fn(NaiveDate) -> Predicate),
    /// `NearFilter` on the point of the row.
    Near,
    /// `BoxFilter` on the point of the row.
    Box,
    /// A search in the texts of the record that the row is, which has this type.
    Search(RecordType),
}

/// The value that a filter tests.
#[derive(Clone, Copy)]
pub enum Subject {
    /// A column of the row.
    Own(&'static str),
    /// A column of the link that leads to the row.
    OfLink(&'static str),
    /// A column of the rows of another table. The comparison holds if it holds for at least one of them.
    Behind { table: &'static Table, link: fn() -> Link, column: &'static str },
    /// Several values. The comparison holds if it holds for at least one of them.
    AnyOf(&'static [Subject]),
}

/// A text that filters test.
#[derive(Clone, Copy)]
pub struct FilteredText {
    /// The text as it is.
    pub(crate) exact: Subject,
    /// The text as a sort key.
    pub(crate) folded: Subject,
    /// Whether `record_gram` has the grams of the text, for the record that the row is.
    pub(crate) has_grams: bool,
}

/// The columns of a fuzzy date.
#[derive(Clone, Copy)]
pub struct FuzzyDateColumns {
    pub(crate) edtf: &'static str,
    pub(crate) earliest: &'static str,
    pub(crate) latest: &'static str,
    pub(crate) flags: &'static str,
    /// The ranks, where the table has them: an index serves them in the order by date.
    pub(crate) ranks: Option<RankColumns>,
}

/// The ranks of a fuzzy date.
#[derive(Clone, Copy)]
#[allow(missing_docs, reason = "the names are those of `date::Ranks`")]
pub struct RankColumns {
    pub(crate) asc: &'static str,
    pub(crate) desc: &'static str,
    pub(crate) start: &'static str,
    pub(crate) end: &'static str,
}

/// What a filter by records means.
pub type OfRecords = fn(Set) -> Predicate;

/// A filter by the rows of a link.
pub struct ManyFilter {
    /// The name of its input type.
    pub(crate) input: &'static str,
    pub(crate) target: TypeRef,
    /// How the rows belong to the row of the condition, and conditions on them.
    pub(crate) link: fn() -> (Link, Vec<Predicate>),
    /// Filters of the target that stand beside `some`, and hold for the same row.
    pub(crate) lifted: &'static [&'static str],
    /// Filters of the link, which hold for the same row.
    pub(crate) of_link: Vec<Filter>,
    /// Filters of the row itself.
    pub(crate) of_row: Vec<Filter>,
    /// A lifted filter that takes records, and what it means where nothing else is asked of the same row. It finds the same rows as in
    /// general, by a derived table that has them ready.
    pub(crate) alone: Option<(&'static str, OfRecords)>,
}

/// A facet that the lists of a type offer: how often each value of a field occurs.
pub struct Facet {
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
    /// The path of its filter in `where`.
    pub(crate) leaf: &'static [&'static str],
    pub(crate) values: FacetValues,
    pub(crate) meaning: FacetMeaning,
}

/// Where the values of a facet are.
pub enum FacetValues {
    /// In a column of the record.
    Own(Column),
    /// In other rows, which belong to the record.
    Linked(LinkedValues),
}

/// Values in the rows of another table.
pub struct LinkedValues {
    pub(crate) table: &'static str,
    /// The table with the rule for hidden rows, where it has one.
    pub(crate) rule: Option<TableRef>,
    /// The column that refers to the record.
    pub(crate) owner: &'static str,
    /// The column that says whether that record is hidden, where the rows have a copy of it.
    pub(crate) hidden_owner: Option<&'static str>,
    /// The column with the value.
    pub(crate) value: &'static str,
    /// Conditions on columns of the rows.
    pub(crate) only: Vec<(&'static str, Test)>,
    /// Whether a record may have a value in several rows.
    pub(crate) repeats: bool,
    /// Whether each value is a place that stands for all places that contain it as well.
    pub(crate) containing: bool,
}

/// The date by which a histogram counts.
#[derive(Clone, Copy, Debug)]
pub struct DateOfHistogram {
    /// The name of its filter.
    pub(crate) filter: &'static str,
    /// The column with the number of its first day.
    pub(crate) start: &'static str,
    /// The column with the number of its last day.
    pub(crate) end: &'static str,
}

/// What the values of a facet are.
pub enum FacetMeaning {
    /// Values with words for them.
    Words(Words),
    /// Records of these types; where a kind is given, of this kind only.
    Records(fn() -> Vec<&'static Type>, Option<&'static str>),
}

impl Subject {
    /// The comparison of the value.
    #[must_use]
    pub fn test(&self, test: Test) -> Predicate {
        match (*self, test) {
            (Self::Own(column), test) => Predicate::Test(column, test),
            (Self::OfLink(column), test) => Predicate::OfLink(column, test),
            // no value, or null in all places
            (Self::Behind { .. } | Self::AnyOf(_), Test::IsNull(true)) => self.test(Test::IsNull(false)).negated(),
            (Self::Behind { table, link, column }, test) => {
                Predicate::some_row(table, link(), vec![Predicate::Test(column, test)])
            }
            (Self::AnyOf(subjects), test) => {
                Predicate::Any(subjects.iter().map(|subject| subject.test(test.clone())).collect())
            }
        }
    }
}

/// A field of an edge type other than `cursor` and `node`; null in lists whose link has no such data.
pub struct EdgeField {
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
    /// Its GraphQL type.
    pub(crate) ty: String,
    pub(crate) scalar: Scalar,
}

/// An interface and the types that implement it.
pub struct Interface {
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
    /// The fields that every implementing type has.
    pub(crate) fields: fn() -> Vec<FieldDeclaration>,
    /// Interfaces that this one implements.
    pub(crate) interfaces: &'static [&'static str],
    /// The record types that implement it, the most frequent first.
    pub(crate) types: fn() -> Vec<&'static Type>,
}

/// An object type whose values are rows.
pub struct Type {
    pub(crate) name: &'static str,
    pub(crate) table: Table,
    pub(crate) doc: &'static str,
    /// The kind of record that its rows are, where they are records.
    pub(crate) kind: Option<&'static str>,
    /// Its interface in GraphQL, where its rows are records of any type, distinguished by `kind`.
    pub(crate) family: Option<fn() -> &'static Interface>,
    pub(crate) interfaces: Vec<fn() -> &'static Interface>,
    pub(crate) fields: Vec<FieldDeclaration>,
    pub(crate) orders: Vec<Order>,
    /// The default order of its lists.
    pub(crate) default_order: Vec<Key>,
    pub(crate) filters: Vec<Filter>,
    /// Whether its `where` has `and`, `or` and `not`.
    pub(crate) combines: bool,
    pub(crate) facets: Vec<Facet>,
    /// The date of the histogram that its lists offer.
    pub(crate) histogram: Option<DateOfHistogram>,
    pub(crate) edge: Vec<EdgeField>,
}
