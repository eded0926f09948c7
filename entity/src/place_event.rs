//! Derived: the events of every place and of all places that contain it. Those of a hidden place are its own only.

use sea_orm::entity::prelude::*;

use crate::Id;

/// Derived: the events of every place and of all places that contain it.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "place_event")]
pub struct Model {
    /// The place, or one that contains it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub place_id: Id,
    /// The event.
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_id: Id,
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
