//! Articles: texts with headlines, stored unchanged.

use sea_orm::entity::prelude::*;

use crate::Id;

/// Articles: texts with headlines, stored unchanged.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "article")]
pub struct Model {
    /// The record's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// The headline.
    #[sea_orm(column_type = "Text")]
    pub headline: String,
    /// The sort key of the headline.
    #[sea_orm(column_type = "Text")]
    pub headline_key: String,
    /// The abstract.
    #[sea_orm(column_type = "Text", nullable)]
    pub r#abstract: Option<String>,
    /// The body.
    #[sea_orm(column_type = "Text", nullable)]
    pub body: Option<String>,
    /// The language of its texts, a BCP 47 tag.
    #[sea_orm(column_type = "Text")]
    pub language: String,
    /// The language, folded.
    #[sea_orm(column_type = "Text")]
    pub language_key: String,
    /// The day of publication.
    pub published_on: Option<Date>,
    /// The day number of the publication; 2147483647 where it is not known.
    pub published_asc: i32,
    /// The same; -2147483648 where it is not known.
    pub published_desc: i32,
    /// Its own address, unique.
    #[sea_orm(column_type = "Text", nullable)]
    pub url: Option<String>,
    /// The address, folded.
    #[sea_orm(column_type = "Text", nullable)]
    pub url_key: Option<String>,
    /// The address of an image.
    #[sea_orm(column_type = "Text", nullable)]
    pub image: Option<String>,
    /// The organization that published it.
    pub publisher_id: Option<Id>,
    /// The place in the dateline.
    pub dateline_id: Option<Id>,
    /// Whether the record is deleted or merged: a copy, so that reads need not join `record`.
    pub is_deleted: bool,
}

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
