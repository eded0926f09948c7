//! Access tokens. The tokens themselves are not stored.

use sea_orm::entity::prelude::*;

use crate::{Id, vocabulary::Role};

/// A token. Only a hash of the token itself is stored.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "token")]
pub struct Model {
    /// The token's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// The name of the holder, which the history records. Unique among the tokens that are not revoked.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// Its role.
    pub role: Role,
    /// The SHA-256 of the token, in hexadecimal digits of lower case.
    #[sea_orm(column_type = "Text")]
    pub hash: String,
    /// When it was created.
    pub created_at: DateTimeUtc,
    /// When it expires; null where it does not.
    pub expires_at: Option<DateTimeUtc>,
    /// When it was revoked; null while it was not.
    pub revoked_at: Option<DateTimeUtc>,
}

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
