//! Derived: the two ends of every relation.

use sea_orm::entity::prelude::*;

use crate::{
    Id,
    vocabulary::{RecordKind, RelationDirection, RelationKind},
};

/// Derived: the two ends of every relation.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "relation_end")]
pub struct Model {
    /// The record at this end.
    #[sea_orm(primary_key, auto_increment = false)]
    pub record_id: Id,
    /// The relation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub relation_id: Id,
    /// `OUTGOING` at the source, `INCOMING` at the target, `ANY` at both ends of a symmetric relation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub direction: RelationDirection,
    /// A copy of the relation's kind.
    pub kind: RelationKind,
    /// The record at the other end.
    pub other_id: Id,
    /// A copy of its kind.
    pub other_kind: RecordKind,
}

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
