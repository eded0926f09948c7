//! Derived: the words of all texts, with their terms. Words stay when no text has them.

use sea_orm::entity::prelude::*;

/// Derived: the words of all texts, with their terms. Words stay when no text has them.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "search_form")]
pub struct Model {
    /// The folded word.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub form: String,
    /// A term of it.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub term: String,
}

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
