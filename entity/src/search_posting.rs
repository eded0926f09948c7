//! Derived: the records that have each term, in the search index.

use sea_orm::entity::prelude::*;

/// Derived: the records that have each term, in the search index.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "search_posting")]
pub struct Model {
    /// The term: a folded word without its endings.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub term: String,
    /// The number of the block of records.
    #[sea_orm(primary_key, auto_increment = false)]
    pub block: i32,
    /// The records of the block that have the term, with its positions in them.
    #[sea_orm(column_type = "Text")]
    pub postings: String,
}

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
