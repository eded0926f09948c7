//! Derived: the sequences of three letters in the folded names, headline and key of each record.

use sea_orm::entity::prelude::*;

use crate::Id;

/// Derived: the sequences of three letters in the folded names, headline and key of each record. An index finds the records that have
/// some sequences: a GIN index on Postgres, the table `record_gram_index` of FTS5 on SQLite, which triggers keep up to date.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "record_gram")]
pub struct Model {
    /// The number of the row, which FTS5 needs.
    #[sea_orm(primary_key)]
    pub number: i64,
    /// The record.
    #[sea_orm(unique)]
    pub record_id: Id,
    /// The sequences as `text::grams` writes them, with a space between two.
    #[sea_orm(column_type = "Text")]
    pub grams: String,
}

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
