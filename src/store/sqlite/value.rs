//! The stored form of values: sea-orm binds it for writes, and rusqlite for reads.

use std::fmt;

use chrono::SecondsFormat;
use rusqlite::{
    ToSql,
    types::{ToSqlOutput, Value as Lite, ValueRef},
};
use sea_orm::{DbBackend, Statement, Value};

/// Converts the values of a statement into their stored form. SQLite stores ids as hyphenated text, and times as RFC 3339 with three
/// decimals and a Z: such text sorts correctly and can be read in a shell.
pub(in crate::store) fn stored_form(mut statement: Statement) -> Statement {
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

/// A time as SQLite stores it.
pub(in crate::store) fn time_text(time: &chrono::DateTime<chrono::Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// A value of a statement, as rusqlite binds it.
pub(super) struct SqliteValue<'v>(pub(super) &'v Value);

/// A value of a type that no column has.
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
