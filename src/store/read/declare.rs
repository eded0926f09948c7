//! The types of declarations. One declaration of a field gives its place in the GraphQL schema (type, arguments,
//! nullability, description) and its source in SQL. The declarations are in `graphql`, one file per type.
//! `graphql::compiled` registers the schema and plans requests with them; `sql` writes statements.

pub use super::{
    link::{EdgeData, Link, Through, through},
    order::{Key, KeyColumn, Order, asc, desc, order},
    scalar::{Arguments, Column, Compute, Enumeration, Scalar},
};

use super::{
    filter::{Predicate, Subject},
    sql::builder::{Row, Sql},
};
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
    Connection { target: TypeRef, link: PickLink, filterable: bool },
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

/// The kind of a filter.
#[derive(Clone, Copy)]
pub enum FilterKind {
    /// `IdFilter` on a subject.
    Id(Subject),
    /// `TextFilter` on a subject.
    Text(Subject),
    /// The filter of an enumeration, on a column.
    Enumeration(Column),
    /// `DateFilter` on the ranks of a fuzzy date: those of the order (`asc`, `desc`), those of its bounds.
    /// `flags` is the column with its qualifiers.
    FuzzyDate { asc: &'static str, desc: &'static str, start: &'static str, end: &'static str, flags: &'static str },
    /// `DayFilter` on the ranks of a plain date.
    Day { asc: &'static str, desc: &'static str },
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
    pub(crate) table: &'static str,
    pub(crate) doc: &'static str,
    /// The kind of record that its rows are, where they are records.
    pub(crate) kind: Option<&'static str>,
    /// Its interface in GraphQL, where its rows are records of any type, distinguished by `kind`.
    pub(crate) family: Option<fn() -> &'static Interface>,
    pub(crate) interfaces: Vec<fn() -> &'static Interface>,
    pub(crate) fields: Vec<FieldDeclaration>,
    /// The column that hides a row.
    pub(crate) hidden: Option<&'static str>,
    /// Rows are hidden while a record that one of these columns refers to is deleted or merged.
    pub(crate) owners: &'static [&'static str],
    /// Rows without a value in the second column are hidden while the record that the first column refers to is deleted.
    pub(crate) named: Option<(&'static str, &'static str)>,
    /// Rows are hidden while the row of another type that one of these columns refers to is hidden.
    pub(crate) wholes: Vec<(&'static str, TypeRef)>,
    pub(crate) orders: Vec<Order>,
    /// The default order of its lists.
    pub(crate) default_order: Vec<Key>,
    pub(crate) filters: Vec<Filter>,
    pub(crate) edge: Vec<EdgeField>,
}
