//! `dateline reindex`: builds the search index again.

use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressStyle};

use super::CommandError;
use crate::{
    config::Database,
    domain::reindex::reindex,
    store::{Connection, migrate::check},
};

/// Runs the command.
///
/// # Errors
///
/// Where the database cannot be used, or another process writes to it for too long.
pub async fn run(database: &Database) -> Result<(), CommandError> {
    let connection = Connection::open_existing(database.url()).await?;
    check(&connection).await?;
    let bar = io::stderr().is_terminal().then(|| ProgressBar::new(0));
    if let (Some(bar), Ok(style)) = (&bar, ProgressStyle::with_template("indexing {wide_bar} {pos}/{len}")) {
        bar.set_style(style);
    }
    let outcome = reindex(&connection, &|done, all| {
        if let Some(bar) = &bar {
            bar.set_length(all as u64);
            bar.set_position(done as u64);
        }
    })
    .await;
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    let records = outcome?;
    let name = connection.name().to_owned();
    connection.close().await?;
    match records {
        1 => eprintln!("{name}: 1 record was indexed"),
        records => eprintln!("{name}: {records} records were indexed"),
    }
    Ok(())
}
