//! Lighter indexes: none holds rows that have nothing to be found by, one tree less for mentions, and one for the bin.
//!
//! Writing a record costs as much as the trees that it goes into. Most links are empty in most records, and no read asks
//! for those that have none.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::table::run;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Indexes over columns of which the first may be null: prefix of the name, table, columns.
const OPTIONAL: [(&str, &str, &[&str]); 18] = [
    ("uq", "record", &["key"]),
    ("ix", "record", &["merged_into_id"]),
    ("ix", "place", &["contained_in_id", "name_key", "id"]),
    ("ix", "place", &["country_code"]),
    ("ix", "organization", &["parent_id", "name_key", "id"]),
    ("ix", "organization", &["headquarters_id", "name_key", "id"]),
    ("ix", "organization", &["country_id"]),
    ("uq", "article", &["url"]),
    ("ix", "article", &["publisher_id", "published_desc", "id"]),
    ("ix", "article", &["dateline_id"]),
    ("ix", "event", &["part_of_id", "rank_asc", "rank_end", "id"]),
    ("ix", "participation", &["participant_id", "event_id"]),
    ("ix", "mention", &["meant_id", "id"]),
    ("ix", "citation", &["participation_id", "position", "id"]),
    ("ix", "citation", &["attributed_to_id"]),
    ("ix", "citation", &["attributed_to_country_id"]),
    ("uq", "relative_date", &["record_id", "field"]),
    ("uq", "relative_date", &["citation_id", "field"]),
];

const MENTIONS_IN_ORDER: &str = "mention (article_id, field, span_start, id)";
const MENTION_PLACE: &str = "mention (article_id, field, span_start, span_end, entity_id";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (prefix, table, columns) in OPTIONAL {
            renew(manager, prefix, table, columns, &format!(" WHERE {} IS NOT NULL", columns[0])).await?;
        }
        // Mentions that are found no more may have been at the same place, so their ids tell them apart. All others have
        // the same in that column, so that one of them stands in the way of another; and as the index holds all mentions, it
        // is also the one by which those of a text are read.
        let nobody = "00000000-0000-0000-0000-000000000000";
        let nobody = if manager.get_database_backend() == DbBackend::Postgres {
            format!("'{nobody}'::uuid")
        } else {
            format!("'{nobody}'")
        };
        run(
            manager,
            &[
                "DROP INDEX ix_mention_article_id_field_span_start_id".to_owned(),
                "DROP INDEX uq_mention_place".to_owned(),
                format!(
                    "CREATE UNIQUE INDEX uq_mention_place ON {MENTION_PLACE}, (CASE WHEN anchor = 'ORPHANED' THEN id ELSE {nobody} END))"
                ),
                "CREATE INDEX ix_record_bin ON record (deleted_at, id) WHERE deleted_at IS NOT NULL".to_owned(),
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(
            manager,
            &[
                "DROP INDEX ix_record_bin".to_owned(),
                "DROP INDEX uq_mention_place".to_owned(),
                format!("CREATE UNIQUE INDEX uq_mention_place ON {MENTION_PLACE}) WHERE anchor <> 'ORPHANED'"),
                format!("CREATE INDEX ix_mention_article_id_field_span_start_id ON {MENTIONS_IN_ORDER}"),
            ],
        )
        .await?;
        for (prefix, table, columns) in OPTIONAL {
            renew(manager, prefix, table, columns, "").await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn renew(
    manager: &SchemaManager<'_>,
    prefix: &str,
    table: &str,
    columns: &[&str],
    condition: &str,
) -> Result<(), DbErr> {
    let name = format!("{prefix}_{table}_{}", columns.join("_"));
    let unique = if prefix == "uq" { "UNIQUE " } else { "" };
    let columns = columns.join(", ");
    run(
        manager,
        &[format!("DROP INDEX {name}"), format!("CREATE {unique}INDEX {name} ON {table} ({columns}){condition}")],
    )
    .await
}
