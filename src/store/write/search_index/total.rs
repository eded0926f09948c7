//! The row that says how large the index is, which number comes next, and by which rules its words were analysed.

use entity::search_total;
use sea_orm::{ConnectionTrait, EntityTrait, Statement};

use crate::{
    store::{Error, Transaction},
    text::analysis,
};

use super::parameter;

/// The last number that a record got. Numbers are not used again: a cursor with the number of a removed record must not lead to another
/// one.
pub(super) async fn last_number(transaction: &Transaction) -> Result<i32, Error> {
    let sql = "SELECT max(number) AS number FROM (
            SELECT last_number AS number FROM search_total UNION ALL SELECT max(number) FROM search_document
        ) AS known";
    let statement = Statement::from_string(transaction.get_database_backend(), sql);
    let row = transaction.query_one_raw(statement).await?;
    let last: Option<i32> = row.map(|row| row.try_get("", "number")).transpose()?.flatten();
    Ok(last.unwrap_or(0))
}

/// Adds to the size of the index, and stores the last number.
pub(super) async fn add_to_total(
    transaction: &Transaction,
    (documents, words): (i64, i64),
    last_number: i32,
) -> Result<(), Error> {
    let backend = transaction.get_database_backend();
    let sql = format!(
        "INSERT INTO search_total (id, documents, words, last_number, analysis_version) VALUES (1, {}, {}, {}, {})
         ON CONFLICT (id) DO UPDATE SET documents = search_total.documents + excluded.documents,
            words = search_total.words + excluded.words, last_number = excluded.last_number",
        parameter(backend, 1),
        parameter(backend, 2),
        parameter(backend, 3),
        analysis::VERSION
    );
    let values = [documents.into(), words.into(), last_number.into()];
    transaction.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    Ok(())
}

/// Sets the size of the index to nothing, for words that are analysed by the rules of this program.
pub(super) async fn clear_total(transaction: &Transaction) -> Result<(), Error> {
    let last = last_number(transaction).await?;
    search_total::Entity::delete_many().exec(transaction).await?;
    add_to_total(transaction, (0, 0), last).await
}

/// The version of the rules by which the words of the index were analysed, if this program has others: then the index must be built
/// again.
pub async fn other_analysis_version(connection: &impl ConnectionTrait) -> Result<Option<i32>, Error> {
    let total = search_total::Entity::find().one(connection).await?;
    Ok(total.map(|total| total.analysis_version).filter(|version| *version != analysis::VERSION))
}
