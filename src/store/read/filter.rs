//! Conditions on rows as data: a `where` after coercion and checks. `sql` writes them as SQL.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

/// A value that a condition compares with. It is always bound, never written into the statement.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the names are those of the scalars")]
pub enum Bound {
    Id(Uuid),
    Text(String),
    Int(i64),
    Float(f64),
    Date(NaiveDate),
    Time(DateTime<Utc>),
}

/// A set of values of one kind. It is one parameter, so that the text of the statement does not depend on its size.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the names are those of the scalars")]
pub enum Set {
    Ids(Vec<Uuid>),
    Texts(Vec<String>),
}

/// The column that a condition tests.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Subject {
    /// A column of the row.
    Own(&'static str),
    /// A column of another table whose rows refer to this row. The condition holds if it holds for at least one of
    /// them.
    Other {
        /// The other table.
        table: &'static str,
        /// Its column with the id of the row.
        join_column: &'static str,
        /// The tested column.
        column: &'static str,
    },
    /// A column of the row of another table that a column of this row refers to.
    Of {
        /// The row's column.
        key: &'static str,
        /// The other table.
        table: &'static str,
        /// The tested column.
        column: &'static str,
    },
}

/// One comparison.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// Equal to the value.
    Equals(Bound),
    /// One of the values.
    In(Set),
    /// At least the value.
    AtLeast(Bound),
    /// At most the value.
    AtMost(Bound),
    /// Null, or not null.
    IsNull(bool),
}

/// A tree of conditions. Negation is two-valued: a condition on null does not hold, so its negation holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Predicate {
    /// All hold. An empty list holds.
    All(Vec<Predicate>),
    /// At least one holds. An empty list does not.
    Any(Vec<Predicate>),
    /// It does not hold.
    Not(Box<Predicate>),
    /// A comparison.
    Test(Subject, Test),
}

impl Predicate {
    /// A comparison of a column of the row.
    #[must_use]
    pub const fn own(column: &'static str, test: Test) -> Self {
        Self::Test(Subject::Own(column), test)
    }
    /// The number of comparisons: a part of the cost.
    #[must_use]
    pub fn size(&self) -> usize {
        match self {
            Self::All(list) | Self::Any(list) => list.iter().map(Self::size).sum(),
            Self::Not(inner) => inner.size(),
            Self::Test(..) => 1,
        }
    }
}
