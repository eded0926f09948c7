//! Lists as one parameter, so that a statement is the same for any number of items: an array on Postgres, JSON on SQLite.

use entity::Id;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
    TryGetableMany, Value,
    sea_query::{Expr, ExprTrait, ValueType, extension::postgres::PgFunc},
};
use serde::Serialize;

use crate::store::{Error, Transaction};

use super::MAX_IDS_PER_STATEMENT;

/// A list of ids or of texts.
pub(super) fn list<V>(backend: DbBackend, items: Vec<V>) -> Value
where
    V: Into<Value> + Serialize + ValueType,
{
    if backend == DbBackend::Postgres {
        Value::Array(V::array_type(), Some(Box::new(items.into_iter().map(Into::into).collect())))
    } else {
        Value::from(serde_json::to_string(&items).expect("ids and texts can be written"))
    }
}

/// The condition, after a column, that its value is in the list with this parameter number.
pub(super) fn among_parameter(backend: DbBackend, number: usize) -> String {
    if backend == DbBackend::Postgres {
        format!("= ANY (${number})")
    } else {
        format!("IN (SELECT value FROM json_each(?{number}))")
    }
}

/// The condition that the value of a column is one of these.
pub(super) fn among<C, V>(backend: DbBackend, column: C, items: &[V]) -> Expr
where
    C: ColumnTrait,
    V: Clone + Into<Value> + ValueType,
{
    if backend == DbBackend::Postgres {
        let items = items.iter().cloned().map(Into::into).collect();
        let array = Value::Array(V::array_type(), Some(Box::new(items)));
        Expr::col(column.as_column_ref()).eq(PgFunc::any(Expr::val(array)))
    } else {
        column.is_in(items.iter().cloned())
    }
}

/// Deletes the rows with one of these ids in a column.
pub(super) async fn delete<E>(transaction: &Transaction, column: E::Column, ids: &[Id]) -> Result<(), Error>
where
    E: EntityTrait,
{
    for ids in ids.chunks(MAX_IDS_PER_STATEMENT) {
        let has_id = among(transaction.get_database_backend(), column, ids);
        E::delete_many().filter(has_id).exec(transaction).await?;
    }
    Ok(())
}

/// The rows of a table with one of these values in a column.
pub(super) async fn rows_in<E, V>(
    transaction: &Transaction,
    column: E::Column,
    wanted: &[V],
) -> Result<Vec<E::Model>, Error>
where
    E: EntityTrait,
    E::Model: FromQueryResult + Send + Sync,
    V: Clone + Into<Value> + ValueType,
{
    let mut rows = Vec::new();
    for chunk in wanted.chunks(MAX_IDS_PER_STATEMENT) {
        let is_wanted = among(transaction.get_database_backend(), column, chunk);
        rows.extend(E::find().filter(is_wanted).all(transaction).await?);
    }
    Ok(rows)
}

/// Some columns of the rows with one of these values in a column, if a condition holds.
pub(super) async fn values_in<E, T, V>(
    transaction: &Transaction,
    columns: impl IntoIterator<Item = E::Column>,
    (column, wanted): (E::Column, &[V]),
    condition: Condition,
) -> Result<Vec<T>, Error>
where
    E: EntityTrait,
    T: TryGetableMany + Send + Sync,
    V: Clone + Into<Value> + ValueType,
{
    let mut rows = Vec::new();
    if wanted.is_empty() {
        return Ok(rows);
    }
    let query = E::find().select_only().columns(columns).filter(condition);
    for chunk in wanted.chunks(MAX_IDS_PER_STATEMENT) {
        let query = query.clone().filter(among(transaction.get_database_backend(), column, chunk));
        rows.extend(query.into_tuple().all(transaction).await?);
    }
    Ok(rows)
}
