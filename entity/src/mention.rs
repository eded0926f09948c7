//! Mentions: passages of articles that name a record.

use sea_orm::entity::prelude::*;

use crate::{
    Id,
    vocabulary::{AnchorState, MentionClass, MentionOrigin, RecordKind, TextField},
};

/// Mentions: passages of articles that name a record.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mention")]
pub struct Model {
    /// The mention's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// The article.
    pub article_id: Id,
    /// The record that is named.
    pub entity_id: Id,
    /// A copy of its kind.
    pub entity_kind: RecordKind,
    /// The record that is meant, if it is another one: a capital may represent its country.
    pub meant_id: Option<Id>,
    /// A copy of its kind.
    pub meant_kind: Option<RecordKind>,
    /// The text that it is in.
    pub field: TextField,
    /// Where it starts, in Unicode code points; for an orphan, where it started.
    pub span_start: i32,
    /// Where it ends, in Unicode code points, exclusive; for an orphan, where it ended.
    pub span_end: i32,
    /// The words of the passage.
    #[sea_orm(column_type = "Text")]
    pub text: String,
    /// How it refers to the record: by name, demonym or noun.
    pub class: MentionClass,
    /// Who or what created it.
    pub origin: MentionOrigin,
    /// Whether the passage is still in the text at its position.
    pub anchor: AnchorState,
    /// The 32 code points before the passage when it was last anchored, or as many as there were.
    #[sea_orm(column_type = "Text")]
    pub prefix: String,
    /// The 32 code points after the passage when it was last anchored, or as many as there were.
    #[sea_orm(column_type = "Text")]
    pub suffix: String,
    /// Whether the same words occurred elsewhere in that text.
    pub has_twin: bool,
}

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
