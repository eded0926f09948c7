//! The derived tables. A write updates them in its transaction.

use sea_orm_migration::prelude::*;

use entity::vocabulary::{RecordKind, RelationDirection, RelationKind};

use crate::table::{NewTable, OnDelete, drop_tables};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        NewTable::new(manager, "place_closure")
            .reference("ancestor_id", "place", OnDelete::Cascade)
            .reference("descendant_id", "place", OnDelete::Cascade)
            .integer("depth")
            .sort_key("name_key")
            .check("depth", Expr::col("depth").gte(0))
            .primary_key(["ancestor_id", "descendant_id"])
            .index(["descendant_id", "depth"])
            .index(["ancestor_id", "name_key", "descendant_id"])
            .create(manager)
            .await?;
        // Each organization once for each place: by its headquarters, its country or both.
        NewTable::new(manager, "place_organization")
            .reference("place_id", "place", OnDelete::Cascade)
            .reference("organization_id", "organization", OnDelete::Cascade)
            .sort_key("name_key")
            .optional_integer("headquarters_depth")
            .optional_integer("country_depth")
            .check("linked", Expr::col("headquarters_depth").is_not_null().or(Expr::col("country_depth").is_not_null()))
            .primary_key(["organization_id", "place_id"])
            .index(["place_id", "name_key", "organization_id"])
            .create(manager)
            .await?;
        NewTable::new(manager, "place_event")
            .reference("place_id", "place", OnDelete::Cascade)
            .reference("event_id", "event", OnDelete::Cascade)
            .ranks()
            .primary_key(["event_id", "place_id"])
            .index(["place_id", "rank_asc", "rank_end", "event_id"])
            .index(["place_id", "rank_desc", "rank_end", "event_id"])
            .create(manager)
            .await?;
        NewTable::new(manager, "event_entity")
            .reference("entity_id", "record", OnDelete::Cascade)
            .reference("event_id", "event", OnDelete::Cascade)
            .ranks()
            .primary_key(["entity_id", "event_id"])
            .index(["event_id"])
            .index(["entity_id", "rank_asc", "rank_end", "event_id"])
            .index(["entity_id", "rank_desc", "rank_end", "event_id"])
            .create(manager)
            .await?;
        NewTable::new(manager, "article_entity")
            .reference("article_id", "article", OnDelete::Cascade)
            .vocabulary::<RecordKind>("kind")
            .reference("entity_id", "record", OnDelete::Cascade)
            .integer("mention_count")
            .integer("citation_count")
            .integer("published_asc")
            .integer("published_desc")
            .check(
                "counted",
                Expr::col("mention_count")
                    .gte(0)
                    .and(Expr::col("citation_count").gte(0))
                    .and(Expr::col("mention_count").add(Expr::col("citation_count")).gt(0)),
            )
            .primary_key(["article_id", "kind", "entity_id"])
            .index(["entity_id", "published_asc", "article_id"])
            .index(["entity_id", "published_desc", "article_id"])
            .index(["entity_id", "article_id"])
            .create(manager)
            .await?;
        NewTable::new(manager, "relation_end")
            .reference("record_id", "record", OnDelete::Cascade)
            .reference("relation_id", "relation", OnDelete::Cascade)
            .vocabulary::<RelationDirection>("direction")
            .vocabulary::<RelationKind>("kind")
            .reference("other_id", "record", OnDelete::Cascade)
            .vocabulary::<RecordKind>("other_kind")
            .primary_key(["record_id", "relation_id", "direction"])
            .index(["record_id", "kind", "other_id"])
            .index(["relation_id"])
            .index(["other_id"])
            .create(manager)
            .await?;
        // The index is written before the records, so it has no foreign keys.
        NewTable::new(manager, "search_document")
            .integer("number")
            .plain_id("record_id")
            .vocabulary::<RecordKind>("kind")
            .optional_text("language")
            .integer("length")
            .primary_key(["number"])
            .unique(["record_id"])
            .create(manager)
            .await?;
        NewTable::new(manager, "search_posting")
            .sort_key("term")
            .integer("block")
            .text("postings")
            .primary_key(["term", "block"])
            .create(manager)
            .await?;
        NewTable::new(manager, "search_form")
            .sort_key("form")
            .sort_key("term")
            .primary_key(["form", "term"])
            .create(manager)
            .await?;
        NewTable::new(manager, "search_spelling")
            .sort_key("key")
            .sort_key("text")
            .sort_key("form")
            .primary_key(["key", "text"])
            .create(manager)
            .await?;
        NewTable::new(manager, "search_total")
            .integer("id")
            .big_integer("documents")
            .big_integer("words")
            .primary_key(["id"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let search = ["search_total", "search_spelling", "search_form", "search_posting", "search_document"];
        drop_tables(manager, &search).await?;
        drop_tables(
            manager,
            &["relation_end", "article_entity", "event_entity", "place_event", "place_organization", "place_closure"],
        )
        .await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
