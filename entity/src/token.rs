//! The tokens by which people and programs are let in. The tokens themselves are stored nowhere.

use sea_orm::entity::prelude::*;

use crate::{Id, vocabulary::Role};

/// A token. What is kept of the token itself is its hash.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "token")]
pub struct Model {
    /// The token's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// Whose it is: the actor of the history. Unique among the tokens that are not revoked.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// What it allows.
    pub role: Role,
    /// The SHA-256 of the token, in hexadecimal digits of lower case.
    #[sea_orm(column_type = "Text")]
    pub hash: String,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// From when on it is not accepted; null where it lasts.
    pub expires_at: Option<DateTimeUtc>,
    /// When it was revoked; null while it was not.
    pub revoked_at: Option<DateTimeUtc>,
}

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
