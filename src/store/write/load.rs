//! Reading all rows of given records.

use entity::{Id, record, relative_date, vocabulary::RecordKind};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, TryGetableMany,
    Value, sea_query::ValueType,
};

use crate::store::{Error, Transaction};

use super::{IDS_AT_ONCE, list, rows::Rows};

/// The rows of a table for which a column holds one of these.
pub(super) async fn rows_in<E, V>(
    transaction: &Transaction,
    column: E::Column,
    among: &[V],
) -> Result<Vec<E::Model>, Error>
where
    E: EntityTrait,
    E::Model: FromQueryResult + Send + Sync,
    V: Clone + Into<Value> + ValueType,
{
    let mut rows = Vec::new();
    for among in among.chunks(IDS_AT_ONCE) {
        let is_asked = list::among(transaction.get_database_backend(), column, among);
        rows.extend(E::find().filter(is_asked).all(transaction).await?);
    }
    Ok(rows)
}

/// The values of some columns, in the rows of a table for which one holds one of these, as far as a condition holds for them.
pub(super) async fn values_in<E, T, V>(
    transaction: &Transaction,
    columns: impl IntoIterator<Item = E::Column>,
    (column, among): (E::Column, &[V]),
    condition: Condition,
) -> Result<Vec<T>, Error>
where
    E: EntityTrait,
    T: TryGetableMany + Send + Sync,
    V: Clone + Into<Value> + ValueType,
{
    let mut rows = Vec::new();
    if among.is_empty() {
        return Ok(rows);
    }
    let asked = E::find().select_only().columns(columns).filter(condition);
    for among in among.chunks(IDS_AT_ONCE) {
        let asked = asked.clone().filter(list::among(transaction.get_database_backend(), column, among));
        rows.extend(asked.into_tuple().all(transaction).await?);
    }
    Ok(rows)
}

/// All rows of these records, derived tables left out. The rows of a table come in no particular order.
///
/// # Errors
///
/// If the database fails.
pub async fn load(transaction: &Transaction, records: &[(Id, RecordKind)]) -> Result<Rows, Error> {
    if records.is_empty() {
        return Ok(Rows::default());
    }
    let mut rows = Rows::read(transaction, records).await?;
    let dated = rows.citation.iter().filter(|citation| citation.date_edtf.is_some());
    let dated: Vec<Id> = dated.map(|citation| citation.id).collect();
    let dates = rows_in::<relative_date::Entity, _>(transaction, relative_date::Column::CitationId, &dated).await?;
    rows.relative_date.extend(dates);
    Ok(rows)
}

/// Every record that was not merged away.
///
/// # Errors
///
/// If the database fails.
pub async fn all_records(transaction: &Transaction) -> Result<Vec<record::Model>, Error> {
    Ok(record::Entity::find().filter(record::Column::MergedIntoId.is_null()).all(transaction).await?)
}
