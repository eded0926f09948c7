//! Comparisons of one column with values. Values are always bound, never written into the statement.

use chrono::{DateTime, NaiveDate, Utc};
use entity::Reference;
use uuid::Uuid;

/// A value that a condition compares with.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the names are those of the scalars")]
pub enum Bound {
    Id(Uuid),
    Text(String),
    Int(i64),
    Float(f64),
    Boolean(bool),
    Date(NaiveDate),
    Time(DateTime<Utc>),
}

/// A set of values of one kind. Its size does not change the text of the statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Set {
    /// Ids as they are.
    Ids(Vec<Uuid>),
    /// Records by id or key. A merged record stands for its survivor.
    Records(Vec<Reference>),
    /// Texts.
    Texts(Vec<String>),
    /// Values of an enumeration.
    Values(Vec<String>),
}

/// One comparison. It does not hold for null, except for `IsNull`.
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
    /// Greater than the value.
    Above(Bound),
    /// Less than the value.
    Below(Bound),
    /// Begins with this text, byte by byte.
    StartsWith(String),
    /// Contains this text, byte by byte. A space before the column counts as well, so that ` a` finds words that begin with `a`.
    Contains(String),
    /// Null, or not null.
    IsNull(bool),
}
