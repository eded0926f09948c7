//! Compares derived tables with what a write would put there.

use std::collections::BTreeSet;

use entity::{Id, name_word, record_gram};
use sea_orm::{ConnectionTrait, Statement};

use crate::store::{Error, Transaction, write::Rows};

use super::{
    super::list::{among_parameter, list, rows_in},
    CLOSURE, ChangedGrams, ChangedNames, ENTITIES_OF_ARTICLES, EVENTS_OF_ENTITIES, EVENTS_OF_PLACES,
    ORGANIZATIONS_OF_PLACES,
};

/// What differs in a derived table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DerivedDifference {
    /// The table, or a column of one.
    pub table: &'static str,
    /// How many rows are missing.
    pub missing: u64,
    /// How many rows should not be there.
    pub surplus: u64,
    /// How many values are wrong, where rows are not compared as a whole.
    pub wrong: u64,
    /// A record with such a row or value.
    pub record: Option<Id>,
}

impl DerivedDifference {
    /// No difference.
    #[must_use]
    pub const fn none(table: &'static str) -> Self {
        Self { table, missing: 0, surplus: 0, wrong: 0, record: None }
    }

    /// Whether there is any.
    #[must_use]
    pub const fn is_any(&self) -> bool {
        self.missing + self.surplus + self.wrong > 0
    }

    /// Adds the difference of other records. The record stays, if there is one.
    pub fn add(&mut self, other: &Self) {
        self.missing += other.missing;
        self.surplus += other.surplus;
        self.wrong += other.wrong;
        self.record = self.record.or(other.record);
    }
}

/// The statements that fill derived tables, each with the column of the record that a row belongs to.
const DERIVATIONS: [(&str, &str); 5] = [
    (CLOSURE, "descendant_id"),
    (ORGANIZATIONS_OF_PLACES, "organization_id"),
    (EVENTS_OF_PLACES, "event_id"),
    (EVENTS_OF_ENTITIES, "event_id"),
    (ENTITIES_OF_ARTICLES, "article_id"),
];

const COMPARE: &str = "
    WITH expected ({columns}) AS ({rows}),
    missing AS (SELECT * FROM expected EXCEPT SELECT {columns} FROM {table} WHERE {owner} {among}),
    surplus AS (SELECT {columns} FROM {table} WHERE {owner} {among} EXCEPT SELECT * FROM expected)
    SELECT (SELECT count(*) FROM missing) AS missing, (SELECT count(*) FROM surplus) AS surplus,
        (SELECT {owner} FROM (SELECT {owner} FROM missing UNION ALL SELECT {owner} FROM surplus) AS differing
         ORDER BY {owner} LIMIT 1) AS record";

const ARTICLE_COUNTS: &str = "
    SELECT r.id FROM record r
    WHERE r.id {among}
        AND r.article_count <> (SELECT count(*) FROM article_entity a WHERE a.entity_id = r.id AND NOT a.is_deleted)
    ORDER BY r.id";

/// The differences for these records, whose rows are given. Without `with_places`, places are taken to be where they should be:
/// in a cycle of places, the rows cannot be computed.
pub async fn derived_differences(
    transaction: &Transaction,
    rows: &Rows,
    with_places: bool,
) -> Result<Vec<DerivedDifference>, Error> {
    let ids: Vec<Id> = rows.record.iter().map(|row| row.id).collect();
    let backend = transaction.get_database_backend();
    let mut found = Vec::new();
    for (statement, owner) in DERIVATIONS.into_iter().skip(usize::from(!with_places)) {
        let Some((table, columns, rows)) = parts(statement) else { continue };
        let sql = COMPARE.replace("{rows}", rows).replace("{columns}", columns).replace("{table}", table);
        let sql = sql.replace("{owner}", owner).replace("{among}", &among_parameter(backend, 1));
        let statement = Statement::from_sql_and_values(backend, sql, [list(backend, ids.clone())]);
        if let Some(row) = transaction.query_one_raw(statement).await? {
            let count = |name| row.try_get::<i64>("", name).map(|count| u64::try_from(count).unwrap_or_default());
            let (missing, surplus) = (count("missing")?, count("surplus")?);
            let record = row.try_get("", "record")?;
            found.push(DerivedDifference { missing, surplus, record, ..DerivedDifference::none(table) });
        }
    }
    found.push(article_counts(transaction, &ids).await?);
    found.push(words(transaction, rows, &ids).await?);
    found.push(grams(transaction, rows, &ids).await?);
    found.retain(DerivedDifference::is_any);
    Ok(found)
}

/// The table, the columns and the rows of an INSERT statement.
fn parts(insert: &'static str) -> Option<(&'static str, &'static str, &'static str)> {
    let (table, rest) = insert.trim_start().strip_prefix("INSERT INTO ")?.split_once('(')?;
    let (columns, rows) = rest.split_once(')')?;
    Some((table.trim(), columns, rows))
}

/// The stored numbers of articles that are wrong.
async fn article_counts(transaction: &Transaction, ids: &[Id]) -> Result<DerivedDifference, Error> {
    let backend = transaction.get_database_backend();
    let sql = ARTICLE_COUNTS.replace("{among}", &among_parameter(backend, 1));
    let statement = Statement::from_sql_and_values(backend, sql, [list(backend, ids.to_vec())]);
    let wrong = transaction.query_all_raw(statement).await?;
    let record = wrong.first().map(|row| row.try_get_by_index(0)).transpose()?;
    let wrong = wrong.len() as u64;
    Ok(DerivedDifference { wrong, record, ..DerivedDifference::none("record.article_count") })
}

async fn words(transaction: &Transaction, rows: &Rows, ids: &[Id]) -> Result<DerivedDifference, Error> {
    let stored = rows_in::<name_word::Entity, _>(transaction, name_word::Column::RecordId, ids).await?;
    let stored = stored.into_iter().map(|row| (row.record_id, row.kind, row.position, row.word)).collect();
    let expected = ChangedNames::new(&Rows::default(), rows).words().collect();
    Ok(difference("name_word", &stored, &expected, |row| row.0))
}

async fn grams(transaction: &Transaction, rows: &Rows, ids: &[Id]) -> Result<DerivedDifference, Error> {
    let stored = rows_in::<record_gram::Entity, _>(transaction, record_gram::Column::RecordId, ids).await?;
    let stored = stored.into_iter().map(|row| (row.record_id, row.grams)).collect();
    let expected = ChangedGrams::new(&Rows::default(), rows).grams().collect();
    Ok(difference("record_gram", &stored, &expected, |row| row.0))
}

/// Compares rows, each with its record.
pub(in crate::store::write) fn difference<T: Ord>(
    table: &'static str,
    stored: &BTreeSet<T>,
    expected: &BTreeSet<T>,
    record: impl Fn(&T) -> Id,
) -> DerivedDifference {
    DerivedDifference {
        missing: expected.difference(stored).count() as u64,
        surplus: stored.difference(expected).count() as u64,
        record: expected.symmetric_difference(stored).map(record).next(),
        ..DerivedDifference::none(table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_derivation_is_one_insertion_that_has_the_column_of_the_record() {
        for (statement, owner) in DERIVATIONS {
            let (table, columns, rows) = parts(statement).expect("it inserts");
            assert!(table.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{table}");
            assert!(columns.split(", ").any(|column| column == owner), "{table}");
            assert!(rows.contains("{among}"), "{table}");
        }
    }
}
