//! How the rows of a list belong to their parent, as declarations say it.

use super::{
    filter::Predicate,
    scalar::{Arguments, Column},
    sql::builder::{Row, Sql},
};
use sea_orm::sea_query::{Expr, SelectStatement};

/// How the rows of a list belong to their parent. `only` narrows the link's own rows.
#[derive(Clone)]
pub enum Link {
    /// Every row of the table: a root list.
    All,
    /// `child.<column> = parent.id`
    Back(&'static str),
    /// `link.<near> = parent.id and child.id = link.<far>`
    Through(Through),
    /// As through a link table, but each row once, however often the table names it.
    Among(Through),
    /// Rows made by a statement of their own; its columns are the child's.
    Select(fn(&Sql, &Row, &Arguments) -> SelectStatement),
    /// `child.<column> = parent.id or child.<other> = parent.id`
    Either(&'static str, &'static str),
}

/// A link table.
#[derive(Clone)]
pub struct Through {
    pub(crate) table: &'static str,
    pub(crate) parent_column: &'static str,
    pub(crate) child_column: &'static str,
    /// Columns of the child that the link holds a copy of, so that an index of the link serves the order.
    pub(crate) copies: &'static [&'static str],
    pub(crate) only: Vec<Predicate>,
    /// What the link tells about an edge, by the edge's field.
    pub(crate) edge_data: Vec<(&'static str, EdgeData)>,
}

/// What a link tells about an edge.
#[derive(Clone, Copy)]
pub enum EdgeData {
    /// A column of the link.
    Column(Column),
    /// JSON text made from the parent's, the link's and the child's alias.
    Expression(fn(&Sql, &Row, &Row) -> Expr),
}

/// A link through a table.
#[must_use]
pub fn through(table: &'static str, parent_column: &'static str, child_column: &'static str) -> Through {
    Through { table, parent_column, child_column, copies: &[], only: vec![], edge_data: vec![] }
}

impl Through {
    /// Columns of the child that the link copies.
    #[must_use]
    pub fn copies(mut self, columns: &'static [&'static str]) -> Self {
        self.copies = columns;
        self
    }
    /// Only these rows of the link.
    #[must_use]
    pub fn only(mut self, predicate: Predicate) -> Self {
        self.only.push(predicate);
        self
    }
    /// What it tells about an edge.
    #[must_use]
    pub fn edge_data(mut self, field: &'static str, data: EdgeData) -> Self {
        self.edge_data.push((field, data));
        self
    }
}

impl From<Through> for Link {
    fn from(through: Through) -> Self {
        Self::Through(through)
    }
}
