//! Reading all rows of given records.

use entity::{
    Id, article, article_author, citation, event, event_place, mention, organization, participation, person,
    person_nationality, place, record, record_description, record_name, relation, relation_end, relative_date, same_as,
    vocabulary::RecordKind,
};
use sea_orm::{
    Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, TryGetableMany, Value,
    sea_query::ValueType,
};

use crate::store::{Error, Transaction};

use super::{IDS_AT_ONCE, Rows, list, of_kind};

/// The rows of a table for which a column holds one of these.
pub(super) async fn rows_in<E, V>(
    transaction: &Transaction,
    column: E::Column,
    among: &[V],
) -> Result<Vec<E::Model>, Error>
where
    E: EntityTrait,
    E::Model: FromQueryResult + Send + Sync,
    V: Clone + Into<Value> + ValueType,
{
    let mut rows = Vec::new();
    for among in among.chunks(IDS_AT_ONCE) {
        let is_asked = list::among(transaction.get_database_backend(), column, among);
        rows.extend(E::find().filter(is_asked).all(transaction).await?);
    }
    Ok(rows)
}

/// The values of some columns, in the rows of a table for which one holds one of these, as far as a condition holds for them.
pub(super) async fn values_in<E, T, V>(
    transaction: &Transaction,
    columns: impl IntoIterator<Item = E::Column>,
    (column, among): (E::Column, &[V]),
    condition: Condition,
) -> Result<Vec<T>, Error>
where
    E: EntityTrait,
    T: TryGetableMany + Send + Sync,
    V: Clone + Into<Value> + ValueType,
{
    let mut rows = Vec::new();
    if among.is_empty() {
        return Ok(rows);
    }
    let asked = E::find().select_only().columns(columns).filter(condition);
    for among in among.chunks(IDS_AT_ONCE) {
        let asked = asked.clone().filter(list::among(transaction.get_database_backend(), column, among));
        rows.extend(asked.into_tuple().all(transaction).await?);
    }
    Ok(rows)
}

/// All rows of these records, derived tables left out. The rows of a table come in no particular order.
///
/// # Errors
///
/// If the database fails.
pub async fn load(transaction: &Transaction, records: &[(Id, RecordKind)]) -> Result<Rows, Error> {
    use RecordKind::{Article, Event, Organization, Person, Place, Relation};
    if records.is_empty() {
        return Ok(Rows::default());
    }
    let all = of_kind(records, &[Article, Event, Organization, Person, Place, Relation]);
    let things = of_kind(records, &[Event, Organization, Person, Place]);
    let addressed = of_kind(records, &[Article, Event, Organization, Person, Place]);
    let places = of_kind(records, &[Place]);
    let organizations = of_kind(records, &[Organization]);
    let people = of_kind(records, &[Person]);
    let articles = of_kind(records, &[Article]);
    let events = of_kind(records, &[Event]);
    let relations = of_kind(records, &[Relation]);
    let citing = of_kind(records, &[Event, Relation]);
    let dated = of_kind(records, &[Event, Organization, Person, Relation]);

    let t = transaction;
    let citation = rows_in::<citation::Entity, _>(t, citation::Column::SubjectId, &citing).await?;
    let citation_ids: Vec<Id> =
        citation.iter().filter(|citation| citation.date_edtf.is_some()).map(|citation| citation.id).collect();
    let mut relative_date = rows_in::<relative_date::Entity, _>(t, relative_date::Column::RecordId, &dated).await?;
    relative_date
        .extend(rows_in::<relative_date::Entity, _>(t, relative_date::Column::CitationId, &citation_ids).await?);
    Ok(Rows {
        record: rows_in::<record::Entity, _>(t, record::Column::Id, &all).await?,
        merged: rows_in::<record::Entity, _>(t, record::Column::MergedIntoId, &all).await?,
        place: rows_in::<place::Entity, _>(t, place::Column::Id, &places).await?,
        organization: rows_in::<organization::Entity, _>(t, organization::Column::Id, &organizations).await?,
        person: rows_in::<person::Entity, _>(t, person::Column::Id, &people).await?,
        article: rows_in::<article::Entity, _>(t, article::Column::Id, &articles).await?,
        event: rows_in::<event::Entity, _>(t, event::Column::Id, &events).await?,
        relation: rows_in::<relation::Entity, _>(t, relation::Column::Id, &relations).await?,
        record_name: rows_in::<record_name::Entity, _>(t, record_name::Column::RecordId, &things).await?,
        record_description: rows_in::<record_description::Entity, _>(t, record_description::Column::RecordId, &things)
            .await?,
        same_as: rows_in::<same_as::Entity, _>(t, same_as::Column::RecordId, &addressed).await?,
        person_nationality: rows_in::<person_nationality::Entity, _>(t, person_nationality::Column::PersonId, &people)
            .await?,
        article_author: rows_in::<article_author::Entity, _>(t, article_author::Column::ArticleId, &articles).await?,
        event_place: rows_in::<event_place::Entity, _>(t, event_place::Column::EventId, &events).await?,
        participation: rows_in::<participation::Entity, _>(t, participation::Column::EventId, &events).await?,
        mention: rows_in::<mention::Entity, _>(t, mention::Column::ArticleId, &articles).await?,
        citation,
        relative_date,
        relation_end: rows_in::<relation_end::Entity, _>(t, relation_end::Column::RelationId, &relations).await?,
    })
}

/// Every record, also those in the bin and those that were merged away.
///
/// # Errors
///
/// If the database fails.
pub async fn all_records(transaction: &Transaction) -> Result<Vec<record::Model>, Error> {
    Ok(record::Entity::find().all(transaction).await?)
}
