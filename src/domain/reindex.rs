//! Builds the search index again from the stored records.

use crate::store::{self, Connection, write::rebuild_search_index};

/// Builds the search index again, in one transaction: searches use the old one until then. `progress` is called with the number of
/// records that are done, and of all. Returns the number of records.
pub async fn reindex(
    connection: &Connection,
    progress: &(dyn Fn(usize, usize) + Send + Sync),
) -> Result<usize, store::Error> {
    let transaction = connection.begin_write().await?;
    let records = rebuild_search_index(&transaction, progress).await?;
    transaction.commit().await?;
    Ok(records)
}
