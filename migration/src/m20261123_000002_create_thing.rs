//! One table for each type: places, organizations, people, articles and events.

use sea_orm_migration::prelude::*;

use entity::vocabulary::{EventKind, EventStatus, OrganizationKind, PlaceKind};

use crate::table::{NewTable, OnDelete, drop_tables};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        NewTable::new(manager, "place")
            .thing()
            .vocabulary::<PlaceKind>("kind")
            .optional_text("country_code")
            .optional_sort_key("country_code_key")
            .optional_double("latitude")
            .optional_double("longitude")
            .optional_double("point_x")
            .optional_double("point_y")
            .optional_double("point_z")
            .optional_double("population")
            .optional_reference("contained_in_id", "place", OnDelete::Restrict)
            .check("country_code_length", Expr::expr(Func::char_length(Expr::col("country_code"))).eq(2))
            .check("whole_location", Expr::col("latitude").is_null().eq(Expr::col("longitude").is_null()))
            .check("latitude_range", Expr::col("latitude").between(-90.0, 90.0))
            .check("longitude_range", Expr::col("longitude").between(-180.0, 180.0))
            .check("population_range", Expr::col("population").gte(0.0))
            .check("not_in_itself", Expr::col("contained_in_id").ne(Expr::col("id")))
            .index(["contained_in_id", "name_key", "id"])
            .index(["country_code"])
            .index(["latitude", "longitude"])
            .expression_index("population", "coalesce(population, -1), id")
            .expression_index("population_asc", "coalesce(population, 1000000000000000), id")
            .create(manager)
            .await?;
        NewTable::new(manager, "organization")
            .thing()
            .vocabulary::<OrganizationKind>("kind")
            .optional_reference("parent_id", "organization", OnDelete::Restrict)
            .optional_reference("headquarters_id", "place", OnDelete::Restrict)
            .optional_reference("country_id", "place", OnDelete::Restrict)
            .fuzzy_date("founded")
            .fuzzy_date("dissolved")
            .check("not_its_own_parent", Expr::col("parent_id").ne(Expr::col("id")))
            .index(["parent_id", "name_key", "id"])
            .index(["headquarters_id", "name_key", "id"])
            .index(["country_id"])
            .create(manager)
            .await?;
        NewTable::new(manager, "person")
            .thing()
            .optional_text("occupation")
            .optional_sort_key("occupation_key")
            .fuzzy_date("born")
            .fuzzy_date("died")
            .create(manager)
            .await?;
        NewTable::new(manager, "article")
            .record_id()
            .text("headline")
            .sort_key("headline_key")
            .optional_text("abstract")
            .optional_text("body")
            .text("language")
            .sort_key("language_key")
            .optional_date("published_on")
            .integer("published_asc")
            .integer("published_desc")
            .optional_sort_key("url")
            .optional_sort_key("url_key")
            .optional_text("image")
            .optional_reference("publisher_id", "organization", OnDelete::Restrict)
            .optional_reference("dateline_id", "place", OnDelete::Restrict)
            .unique(["url"])
            .index(["url_key"])
            .index(["published_asc", "id"])
            .index(["published_desc", "id"])
            .index(["headline_key", "id"])
            .index(["publisher_id", "published_desc", "id"])
            .index(["dateline_id", "published_desc", "id"])
            .create(manager)
            .await?;
        NewTable::new(manager, "event")
            .thing()
            .vocabulary::<EventKind>("kind")
            .vocabulary::<EventStatus>("status")
            .optional_boolean("officially_confirmed")
            .boolean("is_recurring", None)
            .optional_reference("part_of_id", "event", OnDelete::Restrict)
            .fuzzy_date("date")
            .ranks()
            .integer("rank_start")
            .check("not_part_of_itself", Expr::col("part_of_id").ne(Expr::col("id")))
            // with rank_start, so that a filter by date reads only rows that match
            .index(["rank_asc", "rank_end", "id", "rank_start"])
            .index(["rank_desc", "rank_end", "id", "rank_start"])
            .index(["part_of_id", "rank_asc", "rank_end", "id"])
            .create(manager)
            .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["event", "article", "person", "organization", "place"]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
