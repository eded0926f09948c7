//! Derived: every place with all places that contain it, itself included.

use sea_orm::entity::prelude::*;

use crate::Id;

/// Derived: every place with all places that contain it, itself included.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "place_closure")]
pub struct Model {
    /// The place that contains.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ancestor_id: Id,
    /// The place that is contained.
    #[sea_orm(primary_key, auto_increment = false)]
    pub descendant_id: Id,
    /// The number of steps between them; 0 for the place itself.
    pub depth: i32,
    /// A copy of the sort key of the contained place.
    pub name_key: String,
}

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
