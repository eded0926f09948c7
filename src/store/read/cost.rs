//! What a plan costs: the rows that the database has to find, the rows that it has to count, and the bytes of the answer. The cost is
//! known before the plan runs.

mod advice;

pub use advice::{Advice, advice};

use super::{
    declare::{FacetValues, Link, Scalar, Type},
    filter::Predicate,
    plan::{
        BucketField, ConnectionField, ConnectionPlan, EdgeFieldPlan, FacetField, FacetPlan, FieldPlan, NodePlan,
        ObjectPlan, RootPlan,
    },
    table_size::TableSizes,
    turn::Lane,
};

/// The cost of a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Rows and computed values.
    work: u64,
    /// What counts cost.
    counts: u64,
    /// The usual size of the answer in bytes.
    bytes: u64,
}

/// The highest cost of a cheap read: the pages of a front end, with some nested lists that are shorter than their pages.
const CHEAP: u64 = 15_000;
/// What the counts of a cheap read may cost. They visit as many rows as they cost, while most lists are short.
const CHEAP_COUNTS: u64 = 2_000;
/// How many bytes cost as much as one row.
const BYTES_PER_UNIT: u64 = 512;
/// The usual size of a short value with its key.
const SHORT_VALUE: u64 = 32;
/// The usual sizes of long texts, by table and column. The changes of a revision have no table.
const LONG_TEXTS: [(&str, &str, u64); 5] = [
    ("article", "body", 6 * 1024),
    ("article", "abstract", 1024),
    ("revision", "snapshot", 8 * 1024),
    ("", "before", 1024),
    ("", "after", 1024),
];
/// The estimated length of a list without pages, such as names or ancestors.
const SHORT_LIST: u64 = 5;
/// A count within one of many rows visits only a part of its table. From the second row on, it costs this part of a whole one.
const PART_OF_COUNT: u64 = 100;

impl Cost {
    const ROW: Self = Self { work: 1, counts: 0, bytes: 0 };
    const ZERO: Self = Self { work: 0, counts: 0, bytes: 0 };
    /// The cost of a read that turned out to be expensive.
    pub(super) const EXPENSIVE: Self = Self { work: CHEAP + 1, counts: 0, bytes: 0 };

    /// The cost of so many bytes of an answer.
    #[must_use]
    pub fn of_bytes(bytes: u64) -> Self {
        Self { bytes, ..Self::ZERO }
    }

    /// The cost of work that is no read.
    #[must_use]
    pub fn of_work(work: u64) -> Self {
        Self { work, ..Self::ZERO }
    }

    /// The cost as one number.
    #[must_use]
    pub fn total(self) -> u64 {
        self.work.saturating_add(self.counts).saturating_add(self.bytes / BYTES_PER_UNIT)
    }

    /// Which reads a read with this cost competes with. A driver moves a read that turns out to be expensive.
    #[must_use]
    pub fn lane(self) -> Lane {
        if self.total() <= CHEAP && self.counts <= CHEAP_COUNTS { Lane::Cheap } else { Lane::Expensive }
    }

    /// The usual size of the answer in bytes.
    #[must_use]
    pub fn bytes(self) -> u64 {
        self.bytes
    }

    /// The cost of both.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            work: self.work.saturating_add(other.work),
            counts: self.counts.saturating_add(other.counts),
            bytes: self.bytes.saturating_add(other.bytes),
        }
    }

    /// The cost of this number of rows.
    #[must_use]
    pub fn times(self, rows: u64) -> Self {
        let others = self.counts.saturating_mul(rows.saturating_sub(1)) / PART_OF_COUNT;
        Self {
            work: self.work.saturating_mul(rows),
            counts: if rows == 0 { 0 } else { self.counts.saturating_add(others) },
            bytes: self.bytes.saturating_mul(rows),
        }
    }

    /// The larger one of each part.
    fn or(self, other: Self) -> Self {
        Self {
            work: self.work.max(other.work),
            counts: self.counts.max(other.counts),
            bytes: self.bytes.max(other.bytes),
        }
    }
}

fn sum(costs: impl Iterator<Item = Cost>) -> Cost {
    costs.fold(Cost::ZERO, Cost::plus)
}

fn largest<'a>(objects: impl Iterator<Item = &'a ObjectPlan>, sizes: &TableSizes) -> Cost {
    objects.map(|object| object.cost(sizes)).fold(Cost::ZERO, Cost::or)
}

/// The usual size of a column with its key.
fn of_column(table: &str, name: &str, scalar: Scalar) -> Cost {
    let long = LONG_TEXTS.iter().find(|(of, column, _)| (*of, *column) == (table, name));
    let size = match long {
        Some((_, _, size)) => *size,
        None if scalar == Scalar::Text => 2 * SHORT_VALUE,
        None => SHORT_VALUE,
    };
    Cost::of_bytes(size)
}

impl ObjectPlan {
    fn cost(&self, sizes: &TableSizes) -> Cost {
        sum(self.fields.iter().map(|(_, field)| field.cost(self.ty, sizes))).plus(Cost::ROW)
    }
}

impl NodePlan {
    fn cost(&self, sizes: &TableSizes) -> Cost {
        match self {
            Self::One(object) => object.cost(sizes),
            Self::Any(branches) => largest(branches.iter(), sizes),
        }
    }
}

impl FieldPlan {
    fn cost(&self, ty: &Type, sizes: &TableSizes) -> Cost {
        match self {
            Self::Constant(_) | Self::Computed { .. } => Cost::of_bytes(SHORT_VALUE),
            Self::Column(column) | Self::Record(column) => of_column(ty.table.name, column.name, column.scalar),
            Self::Expression { scalar, .. } => of_column("", "", *scalar).plus(Cost::ROW),
            // the columns of the same row
            Self::Embedded { object, .. } => {
                let cost = object.cost(sizes);
                Cost { work: cost.work - 1, ..cost }
            }
            Self::One { object, .. } | Self::Row { object, .. } => object.cost(sizes),
            Self::Any { branches, first, .. } => {
                largest(branches.iter().chain(first.iter().map(|(_, object)| object)), sizes)
            }
            Self::Found { branches, .. } => largest(branches.iter(), sizes),
            Self::List { link, limit, object, .. } => {
                let made = if let Link::Select(_, rows) = link { *rows } else { 0 };
                object.cost(sizes).times(limit.unwrap_or(SHORT_LIST)).plus(Cost::of_work(made))
            }
            Self::Values { scalar, .. } => of_column("", "", *scalar).plus(Cost::ROW).times(SHORT_LIST),
            Self::Connection(connection) => connection.cost(sizes),
        }
    }
}

impl ConnectionPlan {
    /// The page size times the cost of a row, and what the counts cost.
    fn cost(&self, sizes: &TableSizes) -> Cost {
        self.row(sizes).times(self.page.size).plus(self.rest(sizes))
    }

    /// The cost of one row of the page.
    fn row(&self, sizes: &TableSizes) -> Cost {
        sum(self.fields.iter().map(|(_, field)| match field {
            ConnectionField::Nodes(node) => node.cost(sizes),
            ConnectionField::Edges(edge) => {
                let fields = edge.iter().map(|(_, field)| match field {
                    EdgeFieldPlan::Node(node) => node.cost(sizes),
                    EdgeFieldPlan::Constant(_) | EdgeFieldPlan::Cursor | EdgeFieldPlan::EdgeData(..) => {
                        Cost::of_bytes(SHORT_VALUE)
                    }
                });
                sum(fields).plus(Cost::ROW)
            }
            _ => Cost::ZERO,
        }))
    }

    /// The cost of all else.
    fn rest(&self, sizes: &TableSizes) -> Cost {
        let count = match &self.link {
            Link::Through(through) | Link::Among(through) => {
                sizes.cost_of_count(self.ty.table.name).max(sizes.cost_of_count(through.table))
            }
            _ => sizes.cost_of_count(self.ty.table.name),
        };
        let fields = self.fields.iter().map(|(_, field)| match field {
            ConnectionField::TotalCount => Cost { counts: count, ..Cost::ZERO },
            ConnectionField::Histogram(plan) => Cost { counts: count, ..Cost::of_bytes(plan.bytes) },
            ConnectionField::Facets(facets) => sum(facets.iter().map(|facet| facet.cost(count, sizes))),
            _ => Cost::ZERO,
        });
        sum(fields).plus(Cost::of_work(comparisons(&self.only))).plus(self.scan(sizes))
    }

    /// A condition without an index looks at each row of a whole table until the page is full. Where few rows satisfy it, that is as much
    /// as a count. The rows of one parent are found by their link.
    fn scan(&self, sizes: &TableSizes) -> Cost {
        let table = self.ty.table.name;
        let is_scan = matches!(self.link, Link::All)
            && !self.only.is_empty()
            && !self.only.iter().any(|only| only.is_indexed(table));
        Cost { counts: if is_scan { sizes.cost_of_count(table) } else { 0 }, ..Cost::ZERO }
    }
}

impl FacetPlan {
    /// A count of all records with their values, another one of those without a value, and what the buckets cost.
    fn cost(&self, count: u64, sizes: &TableSizes) -> Cost {
        let count = match &self.facet.values {
            FacetValues::Own(_) => count,
            FacetValues::Linked(linked) => count.max(sizes.cost_of_count(linked.table)),
        };
        let is_missing = |field: &FacetField| matches!(field, FacetField::Missing);
        let is_never_missing = matches!(&self.facet.values, FacetValues::Own(column) if !column.nullable);
        let has_missing = !is_never_missing && self.fields.iter().any(|(_, field)| is_missing(field));
        let has_others = self.fields.iter().any(|(_, field)| !is_missing(field));
        let passes = u64::from(has_missing) + u64::from(has_others);
        let counted = Cost { work: comparisons(&self.only), counts: count.saturating_mul(passes), bytes: 0 };
        self.bucket(sizes).times(self.first).plus(counted)
    }

    /// The cost of one bucket.
    fn bucket(&self, sizes: &TableSizes) -> Cost {
        let fields = self.fields.iter().filter_map(|(_, field)| match field {
            FacetField::Buckets(fields) => Some(fields),
            _ => None,
        });
        sum(fields.flatten().map(|(_, field)| match field {
            BucketField::Record(branches) => largest(branches.iter(), sizes),
            BucketField::Label(_) => of_column("", "", Scalar::Text).plus(Cost::ROW),
            _ => Cost::of_bytes(SHORT_VALUE),
        }))
    }
}

fn comparisons(only: &[Predicate]) -> u64 {
    let costs = only.iter().map(|only| only.cost().saturating_add(only.cost_of_searches()));
    costs.fold(1, u64::saturating_add)
}

impl RootPlan {
    /// The cost of the root field.
    #[must_use]
    pub fn cost(&self, sizes: &TableSizes) -> Cost {
        match self {
            Self::One { object, .. } => object.cost(sizes),
            Self::Any { branches, others, .. } => largest(branches.iter().chain(others), sizes),
            Self::Many { references, branches, others, .. } => {
                largest(branches.iter().chain(others), sizes).times(references.len() as u64)
            }
            Self::Connection(connection) => connection.cost(sizes),
            Self::Field { ty, field } => field.cost(ty, sizes),
        }
    }
}

#[cfg(test)]
mod tests;
