//! Organizations.

use sea_orm::entity::prelude::*;

use crate::{Id, vocabulary::OrganizationKind};

/// Organizations.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organization")]
pub struct Model {
    /// The record's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// The main name.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// The language of the main name, a BCP 47 tag; `und` if it is not known.
    #[sea_orm(column_type = "Text")]
    pub name_language: String,
    /// The sort key of the name.
    #[sea_orm(column_type = "Text")]
    pub name_key: String,
    /// The address of an image.
    #[sea_orm(column_type = "Text", nullable)]
    pub image: Option<String>,
    /// What kind of organization it is.
    pub kind: OrganizationKind,
    /// The organization that it is directly a part of.
    pub parent_id: Option<Id>,
    /// The place of its headquarters.
    pub headquarters_id: Option<Id>,
    /// The country that it belongs to.
    pub country_id: Option<Id>,
    /// When it was founded, as EDTF; null where there is no date.
    #[sea_orm(column_type = "Text", nullable)]
    pub founded_edtf: Option<String>,
    /// The first day that it may be; null where there is no lower bound.
    pub founded_earliest: Option<Date>,
    /// The last day that it may be; null where there is no upper bound.
    pub founded_latest: Option<Date>,
    /// Bits: 1 start open, 2 start unknown, 4 end open, 8 end unknown, 16 approximate, 32 uncertain.
    pub founded_flags: i16,
    /// The date in the words of the source.
    #[sea_orm(column_type = "Text", nullable)]
    pub founded_original: Option<String>,
    /// When it was dissolved, as EDTF; null where there is no date.
    #[sea_orm(column_type = "Text", nullable)]
    pub dissolved_edtf: Option<String>,
    /// The first day that it may be; null where there is no lower bound.
    pub dissolved_earliest: Option<Date>,
    /// The last day that it may be; null where there is no upper bound.
    pub dissolved_latest: Option<Date>,
    /// Bits: 1 start open, 2 start unknown, 4 end open, 8 end unknown, 16 approximate, 32 uncertain.
    pub dissolved_flags: i16,
    /// The date in the words of the source.
    #[sea_orm(column_type = "Text", nullable)]
    pub dissolved_original: Option<String>,
    /// Whether the record is deleted or merged: a copy, so that reads need not join `record`.
    pub is_deleted: bool,
}

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
