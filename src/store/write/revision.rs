//! The rows of the history.

use chrono::{DateTime, Utc};
use entity::{Id, revision};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::store::{Error, Transaction};

use super::{
    TableWriter,
    list::{among, rows_in, values_in},
};

/// Adds revisions to the end of the history.
pub async fn insert_revisions(
    writer: &mut TableWriter<'_>,
    revisions: impl IntoIterator<Item = revision::Model>,
) -> Result<(), Error> {
    writer.insert::<revision::Entity, _, _>(revisions).await
}

/// The revisions with these ids.
pub async fn revisions_by_id(transaction: &Transaction, ids: &[Id]) -> Result<Vec<revision::Model>, Error> {
    rows_in::<revision::Entity, _>(transaction, revision::Column::Id, ids).await
}

/// Those of these positions that are taken.
pub async fn taken_positions(transaction: &Transaction, positions: &[i64]) -> Result<Vec<i64>, Error> {
    use revision::Column::Position;
    values_in::<revision::Entity, _, _>(transaction, [Position], (Position, positions), Condition::all()).await
}

/// The next revisions after a position, in order.
pub async fn revisions_after(
    transaction: &Transaction,
    position: i64,
    limit: u64,
) -> Result<Vec<revision::Model>, Error> {
    Ok(revision::Entity::find()
        .filter(revision::Column::Position.gt(position))
        .order_by_asc(revision::Column::Position)
        .limit(limit)
        .all(transaction)
        .await?)
}

/// The revisions that are a part or a consequence of one, in order.
pub async fn revisions_caused_by(transaction: &Transaction, id: Id) -> Result<Vec<revision::Model>, Error> {
    Ok(revision::Entity::find()
        .filter(revision::Column::CauseId.eq(id))
        .order_by_asc(revision::Column::Position)
        .all(transaction)
        .await?)
}

/// The times of the revisions of these records that have one of these versions.
pub async fn times_of_revisions(
    transaction: &Transaction,
    records: &[Id],
    versions: &[i32],
) -> Result<Vec<(Id, DateTime<Utc>)>, Error> {
    use revision::Column::{At, RecordId, Version};
    let has_version = among(transaction.get_database_backend(), Version, versions);
    let condition = Condition::all().add(has_version);
    values_in::<revision::Entity, _, _>(transaction, [RecordId, At], (RecordId, records), condition).await
}

/// The revision of a version of a record.
pub async fn revision_at(
    transaction: &Transaction,
    record: Id,
    version: i32,
) -> Result<Option<revision::Model>, Error> {
    Ok(revision::Entity::find()
        .filter(revision::Column::RecordId.eq(record))
        .filter(revision::Column::Version.eq(version))
        .order_by_desc(revision::Column::Position)
        .limit(1)
        .one(transaction)
        .await?)
}
