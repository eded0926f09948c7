//! Reading all rows of given records.

use entity::{
    Id, article, article_author, citation, event, event_place, mention, organization, participation, person,
    person_nationality, place, record, record_description, record_name, relation, relation_end, relative_date, same_as,
    vocabulary::RecordKind,
};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter};

use crate::store::{Error, Transaction};

use super::{IDS_AT_ONCE, Rows, of_kind};

/// The rows of a table for which a column holds one of these ids.
pub(super) async fn rows_in<E>(transaction: &Transaction, column: E::Column, ids: &[Id]) -> Result<Vec<E::Model>, Error>
where
    E: EntityTrait,
    E::Model: FromQueryResult + Send + Sync,
{
    let mut rows = Vec::new();
    for ids in ids.chunks(IDS_AT_ONCE) {
        rows.extend(E::find().filter(column.is_in(ids.iter().copied())).all(transaction).await?);
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
    let citation = rows_in::<citation::Entity>(t, citation::Column::SubjectId, &citing).await?;
    let citation_ids: Vec<Id> =
        citation.iter().filter(|citation| citation.date_edtf.is_some()).map(|citation| citation.id).collect();
    let mut relative_date = rows_in::<relative_date::Entity>(t, relative_date::Column::RecordId, &dated).await?;
    relative_date.extend(rows_in::<relative_date::Entity>(t, relative_date::Column::CitationId, &citation_ids).await?);
    Ok(Rows {
        record: rows_in::<record::Entity>(t, record::Column::Id, &all).await?,
        merged: rows_in::<record::Entity>(t, record::Column::MergedIntoId, &all).await?,
        place: rows_in::<place::Entity>(t, place::Column::Id, &places).await?,
        organization: rows_in::<organization::Entity>(t, organization::Column::Id, &organizations).await?,
        person: rows_in::<person::Entity>(t, person::Column::Id, &people).await?,
        article: rows_in::<article::Entity>(t, article::Column::Id, &articles).await?,
        event: rows_in::<event::Entity>(t, event::Column::Id, &events).await?,
        relation: rows_in::<relation::Entity>(t, relation::Column::Id, &relations).await?,
        record_name: rows_in::<record_name::Entity>(t, record_name::Column::RecordId, &things).await?,
        record_description: rows_in::<record_description::Entity>(t, record_description::Column::RecordId, &things)
            .await?,
        same_as: rows_in::<same_as::Entity>(t, same_as::Column::RecordId, &addressed).await?,
        person_nationality: rows_in::<person_nationality::Entity>(t, person_nationality::Column::PersonId, &people)
            .await?,
        article_author: rows_in::<article_author::Entity>(t, article_author::Column::ArticleId, &articles).await?,
        event_place: rows_in::<event_place::Entity>(t, event_place::Column::EventId, &events).await?,
        participation: rows_in::<participation::Entity>(t, participation::Column::EventId, &events).await?,
        mention: rows_in::<mention::Entity>(t, mention::Column::ArticleId, &articles).await?,
        citation,
        relative_date,
        relation_end: rows_in::<relation_end::Entity>(t, relation_end::Column::RelationId, &relations).await?,
    })
}

/// Every record that was not merged away.
///
/// # Errors
///
/// If the database fails.
pub async fn all_records(transaction: &Transaction) -> Result<Vec<record::Model>, Error> {
    Ok(record::Entity::find().filter(record::Column::MergedIntoId.is_null()).all(transaction).await?)
}
