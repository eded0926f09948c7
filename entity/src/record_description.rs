//! Descriptions of a record, one for each language.

use sea_orm::entity::prelude::*;

use crate::Id;

/// Descriptions of a record, one for each language.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "record_description")]
pub struct Model {
    /// The record.
    #[sea_orm(primary_key, auto_increment = false)]
    pub record_id: Id,
    /// The language, a BCP 47 tag.
    #[sea_orm(primary_key, auto_increment = false)]
    pub language: String,
    /// The place in the list, from 0.
    pub position: i32,
    /// The description.
    #[sea_orm(column_type = "Text")]
    pub text: String,
}

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
