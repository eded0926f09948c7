//! The names of a record, in order. The main name is one of them.

use sea_orm::entity::prelude::*;

use crate::{Id, vocabulary::NameKind};

/// The names of a record, in order. The main name is one of them.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "record_name")]
pub struct Model {
    /// The record.
    #[sea_orm(primary_key, auto_increment = false)]
    pub record_id: Id,
    /// The place in the list, from 0.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    /// The name.
    #[sea_orm(column_type = "Text")]
    pub text: String,
    /// The name, folded.
    #[sea_orm(column_type = "Text")]
    pub text_key: String,
    /// Its language, a BCP 47 tag; `und` if it is not known.
    #[sea_orm(column_type = "Text")]
    pub language: String,
    /// The kind of the name.
    pub kind: NameKind,
}

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
