//! The vocabulary of declarations: what a type says about itself, once. One declaration of a field yields its place in the
//! GraphQL schema (type, arguments, nullability, description) and its meaning in SQL. The declarations themselves stand in
//! `graphql`, one file a type; `graphql::compiled` reads them to register the schema and to plan, `sql` to write statements.

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
    /// The default, as it is written in GraphQL.
    pub(crate) default: Option<&'static str>,
}

/// An optional argument.
#[must_use]
pub fn argument(name: &'static str, scalar: Scalar, doc: &'static str) -> ArgumentDeclaration {
    ArgumentDeclaration { name, doc, scalar, list: false, required: false, default: None }
}

impl ArgumentDeclaration {
    /// It must be given.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }
    /// It takes a list.
    #[must_use]
    pub fn list(mut self) -> Self {
        self.list = true;
        self
    }
    /// What holds where it is absent, written as in GraphQL.
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

/// A function that picks the link (and further conditions on the rows) that the arguments ask for.
pub type PickLink = fn(&Arguments) -> (Link, Vec<Predicate>);
/// The conditions that tie the row sought (first) to its owner (second), whose object's columns have this prefix.
pub type RowCondition = fn(&Sql, &Row, &Row, &str) -> Vec<Expr>;
/// Another type, named by a function so that declarations may form circles.
pub type TypeRef = fn() -> &'static Type;

/// What a field means.
pub enum FieldSource {
    /// A column of the row.
    Column(Column),
    /// A column of the row's `record`.
    Record(Column),
    /// An object made of columns of the same row that share a prefix; null where `present` is null.
    Embedded { target: TypeRef, prefix: &'static str, present: &'static str },
    /// The row of another table that a column names.
    One { target: TypeRef, key: Column },
    /// A record of any of a family's types that a column names; `kind` is the column that tells its type. Where the column of
    /// `first` is not null, it is the row of another table that that one names.
    Any {
        family: fn() -> &'static Interface,
        key: Column,
        kind: Option<&'static str>,
        first: Option<(&'static str, TypeRef)>,
    },
    /// At most one row of another table, found by a condition.
    Row { target: TypeRef, found: RowCondition },
    /// All rows (or the first few) of a short list.
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
    /// A value made in Rust from columns.
    Computed { inputs: Vec<Column>, ty: &'static str, scalar: Scalar, by: Compute },
    /// A value made in SQL.
    Expression { scalar: Scalar, nullable: bool, by: fn(&Sql, &Row, &Arguments) -> Expr },
}

/// A field of a type.
pub struct FieldDeclaration {
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) args: Vec<ArgumentDeclaration>,
    pub(crate) source: FieldSource,
    /// The interface that declares it, of a list that its types share.
    pub(crate) shared: Option<&'static str>,
    /// Listed languages of the reader stand in for an absent `languages` or `language` argument.
    pub(crate) reader_languages: bool,
}

/// A filter that a type's `where` offers.
pub struct Filter {
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) kind: FilterKind,
}

/// What a filter means.
#[derive(Clone, Copy)]
pub enum FilterKind {
    /// `IdFilter` on a subject.
    Id(Subject),
    /// `TextFilter` on a subject.
    Text(Subject),
    /// The filter of an enumeration, on a column.
    Enumeration(Column),
    /// `DateFilter` on the ranks of a fuzzy date.
    FuzzyDate { asc: &'static str, desc: &'static str, end: &'static str },
    /// `DateRange` on either rank of a plain date: the one that has an index.
    Day(&'static str),
}

/// A field of an edge type beside cursor and node: null in lists whose link does not tell it.
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
    /// The types of records that implement it, commonest first.
    pub(crate) types: fn() -> Vec<&'static Type>,
}

/// An object type whose values are rows.
pub struct Type {
    pub(crate) name: &'static str,
    pub(crate) table: &'static str,
    pub(crate) doc: &'static str,
    /// The kind of record that its rows are, where they are records.
    pub(crate) kind: Option<&'static str>,
    /// The interface that stands for it in GraphQL, where its rows are records of any type, told apart by their `kind`.
    pub(crate) family: Option<fn() -> &'static Interface>,
    pub(crate) interfaces: Vec<fn() -> &'static Interface>,
    pub(crate) fields: Vec<FieldDeclaration>,
    /// The column that hides a row.
    pub(crate) hidden: Option<&'static str>,
    /// Rows are shown only while the records that these columns name are neither deleted nor merged away.
    pub(crate) owners: &'static [&'static str],
    pub(crate) orders: Vec<Order>,
    /// The order of its lists where none is asked for.
    pub(crate) default_order: Vec<Key>,
    pub(crate) filters: Vec<Filter>,
    pub(crate) edge: Vec<EdgeField>,
}
