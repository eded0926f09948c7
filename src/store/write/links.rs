//! Finds the records that link to another one, which a merge or a change of its kind affects.

use std::collections::HashSet;

use entity::{Id, relation, vocabulary::RecordKind};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, DbErr, EntityTrait, QueryFilter, QuerySelect, Statement,
};

use crate::store::{Error, Transaction};

use super::list::{among_parameter, list};

/// The columns with links to other records: table, column with the linking record, column with the link. A test finds missing ones.
const LINKS: [(&str, &str, &str); 17] = [
    ("article", "id", "publisher_id"),
    ("article", "id", "dateline_id"),
    ("article_author", "article_id", "person_id"),
    ("citation", "subject_id", "attributed_to_id"),
    ("citation", "subject_id", "attributed_to_country_id"),
    ("event", "id", "part_of_id"),
    ("event_place", "event_id", "place_id"),
    ("mention", "article_id", "entity_id"),
    ("mention", "article_id", "meant_id"),
    ("organization", "id", "parent_id"),
    ("organization", "id", "headquarters_id"),
    ("organization", "id", "country_id"),
    ("participation", "event_id", "participant_id"),
    ("person_nationality", "person_id", "place_id"),
    ("place", "id", "contained_in_id"),
    ("relation", "id", "source_id"),
    ("relation", "id", "target_id"),
];

/// The links of dates of records and of citations.
const LINKS_OF_DATES: &str = "
    SELECT record_id FROM relative_date WHERE anchor_id = {id} AND record_id IS NOT NULL
    UNION ALL
    SELECT citation.subject_id FROM relative_date JOIN citation ON citation.id = relative_date.citation_id
    WHERE relative_date.anchor_id = {id}";

/// The records that link to this one, also those in the bin.
pub async fn linked_to(transaction: &Transaction, id: Id) -> Result<HashSet<Id>, Error> {
    let backend = transaction.get_database_backend();
    let links = LINKS.map(|(table, owner, column)| format!("SELECT {owner} FROM {table} WHERE {column} = {{id}}"));
    let sql = format!("{} UNION ALL {LINKS_OF_DATES}", links.join(" UNION ALL "));
    let sql = sql.replace("{id}", if backend == DbBackend::Postgres { "$1" } else { "?1" });
    let rows = transaction.query_all_raw(Statement::from_sql_and_values(backend, sql, [id.into()])).await?;
    Ok(rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?)
}

/// The relations with this record at one of their ends, also those in the bin.
pub async fn relations_of(transaction: &Transaction, id: Id) -> Result<Vec<Id>, Error> {
    let ends = Condition::any().add(relation::Column::SourceId.eq(id)).add(relation::Column::TargetId.eq(id));
    let found = relation::Entity::find().select_only().column(relation::Column::Id).filter(ends);
    Ok(found.into_tuple().all(transaction).await?)
}

/// The columns that name a country: the kind of the record, the table, the column of the record and that of the country.
pub const COUNTRY_COLUMNS: [(RecordKind, &str, &str, &str); 2] = [
    (RecordKind::Organization, "organization", "id", "country_id"),
    (RecordKind::Person, "person_nationality", "person_id", "place_id"),
];

/// Each of these places with each record that names it as its country.
///
/// # Errors
///
/// If the database fails.
pub async fn named_as_country(transaction: &Transaction, places: &[Id]) -> Result<Vec<(Id, Id)>, Error> {
    let backend = transaction.get_database_backend();
    let is_named = among_parameter(backend, 1);
    let selects = COUNTRY_COLUMNS
        .map(|(_, table, owner, column)| format!("SELECT {column}, {owner} FROM {table} WHERE {column} {is_named}"));
    let (sql, places) = (selects.join(" UNION ALL "), list(backend, places.to_vec()));
    let rows = transaction.query_all_raw(Statement::from_sql_and_values(backend, sql, [places])).await?;
    Ok(rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect::<Result<_, DbErr>>()?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{super::texts_of_schema, LINKS};

    /// Foreign keys that are not in the list: survivors, the articles of citations, and dates, which have a query of their own.
    const OTHERS: [&str; 3] = ["citation.article_id", "record.merged_into_id", "relative_date.anchor_id"];

    #[tokio::test]
    async fn every_foreign_key_that_keeps_a_record_is_a_link() {
        let keys = "SELECT t.name || '.' || k.\"from\" FROM sqlite_master t, pragma_foreign_key_list(t.name) k
            WHERE t.type = 'table' AND k.on_delete = 'RESTRICT'";
        let links = LINKS.iter().map(|(table, _, column)| format!("{table}.{column}"));
        let declared: BTreeSet<String> = links.chain(OTHERS.map(str::to_owned)).collect();
        assert_eq!(texts_of_schema(keys).await, declared);
    }
}
