//! Which records have a link to another one: asked before that is merged away.

use std::collections::HashSet;

use entity::{
    Id, article, article_author, citation, event, event_place, mention, organization, participation,
    person_nationality, place, relation, relative_date,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};

use crate::store::{Error, Transaction};

/// The records that have any link to this one, in the bin or not.
///
/// # Errors
///
/// If the database fails.
pub async fn linked_to(transaction: &Transaction, id: Id) -> Result<HashSet<Id>, Error> {
    let mut owners = HashSet::new();
    macro_rules! owners_in {
        ($table:ident: $owner:ident where $($column:ident)+) => {
            $(
                let found: Vec<Option<Id>> = $table::Entity::find()
                    .select_only()
                    .column($table::Column::$owner)
                    .filter($table::Column::$column.eq(id))
                    .into_tuple()
                    .all(transaction)
                    .await?;
                owners.extend(found.into_iter().flatten());
            )+
        };
    }
    owners_in!(mention: ArticleId where EntityId MeantId);
    owners_in!(article: Id where PublisherId DatelineId);
    owners_in!(article_author: ArticleId where PersonId);
    owners_in!(place: Id where ContainedInId);
    owners_in!(organization: Id where ParentId HeadquartersId CountryId);
    owners_in!(person_nationality: PersonId where PlaceId);
    owners_in!(event: Id where PartOfId);
    owners_in!(event_place: EventId where PlaceId);
    owners_in!(participation: EventId where ParticipantId);
    owners_in!(relation: Id where SourceId TargetId);
    owners_in!(citation: SubjectId where AttributedToId AttributedToCountryId);
    owners_in!(relative_date: RecordId where AnchorId);
    let dated: Vec<Option<Id>> = relative_date::Entity::find()
        .select_only()
        .column(relative_date::Column::CitationId)
        .filter(relative_date::Column::AnchorId.eq(id))
        .into_tuple()
        .all(transaction)
        .await?;
    let dated: Vec<Id> = dated.into_iter().flatten().collect();
    if !dated.is_empty() {
        let found: Vec<Id> = citation::Entity::find()
            .select_only()
            .column(citation::Column::SubjectId)
            .filter(citation::Column::Id.is_in(dated))
            .into_tuple()
            .all(transaction)
            .await?;
        owners.extend(found);
    }
    Ok(owners)
}

/// The relations that have this record at one of their ends, in the bin or not.
///
/// # Errors
///
/// If the database fails.
pub async fn relations_of(transaction: &Transaction, id: Id) -> Result<Vec<Id>, Error> {
    let ends = Condition::any().add(relation::Column::SourceId.eq(id)).add(relation::Column::TargetId.eq(id));
    let found = relation::Entity::find().select_only().column(relation::Column::Id).filter(ends);
    Ok(found.into_tuple().all(transaction).await?)
}
