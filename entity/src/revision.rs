//! The history: one row for each change of each record.

use sea_orm::entity::prelude::*;

use crate::{Id, vocabulary::Operation};

/// The history: one row for each change of each record.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "revision")]
pub struct Model {
    /// The revision's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// The record.
    pub record_id: Id,
    /// The version that the change led to.
    pub version: i32,
    /// The place in the history of all records: one total order.
    pub position: i64,
    /// The revision that this one is a part or a consequence of.
    pub cause_id: Option<Id>,
    /// The kind of change.
    pub operation: Operation,
    /// Who made the change.
    #[sea_orm(column_type = "Text")]
    pub actor: String,
    /// The same, folded.
    #[sea_orm(column_type = "Text")]
    pub actor_key: String,
    /// When the change was made.
    pub at: DateTimeUtc,
    /// Why the change was made, in the words of the actor.
    #[sea_orm(column_type = "Text", nullable)]
    pub summary: Option<String>,
    /// A JSON array of `{field, before, after}`. It is empty for the creation, because the snapshot contains all fields.
    #[sea_orm(column_type = "Text")]
    pub changes: String,
    /// The document of the record after the change.
    #[sea_orm(column_type = "Text", nullable)]
    pub snapshot: Option<String>,
}

/// The fields of a snapshot that `changes` never contains, because they never change or always change.
pub const UNRECORDED_FIELDS: [&str; 5] = ["type", "id", "version", "createdAt", "updatedAt"];

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
