//! The only room that speaks SQL: it knows both databases and hides the difference.

pub mod read;
