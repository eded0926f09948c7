//! Dates that are given relative to another record.

use sea_orm::entity::prelude::*;

use crate::{Id, vocabulary::TemporalRelation};

/// Dates that are given relative to another record.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "relative_date")]
pub struct Model {
    /// The row's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// The record that has the date; null for the date of a citation.
    pub record_id: Option<Id>,
    /// The citation that has the date; null for the date of a record.
    pub citation_id: Option<Id>,
    /// The field of the date, such as `date` or `born`.
    #[sea_orm(column_type = "Text")]
    pub field: String,
    /// The event or article that it is relative to.
    pub anchor_id: Id,
    /// The relation of the date to that of the anchor.
    pub relation: TemporalRelation,
    /// The distance from the anchor, as an ISO 8601 duration.
    #[sea_orm(column_type = "Text", nullable)]
    pub duration: Option<String>,
    /// Whether the distance is approximate.
    pub is_approximate: bool,
    /// Whether an editor gave a date as well. Such a date is never resolved again.
    pub is_asserted: bool,
}

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
