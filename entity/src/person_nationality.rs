//! The nationalities of a person, in order.

use sea_orm::entity::prelude::*;

use crate::Id;

/// The nationalities of a person, in order.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person_nationality")]
pub struct Model {
    /// The person.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Id,
    /// The country.
    #[sea_orm(primary_key, auto_increment = false)]
    pub place_id: Id,
    /// The place in the list, from 0.
    pub position: i32,
    /// A copy of the person's sort key.
    pub name_key: String,
}

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
