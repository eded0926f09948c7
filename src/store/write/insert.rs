//! Writing rows of one table, as many with each statement as it binds values for.

use futures_util::future;
use sea_orm::{
    ActiveModelTrait, ActiveValue, ConnectionTrait, DbBackend, EntityTrait, IdenStatic, IntoActiveModel, Iterable,
    PrimaryKeyToColumn, Statement,
};

use crate::store::{Error, Transaction};

/// As many values as one statement binds: enough to make its own cost small, and no more than either database takes.
const VALUES_AT_ONCE: usize = 6_000;

/// Inserts rows.
pub(super) async fn insert<E, A>(transaction: &Transaction, rows: Vec<E::Model>) -> Result<(), Error>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = E>,
{
    write::<E, A>(transaction, rows, "").await
}

/// Writes rows over those with the same primary key.
pub(super) async fn replace<E, A>(transaction: &Transaction, rows: Vec<E::Model>) -> Result<(), Error>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = E>,
{
    let key: Vec<&str> = E::PrimaryKey::iter().map(|key| key.into_column().as_str()).collect();
    let others = E::Column::iter().map(|column| column.as_str()).filter(|column| !key.contains(column));
    let taken: Vec<String> = others.map(|column| format!("\"{column}\" = excluded.\"{column}\"")).collect();
    let over = format!(" ON CONFLICT ({}) DO UPDATE SET {}", key.join(", "), taken.join(", "));
    write::<E, A>(transaction, rows, &over).await
}

async fn write<E, A>(transaction: &Transaction, rows: Vec<E::Model>, end: &str) -> Result<(), Error>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = E>,
{
    let backend = transaction.get_database_backend();
    let columns: Vec<E::Column> = E::Column::iter().collect();
    let names: Vec<&str> = columns.iter().map(IdenStatic::as_str).collect();
    let table = E::default();
    let at_once = VALUES_AT_ONCE / columns.len();
    let mut rows = rows.into_iter();
    let mut next = || {
        let count = rows.len().min(at_once);
        let mut values = Vec::with_capacity(count * columns.len());
        for row in rows.by_ref().take(count) {
            let mut row = row.into_active_model();
            values.extend(columns.iter().map(|column| match row.take(*column) {
                ActiveValue::Set(value) | ActiveValue::Unchanged(value) => value,
                ActiveValue::NotSet => unreachable!("a row that was made of a model has every column"),
            }));
        }
        let text = text(backend, table.table_name(), &names, count, end);
        (count > 0).then(|| Statement::from_sql_and_values(backend, text, values))
    };
    // While the database is at one statement, the next one is made.
    let mut statement = next();
    while let Some(present) = statement {
        let (outcome, following) = future::join(transaction.execute_raw(present), async { next() }).await;
        outcome?;
        statement = following;
    }
    Ok(())
}

/// The text of a statement that inserts so many rows.
fn text(backend: DbBackend, table: &str, columns: &[&str], rows: usize, end: &str) -> String {
    let mut text = format!("INSERT INTO {table} (\"{}\") VALUES ", columns.join("\", \""));
    text.reserve(rows * columns.len() * 4);
    let mut number = 0;
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns.len() {
            number += 1;
            if column > 0 {
                text.push(',');
            }
            if backend == DbBackend::Postgres {
                text.push('$');
                text.push_str(&number.to_string());
            } else {
                text.push('?');
            }
        }
        text.push(')');
    }
    text.push_str(end);
    text
}
