//! The rows of tokens. Written by `domain::access` for the command line, and read by it on requests.

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

/// What is kept of a token.
pub type Token = token::Model;

/// What a request needs to know of a token that is not revoked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TokenGrant {
    /// Whose it is.
    pub name: String,
    /// What it allows.
    pub role: Role,
    /// From when on it is not accepted.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Adds a token.
///
/// # Errors
/// If the database does not answer, as with all functions here; or if the name is that of another live token.
pub async fn insert(transaction: &Transaction, token: Token) -> Result<(), Error> {
    token::Entity::insert(token.into_active_model()).exec_without_returning(transaction).await?;
    Ok(())
}

/// The token of that name that is not revoked, else the one that was made last.
pub async fn named(transaction: &Transaction, name: &str) -> Result<Option<Token>, Error> {
    let all = token::Entity::find().filter(token::Column::Name.eq(name));
    let live_first = all.order_by_desc(token::Column::RevokedAt.is_null());
    Ok(live_first.order_by_desc(token::Column::Id).limit(1).one(transaction).await?)
}

/// Marks a token as revoked.
pub async fn revoke(transaction: &Transaction, id: Id, at: DateTime<Utc>) -> Result<(), Error> {
    let update = token::Entity::update_many().col_expr(token::Column::RevokedAt, Expr::value(at));
    update.filter(token::Column::Id.eq(id)).exec(transaction).await?;
    Ok(())
}

/// All tokens, revoked ones too, the oldest first.
pub async fn list(connection: &Connection) -> Result<Vec<Token>, Error> {
    Ok(token::Entity::find().order_by_asc(token::Column::Id).all(connection).await?)
}

/// The token with this hash, unless it was revoked. Goes the way of all reads, so that it never waits for a writer.
///
/// # Errors
/// See [`ReadError`].
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

/// Whether there is a token that would be accepted.
///
/// # Errors
/// If the database does not answer.
pub async fn any(connection: &Connection, now: DateTime<Utc>) -> Result<bool, Error> {
    let live = token::Column::RevokedAt.is_null();
    let lasting = token::Column::ExpiresAt.is_null().or(token::Column::ExpiresAt.gt(now));
    Ok(token::Entity::find().filter(live).filter(lasting).limit(1).one(connection).await?.is_some())
}
