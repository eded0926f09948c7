//! Conditions on rows as data: a `where` after coercion and checks. `sql` writes them as SQL.

pub use super::comparison::{Bound, Set, Test};

use super::{link::Link, record_search::RecordSearch, table::Table};

/// The cost of a row behind a link: an estimate of how many rows the database looks at.
const LINK: u64 = 10;

/// A tree of conditions. Negation is two-valued: a condition on null does not hold, so its negation holds.
#[derive(Clone)]
pub enum Predicate {
    /// All hold. An empty list holds.
    All(Vec<Predicate>),
    /// At least one holds. An empty list does not.
    Any(Vec<Predicate>),
    /// It does not hold.
    Not(Box<Predicate>),
    /// A comparison of a column of the row.
    Test(&'static str, Test),
    /// A comparison of a column of the link that leads to the row.
    OfLink(&'static str, Test),
    /// Some row of a link satisfies a condition.
    Some(Box<LinkedRows>),
    /// The same, if few rows of the table satisfy the condition; else it holds. Another condition decides in any case: this one only spares
    /// its comparison for most rows. No index finds the rows of a list by it, so they are looked at in their order.
    SomeOfFew(Box<LinkedRows>),
    /// Each of these records is a row of a link.
    Each(Box<LinkedRows>, Set),
    /// The point of the row is in a circle.
    Near(Circle),
    /// The row of `record_gram` has all of these grams.
    HasGrams(Vec<String>),
    /// The row is a record that a search finds.
    Found(Box<RecordSearch>),
}

/// The visible rows of a link that satisfy a condition.
#[derive(Clone)]
pub struct LinkedRows {
    /// Where the rows are, and which are visible.
    pub table: &'static Table,
    /// How they belong to the row of the condition.
    pub link: Link,
    /// What they satisfy. It may test columns of the link as well.
    pub only: Vec<Predicate>,
}

/// The points of the Earth around one of them. The Earth is taken as a sphere, on which each point is a unit vector.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Circle {
    /// The vector of the centre.
    pub centre: [f64; 3],
    /// The square of the greatest distance of two vectors, in a straight line.
    pub chord_squared: f64,
}

impl Predicate {
    /// Some row of a link satisfies the conditions.
    #[must_use]
    pub fn some_row(table: &'static Table, link: impl Into<Link>, only: Vec<Self>) -> Self {
        Self::Some(Box::new(LinkedRows { table, link: link.into(), only }))
    }
    /// The complement.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Test(column, Test::IsNull(wanted)) => Self::Test(column, Test::IsNull(!wanted)),
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }
    /// The predicate if `wanted`, else its complement.
    #[must_use]
    pub fn when(self, wanted: bool) -> Self {
        if wanted { self } else { self.negated() }
    }
    /// All of the conditions as one; a single one as it is.
    #[must_use]
    pub fn all_of(mut conditions: Vec<Self>) -> Self {
        if conditions.len() == 1 { conditions.remove(0) } else { Self::All(conditions) }
    }
    /// At least one of the conditions as one; a single one as it is.
    #[must_use]
    pub fn any_of(mut conditions: Vec<Self>) -> Self {
        if conditions.len() == 1 { conditions.remove(0) } else { Self::Any(conditions) }
    }
    /// Whether it is an empty list of conditions, so that every row satisfies it.
    #[must_use]
    pub fn always_holds(&self) -> bool {
        matches!(self, Self::All(list) if list.is_empty())
    }
    /// The same condition on the only row that a link leads to. Where there is none, no comparison holds, so that the
    /// complement of one does.
    #[must_use]
    pub fn behind(self, table: &'static Table, link: &Link) -> Self {
        let each = |list: Vec<Self>| list.into_iter().map(|inner| inner.behind(table, link)).collect();
        match self {
            Self::All(list) => Self::All(each(list)),
            Self::Any(list) => Self::Any(each(list)),
            Self::Not(inner) => Self::Not(Box::new(inner.behind(table, link))),
            // the complement of a comparison, as `negated` writes it
            Self::Test(column, Test::IsNull(true)) => {
                Self::Test(column, Test::IsNull(false)).behind(table, link).negated()
            }
            comparison => Self::some_row(table, link.clone(), vec![comparison]),
        }
    }
    /// What it may cost: each link to several rows multiplies what stands in it, because its rows are looked at.
    #[must_use]
    pub fn cost(&self) -> u64 {
        let sum = |list: &[Self]| list.iter().map(Self::cost).fold(0, u64::saturating_add);
        match self {
            Self::All(list) | Self::Any(list) => sum(list),
            Self::Not(inner) => inner.cost(),
            Self::Some(rows) | Self::SomeOfFew(rows) | Self::Each(rows, _) => {
                let one = sum(&rows.only).saturating_add(1);
                if rows.link.leads_to_one() { one } else { LINK.saturating_mul(one) }
            }
            Self::Test(..) | Self::OfLink(..) | Self::Near(_) | Self::HasGrams(_) | Self::Found(_) => 1,
        }
    }
    /// What its searches cost. The hits of each are found once.
    #[must_use]
    pub fn cost_of_searches(&self) -> u64 {
        let sum = |list: &[Self]| list.iter().map(Self::cost_of_searches).fold(0, u64::saturating_add);
        match self {
            Self::All(list) | Self::Any(list) => sum(list),
            Self::Not(inner) => inner.cost_of_searches(),
            Self::Some(rows) | Self::SomeOfFew(rows) | Self::Each(rows, _) => sum(&rows.only),
            Self::Found(search) => search.cost(),
            Self::Test(..) | Self::OfLink(..) | Self::Near(_) | Self::HasGrams(_) => 0,
        }
    }
}
