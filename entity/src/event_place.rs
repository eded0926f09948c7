//! The places of an event, in order.

use sea_orm::entity::prelude::*;

use crate::Id;

/// The places of an event, in order.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event_place")]
pub struct Model {
    /// The event.
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_id: Id,
    /// The place.
    #[sea_orm(primary_key, auto_increment = false)]
    pub place_id: Id,
    /// The place in the list, from 0.
    pub position: i32,
    /// Where in the place, such as "the east of".
    #[sea_orm(column_type = "Text", nullable)]
    pub description: Option<String>,
    /// Whether it is certain that it happened there.
    pub is_certain: bool,
    /// A copy of the event's rank.
    pub rank_asc: i32,
    /// A copy of the event's rank.
    pub rank_desc: i32,
    /// A copy of the event's rank.
    pub rank_end: i32,
}

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
