//! The orders that lists offer, as declarations say them.

use super::scalar::Scalar;

/// Where a key of an order is found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum KeyColumn {
    /// A column of the row (or of its link, where the link carries a copy).
    Own(&'static str),
    /// A column of whole numbers of which the greatest stands for nothing, so that such rows come last, and a twin of it,
    /// in which the least stands for that: the twin's index serves both directions.
    Twin {
        /// The column.
        column: &'static str,
        /// What stands for nothing there.
        absent: i32,
        /// Its twin.
        twin: &'static str,
        /// What stands for nothing there.
        twin_absent: i32,
    },
    /// A column of the row's `record`.
    Record(&'static str),
    /// A column of the row that holds whole numbers of more than 32 bits.
    Long(&'static str),
    /// A nullable number, with what stands for null.
    Number(&'static str, f64),
}

/// One key of an order and its direction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Key {
    /// Where it is found.
    pub column: KeyColumn,
    /// What it holds: decides how a cursor's value is bound.
    pub scalar: Scalar,
    /// Greatest first.
    pub descending: bool,
}

/// A named order that a list offers.
pub struct Order {
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
    /// The keys for ASC; those for DESC. The id is always added last.
    pub(crate) ascending: Vec<Key>,
    pub(crate) descending: Vec<Key>,
}

/// A key that ascends.
#[must_use]
pub const fn asc(column: &'static str, scalar: Scalar) -> Key {
    Key { column: KeyColumn::Own(column), scalar, descending: false }
}
/// A key that descends.
#[must_use]
pub const fn desc(column: &'static str, scalar: Scalar) -> Key {
    Key { column: KeyColumn::Own(column), scalar, descending: true }
}

impl Key {
    /// The same key, the other way round.
    #[must_use]
    pub const fn reversed(mut self) -> Self {
        self.descending = !self.descending;
        self
    }
}

/// An order by the same keys in both directions.
#[must_use]
pub fn order(name: &'static str, doc: &'static str, keys: Vec<Key>) -> Order {
    let descending = keys.iter().map(|k| k.reversed()).collect();
    Order { name, doc, ascending: keys, descending }
}
