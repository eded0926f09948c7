//! Orders of lists and their keys.

use super::scalar::{Column, Scalar};

/// The source of a sort key.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum KeyColumn {
    /// A column of the row, or its copy in the link table.
    Own(&'static str),
    /// A column of the row's `record`.
    Record(&'static str),
    /// A column of the row with 64-bit integers.
    Long(&'static str),
    /// A nullable number, with the value that stands for null.
    Number(&'static str, f64),
}

/// A sort key with its direction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Key {
    /// Its source.
    pub column: KeyColumn,
    /// Its scalar, by which the values of cursors are bound.
    pub scalar: Scalar,
    /// Greatest first.
    pub descending: bool,
}

/// A named order that a list offers.
pub struct Order {
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
    /// The keys for ASC. The id is always added last.
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
    /// The column of the row that it reads, if it is one.
    #[must_use]
    pub const fn own_column(&self) -> Option<Column> {
        match self.column {
            KeyColumn::Own(name) | KeyColumn::Long(name) => Some(Column { name, scalar: self.scalar, nullable: false }),
            KeyColumn::Record(_) | KeyColumn::Number(..) => None,
        }
    }
    /// The same key in the other direction.
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
