//! Derived: the records that take part in events, once for each event.

use sea_orm::entity::prelude::*;

use crate::Id;

/// Derived: the records that take part in events, once for each event.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event_entity")]
pub struct Model {
    /// The record that takes part.
    #[sea_orm(primary_key, auto_increment = false)]
    pub entity_id: Id,
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
