//! Derived: the organizations of every place and of all places that contain it.

use sea_orm::entity::prelude::*;

use crate::Id;

/// Derived: the organizations of every place and of all places that contain it, each once, by headquarters, country or both.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "place_organization")]
pub struct Model {
    /// The place, or one that contains it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub place_id: Id,
    /// The organization.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Id,
    /// A copy of the organization's sort key.
    pub name_key: String,
    /// How many places are between this place and the headquarters: 0 if these are in the place itself, null if they are elsewhere.
    pub headquarters_depth: Option<i32>,
    /// The same for the country.
    pub country_depth: Option<i32>,
}

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
