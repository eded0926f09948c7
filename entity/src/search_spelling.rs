//! Derived: the words of all names, by what similar spellings share. Words stay when no name has them.

use sea_orm::entity::prelude::*;

/// Derived: the words of all names, by what similar spellings share. Words stay when no name has them.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "search_spelling")]
pub struct Model {
    /// What similar spellings share.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub key: String,
    /// The word as it is written.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub text: String,
    /// The folded word.
    #[sea_orm(column_type = "Text")]
    pub form: String,
}

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
