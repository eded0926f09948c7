//! The tables of records, declared once. A test finds missing tables.

use std::collections::{BTreeSet, HashMap};

use entity::{
    Id, article, article_author, citation, event, event_place, mention, organization, participation, person,
    person_nationality, place, record, record_description, record_name, relation, relation_end, relative_date, same_as,
    vocabulary::{
        RecordKind::{self, Article, Event, Organization, Person, Place, Relation},
        Vocabulary,
    },
};

use sea_orm::{ModelTrait, Value, sea_query::ValueType};

use crate::store::{Error, Transaction};

use super::{by_owner, list::rows_in};

/// For a table that several kinds share.
const ALL: &[RecordKind] = RecordKind::ALL;

/// Declares each table, the column with the owner of a row, and the kinds of record that have rows there.
macro_rules! tables {
    ($($(#[$doc:meta])+ $field:ident: $table:ident by $column:ident of $kinds:expr,)+) => {
        /// All rows of some records, table by table.
        #[derive(Debug, Default)]
        pub struct Rows {
            $($(#[$doc])+ pub $field: Vec<$table::Model>,)+
        }

        /// The rows before a write and after it, table by table. A table that is not saved is an error.
        #[deny(dead_code)]
        pub(super) struct RowChanges {
            $(pub(super) $field: (Vec<$table::Model>, Vec<$table::Model>),)+
        }

        impl RowChanges {
            pub(super) fn new(before: Rows, after: Rows) -> Self {
                Self { $($field: (before.$field, after.$field),)+ }
            }
        }

        impl Rows {
            /// Adds the rows of other records.
            pub fn append(&mut self, other: Self) {
                self.append_all(vec![other]);
            }

            /// Adds several sets of rows.
            pub fn append_all(&mut self, mut parts: Vec<Self>) {
                $(
                    self.$field.reserve(parts.iter().map(|part| part.$field.len()).sum());
                    for part in &mut parts {
                        self.$field.append(&mut part.$field);
                    }
                )+
            }

            /// The tables in which these rows differ from others, each with the record that they belong to.
            pub fn differences(&self, others: &Self) -> Vec<(&'static str, Id)> {
                let mut found = Vec::new();
                $({
                    let owner = |row: &$table::Model| owner(row.get($table::Column::$column));
                    let (rows, others) = (by_owner(&self.$field, owner), by_owner(&others.$field, owner));
                    found.extend(differing(&rows, &others).into_iter().map(|id| (stringify!($table), id)));
                })+
                found
            }

            /// Reads the rows of records.
            pub(super) async fn read(transaction: &Transaction, records: &[(Id, RecordKind)]) -> Result<Self, Error> {
                Ok(Self {
                    $($field: rows_in::<$table::Entity, _>(
                        transaction,
                        $table::Column::$column,
                        &of_kinds(records, $kinds),
                    ).await?,)+
                })
            }
        }

        #[cfg(test)]
        const TABLES: &[&str] = &[$(stringify!($table)),+];
    };
}

tables! {
    /// The records themselves.
    record: record by Id of ALL,
    /// The records that were merged into them.
    merged: record by MergedIntoId of ALL,
    /// The places.
    place: place by Id of &[Place],
    /// The organizations.
    organization: organization by Id of &[Organization],
    /// The people.
    person: person by Id of &[Person],
    /// The articles.
    article: article by Id of &[Article],
    /// The events.
    event: event by Id of &[Event],
    /// The relations.
    relation: relation by Id of &[Relation],
    /// Their names.
    record_name: record_name by RecordId of ALL,
    /// Their descriptions.
    record_description: record_description by RecordId of ALL,
    /// Their addresses elsewhere.
    same_as: same_as by RecordId of ALL,
    /// The nationalities of people.
    person_nationality: person_nationality by PersonId of &[Person],
    /// The authors of articles.
    article_author: article_author by ArticleId of &[Article],
    /// The places of events.
    event_place: event_place by EventId of &[Event],
    /// The participants of events.
    participation: participation by EventId of &[Event],
    /// The mentions of articles.
    mention: mention by ArticleId of &[Article],
    /// The citations of events and relations.
    citation: citation by SubjectId of ALL,
    /// The dates that are relative to another record.
    relative_date: relative_date by RecordId of ALL,
    /// The ends of relations.
    relation_end: relation_end by RelationId of &[Relation],
}

/// The id in the column of a row with the record that it belongs to.
fn owner(value: Value) -> Id {
    <Option<Id> as ValueType>::try_from(value).ok().flatten().unwrap_or(Id::NIL)
}

/// The owners whose rows are not the same, in any order.
fn differing<T: PartialEq>(rows: &HashMap<Id, Vec<&T>>, others: &HashMap<Id, Vec<&T>>) -> Vec<Id> {
    let same = |rows: &[&T], others: &[&T]| rows.len() == others.len() && rows.iter().all(|row| others.contains(row));
    let ids: BTreeSet<Id> = rows.keys().chain(others.keys()).copied().collect();
    let is_same = |id: &Id| match (rows.get(id), others.get(id)) {
        (Some(rows), Some(others)) => same(rows, others),
        _ => false,
    };
    ids.into_iter().filter(|id| !is_same(id)).collect()
}

/// The ids of some kinds among records.
fn of_kinds(records: &[(Id, RecordKind)], wanted: &[RecordKind]) -> Vec<Id> {
    records.iter().filter(|(_, kind)| wanted.contains(kind)).map(|(id, _)| *id).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{super::texts_of_schema, TABLES};

    /// Other tables: derived ones, the history, tokens and the migrations.
    const OTHERS: [&str; 15] = [
        "article_entity",
        "event_entity",
        "name_word",
        "place_closure",
        "place_event",
        "place_organization",
        "record_gram",
        "revision",
        "seaql_migrations",
        "search_document",
        "search_form",
        "search_posting",
        "search_spelling",
        "search_total",
        "token",
    ];

    #[tokio::test]
    async fn every_table_of_records_is_declared() {
        let names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
            AND name NOT LIKE 'record_gram_index%'";
        let declared: BTreeSet<String> = TABLES.iter().chain(&OTHERS).map(|name| (*name).to_owned()).collect();
        assert_eq!(texts_of_schema(names).await, declared);
    }
}
