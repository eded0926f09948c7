//! Links: how the rows of a list belong to their parent.

use super::{
    comparison::Test,
    scalar::{Arguments, Column},
    sql::builder::{Row, Sql},
};
use sea_orm::sea_query::{Expr, SelectStatement};

/// How the rows of a list belong to their parent.
#[derive(Clone)]
pub enum Link {
    /// Every row of the table: a root list.
    All,
    /// `child.<column> = parent.id`
    Back(&'static str),
    /// `child.<column> = parent.<other>`
    Match(&'static str, &'static str),
    /// `link.<parent_column> = parent.id and child.id = link.<child_column>`
    Through(Through),
    /// Through a link table, but each row once, even if the table has it more than once.
    Among(Through),
    /// The rows of a subquery, whose columns are those of the child, and how many rows it usually looks at.
    Select(fn(&Sql, &Row, &Arguments) -> SelectStatement, u64),
    /// `child.<column> = parent.id or child.<other> = parent.id`
    Either(&'static str, &'static str),
}

impl Link {
    /// Whether it leads to at most one row.
    #[must_use]
    pub fn leads_to_one(&self) -> bool {
        matches!(self, Self::Match("id", _))
    }
}

/// A link table.
#[derive(Clone)]
pub struct Through {
    pub(crate) table: &'static str,
    pub(crate) parent_column: &'static str,
    pub(crate) child_column: &'static str,
    /// Columns of the child that the link table copies, so that an index of the link table serves the order.
    pub(crate) copies: &'static [&'static str],
    /// Conditions on columns of the link table.
    pub(crate) only: Vec<(&'static str, Test)>,
    /// Data of the link for fields of the edge, by field.
    pub(crate) edge_data: Vec<(&'static str, EdgeData)>,
}

/// Data of a link for a field of the edge.
#[derive(Clone, Copy)]
pub enum EdgeData {
    /// A column of the link.
    Column(Column),
    /// A JSON text computed from the parent and the child.
    Expression(fn(&Sql, &Row, &Row) -> Expr),
}

/// A link through a table.
#[must_use]
pub fn through(table: &'static str, parent_column: &'static str, child_column: &'static str) -> Through {
    Through { table, parent_column, child_column, copies: &[], only: vec![], edge_data: vec![] }
}

impl Through {
    /// Sets the columns of the child that the link table copies.
    #[must_use]
    pub fn copies(mut self, columns: &'static [&'static str]) -> Self {
        self.copies = columns;
        self
    }
    /// Adds a condition on the rows of the link table.
    #[must_use]
    pub fn only(mut self, column: &'static str, test: Test) -> Self {
        self.only.push((column, test));
        self
    }
    /// Adds data for a field of the edge.
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
