//! Who took part in an event: a record, a described group, or both.

use sea_orm::entity::prelude::*;

use crate::{
    Id,
    vocabulary::{ParticipantRole, RecordKind},
};

/// Who took part in an event: a record, a described group, or both.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "participation")]
pub struct Model {
    /// The participation's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// The event.
    pub event_id: Id,
    /// The place in the list, from 0.
    pub position: i32,
    /// The record that took part.
    pub participant_id: Option<Id>,
    /// A copy of that record's kind.
    pub participant_kind: Option<RecordKind>,
    /// A description of the participant.
    #[sea_orm(column_type = "Text", nullable)]
    pub description: Option<String>,
    /// The description, folded.
    #[sea_orm(column_type = "Text", nullable)]
    pub description_key: Option<String>,
    /// The number of people, from 1.
    pub count: Option<i32>,
    /// The role.
    pub role: ParticipantRole,
}

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
