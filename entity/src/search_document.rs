//! Derived: the records in the search index.

use sea_orm::entity::prelude::*;

use crate::{Id, vocabulary::RecordKind};

/// Derived: the records in the search index.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "search_document")]
pub struct Model {
    /// A number that postings use, because it is shorter than the id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// The record.
    pub record_id: Id,
    /// A copy of its kind.
    pub kind: RecordKind,
    /// The language of an article; null for an entity.
    #[sea_orm(column_type = "Text", nullable)]
    pub language: Option<String>,
    /// The number of words.
    pub length: i32,
}

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
