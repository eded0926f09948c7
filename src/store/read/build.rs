//! Constructors for declarations: [`Type`], [`FieldDeclaration`] and their parts.

use super::{
    declare::{
        ArgumentDeclaration, Arguments, Column, Compute, DateOfHistogram, EdgeField, Facet, FacetMeaning, FacetValues,
        FieldDeclaration, FieldSource, Filter, FilterKind, Hidden, Interface, Key, KeyColumn, Link, Order, PickLink,
        RowCondition, Scalar, Table, TableRef, Type, TypeRef,
    },
    sql::builder::{Row, Sql},
};
use sea_orm::{ColumnTrait, sea_query::Expr};

impl Type {
    /// A type whose values are the rows of `table`.
    #[must_use]
    pub fn new(name: &'static str, table: &'static str, doc: &'static str) -> Self {
        Self {
            name,
            table: Table::new(table),
            doc,
            kind: None,
            family: None,
            interfaces: vec![],
            fields: vec![],
            orders: vec![],
            default_order: vec![],
            filters: vec![],
            combines: true,
            facets: vec![],
            histogram: None,
            edge: vec![],
        }
    }
    /// Its rows are records of this kind. Deleted and merged records are hidden.
    #[must_use]
    pub fn record(mut self, kind: &'static str) -> Self {
        self.kind = Some(kind);
        self.table.hidden = Hidden::Column("is_deleted");
        self
    }
    /// Its rows are records of any type that implements an interface, hidden ones included. It is used in lists only,
    /// under the name of the interface.
    #[must_use]
    pub fn any_of(mut self, family: fn() -> &'static Interface) -> Self {
        self.family = Some(family);
        self
    }
    /// It implements an interface.
    #[must_use]
    pub fn implements(mut self, interface: fn() -> &'static Interface) -> Self {
        self.interfaces.push(interface);
        self
    }
    /// Adds a field.
    #[must_use]
    pub fn with(mut self, field: FieldDeclaration) -> Self {
        self.fields.push(field);
        self
    }
    /// Adds fields.
    #[must_use]
    pub fn with_all(mut self, fields: Vec<FieldDeclaration>) -> Self {
        self.fields.extend(fields);
        self
    }
    /// Its rows are hidden while a record that one of these columns names is hidden.
    #[must_use]
    pub fn owned_by(mut self, columns: &'static [&'static str]) -> Self {
        self.table.owners = columns;
        self
    }
    /// A row names a record, or has a description of it, or both. It is hidden while the record is hidden and there is no description.
    #[must_use]
    pub fn names(mut self, record: &'static str, description: &'static str) -> Self {
        self.table.named = Some((record, description));
        self
    }
    /// Its rows may be parts of a row of another type. They are hidden while that row is hidden.
    #[must_use]
    pub fn part_of(mut self, column: &'static str, whole: TableRef) -> Self {
        self.table.wholes.push((column, whole));
        self
    }
    /// Adds an order that its lists offer.
    #[must_use]
    pub fn order(mut self, order: Order) -> Self {
        self.orders.push(order);
        self
    }
    /// Sets the default order of its lists.
    #[must_use]
    pub fn default_order(mut self, keys: Vec<Key>) -> Self {
        self.default_order = keys;
        self
    }
    /// Adds a filter that its lists offer.
    #[must_use]
    pub fn filter(mut self, name: &'static str, doc: &'static str, kind: impl Into<FilterKind>) -> Self {
        self.filters.push(Filter { name, doc, kind: kind.into() });
        self
    }
    /// Adds a facet that its lists offer. `leaf` is the path of its filter in `where`.
    #[must_use]
    pub fn facet(
        mut self,
        name: &'static str,
        doc: &'static str,
        leaf: &'static [&'static str],
        values: impl Into<FacetValues>,
        meaning: FacetMeaning,
    ) -> Self {
        self.facets.push(Facet { name, doc, leaf, values: values.into(), meaning });
        self
    }
    /// Its lists offer a histogram by this date.
    #[must_use]
    pub fn histogram(mut self, date: DateOfHistogram) -> Self {
        self.histogram = Some(date);
        self
    }
    /// Its filters are not combined by `and`, `or` and `not`.
    #[must_use]
    pub fn without_combination(mut self) -> Self {
        self.combines = false;
        self
    }
    /// The filter of that name.
    #[must_use]
    pub fn filter_named(&self, name: &str) -> Option<&Filter> {
        self.filters.iter().find(|filter| filter.name == name)
    }
    /// The input type of its filters.
    #[must_use]
    pub fn where_name(&self) -> String {
        format!("{}{}", self.name, if self.combines { "Where" } else { "Filter" })
    }
    /// Adds a field to its edges.
    #[must_use]
    pub fn edge(mut self, name: &'static str, ty: impl Into<String>, scalar: Scalar, doc: &'static str) -> Self {
        self.edge.push(EdgeField { name, doc, ty: ty.into(), scalar });
        self
    }
    /// Adds a count to its edges.
    #[must_use]
    pub fn edge_count(self, name: &'static str, doc: &'static str) -> Self {
        self.edge(name, Scalar::Int.name(), Scalar::Int, doc)
    }
    /// The field of that name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&FieldDeclaration> {
        self.fields.iter().find(|f| f.name == name)
    }
    /// Whether a fragment on `condition` applies to its values.
    #[must_use]
    pub fn is(&self, condition: &str) -> bool {
        self.name == condition || self.interfaces.iter().any(|i| i().name == condition)
    }
    /// The keys of the order with that name, in the requested direction.
    #[must_use]
    pub fn keys(&self, order: &str, descending: bool) -> Option<Vec<Key>> {
        if order == "ID" {
            return Some(vec![Key { column: KeyColumn::Own("id"), scalar: Scalar::Id, descending }]);
        }
        let found = self.orders.iter().find(|o| o.name == order)?;
        Some(if descending { found.descending.clone() } else { found.ascending.clone() })
    }
}

fn field(name: &'static str, doc: &'static str, source: FieldSource) -> FieldDeclaration {
    FieldDeclaration { name, doc, args: vec![], source, shared: None, reader_languages: false }
}

/// A field that is a column of its row.
pub fn column(name: &'static str, column: impl ColumnTrait, doc: &'static str) -> FieldDeclaration {
    field(name, doc, FieldSource::Column(Column::of(column)))
}
/// A field that is a column of a row without a sea-orm entity.
#[must_use]
pub fn raw_column(
    name: &'static str,
    column: &'static str,
    scalar: Scalar,
    nullable: bool,
    doc: &'static str,
) -> FieldDeclaration {
    field(name, doc, FieldSource::Column(Column { name: column, scalar, nullable }))
}
/// A field that is a column of the row's `record`.
pub fn of_record(name: &'static str, column: impl ColumnTrait, doc: &'static str) -> FieldDeclaration {
    field(name, doc, FieldSource::Record(Column::of(column)))
}
/// An object made of columns that share a prefix, null where `present` is null.
#[must_use]
pub fn embedded(
    name: &'static str,
    target: TypeRef,
    prefix: &'static str,
    present: &'static str,
    doc: &'static str,
) -> FieldDeclaration {
    field(name, doc, FieldSource::Embedded { target, prefix, present })
}
/// The row that a foreign key refers to.
pub fn one(name: &'static str, target: TypeRef, key: impl ColumnTrait, doc: &'static str) -> FieldDeclaration {
    field(name, doc, FieldSource::One { target, key: Column::of(key) })
}
/// A record that a foreign key refers to, of any type that implements an interface.
pub fn any(
    name: &'static str,
    family: fn() -> &'static Interface,
    key: impl ColumnTrait,
    kind: Option<&'static str>,
    doc: &'static str,
) -> FieldDeclaration {
    field(name, doc, FieldSource::Any { family, key: Column::of(key), kind, first: None })
}
/// At most one row of another table.
#[must_use]
pub fn row(name: &'static str, target: TypeRef, found: RowCondition, doc: &'static str) -> FieldDeclaration {
    field(name, doc, FieldSource::Row { target, found })
}
/// A short list without pages.
#[must_use]
pub fn list(
    name: &'static str,
    target: TypeRef,
    link: impl Into<Link>,
    order: Vec<Key>,
    doc: &'static str,
) -> FieldDeclaration {
    field(name, doc, FieldSource::List { target, link: link.into(), order, limit: None })
}
/// Plain values from another table.
#[must_use]
pub fn values(
    name: &'static str,
    scalar: Scalar,
    (table, column, parent_column, order): (&'static str, &'static str, &'static str, &'static str),
    doc: &'static str,
) -> FieldDeclaration {
    field(name, doc, FieldSource::Values { scalar, table, column, parent_column, order })
}
/// A connection; `link` says how its rows belong to the parent.
#[must_use]
pub fn connection(name: &'static str, target: TypeRef, link: PickLink, doc: &'static str) -> FieldDeclaration {
    field(name, doc, FieldSource::Connection { target, link })
}
/// A value computed in Rust from columns of the row.
#[must_use]
pub fn computed(
    name: &'static str,
    scalar: Scalar,
    ty: &'static str,
    inputs: Vec<Column>,
    by: Compute,
    doc: &'static str,
) -> FieldDeclaration {
    field(name, doc, FieldSource::Computed { inputs, ty, scalar, by })
}
/// A value computed in SQL.
#[must_use]
pub fn expression(
    name: &'static str,
    scalar: Scalar,
    nullable: bool,
    by: fn(&Sql, &Row, &Arguments) -> Expr,
    doc: &'static str,
) -> FieldDeclaration {
    field(name, doc, FieldSource::Expression { scalar, nullable, by })
}

impl FieldDeclaration {
    /// A field without a constructor of its own.
    #[must_use]
    pub fn new(name: &'static str, doc: &'static str, source: FieldSource) -> Self {
        field(name, doc, source)
    }
    /// Its column is not null where its object exists.
    #[must_use]
    pub fn required(mut self) -> Self {
        if let FieldSource::Column(c) = &mut self.source {
            c.nullable = false;
        }
        self
    }
    /// Adds an argument.
    #[must_use]
    pub fn arg(mut self, argument: ArgumentDeclaration) -> Self {
        self.args.push(argument);
        self
    }
    /// The scalar of the column, where its database type does not say it: an enumeration, an address, a language.
    #[must_use]
    pub fn is(mut self, special: Scalar) -> Self {
        if let FieldSource::Column(c) | FieldSource::Record(c) = &mut self.source {
            c.scalar = special;
        }
        self
    }
    /// Where this column is not null, the field is the row of `target` that the column refers to.
    #[must_use]
    pub fn or_row(mut self, column: &'static str, target: TypeRef) -> Self {
        if let FieldSource::Any { first, .. } = &mut self.source {
            *first = Some((column, target));
        }
        self
    }
    /// The list takes the argument `first`, with this default.
    #[must_use]
    pub fn first(mut self, default: &'static str) -> Self {
        if let FieldSource::List { limit, .. } = &mut self.source {
            *limit = Some(default);
        }
        self
    }
    /// The field may be null although its column is not: the record may be deleted.
    #[must_use]
    pub fn nullable(mut self) -> Self {
        if let FieldSource::Any { key, .. } | FieldSource::One { key, .. } = &mut self.source {
            key.nullable = true;
        }
        self
    }
    /// The interface that declares the field. The list has the same name for all its types, so that a cursor is valid
    /// for each of them.
    #[must_use]
    pub fn shared(mut self, interface: &'static str) -> Self {
        self.shared = Some(interface);
        self
    }
    /// Uses the reader's languages where the request names none.
    #[must_use]
    pub fn with_reader_languages(mut self) -> Self {
        self.reader_languages = true;
        self
    }
}
