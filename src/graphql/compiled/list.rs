//! The list that a connection pages through, before the arguments of the request are applied.

use crate::store::read::{
    declare::{Key, Link, Type},
    filter::Predicate,
};

/// A list without the arguments of the request.
pub struct List {
    /// Its name, for its cursors.
    pub name: String,
    /// How its rows belong to their parent.
    pub link: Link,
    /// Conditions on the rows.
    pub only: Vec<Predicate>,
    /// A fixed order, which must end with a unique key. `None`: the requested or default order.
    pub order: Option<Vec<Key>>,
    /// The type whose filters its `where` has, if they are not those of its items.
    pub filters: Option<&'static Type>,
}

impl List {
    /// A list in the requested or default order.
    #[must_use]
    pub fn new(name: impl Into<String>, link: Link, only: Vec<Predicate>) -> Self {
        Self { name: name.into(), link, only, order: None, filters: None }
    }
}
