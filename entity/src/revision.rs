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
    /// What was done.
    pub operation: Operation,
    /// Who did it.
    #[sea_orm(column_type = "Text")]
    pub actor: String,
    /// When.
    pub at: DateTimeUtc,
    /// Why, in the words of the actor.
    #[sea_orm(column_type = "Text", nullable)]
    pub summary: Option<String>,
    /// A JSON array of `{field, before, after}`; empty in the revision that made the record, whose snapshot says it all.
    #[sea_orm(column_type = "Text")]
    pub changes: String,
    /// The record as it then was, as a document in JSON.
    #[sea_orm(column_type = "Text", nullable)]
    pub snapshot: Option<String>,
}

/// The fields of a snapshot that `changes` never tells of: they are the same throughout, or are others with every change.
pub const UNRECORDED_FIELDS: [&str; 5] = ["type", "id", "version", "createdAt", "updatedAt"];

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
