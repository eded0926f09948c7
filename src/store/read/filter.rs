//! Conditions on rows, as data: what a `where` says once it is coerced and checked. No SQL stands here; `sql` writes it.

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

/// A set of values of one kind; it travels as one parameter, so that the statement's text does not depend on its size.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the names are those of the scalars")]
pub enum Set {
    Ids(Vec<Uuid>),
    Texts(Vec<String>),
}

/// What a condition looks at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Subject {
    /// A column of the row.
    Own(&'static str),
    /// A column of another table whose rows name this row: holds where at least one of them holds.
    Other {
        /// The other table.
        table: &'static str,
        /// Its column that names the row.
        join_column: &'static str,
        /// The column looked at.
        column: &'static str,
    },
    /// A column of the one row of another table that a column of the row names.
    Of {
        /// The row's column.
        key: &'static str,
        /// The other table.
        table: &'static str,
        /// The column looked at.
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

/// A tree of conditions. Negation follows two-valued logic: what is not known to hold does not hold, so its negation does.
#[derive(Clone, Debug, PartialEq)]
pub enum Predicate {
    /// All hold (and so does an empty list).
    All(Vec<Predicate>),
    /// At least one holds (an empty list never does).
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
    /// How many comparisons it makes: part of a statement's cost.
    #[must_use]
    pub fn size(&self) -> usize {
        match self {
            Self::All(list) | Self::Any(list) => list.iter().map(Self::size).sum(),
            Self::Not(inner) => inner.size(),
            Self::Test(..) => 1,
        }
    }
}
