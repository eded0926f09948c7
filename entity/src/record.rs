//! The identity of every record: its kind, key, version, times, deletion and merge target.

use sea_orm::entity::prelude::*;

use crate::{Id, vocabulary::RecordKind};

/// The identity of every record: its kind, key, version, times, deletion and merge target.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "record")]
pub struct Model {
    /// The record's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// Its kind.
    pub kind: RecordKind,
    /// A stable name that an editor chose, unique over all records.
    #[sea_orm(column_type = "Text", nullable)]
    pub key: Option<String>,
    /// The key, folded.
    #[sea_orm(column_type = "Text", nullable)]
    pub key_key: Option<String>,
    /// The version, from 1; every change increments it.
    pub version: i32,
    /// When it was created.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// When it was deleted; null while it is not in the bin.
    pub deleted_at: Option<DateTimeUtc>,
    /// The record that it was merged into.
    pub merged_into_id: Option<Id>,
    /// Derived: the number of articles that mention it, without deleted ones; for an event, also those that are cited for it.
    pub article_count: i32,
}

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
