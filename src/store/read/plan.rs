//! Plans: what one request reads, as data. `graphql::compiled` makes plans from selections, `sql` writes statements
//! from plans. `cost` has the cost of a plan.

use super::{
    declare::{Arguments, Column, Compute, DateOfHistogram, EdgeData, Facet, Key, Link, RowCondition, Scalar, Type},
    filter::{Predicate, Test},
    page::{self, Page},
    sql::builder::{Row, Sql},
};
use entity::Reference;
use sea_orm::sea_query::Expr;

/// The fields of one object, by response key, in the order of the answer.
pub struct ObjectPlan {
    /// The type of the object.
    pub ty: &'static Type,
    /// The plan of each field.
    pub fields: Vec<(String, FieldPlan)>,
}

/// The plan of one field.
pub enum FieldPlan {
    /// JSON that does not depend on the data (`__typename`, `null`).
    Constant(String),
    /// A column of the row.
    Column(Column),
    /// A column of the row's `record`.
    Record(Column),
    /// An object of columns that share a prefix.
    Embedded { prefix: &'static str, present: &'static str, object: ObjectPlan },
    /// The row that a foreign key refers to.
    One { key: Column, object: ObjectPlan },
    /// A record of any of several types.
    Any {
        key: Column,
        kind: Option<&'static str>,
        branches: Vec<ObjectPlan>,
        first: Option<(&'static str, ObjectPlan)>,
    },
    /// A record of any of several types, whose id is computed.
    Found { id: fn(&Sql, &Row, &Arguments) -> Expr, branches: Vec<ObjectPlan>, arguments: Arguments },
    /// At most one row of another table.
    Row { found: RowCondition, object: ObjectPlan },
    /// A short list.
    List { link: Link, order: Vec<Key>, limit: Option<u64>, arguments: Arguments, object: ObjectPlan },
    /// Plain values of another table.
    Values {
        scalar: Scalar,
        table: &'static str,
        column: &'static str,
        parent_column: &'static str,
        order: &'static str,
    },
    /// A connection.
    Connection(Box<ConnectionPlan>),
    /// A value computed in Rust.
    Computed { inputs: Vec<Column>, by: Compute, arguments: Arguments },
    /// A value computed in SQL.
    Expression { scalar: Scalar, nullable: bool, by: fn(&Sql, &Row, &Arguments) -> Expr, arguments: Arguments },
}

/// A page of a list and the selected fields.
pub struct ConnectionPlan {
    /// The name of the list, for its cursors.
    pub list: String,
    /// The type of its nodes.
    pub ty: &'static Type,
    /// How its rows belong to the parent.
    pub link: Link,
    /// The arguments of the field, for links that are subqueries.
    pub arguments: Arguments,
    /// Conditions on the rows.
    pub only: Vec<Predicate>,
    /// The sort keys, ending with the id.
    pub order: Vec<Key>,
    /// The requested part.
    pub page: Page,
    /// The selected fields, by response key.
    pub fields: Vec<(String, ConnectionField)>,
}

/// A selected field of a connection.
pub enum ConnectionField {
    /// `__typename`
    Constant(String),
    /// `nodes`
    Nodes(NodePlan),
    /// `edges`
    Edges(Vec<(String, EdgeFieldPlan)>),
    /// `pageInfo`
    PageInfo(Vec<(String, PageInfoField)>),
    /// `totalCount`
    TotalCount,
    /// `facets`
    Facets(Vec<FacetPlan>),
    /// `histogram`
    Histogram(HistogramPlan),
}

/// The plan of one facet.
pub struct FacetPlan {
    /// The facet.
    pub facet: &'static Facet,
    /// How many values to give.
    pub first: u64,
    /// The conditions on the records: those of the list without the filter of the facet.
    pub only: Vec<Predicate>,
    /// What the filter of the facet says: a value that passes all tests is selected. Without tests none is.
    pub selected: Vec<Test>,
    /// The order of values with equal counts, where they are words.
    pub order: Vec<String>,
    /// The selected fields, by response key.
    pub fields: Vec<(String, FacetField)>,
}

/// A selected field of a facet.
#[allow(missing_docs, reason = "the names are those of the fields")]
pub enum FacetField {
    Constant(String),
    Total,
    Missing,
    Buckets(Vec<(String, BucketField)>),
}

/// A selected field of a bucket.
#[allow(missing_docs, reason = "the names are those of the fields")]
pub enum BucketField {
    Constant(String),
    Value,
    /// With the wanted languages.
    Label(Arguments),
    /// With the plan of each type of the facet.
    Record(Vec<ObjectPlan>),
    Count,
    IsSelected,
}

/// The plan of a histogram.
pub struct HistogramPlan {
    /// Its date.
    pub date: DateOfHistogram,
    /// The interval, the range and the selected fields, for `histogram::histogram`.
    pub arguments: Arguments,
    /// The usual size of its JSON.
    pub bytes: u64,
}

/// The plan of the nodes of a list.
pub enum NodePlan {
    /// The row itself.
    One(ObjectPlan),
    /// The row is a record of one of these types. Deleted records are shown as well: the conditions of the list decide.
    Any(Vec<ObjectPlan>),
}

/// A selected field of an edge.
pub enum EdgeFieldPlan {
    /// `__typename`, or null for data that the link does not have.
    Constant(String),
    /// `node`
    Node(NodePlan),
    /// `cursor`
    Cursor,
    /// Data of the link.
    EdgeData(Scalar, EdgeData),
}

/// A selected field of `pageInfo`.
#[allow(missing_docs, reason = "the names are those of the fields")]
pub enum PageInfoField {
    Constant(String),
    HasNextPage,
    HasPreviousPage,
    StartCursor,
    EndCursor,
}

/// How a root field identifies a record.
pub enum RecordLookup {
    /// By its id or key. That of a merged record finds the record that it was merged into.
    Reference(Reference),
    /// By its address in another database.
    SameAs(String),
    /// By the address of an article.
    Url(String),
}

/// The plan of a root field.
pub enum RootPlan {
    /// A record of one type; `others` are further types, for the message where the id belongs to one of them.
    One { reference: Reference, object: ObjectPlan, others: Vec<&'static Type> },
    /// A record of any type; `others` are types that have ids but are not records.
    Any { lookup: RecordLookup, branches: Vec<ObjectPlan>, others: Vec<ObjectPlan> },
    /// Objects of any type, in the order of their references. With `include_deleted`, records in the bin are found as
    /// well.
    Many { references: Vec<Reference>, branches: Vec<ObjectPlan>, others: Vec<ObjectPlan>, include_deleted: bool },
    /// A list.
    Connection(Box<ConnectionPlan>),
    /// A field that belongs to no row: a list whose link is a subquery, or a constant.
    Field { ty: &'static Type, field: FieldPlan },
}

impl FieldPlan {
    /// The cursor of a row in a list whose order has columns of the row only.
    #[must_use]
    pub fn cursor(list: &str, order: &[Key]) -> Self {
        let inputs = order.iter().filter_map(Key::own_column).collect();
        Self::Computed { inputs, by: page::cursor, arguments: page::cursor_arguments(list, order) }
    }
}

impl ConnectionPlan {
    /// Whether a field of `pageInfo` is selected.
    #[must_use]
    pub fn asks(&self, wanted: fn(&PageInfoField) -> bool) -> bool {
        self.fields
            .iter()
            .any(|(_, part)| matches!(part, ConnectionField::PageInfo(info) if info.iter().any(|(_, i)| wanted(i))))
    }
}
