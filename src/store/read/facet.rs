//! Constructors of the facets that declarations offer.

use super::{
    declare::{Column, FacetValues, LinkedValues, TableRef},
    filter::Test,
};
use sea_orm::ColumnTrait;

pub use super::words::{Words, language_of_labels};

/// Values in a column of the record.
pub fn own(column: impl ColumnTrait) -> FacetValues {
    FacetValues::Own(Column::of(column))
}

/// Values in the column `value` of the rows of a table whose column `owner` refers to the record.
#[must_use]
pub fn linked(table: &'static str, owner: &'static str, value: &'static str) -> LinkedValues {
    LinkedValues {
        table,
        rule: None,
        owner,
        hidden_owner: None,
        value,
        only: vec![],
        repeats: false,
        containing: false,
    }
}

impl LinkedValues {
    /// Adds a condition on the rows.
    #[must_use]
    pub fn only(mut self, column: &'static str, test: Test) -> Self {
        self.only.push((column, test));
        self
    }
    /// Some rows of the table are hidden by themselves.
    #[must_use]
    pub fn visible(mut self, table: TableRef) -> Self {
        self.rule = Some(table);
        self
    }
    /// The rows have a copy of whether their record is hidden. So a count over all records need not look each of them up.
    #[must_use]
    pub fn with_hidden_owner(mut self, column: &'static str) -> Self {
        self.hidden_owner = Some(column);
        self
    }
    /// A record may have several rows with the same value.
    #[must_use]
    pub fn repeated(mut self) -> Self {
        self.repeats = true;
        self
    }
    /// Each value is a place, and stands for all places that contain it as well.
    #[must_use]
    pub fn containing(mut self) -> Self {
        (self.repeats, self.containing) = (true, true);
        self
    }
}

impl From<LinkedValues> for FacetValues {
    fn from(linked: LinkedValues) -> Self {
        Self::Linked(linked)
    }
}
