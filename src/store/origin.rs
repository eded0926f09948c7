//! Where the records of a database come from: `serve --demo` must not add its corpus to other records.

use entity::{record, revision};
use sea_orm::{EntityTrait as _, QueryOrder as _, QuerySelect as _};

use super::{Connection, Error};

/// The content of a migrated database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseOrigin {
    /// Nothing.
    Empty,
    /// Records; this actor wrote the first of them.
    Written(String),
    /// Records without a history, which this program did not write.
    Unknown,
}

/// Reads the oldest change, and whether there is any record.
pub async fn origin(connection: &Connection) -> Result<DatabaseOrigin, Error> {
    let first = revision::Entity::find().select_only().column(revision::Column::Actor);
    let first = first.order_by_asc(revision::Column::Position).into_tuple::<String>().one(connection).await?;
    if let Some(actor) = first {
        return Ok(DatabaseOrigin::Written(actor));
    }
    let any = record::Entity::find().select_only().column(record::Column::Version).limit(1);
    let any = any.into_tuple::<i32>().one(connection).await?;
    Ok(if any.is_some() { DatabaseOrigin::Unknown } else { DatabaseOrigin::Empty })
}
