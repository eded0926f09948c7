//! Copies of SQLite files: backups, and their restoration. Postgres has tools of its own.

use std::path::{Path, PathBuf};

use super::{
    Connection, Error, FileLock,
    address::{check_file, sqlite_address, sqlite_file},
    migrate,
    sqlite::{beside, check_unused, copy, remove, rename, replace},
};

pub use super::sqlite::CopyProgress;

/// Takes the lock of the process that serves a database, if that is a SQLite file. Fails if another process holds it.
pub fn lock_for_serving(address: &str) -> Result<Option<FileLock>, Error> {
    let Some(file) = sqlite_file(address)? else { return Ok(None) };
    check_file(&file.path, true)?;
    FileLock::take(&file.path).map(Some)
}

/// Writes a consistent, checked copy of a SQLite database to a new file. Other processes may use the database meanwhile.
pub fn back_up(address: &str, to: &Path, progress: &dyn Fn(CopyProgress)) -> Result<(), Error> {
    let database = file_of(address)?;
    check_file(&database, false)?;
    let refuse_existing = || match to.symlink_metadata() {
        Ok(_) => Err(refused(to, "exists already: choose another name, or remove the file first")),
        Err(_) => Ok(()),
    };
    refuse_existing()?;
    let unfinished = beside(to, ".unfinished");
    copy(Path::new(&database), &unfinished, progress)?;
    refuse_existing().inspect_err(|_| {
        // Only the first error is reported.
        let _ = remove(&unfinished);
    })?;
    rename(&unfinished, to)
}

/// Replaces a SQLite database by a backup. Nothing may use the database. Returns the new name of the replaced file, if there was one.
pub async fn restore(
    address: &str,
    from: &Path,
    progress: &(dyn Fn(CopyProgress) + Sync),
) -> Result<Option<PathBuf>, Error> {
    let database = file_of(address)?;
    let path = Path::new(&database);
    let backup = from.to_str().ok_or_else(|| refused(from, "has a name that is not UTF-8: rename it"))?;
    check_file(backup, false)?;
    if path.canonicalize().is_ok_and(|path| from.canonicalize().is_ok_and(|from| from == path)) {
        return Err(refused(from, "is the database itself: name a backup"));
    }
    let _lock = FileLock::take(&database)?;
    if path.exists() {
        check_unused(path)?;
    }
    let unfinished = beside(path, ".unfinished");
    copy(from, &unfinished, progress)?;
    let checked = check_tables(&unfinished).await;
    if checked.is_err() {
        // Only the first error is reported.
        let _ = remove(&unfinished);
    }
    checked.map_err(|error| refused(from, &format!("cannot be restored: {error}")))?;
    let kept = beside(path, ".before-restore");
    let is_kept = path.exists();
    replace(path, &unfinished, &kept)?;
    Ok(is_kept.then_some(kept))
}

/// Checks that a copy has the tables of this program, of this or an older version.
async fn check_tables(copy: &Path) -> Result<(), Error> {
    let connection = Connection::open_existing(&sqlite_address(copy)).await?;
    let checked = migrate::check_origin(&connection).await;
    connection.close().await?;
    checked
}

fn file_of(address: &str) -> Result<String, Error> {
    let needs_file = || {
        Error::Address(
            "backup and restore copy SQLite files; for Postgres, use pg_dump and pg_restore (see docs/operations.md)"
                .to_owned(),
        )
    };
    sqlite_file(address)?.map(|file| file.path).ok_or_else(needs_file)
}

fn refused(path: &Path, reason: &str) -> Error {
    Error::Copy { path: path.display().to_string(), reason: reason.to_owned() }
}
