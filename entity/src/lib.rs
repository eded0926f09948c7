//! The rows of the database: one sea-orm model for each table, and the vocabularies of their columns.
//!
//! A module is named after its table. Three patterns occur in several tables:
//!
//! - A **fuzzy date** is five columns with a prefix: `{p}_edtf` (the text), `{p}_earliest` and `{p}_latest` (inclusive
//!   bounds, null if there is none), `{p}_flags` (1 start open, 2 start unknown, 4 end open, 8 end unknown,
//!   16 approximate, 32 uncertain) and `{p}_original` (the words of the source).
//! - **Ranks** are day numbers (days since 0000-01-01) that order and filter dates alike on both databases, without
//!   nulls: `rank_asc` or `rank_desc`, then `rank_end` for the order, `rank_start` and `rank_end` for filters.
//! - A **sort key** (`name_key`, `headline_key`) is a folded text, compared byte by byte. Every text that can be filtered has one,
//!   named after its column.
//!
//! This crate imports no other layer.

pub mod article;
pub mod article_author;
pub mod article_entity;
pub mod citation;
pub mod event;
pub mod event_entity;
pub mod event_place;
mod id;
pub mod mention;
pub mod name_word;
pub mod organization;
pub mod participation;
pub mod person;
pub mod person_nationality;
pub mod place;
pub mod place_closure;
pub mod place_event;
pub mod place_organization;
pub mod record;
pub mod record_description;
pub mod record_gram;
pub mod record_name;
mod reference;
pub mod relation;
pub mod relation_end;
pub mod relative_date;
pub mod revision;
pub mod same_as;
pub mod search_document;
pub mod search_form;
pub mod search_posting;
pub mod search_spelling;
pub mod search_total;
pub mod token;
pub mod vocabulary;

pub use id::Id;
pub use reference::{Reference, is_temporary_id};
