//! Writing new rows: as many with each statement as it binds values for, and those of small tables together. What one
//! statement costs besides its rows is most of what a small write costs.
//!
//! On Postgres a column travels as one array, so that the text of a statement is the same for any number of rows, and stays
//! prepared. On SQLite there is a text for each number of rows.

use entity::Id;
use futures_util::future;
use sea_orm::{
    ActiveModelTrait, ActiveValue, ConnectionTrait, DbBackend, EntityTrait, IdenStatic, IntoActiveModel, Iterable,
    PrimaryKeyToColumn, Statement, Value,
};

use crate::store::{Error, Transaction, transaction::joined};

use super::{column, save::delete};

/// As many values as one statement binds: enough to make its own cost small, and no more than either database takes.
const VALUES_AT_ONCE: usize = 6_000;

/// New rows on their way into a transaction, in the order in which they were added: rows above those that refer to them.
/// They are all there when [`Self::finish`] has come back; on SQLite, and in a tentative transaction, with the next statement or
/// the end of the transaction.
pub struct Inserts<'t> {
    pub(super) transaction: &'t Transaction,
    /// Rows that wait for others, to go with the same statement.
    waiting: Vec<Part>,
}

/// Rows of one table.
pub(super) struct Part {
    pub(super) table: &'static str,
    pub(super) columns: Vec<&'static str>,
    /// Row by row.
    pub(super) values: Vec<Value>,
    /// What the statement says behind the rows.
    pub(super) end: String,
}

impl Part {
    fn rows(&self) -> usize {
        self.values.len() / self.columns.len()
    }
}

impl<'t> Inserts<'t> {
    /// None yet.
    #[must_use]
    pub fn new(transaction: &'t Transaction) -> Self {
        Self { transaction, waiting: Vec::new() }
    }

    /// Adds rows of a table. Many are written at once, and asked for a statement before.
    pub(super) async fn add<E, A, R>(&mut self, rows: R) -> Result<(), Error>
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<A>,
        A: ActiveModelTrait<Entity = E>,
        R: IntoIterator<Item = E::Model, IntoIter: ExactSizeIterator>,
    {
        let rows = rows.into_iter();
        let waiting: usize = self.waiting.iter().map(|part| part.values.len()).sum();
        let columns = columns::<E>();
        if waiting + rows.len() * columns.len() > VALUES_AT_ONCE {
            self.flush(false).await?;
            write::<E, A>(self.transaction, rows, "").await
        } else {
            if rows.len() > 0 {
                let mut values = Vec::with_capacity(rows.len() * columns.len());
                values.extend(rows.flat_map(self::values::<E, A>));
                self.waiting.push(Part { table: E::default().table_name(), columns, values, end: String::new() });
            }
            Ok(())
        }
    }

    /// Writes rows over those with the same primary key. They may refer to rows that were added before.
    pub(super) async fn replace<E, A>(&mut self, rows: Vec<E::Model>) -> Result<(), Error>
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<A>,
        A: ActiveModelTrait<Entity = E>,
    {
        if rows.is_empty() {
            return Ok(());
        }
        self.flush(false).await?;
        let key: Vec<&str> = E::PrimaryKey::iter().map(|key| key.into_column().as_str()).collect();
        let others = E::Column::iter().map(|column| column.as_str()).filter(|column| !key.contains(column));
        let taken: Vec<String> = others.map(|column| format!("\"{column}\" = excluded.\"{column}\"")).collect();
        let over = format!(" ON CONFLICT ({}) DO UPDATE SET {}", key.join(", "), taken.join(", "));
        write::<E, A>(self.transaction, rows.into_iter(), &over).await
    }

    /// Deletes the rows for which a column holds one of these ids, when all that was added before is there.
    pub(super) async fn delete<E: EntityTrait>(&mut self, column: E::Column, ids: &[Id]) -> Result<(), Error> {
        if ids.is_empty() {
            return Ok(());
        }
        self.flush(false).await?;
        delete::<E>(self.transaction, column, ids).await
    }

    /// Writes what waits. On SQLite, and in a tentative transaction, the last of it is written with what comes next, usually the end.
    async fn flush(&mut self, is_last: bool) -> Result<(), Error> {
        if !self.waiting.is_empty() {
            let parts = std::mem::take(&mut self.waiting);
            if self.transaction.get_database_backend() == DbBackend::Postgres {
                let first = self.transaction.before_first_write().await;
                if let Some(seen) = first.filter(|_| is_last) {
                    let (sql, arguments) = column::insert_in_turn(parts, seen);
                    self.transaction.execute_last(sql, arguments).await?;
                } else {
                    let (sql, arguments) = column::insert(parts);
                    self.transaction.execute_with(sql, arguments).await?;
                }
            } else {
                let statements = parts.into_iter().map(|part| {
                    let text = text(part.table, &part.columns, part.rows());
                    Statement::from_sql_and_values(DbBackend::Sqlite, text, part.values)
                });
                if is_last {
                    self.transaction.execute_ahead(statements.collect()).await?;
                } else if let Some(statement) = joined(statements.collect()) {
                    self.transaction.execute_raw(statement).await?;
                }
            }
        }
        Ok(())
    }

    /// Writes all that was added. The last of it may be written with the next statement, and be refused there.
    ///
    /// # Errors
    ///
    /// If the database fails, or refuses a row.
    pub async fn finish(mut self) -> Result<(), Error> {
        self.flush(true).await
    }
}

async fn write<E, A>(
    transaction: &Transaction,
    mut rows: impl ExactSizeIterator<Item = E::Model>,
    end: &str,
) -> Result<(), Error>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = E>,
{
    let columns = columns::<E>();
    let table = E::default().table_name();
    let at_once = VALUES_AT_ONCE / columns.len();
    let mut next = || {
        let count = rows.len().min(at_once);
        let mut values = Vec::with_capacity(count * columns.len());
        values.extend(rows.by_ref().take(count).flat_map(self::values::<E, A>));
        (count > 0).then(|| Part { table, columns: columns.clone(), values, end: end.to_owned() })
    };
    // While the database is at one statement, the next one is made.
    if transaction.get_database_backend() == DbBackend::Postgres {
        let mut next = || next().map(|part| column::insert(vec![part]));
        let mut statement = next();
        while let Some((sql, arguments)) = statement {
            let (outcome, following) = future::join(transaction.execute_with(sql, arguments), async { next() }).await;
            outcome?;
            statement = following;
        }
    } else {
        let mut next = || {
            next().map(|part| {
                let text = text(part.table, &part.columns, part.rows()) + &part.end;
                Statement::from_sql_and_values(DbBackend::Sqlite, text, part.values)
            })
        };
        let mut statement = next();
        while let Some(present) = statement {
            let (outcome, following) = future::join(transaction.execute_raw(present), async { next() }).await;
            outcome?;
            statement = following;
        }
    }
    Ok(())
}

fn columns<E: EntityTrait>() -> Vec<&'static str> {
    E::Column::iter().map(|column| column.as_str()).collect()
}

/// The values of a row, in the order of the columns.
fn values<E, A>(row: E::Model) -> Vec<Value>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = E>,
{
    let mut row = row.into_active_model();
    let value = |column| match row.take(column) {
        ActiveValue::Set(value) | ActiveValue::Unchanged(value) => value,
        ActiveValue::NotSet => unreachable!("a row that was made of a model has every column"),
    };
    E::Column::iter().map(value).collect()
}

/// How a statement that inserts rows begins. SQLite is told to leave those that stood before one that it refuses: the
/// transaction is taken back in any case, and it need not keep a copy of each page for that statement alone. (For rows that
/// are written over others it does all the same.)
pub(super) const fn insert(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Sqlite => "INSERT OR FAIL INTO",
        _ => "INSERT INTO",
    }
}

/// The text of a statement of SQLite that inserts so many rows.
fn text(table: &str, columns: &[&str], rows: usize) -> String {
    let row = format!("({})", vec!["?"; columns.len()].join(","));
    let insert = insert(DbBackend::Sqlite);
    format!("{insert} {table} (\"{}\") VALUES {}", columns.join("\", \""), vec![row; rows].join(", "))
}
