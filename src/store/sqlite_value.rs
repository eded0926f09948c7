//! Values in the form in which SQLite keeps them, and as rusqlite binds them: what it stores is what sea-orm's driver would.

use std::fmt;

use chrono::SecondsFormat;
use rusqlite::{
    ToSql,
    types::{ToSqlOutput, Value as Lite, ValueRef},
};
use sea_orm::{DbBackend, Statement, Value};

/// SQLite keeps ids as hyphenated text and times as RFC 3339 with three decimals and a Z, so that they order, compare and
/// read well. Whatever goes to it is brought into that form here.
pub(super) fn readable(mut statement: Statement) -> Statement {
    if statement.db_backend == DbBackend::Sqlite
        && let Some(values) = &mut statement.values
    {
        for value in &mut values.0 {
            match value {
                Value::Uuid(id) => {
                    let text = id.map(|id| id.hyphenated().to_string());
                    *value = Value::String(text);
                }
                Value::ChronoDateTimeUtc(time) => {
                    let text = time.as_ref().map(time_text);
                    *value = Value::String(text);
                }
                _ => {}
            }
        }
    }
    statement
}

/// A time as SQLite keeps it: text that sorts as the times do.
pub(in crate::store) fn time_text(time: &chrono::DateTime<chrono::Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// A value of a statement.
pub(super) struct SqliteValue<'v>(pub(super) &'v Value);

/// There is no column of this kind.
#[derive(Debug)]
struct NoSuchValue(String);

impl fmt::Display for NoSuchValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no parameter for {}", self.0)
    }
}

impl std::error::Error for NoSuchValue {}

impl ToSql for SqliteValue<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let number = |number: i64| Some(ValueRef::Integer(number));
        let value = match self.0 {
            Value::String(text) => text.as_ref().map(|text| ValueRef::Text(text.as_bytes())),
            Value::Bool(value) => value.and_then(|value| number(value.into())),
            Value::SmallInt(value) => value.and_then(|value| number(value.into())),
            Value::Int(value) => value.and_then(|value| number(value.into())),
            Value::BigInt(value) => value.and_then(number),
            Value::Double(value) => value.map(ValueRef::Real),
            Value::ChronoDate(Some(date)) => return Ok(ToSqlOutput::Owned(Lite::Text(date.to_string()))),
            Value::ChronoDate(None) | Value::ChronoDateTimeUtc(None) | Value::Uuid(None) => None,
            other => return Err(rusqlite::Error::ToSqlConversionFailure(NoSuchValue(format!("{other:?}")).into())),
        };
        Ok(ToSqlOutput::Borrowed(value.unwrap_or(ValueRef::Null)))
    }
}
