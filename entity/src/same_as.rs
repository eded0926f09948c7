//! Addresses of the same entity in other databases. Each address belongs to one record.

use sea_orm::entity::prelude::*;

use crate::Id;

/// Addresses of the same entity in other databases. Each address belongs to one record.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "same_as")]
pub struct Model {
    /// The address.
    #[sea_orm(primary_key, auto_increment = false)]
    pub url: String,
    /// The record.
    pub record_id: Id,
    /// The place in the list, from 0.
    pub position: i32,
}

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
