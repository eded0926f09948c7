//! The list that a connection pages through, before the arguments of the request are applied.

use crate::store::read::{
    declare::{Key, Link},
    filter::Predicate,
};

/// A list, and what it holds before anything is asked of it.
pub struct List {
    /// Its name, for its cursors.
    pub name: String,
    /// How its rows belong to their parent.
    pub link: Link,
    /// Which of them.
    pub only: Vec<Predicate>,
    /// Its order, where that is neither the type's own nor asked for. It must be total.
    pub order: Option<Vec<Key>>,
}

impl List {
    /// A list in the order that is asked for, or that its type has.
    #[must_use]
    pub fn new(name: impl Into<String>, link: Link, only: Vec<Predicate>) -> Self {
        Self { name: name.into(), link, only, order: None }
    }
}
