//! Derived: the size of the search index and how it was made, in one row.

use sea_orm::entity::prelude::*;

/// Derived: the size of the search index and how it was made, in one row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "search_total")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// The number of records.
    pub documents: i64,
    /// The number of words in them.
    pub words: i64,
    /// The last number that a record got. Numbers are not used again.
    pub last_number: i32,
    /// The version of the rules by which words were analysed.
    pub analysis_version: i32,
}

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
