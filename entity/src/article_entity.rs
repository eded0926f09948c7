//! Derived: what each article mentions or is cited for, with counts.

use sea_orm::entity::prelude::*;

use crate::{Id, vocabulary::RecordKind};

/// Derived: what each article mentions or is cited for, with counts.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "article_entity")]
pub struct Model {
    /// The article.
    #[sea_orm(primary_key, auto_increment = false)]
    pub article_id: Id,
    /// The kind of the record.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: RecordKind,
    /// The record.
    #[sea_orm(primary_key, auto_increment = false)]
    pub entity_id: Id,
    /// The number of mentions, without orphaned ones.
    pub mention_count: i32,
    /// How often the article is cited for it.
    pub citation_count: i32,
    /// A copy of the article's rank.
    pub published_asc: i32,
    /// A copy of the article's rank.
    pub published_desc: i32,
    /// Whether the article is deleted or merged: a copy, so that counts need not join `article`.
    pub is_deleted: bool,
}

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
