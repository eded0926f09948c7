//! Events: what happened, is happening or is planned.

use sea_orm::entity::prelude::*;

use crate::{
    Id,
    vocabulary::{EventKind, EventStatus},
};

/// Events: what happened, is happening or is planned.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
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
    /// What kind of event it is.
    pub kind: EventKind,
    /// How certain it is.
    pub status: EventStatus,
    /// Whether it was officially confirmed; false: explicitly not, null: not known.
    pub officially_confirmed: Option<bool>,
    /// Whether it repeats.
    pub is_recurring: bool,
    /// The event that it is a part of.
    pub part_of_id: Option<Id>,
    /// When it happened, as EDTF; null where there is no date.
    #[sea_orm(column_type = "Text", nullable)]
    pub date_edtf: Option<String>,
    /// The first day that it may be; null where there is no lower bound.
    pub date_earliest: Option<Date>,
    /// The last day that it may be; null where there is no upper bound.
    pub date_latest: Option<Date>,
    /// Bits: 1 start open, 2 start unknown, 4 end open, 8 end unknown, 16 approximate, 32 uncertain.
    pub date_flags: i16,
    /// The date in the words of the source.
    #[sea_orm(column_type = "Text", nullable)]
    pub date_original: Option<String>,
    /// The day number of the earliest day, else of the latest; 2147483647 without either.
    pub rank_asc: i32,
    /// The same, but -2147483648 without either, so that such rows come last in a descending order.
    pub rank_desc: i32,
    /// The day number of the latest day; 2147483646 without one.
    pub rank_end: i32,
    /// The day number of the earliest day: -1 without a lower bound, 2147483647 without a date. For filters.
    pub rank_start: i32,
    /// Whether the record is deleted or merged: a copy, so that reads need not join `record`.
    pub is_deleted: bool,
}

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
