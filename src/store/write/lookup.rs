//! Bulk questions that a write asks before it changes anything.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    Id, article, citation, event, mention, organization, participation, place, record, relation, relative_date,
    same_as,
    vocabulary::{PlaceKind, RelationKind},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::store::{Error, Transaction};

use super::{IDS_AT_ONCE, load::rows_in};

/// What is known of a record without its content.
pub type Known = record::Model;

/// The records with these ids or keys.
///
/// # Errors
///
/// If the database fails; so do all functions here.
pub async fn known(transaction: &Transaction, ids: &[Id], keys: &[String]) -> Result<Vec<Known>, Error> {
    let mut found = rows_in::<record::Entity>(transaction, record::Column::Id, ids).await?;
    for keys in keys.chunks(IDS_AT_ONCE) {
        found.extend(record::Entity::find().filter(record::Column::Key.is_in(keys)).all(transaction).await?);
    }
    Ok(found)
}

/// The records that hold these addresses, as `sameAs` or as the address of an article.
pub async fn owners_of_urls(
    transaction: &Transaction,
    same_as_urls: &[String],
    article_urls: &[String],
) -> Result<(HashMap<String, Id>, HashMap<String, Id>), Error> {
    let mut same = HashMap::new();
    for urls in same_as_urls.chunks(IDS_AT_ONCE) {
        let rows = same_as::Entity::find().filter(same_as::Column::Url.is_in(urls)).all(transaction).await?;
        same.extend(rows.into_iter().map(|row| (row.url, row.record_id)));
    }
    let mut articles = HashMap::new();
    for urls in article_urls.chunks(IDS_AT_ONCE) {
        let rows: Vec<(Option<String>, Id)> = article::Entity::find()
            .select_only()
            .columns([article::Column::Url, article::Column::Id])
            .filter(article::Column::Url.is_in(urls))
            .into_tuple()
            .all(transaction)
            .await?;
        articles.extend(rows.into_iter().filter_map(|(url, id)| url.map(|url| (url, id))));
    }
    Ok((same, articles))
}

/// The texts of an article.
#[derive(Debug, Clone)]
pub struct Texts {
    /// The headline.
    pub headline: String,
    /// The abstract.
    pub summary: Option<String>,
    /// The body.
    pub body: Option<String>,
}

/// The texts of these articles.
pub async fn texts(transaction: &Transaction, ids: &[Id]) -> Result<HashMap<Id, Texts>, Error> {
    let mut texts = HashMap::new();
    for ids in ids.chunks(IDS_AT_ONCE) {
        let rows: Vec<(Id, String, Option<String>, Option<String>)> = article::Entity::find()
            .select_only()
            .columns([article::Column::Id, article::Column::Headline, article::Column::Abstract, article::Column::Body])
            .filter(article::Column::Id.is_in(ids.iter().copied()))
            .into_tuple()
            .all(transaction)
            .await?;
        texts.extend(rows.into_iter().map(|(id, headline, summary, body)| (id, Texts { headline, summary, body })));
    }
    Ok(texts)
}

/// The dates of these events, in EDTF. Events without a date are left out.
pub async fn event_dates(transaction: &Transaction, ids: &[Id]) -> Result<HashMap<Id, String>, Error> {
    let mut dates = HashMap::new();
    for ids in ids.chunks(IDS_AT_ONCE) {
        let rows: Vec<(Id, Option<String>)> = event::Entity::find()
            .select_only()
            .columns([event::Column::Id, event::Column::DateEdtf])
            .filter(event::Column::Id.is_in(ids.iter().copied()))
            .into_tuple()
            .all(transaction)
            .await?;
        dates.extend(rows.into_iter().filter_map(|(id, date)| Some((id, date?))));
    }
    Ok(dates)
}

/// The days on which these articles were published, as far as they are known.
pub async fn publication_days(transaction: &Transaction, ids: &[Id]) -> Result<HashMap<Id, NaiveDate>, Error> {
    let mut days = HashMap::new();
    for ids in ids.chunks(IDS_AT_ONCE) {
        let rows: Vec<(Id, Option<NaiveDate>)> = article::Entity::find()
            .select_only()
            .columns([article::Column::Id, article::Column::PublishedOn])
            .filter(article::Column::Id.is_in(ids.iter().copied()))
            .into_tuple()
            .all(transaction)
            .await?;
        days.extend(rows.into_iter().filter_map(|(id, day)| Some((id, day?))));
    }
    Ok(days)
}

/// A field that leads from a record to the one above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tree {
    /// From a place to the one that contains it.
    ContainedIn,
    /// From an organization to its parent.
    Parent,
    /// From an event to its whole.
    PartOf,
}

/// What these records have above them.
pub async fn parents(transaction: &Transaction, tree: Tree, ids: &[Id]) -> Result<Vec<(Id, Option<Id>)>, Error> {
    let mut parents = Vec::new();
    for ids in ids.chunks(IDS_AT_ONCE) {
        let ids = ids.iter().copied();
        let rows: Vec<(Id, Option<Id>)> = match tree {
            Tree::ContainedIn => {
                place::Entity::find()
                    .select_only()
                    .columns([place::Column::Id, place::Column::ContainedInId])
                    .filter(place::Column::Id.is_in(ids))
                    .into_tuple()
                    .all(transaction)
                    .await?
            }
            Tree::Parent => {
                organization::Entity::find()
                    .select_only()
                    .columns([organization::Column::Id, organization::Column::ParentId])
                    .filter(organization::Column::Id.is_in(ids))
                    .into_tuple()
                    .all(transaction)
                    .await?
            }
            Tree::PartOf => {
                event::Entity::find()
                    .select_only()
                    .columns([event::Column::Id, event::Column::PartOfId])
                    .filter(event::Column::Id.is_in(ids))
                    .into_tuple()
                    .all(transaction)
                    .await?
            }
        };
        parents.extend(rows);
    }
    Ok(parents)
}

/// What these records have directly below them, each with the one that is above it.
pub async fn children(transaction: &Transaction, tree: Tree, ids: &[Id]) -> Result<Vec<(Id, Id)>, Error> {
    let mut children = Vec::new();
    for ids in ids.chunks(IDS_AT_ONCE) {
        let ids = ids.iter().copied();
        let rows: Vec<(Id, Option<Id>)> = match tree {
            Tree::ContainedIn => {
                place::Entity::find()
                    .select_only()
                    .columns([place::Column::Id, place::Column::ContainedInId])
                    .filter(place::Column::ContainedInId.is_in(ids))
                    .into_tuple()
                    .all(transaction)
                    .await?
            }
            Tree::Parent => {
                organization::Entity::find()
                    .select_only()
                    .columns([organization::Column::Id, organization::Column::ParentId])
                    .filter(organization::Column::ParentId.is_in(ids))
                    .into_tuple()
                    .all(transaction)
                    .await?
            }
            Tree::PartOf => {
                event::Entity::find()
                    .select_only()
                    .columns([event::Column::Id, event::Column::PartOfId])
                    .filter(event::Column::PartOfId.is_in(ids))
                    .into_tuple()
                    .all(transaction)
                    .await?
            }
        };
        children.extend(rows.into_iter().filter_map(|(id, up)| Some((id, up?))));
    }
    Ok(children)
}

/// The kinds of these places.
pub async fn place_kinds(transaction: &Transaction, ids: &[Id]) -> Result<Vec<(Id, PlaceKind)>, Error> {
    let mut kinds = Vec::new();
    for ids in ids.chunks(IDS_AT_ONCE) {
        let rows: Vec<(Id, PlaceKind)> = place::Entity::find()
            .select_only()
            .columns([place::Column::Id, place::Column::Kind])
            .filter(place::Column::Id.is_in(ids.iter().copied()))
            .into_tuple()
            .all(transaction)
            .await?;
        kinds.extend(rows);
    }
    Ok(kinds)
}

/// A relation that holds both ways.
#[derive(Debug, Clone)]
pub struct Tie {
    /// Its id.
    pub id: Id,
    /// The end that it is told from.
    pub source: Id,
    /// Its kind.
    pub kind: RelationKind,
    /// The other end.
    pub target: Id,
    /// When it began, in EDTF.
    pub since: Option<String>,
}

/// The relations that hold both ways, are not in the bin, and are told from one of these records.
pub async fn ties_of(transaction: &Transaction, sources: &[Id]) -> Result<Vec<Tie>, Error> {
    let mut ties = Vec::new();
    for ids in sources.chunks(IDS_AT_ONCE) {
        let rows: Vec<(Id, Id, RelationKind, Id, Option<String>)> = relation::Entity::find()
            .select_only()
            .columns([
                relation::Column::Id,
                relation::Column::SourceId,
                relation::Column::Kind,
                relation::Column::TargetId,
                relation::Column::SinceEdtf,
            ])
            .filter(relation::Column::SourceId.is_in(ids.iter().copied()))
            .filter(relation::Column::IsSymmetric.eq(true))
            .filter(relation::Column::IsDeleted.eq(false))
            .into_tuple()
            .all(transaction)
            .await?;
        ties.extend(rows.into_iter().map(|(id, source, kind, target, since)| Tie { id, source, kind, target, since }));
    }
    Ok(ties)
}

/// The anchors of the dates of these events, as far as those are relative.
pub async fn anchors_of(transaction: &Transaction, ids: &[Id]) -> Result<Vec<(Id, Id)>, Error> {
    let mut anchors = Vec::new();
    for ids in ids.chunks(IDS_AT_ONCE) {
        let rows: Vec<(Option<Id>, Id)> = relative_date::Entity::find()
            .select_only()
            .columns([relative_date::Column::RecordId, relative_date::Column::AnchorId])
            .filter(relative_date::Column::RecordId.is_in(ids.iter().copied()))
            .filter(relative_date::Column::Field.eq("date"))
            .into_tuple()
            .all(transaction)
            .await?;
        anchors.extend(rows.into_iter().filter_map(|(id, anchor)| Some((id?, anchor))));
    }
    Ok(anchors)
}

/// The records with a date, of their own or of a citation, that is worked out from one of these anchors.
pub async fn anchored_in(transaction: &Transaction, anchors: &[Id]) -> Result<Vec<Id>, Error> {
    let mut owners = Vec::new();
    let mut citations = Vec::new();
    for ids in anchors.chunks(IDS_AT_ONCE) {
        let rows = relative_date::Entity::find()
            .filter(relative_date::Column::AnchorId.is_in(ids.iter().copied()))
            .filter(relative_date::Column::IsAsserted.eq(false))
            .all(transaction)
            .await?;
        owners.extend(rows.iter().filter_map(|row| row.record_id));
        citations.extend(rows.iter().filter_map(|row| row.citation_id));
    }
    for ids in citations.chunks(IDS_AT_ONCE) {
        let rows: Vec<Id> = citation::Entity::find()
            .select_only()
            .column(citation::Column::SubjectId)
            .filter(citation::Column::Id.is_in(ids.iter().copied()))
            .into_tuple()
            .all(transaction)
            .await?;
        owners.extend(rows);
    }
    Ok(owners)
}

/// The records that cite one of these articles.
pub async fn citing(transaction: &Transaction, articles: &[Id]) -> Result<Vec<Id>, Error> {
    let mut owners = Vec::new();
    for ids in articles.chunks(IDS_AT_ONCE) {
        let rows: Vec<Id> = citation::Entity::find()
            .select_only()
            .column(citation::Column::SubjectId)
            .filter(citation::Column::ArticleId.is_in(ids.iter().copied()))
            .distinct()
            .into_tuple()
            .all(transaction)
            .await?;
        owners.extend(rows);
    }
    Ok(owners)
}

/// What records own that has an id of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Nested {
    /// A participation of an event.
    Participation,
    /// A citation of an event or a relation.
    Citation,
    /// A mention of an article.
    Mention,
}

/// The records that own the rows with these ids.
pub async fn owners_of_nested(transaction: &Transaction, nested: Nested, ids: &[Id]) -> Result<Vec<(Id, Id)>, Error> {
    let mut owners = Vec::new();
    for ids in ids.chunks(IDS_AT_ONCE) {
        let ids = ids.iter().copied();
        let rows: Vec<(Id, Id)> = match nested {
            Nested::Participation => {
                participation::Entity::find()
                    .select_only()
                    .columns([participation::Column::Id, participation::Column::EventId])
                    .filter(participation::Column::Id.is_in(ids))
                    .into_tuple()
                    .all(transaction)
                    .await?
            }
            Nested::Citation => {
                citation::Entity::find()
                    .select_only()
                    .columns([citation::Column::Id, citation::Column::SubjectId])
                    .filter(citation::Column::Id.is_in(ids))
                    .into_tuple()
                    .all(transaction)
                    .await?
            }
            Nested::Mention => {
                mention::Entity::find()
                    .select_only()
                    .columns([mention::Column::Id, mention::Column::ArticleId])
                    .filter(mention::Column::Id.is_in(ids))
                    .into_tuple()
                    .all(transaction)
                    .await?
            }
        };
        owners.extend(rows);
    }
    Ok(owners)
}
