//! People.

use sea_orm::entity::prelude::*;

use crate::Id;

/// People.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person")]
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
    /// What the person does or did, in a few words.
    #[sea_orm(column_type = "Text", nullable)]
    pub occupation: Option<String>,
    /// The occupation, folded.
    #[sea_orm(column_type = "Text", nullable)]
    pub occupation_key: Option<String>,
    /// When the person was born, as EDTF; null where there is no date.
    #[sea_orm(column_type = "Text", nullable)]
    pub born_edtf: Option<String>,
    /// The first day that it may be; null where there is no lower bound.
    pub born_earliest: Option<Date>,
    /// The last day that it may be; null where there is no upper bound.
    pub born_latest: Option<Date>,
    /// Bits: 1 start open, 2 start unknown, 4 end open, 8 end unknown, 16 approximate, 32 uncertain.
    pub born_flags: i16,
    /// The date in the words of the source.
    #[sea_orm(column_type = "Text", nullable)]
    pub born_original: Option<String>,
    /// When the person died, as EDTF; null where there is no date.
    #[sea_orm(column_type = "Text", nullable)]
    pub died_edtf: Option<String>,
    /// The first day that it may be; null where there is no lower bound.
    pub died_earliest: Option<Date>,
    /// The last day that it may be; null where there is no upper bound.
    pub died_latest: Option<Date>,
    /// Bits: 1 start open, 2 start unknown, 4 end open, 8 end unknown, 16 approximate, 32 uncertain.
    pub died_flags: i16,
    /// The date in the words of the source.
    #[sea_orm(column_type = "Text", nullable)]
    pub died_original: Option<String>,
    /// Whether the record is deleted or merged: a copy, so that reads need not join `record`.
    pub is_deleted: bool,
}

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
