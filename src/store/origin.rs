//! Where the records of a database come from, so that `serve --demo` never mixes its corpus with anybody's work.

use entity::{record, revision};
use sea_orm::{EntityTrait as _, QueryOrder as _, QuerySelect as _};

use super::{Connection, Error};

/// What a migrated database holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nothing.
    Empty,
    /// Records; this actor wrote the first of them.
    Written(String),
    /// Records without a history: somebody put them there by hand.
    Unknown,
}

/// Looks at the oldest change and at whether there is any record.
///
/// # Errors
/// If the database does not answer.
pub async fn origin(connection: &Connection) -> Result<Origin, Error> {
    let first = revision::Entity::find().select_only().column(revision::Column::Actor);
    let first = first.order_by_asc(revision::Column::Position).into_tuple::<String>().one(connection).await?;
    if let Some(actor) = first {
        return Ok(Origin::Written(actor));
    }
    let any = record::Entity::find().select_only().column(record::Column::Version).limit(1);
    let any = any.into_tuple::<i32>().one(connection).await?;
    Ok(if any.is_some() { Origin::Unknown } else { Origin::Empty })
}
