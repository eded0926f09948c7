//! `dateline restore`: replaces the file of a SQLite database by a backup.

use super::{CommandError, backup::CopyDisplay};
use crate::{config::Restore, store::backup::restore};

/// Runs the command.
///
/// # Errors
/// Where the backup is damaged or not of this program, or where the database is in use.
pub async fn run(args: &Restore) -> Result<(), CommandError> {
    let display = CopyDisplay::new();
    let outcome = restore(args.database.url(), &args.file, &|progress| display.show(progress)).await;
    display.finish();
    if let Some(kept) = outcome? {
        eprintln!("The replaced database is now {}. Remove it when you do not need it any more.", kept.display());
    }
    eprintln!("The database was restored from {}.", args.file.display());
    Ok(())
}
