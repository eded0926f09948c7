//! Plan -> one SQL statement that returns JSON. Each level is a correlated subquery, so that page limits hold per
//! parent, and only selected columns are read. `builder` has the state of a statement and single values, `object`
//! objects and short lists, `rows` the rows of a list, `condition` conditions on a row, `keyset` the rows of a page,
//! `connection` pages, `facet` facets and histograms, and `root` root fields.

pub mod builder;
mod condition;
mod connection;
mod facet;
mod keyset;
mod object;
mod root;
mod rows;

pub(super) use root::WRONG_KIND;
pub use root::{Statement, statement};
