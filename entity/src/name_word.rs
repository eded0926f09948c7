//! Derived: the words of the names of entities and of the headlines of articles, by which pickers find them.

use sea_orm::entity::prelude::*;

use crate::{Id, vocabulary::RecordKind};

/// Derived: the words of the names of entities and of the headlines of articles, by which pickers find them. Hidden records have none.
/// There is no foreign key, because there are more words than rows of all other tables.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "name_word")]
pub struct Model {
    /// The record.
    #[sea_orm(primary_key, auto_increment = false)]
    pub record_id: Id,
    /// The place of the name in the list of names; 0 for a headline.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    /// The word, folded. A word with the Arabic article has a second row without it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub word: String,
    /// A copy of the record's kind.
    pub kind: RecordKind,
}

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
