//! `dateline migrate`: creates or migrates the tables, for deployments that do this separately from serving.

use super::CommandError;
use crate::{
    config::Database,
    store::{Connection, migrate::migrate},
};

/// Migrates the database to this version.
///
/// # Errors
/// Where the database cannot be used, or is newer than this program.
pub async fn run(database: &Database) -> Result<(), CommandError> {
    let connection = Connection::open(database.url()).await?;
    let done = migrate(&connection).await?;
    let name = connection.name().to_owned();
    connection.close().await?;
    match done {
        0 => eprintln!("{name} is up to date"),
        1 => eprintln!("{name}: 1 migration was run"),
        done => eprintln!("{name}: {done} migrations were run"),
    }
    Ok(())
}
