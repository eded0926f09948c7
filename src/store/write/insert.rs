//! Inserting rows in bulk: a few statements for any number of rows.

use std::fmt::Display;

use chrono::Datelike;
use entity::Id;
use sea_orm::{
    ActiveModelTrait, ActiveValue, ConnectionTrait, DbBackend, EntityTrait, IdenStatic, IntoActiveModel, Iterable,
    PrimaryKeyToColumn, Statement, Value, sea_query::ArrayType,
};
use serde_json::Value as Json;

use crate::store::{Error, Transaction};

use super::list::delete;

/// How many values one statement may bind. The limit of SQLite is 32,766.
const VALUES_PER_STATEMENT: usize = 6_000;

/// Writes rows in the order in which they are added. It collects rows of several tables, because on Postgres one statement inserts them
/// all. [`Self::finish`] writes the rest.
pub struct TableWriter<'t> {
    transaction: &'t Transaction,
    pending: Vec<NewRows>,
}

/// New rows of one table.
struct NewRows {
    table: &'static str,
    columns: Vec<&'static str>,
    /// The values, row by row.
    values: Vec<Value>,
    /// The clause for rows whose primary key exists.
    on_conflict: String,
}

impl<'t> TableWriter<'t> {
    /// A writer without rows.
    #[must_use]
    pub fn new(transaction: &'t Transaction) -> Self {
        Self { transaction, pending: Vec::new() }
    }

    /// Adds new rows of a table. They may refer to rows that were added before.
    pub(super) async fn insert<E, A, R>(&mut self, rows: R) -> Result<(), Error>
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<A>,
        A: ActiveModelTrait<Entity = E>,
        R: IntoIterator<Item = E::Model>,
    {
        self.add::<E, A>(rows.into_iter(), "").await
    }

    /// Adds the rows whose primary keys are new.
    pub(super) async fn insert_missing<E, A, R>(&mut self, rows: R) -> Result<(), Error>
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<A>,
        A: ActiveModelTrait<Entity = E>,
        R: IntoIterator<Item = E::Model>,
    {
        self.add::<E, A>(rows.into_iter(), " ON CONFLICT DO NOTHING").await
    }

    /// Replaces the rows with the same primary keys.
    pub(super) async fn replace<E, A>(&mut self, rows: Vec<E::Model>) -> Result<(), Error>
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<A>,
        A: ActiveModelTrait<Entity = E>,
    {
        let key: Vec<&str> = E::PrimaryKey::iter().map(|key| key.into_column().as_str()).collect();
        let others = E::Column::iter().map(|column| column.as_str()).filter(|column| !key.contains(column));
        let set: Vec<String> = others.map(|column| format!("\"{column}\" = excluded.\"{column}\"")).collect();
        let on_conflict = format!(" ON CONFLICT ({}) DO UPDATE SET {}", key.join(", "), set.join(", "));
        self.add::<E, A>(rows.into_iter(), &on_conflict).await
    }

    /// Writes the rows that were added, and deletes the rows with one of these ids in a column.
    pub(super) async fn delete<E: EntityTrait>(&mut self, column: E::Column, ids: &[Id]) -> Result<(), Error> {
        if ids.is_empty() {
            return Ok(());
        }
        self.flush().await?;
        delete::<E>(self.transaction, column, ids).await
    }

    /// Writes all rows that were added.
    pub async fn finish(mut self) -> Result<(), Error> {
        self.flush().await
    }

    async fn add<E, A>(&mut self, mut rows: impl Iterator<Item = E::Model>, on_conflict: &str) -> Result<(), Error>
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<A>,
        A: ActiveModelTrait<Entity = E>,
    {
        let table = E::default().table_name();
        let columns: Vec<&'static str> = E::Column::iter().map(|column| column.as_str()).collect();
        let rows_per_statement = VALUES_PER_STATEMENT / columns.len();
        loop {
            let values: Vec<Value> = rows.by_ref().take(rows_per_statement).flat_map(values_of::<E, A>).collect();
            if values.is_empty() {
                return Ok(());
            }
            let pending_values: usize = self.pending.iter().map(|rows| rows.values.len()).sum();
            // One part of a Postgres statement cannot replace rows that another part inserts.
            if pending_values + values.len() > VALUES_PER_STATEMENT || !on_conflict.is_empty() {
                self.flush().await?;
            }
            let columns = columns.clone();
            self.pending.push(NewRows { table, columns, values, on_conflict: on_conflict.to_owned() });
        }
    }

    async fn flush(&mut self) -> Result<(), Error> {
        let pending = std::mem::take(&mut self.pending);
        let statements = match self.transaction.get_database_backend() {
            DbBackend::Postgres => postgres_statement(pending).into_iter().collect(),
            _ => pending.into_iter().map(sqlite_statement).collect::<Vec<_>>(),
        };
        for statement in statements {
            self.transaction.execute_raw(statement).await?;
        }
        Ok(())
    }
}

/// The values of a row, in the order of the columns.
fn values_of<E, A>(row: E::Model) -> Vec<Value>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = E>,
{
    let mut row = row.into_active_model();
    let value = |column| match row.take(column) {
        ActiveValue::Set(value) | ActiveValue::Unchanged(value) => value,
        ActiveValue::NotSet => unreachable!("a row that was made from a model has every column"),
    };
    E::Column::iter().map(value).collect()
}

fn sqlite_statement(rows: NewRows) -> Statement {
    let NewRows { table, columns, values, on_conflict } = rows;
    let row = format!("({})", vec!["?"; columns.len()].join(","));
    let all = vec![row; values.len() / columns.len()].join(", ");
    let sql = format!("INSERT INTO {table} (\"{}\") VALUES {all}{on_conflict}", columns.join("\", \""));
    Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)
}

/// One statement for the rows of several tables. The rows of a table are one JSON text, or an array for each column, so that the
/// statement is the same for any number of rows and stays prepared. Foreign keys are checked at its end.
fn postgres_statement(tables: Vec<NewRows>) -> Option<Statement> {
    let mut values: Vec<Value> = Vec::with_capacity(tables.len());
    let mut inserts: Vec<String> = Vec::with_capacity(tables.len());
    for NewRows { table, columns, values: of_table, on_conflict } in tables {
        if let Some((arrays, types)) = arrays(&of_table, columns.len()) {
            let parameters = (values.len() + 1..).zip(types).map(|(number, ty)| format!("${number}::{ty}[]"));
            let from = format!("unnest({})", parameters.collect::<Vec<_>>().join(", "));
            values.extend(arrays);
            inserts.push(format!(
                "INSERT INTO {table} (\"{}\") SELECT * FROM {from}{on_conflict}",
                columns.join("\", \"")
            ));
            continue;
        }
        let rows: Vec<Json> = of_table
            .chunks(columns.len())
            .map(|row| columns.iter().map(|column| (*column).to_owned()).zip(row.iter().map(json)).collect())
            .collect();
        values.push(Json::from(rows).to_string().into());
        let types =
            columns.iter().zip(&of_table).map(|(column, value)| format!("\"{column}\" {}", postgres_type(value)));
        let types = types.collect::<Vec<_>>().join(", ");
        let columns = columns.join("\", \"");
        let from = format!("json_to_recordset(${}::json) AS new ({types})", values.len());
        inserts.push(format!("INSERT INTO {table} (\"{columns}\") SELECT \"{columns}\" FROM {from}{on_conflict}"));
    }
    let last = inserts.pop()?;
    let others = inserts.iter().enumerate().map(|(number, insert)| format!("insert_{number} AS ({insert})"));
    let others = others.collect::<Vec<_>>().join(", ");
    let sql = if others.is_empty() { last } else { format!("WITH {others} {last}") };
    Some(Statement::from_sql_and_values(DbBackend::Postgres, sql, values))
}

/// An array for each column, with its type; nothing if a value is null or neither a text nor a number. For many rows that is faster
/// than JSON.
fn arrays(values: &[Value], columns: usize) -> Option<(Vec<Value>, Vec<&'static str>)> {
    let (mut arrays, mut types) = (Vec::with_capacity(columns), Vec::with_capacity(columns));
    for column in 0..columns {
        let of_column = || values.iter().skip(column).step_by(columns);
        let ty = match values[column] {
            Value::String(_) if of_column().all(|value| matches!(value, Value::String(Some(_)))) => ArrayType::String,
            Value::Int(_) if of_column().all(|value| matches!(value, Value::Int(Some(_)))) => ArrayType::Int,
            _ => return None,
        };
        arrays.push(Value::Array(ty, Some(Box::new(of_column().cloned().collect()))));
        types.push(postgres_type(&values[column]));
    }
    Some((arrays, types))
}

fn postgres_type(value: &Value) -> &'static str {
    match value {
        Value::Bool(_) => "boolean",
        Value::SmallInt(_) => "smallint",
        Value::Int(_) => "integer",
        Value::BigInt(_) => "bigint",
        Value::Double(_) => "double precision",
        Value::String(_) => "text",
        Value::Uuid(_) => "uuid",
        Value::ChronoDate(_) => "date",
        Value::ChronoDateTimeUtc(_) => "timestamptz",
        other => unreachable!("no table has a column of {other:?}"),
    }
}

/// A value as Postgres reads it from JSON.
fn json(value: &Value) -> Json {
    match value {
        Value::Bool(value) => Json::from(*value),
        Value::SmallInt(value) => Json::from(*value),
        Value::Int(value) => Json::from(*value),
        Value::BigInt(value) => Json::from(*value),
        Value::Double(value) => Json::from(*value),
        Value::String(value) => Json::from(value.as_deref()),
        Value::Uuid(value) => Json::from(value.map(|id| id.to_string())),
        Value::ChronoDate(value) => Json::from(value.map(|date| with_era(&date, date.format("-%m-%d")))),
        Value::ChronoDateTimeUtc(value) => {
            Json::from(value.map(|time| with_era(&time, time.format("-%m-%d %H:%M:%S%.f+00"))))
        }
        other => unreachable!("no table has a column of {other:?}"),
    }
}

/// A date or time in the syntax of Postgres, which has no year 0 and writes earlier years as BC.
fn with_era(date: &impl Datelike, rest: impl Display) -> String {
    let (is_common_era, year) = date.year_ce();
    let era = if is_common_era { "" } else { " BC" };
    format!("{year:04}{rest}{era}")
}
