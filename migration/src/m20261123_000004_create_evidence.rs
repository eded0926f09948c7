//! Mentions, citations, and dates relative to another record.

use sea_orm_migration::prelude::*;

use entity::vocabulary::{
    AnchorState, MentionClass, MentionOrigin, Modality, QuoteForm, RecordKind, TemporalRelation, TextField, Vocabulary,
};

use crate::table::{NewTable, OnDelete, drop_tables};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        NewTable::new(manager, "mention")
            .id()
            .reference("article_id", "article", OnDelete::Cascade)
            .reference("entity_id", "record", OnDelete::Restrict)
            .vocabulary::<RecordKind>("entity_kind")
            .optional_reference("meant_id", "record", OnDelete::Restrict)
            .optional_vocabulary::<RecordKind>("meant_kind")
            .vocabulary::<TextField>("field")
            .integer("span_start")
            .integer("span_end")
            .text("text")
            .vocabulary::<MentionClass>("class")
            .vocabulary::<MentionOrigin>("origin")
            .vocabulary::<AnchorState>("anchor")
            .text("prefix")
            .text("suffix")
            .boolean("has_twin", None)
            .check("span", Expr::col("span_start").gte(0).and(Expr::col("span_start").lt(Expr::col("span_end"))))
            .check("kind_with_meant", Expr::col("meant_id").is_null().eq(Expr::col("meant_kind").is_null()))
            // Orphaned mentions may have had the same place.
            .unique_where(
                "place",
                ["article_id", "field", "span_start", "span_end", "entity_id"],
                Expr::col("anchor").ne(AnchorState::Orphaned.as_str()),
            )
            .index(["article_id", "field", "span_start", "id"])
            .index(["entity_id", "id"])
            .index(["meant_id", "id"])
            .index(["anchor", "id"])
            .create(manager)
            .await?;
        NewTable::new(manager, "citation")
            .id()
            .reference("article_id", "article", OnDelete::Restrict)
            .reference("subject_id", "record", OnDelete::Cascade)
            .optional_reference("participation_id", "participation", OnDelete::Cascade)
            .optional_text("subject_field")
            .integer("position")
            .vocabulary::<TextField>("field")
            .text("quote")
            .optional_integer("span_start")
            .optional_integer("span_end")
            .vocabulary::<AnchorState>("anchor")
            .text("prefix")
            .text("suffix")
            .boolean("has_twin", None)
            .optional_integer("last_start")
            .vocabulary::<QuoteForm>("form")
            .vocabulary::<Modality>("modality")
            .optional_reference("attributed_to_id", "record", OnDelete::Restrict)
            .optional_vocabulary::<RecordKind>("attributed_to_kind")
            .optional_text("attributed_to_text")
            .optional_reference("attributed_to_country_id", "place", OnDelete::Restrict)
            .fuzzy_date("date")
            .optional_text("note")
            .check("whole_span", Expr::col("span_start").is_null().eq(Expr::col("span_end").is_null()))
            .check("span", Expr::col("span_start").gte(0).and(Expr::col("span_start").lt(Expr::col("span_end"))))
            .check(
                "kind_with_attributed_to",
                Expr::col("attributed_to_id").is_null().eq(Expr::col("attributed_to_kind").is_null()),
            )
            .index(["subject_id", "participation_id", "position", "id"])
            .index(["participation_id", "position", "id"])
            .index(["article_id", "id"])
            .index(["attributed_to_id", "position", "id"])
            .index(["attributed_to_country_id", "position", "id"])
            .index(["anchor", "id"])
            .create(manager)
            .await?;
        NewTable::new(manager, "relative_date")
            .id()
            .optional_reference("record_id", "record", OnDelete::Cascade)
            .optional_reference("citation_id", "citation", OnDelete::Cascade)
            .text("field")
            .reference("anchor_id", "record", OnDelete::Restrict)
            .vocabulary::<TemporalRelation>("relation")
            .optional_text("duration")
            .boolean("is_approximate", None)
            .boolean("is_asserted", None)
            .check("one_owner", Expr::col("record_id").is_null().ne(Expr::col("citation_id").is_null()))
            .unique(["record_id", "field"])
            .unique(["citation_id", "field"])
            .index(["anchor_id"])
            .create(manager)
            .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["relative_date", "citation", "mention"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
