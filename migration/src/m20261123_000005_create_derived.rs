//! The derived tables. A write updates them in its transaction.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use entity::vocabulary::{RecordKind, RelationDirection, RelationKind};

use crate::table::{NewTable, OnDelete, drop_tables};

/// The condition of a read must have the same expression.
const INDEX_OF_GRAMS_ON_POSTGRES: &str =
    "CREATE INDEX ix_record_gram_grams ON record_gram USING gin (string_to_array(grams, ' '))";

/// FTS5 reads the grams from the table when it needs them. It does not see changes of the table: triggers tell it.
const INDEX_OF_GRAMS_ON_SQLITE: &str = "
    CREATE VIRTUAL TABLE record_gram_index
        USING fts5(grams, content = 'record_gram', content_rowid = 'number', columnsize = 0, detail = 'none', tokenize = 'ascii');
    CREATE TRIGGER record_gram_added AFTER INSERT ON record_gram BEGIN
        INSERT INTO record_gram_index (rowid, grams) VALUES (new.number, new.grams);
    END;
    CREATE TRIGGER record_gram_removed AFTER DELETE ON record_gram BEGIN
        INSERT INTO record_gram_index (record_gram_index, rowid, grams) VALUES ('delete', old.number, old.grams);
    END";

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
            .boolean("is_deleted", None)
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
            .index(["entity_id", "article_id", "is_deleted"])
            .create(manager)
            .await?;
        NewTable::new(manager, "name_word")
            .plain_id("record_id")
            .integer("position")
            .sort_key("word")
            .vocabulary::<RecordKind>("kind")
            .primary_key(["record_id", "position", "word"])
            .index(["kind", "word", "record_id", "position"])
            .create(manager)
            .await?;
        NewTable::new(manager, "record_gram")
            .number()
            .reference("record_id", "record", OnDelete::Cascade)
            .text("grams")
            .unique(["record_id"])
            .create(manager)
            .await?;
        let index = match manager.get_database_backend() {
            DbBackend::Postgres => INDEX_OF_GRAMS_ON_POSTGRES,
            _ => INDEX_OF_GRAMS_ON_SQLITE,
        };
        manager.get_connection().execute_unprepared(index).await?;
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
            .integer("last_number")
            .integer("analysis_version")
            .primary_key(["id"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let search = ["search_total", "search_spelling", "search_form", "search_posting", "search_document"];
        drop_tables(manager, &search).await?;
        if manager.get_database_backend() != DbBackend::Postgres {
            manager.get_connection().execute_unprepared("DROP TABLE record_gram_index").await?;
        }
        let tables = [
            "relation_end",
            "record_gram",
            "name_word",
            "article_entity",
            "event_entity",
            "place_event",
            "place_organization",
            "place_closure",
        ];
        drop_tables(manager, &tables).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
