//! Evidence: a passage of an article that supports an event, a participation, a relation or a field of a record.

use sea_orm::entity::prelude::*;

use crate::{
    Id,
    vocabulary::{AnchorState, Modality, QuoteForm, RecordKind, TextField},
};

/// Evidence: a passage of an article that supports an event, a participation, a relation or a field of a record.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "citation")]
pub struct Model {
    /// The citation's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// The article that is cited.
    pub article_id: Id,
    /// The record that owns the citation.
    pub subject_id: Id,
    /// The participation of that event that it supports.
    pub participation_id: Option<Id>,
    /// The field that it supports.
    #[sea_orm(column_type = "Text", nullable)]
    pub subject_field: Option<String>,
    /// The place in the list, from 0.
    pub position: i32,
    /// The text that is quoted.
    pub field: TextField,
    /// The words of the passage.
    #[sea_orm(column_type = "Text")]
    pub quote: String,
    /// Where it starts, in Unicode code points.
    pub span_start: Option<i32>,
    /// Where it ends, in Unicode code points, exclusive.
    pub span_end: Option<i32>,
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
    /// Where the passage started when it was last anchored, if it is orphaned.
    pub last_start: Option<i32>,
    /// Whether it is a direct quotation or indirect speech.
    pub form: QuoteForm,
    /// How certain the source presents it.
    pub modality: Modality,
    /// The source of the statement.
    pub attributed_to_id: Option<Id>,
    /// A copy of that record's kind.
    pub attributed_to_kind: Option<RecordKind>,
    /// The source of the statement in the words of the article.
    #[sea_orm(column_type = "Text", nullable)]
    pub attributed_to_text: Option<String>,
    /// The country of that source.
    pub attributed_to_country_id: Option<Id>,
    /// The date that this source gives, as EDTF; null where there is no date.
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
    /// A remark of the editor.
    #[sea_orm(column_type = "Text", nullable)]
    pub note: Option<String>,
}

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
