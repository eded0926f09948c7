//! The authors of an article, in order.

use sea_orm::entity::prelude::*;

use crate::Id;

/// The authors of an article, in order.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "article_author")]
pub struct Model {
    /// The article.
    #[sea_orm(primary_key, auto_increment = false)]
    pub article_id: Id,
    /// The author.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Id,
    /// The place in the list, from 0.
    pub position: i32,
}

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
