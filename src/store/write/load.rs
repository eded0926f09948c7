//! Reads all rows of records.

use entity::{Id, record, relative_date, vocabulary::RecordKind};
use sea_orm::EntityTrait;

use crate::store::{Error, Transaction};

use super::{list::rows_in, rows::Rows};

/// All rows of these records, without derived tables. The rows of a table have no order.
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

/// Every record, also those in the bin and merged ones.
pub async fn all_records(transaction: &Transaction) -> Result<Vec<record::Model>, Error> {
    Ok(record::Entity::find().all(transaction).await?)
}
