//! The links that records own: nationalities, authors, places and participants of events, and relations.

use sea_orm_migration::prelude::*;

use entity::vocabulary::{ParticipantRole, RecordKind, RelationKind};

use crate::table::{NewTable, OnDelete, drop_tables};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        NewTable::new(manager, "person_nationality")
            .reference("person_id", "person", OnDelete::Cascade)
            .reference("place_id", "place", OnDelete::Restrict)
            .integer("position")
            .sort_key("name_key")
            .primary_key(["person_id", "place_id"])
            .index(["place_id", "name_key", "person_id"])
            .create(manager)
            .await?;
        NewTable::new(manager, "article_author")
            .reference("article_id", "article", OnDelete::Cascade)
            .reference("person_id", "person", OnDelete::Restrict)
            .integer("position")
            .primary_key(["article_id", "person_id"])
            .index(["person_id", "article_id"])
            .create(manager)
            .await?;
        NewTable::new(manager, "event_place")
            .reference("event_id", "event", OnDelete::Cascade)
            .reference("place_id", "place", OnDelete::Restrict)
            .integer("position")
            .optional_text("description")
            .boolean("is_certain", Some(true))
            .ranks()
            .primary_key(["event_id", "place_id"])
            .index(["place_id", "rank_asc", "rank_end", "event_id"])
            .index(["place_id", "rank_desc", "rank_end", "event_id"])
            .create(manager)
            .await?;
        NewTable::new(manager, "participation")
            .id()
            .reference("event_id", "event", OnDelete::Cascade)
            .integer("position")
            .optional_reference("participant_id", "record", OnDelete::Restrict)
            .optional_vocabulary::<RecordKind>("participant_kind")
            .optional_text("description")
            .optional_sort_key("description_key")
            .optional_integer("count")
            .vocabulary::<ParticipantRole>("role")
            .check("somebody", Expr::col("participant_id").is_not_null().or(Expr::col("description").is_not_null()))
            .check(
                "kind_with_participant",
                Expr::col("participant_id").is_null().eq(Expr::col("participant_kind").is_null()),
            )
            .check("count_from_one", Expr::col("count").gte(1))
            .index(["event_id", "position", "id"])
            .index(["participant_id", "event_id"])
            .index(["participant_id", "position", "id"])
            .create(manager)
            .await?;
        NewTable::new(manager, "relation")
            .record_id()
            .reference("source_id", "record", OnDelete::Restrict)
            .vocabulary::<RecordKind>("source_kind")
            .vocabulary::<RelationKind>("kind")
            .reference("target_id", "record", OnDelete::Restrict)
            .vocabulary::<RecordKind>("target_kind")
            .optional_text("description")
            .optional_sort_key("description_key")
            .boolean("is_symmetric", None)
            .fuzzy_date("since")
            .fuzzy_date("until")
            // A relation between two records that were merged into one stays in the bin.
            .check("two_records", Expr::col("source_id").ne(Expr::col("target_id")).or(Expr::col("is_deleted")))
            .index(["source_id", "kind", "target_id"])
            .index(["target_id"])
            .create(manager)
            .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["relation", "participation", "event_place", "article_author", "person_nationality"])
            .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
