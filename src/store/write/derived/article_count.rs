//! The number of articles of each entity, which `record` stores. It follows from `article_entity`.

use std::collections::BTreeMap;

use entity::Id;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::store::{Error, Transaction};

use super::super::list::{among_parameter, list};

/// How many of some articles each entity has.
pub(super) type Counts = BTreeMap<Id, i64>;

const COUNT: &str = "
    SELECT entity_id, COUNT(*) AS articles FROM article_entity
    WHERE article_id {among} AND NOT is_deleted
    GROUP BY entity_id";

const UPDATE: &str = "
    UPDATE record SET article_count = article_count + change.articles
    FROM ({changes}) AS change WHERE record.id = change.id";

/// Counts these articles for each of their entities. Deleted articles do not count.
pub(super) async fn count(transaction: &Transaction, articles: &[Id]) -> Result<Counts, Error> {
    if articles.is_empty() {
        return Ok(Counts::new());
    }
    let backend = transaction.get_database_backend();
    let sql = COUNT.replace("{among}", &among_parameter(backend, 1));
    let statement = Statement::from_sql_and_values(backend, sql, [list(backend, articles.to_vec())]);
    let rows = transaction.query_all_raw(statement).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// Changes the stored numbers by the difference between the counts before and after a write. Counting all articles of an entity again
/// would take long for a country.
pub(super) async fn update(transaction: &Transaction, before: &Counts, after: Counts) -> Result<(), Error> {
    let mut changes = after;
    for (entity, articles) in before {
        *changes.entry(*entity).or_default() -= articles;
    }
    changes.retain(|_, articles| *articles != 0);
    if changes.is_empty() {
        return Ok(());
    }
    let backend = transaction.get_database_backend();
    let rows = match backend {
        DbBackend::Postgres => {
            "SELECT CAST(key AS uuid) AS id, CAST(value AS integer) AS articles FROM json_each_text($1::json)"
        }
        _ => "SELECT key AS id, value AS articles FROM json_each(?1)",
    };
    let sql = UPDATE.replace("{changes}", rows);
    let changes = serde_json::to_string(&changes).expect("ids and numbers can be written");
    transaction.execute_raw(Statement::from_sql_and_values(backend, sql, [changes.into()])).await?;
    Ok(())
}
