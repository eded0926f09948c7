//! Derived: the terms of each record in the search index.

use sea_orm::entity::prelude::*;

/// Derived: the terms of each record in the search index.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "search_posting")]
pub struct Model {
    /// The term: a folded word without its endings.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub term: String,
    /// The number of the record.
    #[sea_orm(primary_key, auto_increment = false)]
    pub document: i32,
    /// Where the term is: the letter of a field, and the numbers of words in it.
    #[sea_orm(column_type = "Text")]
    pub positions: String,
}

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
