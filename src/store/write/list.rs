//! Lists that travel as one value, so that the text of a statement is the same for one item and for thousands: an array on
//! Postgres, JSON on SQLite.

use sea_orm::{
    ColumnTrait, DbBackend, Value,
    sea_query::{Expr, ExprTrait, ValueType, extension::postgres::PgFunc},
};
use serde::Serialize;

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

/// What follows a column that is to be in the list which is the parameter of that number.
pub(super) fn among_parameter(backend: DbBackend, number: usize) -> String {
    if backend == DbBackend::Postgres {
        format!("= ANY (${number})")
    } else {
        format!("IN (SELECT value FROM json_each(?{number}))")
    }
}

/// Whether a column holds one of these.
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
