//! Relations between two records.

use sea_orm::entity::prelude::*;

use crate::{
    Id,
    vocabulary::{RecordKind, RelationKind},
};

/// Relations between two records.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "relation")]
pub struct Model {
    /// The record's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// The source of the relation.
    pub source_id: Id,
    /// A copy of its kind.
    pub source_kind: RecordKind,
    /// The kind of the relation, from source to target.
    pub kind: RelationKind,
    /// The target of the relation.
    pub target_id: Id,
    /// A copy of its kind.
    pub target_kind: RecordKind,
    /// A description of the relation.
    #[sea_orm(column_type = "Text", nullable)]
    pub description: Option<String>,
    /// The description, folded.
    #[sea_orm(column_type = "Text", nullable)]
    pub description_key: Option<String>,
    /// Whether it holds in both directions.
    pub is_symmetric: bool,
    /// Since when it holds, as EDTF; null where there is no date.
    #[sea_orm(column_type = "Text", nullable)]
    pub since_edtf: Option<String>,
    /// The first day that it may be; null where there is no lower bound.
    pub since_earliest: Option<Date>,
    /// The last day that it may be; null where there is no upper bound.
    pub since_latest: Option<Date>,
    /// Bits: 1 start open, 2 start unknown, 4 end open, 8 end unknown, 16 approximate, 32 uncertain.
    pub since_flags: i16,
    /// The date in the words of the source.
    #[sea_orm(column_type = "Text", nullable)]
    pub since_original: Option<String>,
    /// Until when it holds, as EDTF; null where there is no date.
    #[sea_orm(column_type = "Text", nullable)]
    pub until_edtf: Option<String>,
    /// The first day that it may be; null where there is no lower bound.
    pub until_earliest: Option<Date>,
    /// The last day that it may be; null where there is no upper bound.
    pub until_latest: Option<Date>,
    /// Bits: 1 start open, 2 start unknown, 4 end open, 8 end unknown, 16 approximate, 32 uncertain.
    pub until_flags: i16,
    /// The date in the words of the source.
    #[sea_orm(column_type = "Text", nullable)]
    pub until_original: Option<String>,
    /// Whether the record is deleted or merged: a copy, so that reads need not join `record`.
    pub is_deleted: bool,
}

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
