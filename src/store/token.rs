//! The rows of tokens. `domain::access` writes them for the command line, and reads them for requests.

use chrono::{DateTime, Utc};
use entity::{Id, token, vocabulary::Role};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, ExprTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Value, sea_query::Expr,
};
use serde::Deserialize;

use super::{
    Connection, Error, Transaction,
    read::{ReadError, Reader, dialect::Dialect},
};

/// A stored token.
pub type Token = token::Model;

/// The part of a token that a request needs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TokenGrant {
    /// The name of the token.
    pub name: String,
    /// The role that it gives.
    pub role: Role,
    /// When it expires.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Adds a token. Fails if another token has the name and is not revoked.
pub async fn insert(transaction: &Transaction, token: Token) -> Result<(), Error> {
    token::Entity::insert(token.into_active_model()).exec_without_returning(transaction).await?;
    Ok(())
}

/// The token of that name that is not revoked, or else the one that was created last.
pub async fn named(transaction: &Transaction, name: &str) -> Result<Option<Token>, Error> {
    let all = token::Entity::find().filter(token::Column::Name.eq(name));
    let live_first = all.order_by_desc(token::Column::RevokedAt.is_null());
    let last_first = live_first.order_by_desc(token::Column::CreatedAt).order_by_desc(token::Column::Id);
    Ok(last_first.limit(1).one(transaction).await?)
}

/// Marks a token as revoked.
pub async fn revoke(transaction: &Transaction, id: Id, at: DateTime<Utc>) -> Result<(), Error> {
    let update = token::Entity::update_many().col_expr(token::Column::RevokedAt, Expr::value(at));
    update.filter(token::Column::Id.eq(id)).exec(transaction).await?;
    Ok(())
}

/// All tokens, also revoked ones, the oldest first.
pub async fn list(connection: &Connection) -> Result<Vec<Token>, Error> {
    let oldest_first = token::Entity::find().order_by_asc(token::Column::CreatedAt).order_by_asc(token::Column::Id);
    Ok(oldest_first.all(connection).await?)
}

/// The token with this hash, unless it was revoked. It uses a reader, so it never waits for a write.
pub async fn find(reader: &Reader, hash: &str) -> Result<Option<TokenGrant>, ReadError> {
    let sql = match reader.dialect() {
        Dialect::Sqlite => {
            "SELECT json_object('name', name, 'role', role, 'expires_at', expires_at) \
             FROM token WHERE hash = ? AND revoked_at IS NULL"
        }
        Dialect::Postgres => {
            "SELECT json_build_object('name', name, 'role', role, 'expires_at', expires_at)::text \
             FROM token WHERE hash = $1 AND revoked_at IS NULL"
        }
    };
    let Some(text) = reader.text(sql, vec![Value::from(hash)]).await? else {
        return Ok(None);
    };
    serde_json::from_str(&text).map(Some).map_err(|error| ReadError::Failed(format!("a token cannot be read: {error}")))
}

/// Whether any token is accepted now.
pub async fn any(connection: &Connection, now: DateTime<Utc>) -> Result<bool, Error> {
    let live = token::Column::RevokedAt.is_null();
    let lasting = token::Column::ExpiresAt.is_null().or(token::Column::ExpiresAt.gt(now));
    Ok(token::Entity::find().filter(live).filter(lasting).limit(1).one(connection).await?.is_some())
}
