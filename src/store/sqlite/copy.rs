//! Copies a database file while other processes may write to it, and checks the copy.

use std::{fs::File, io, path::Path, time::Duration};

use rusqlite::{
    Connection, ErrorCode, OpenFlags,
    backup::{Backup, StepResult},
};

use crate::store::Error;

use super::{beside, file};

/// How many pages are copied between two reports of the progress.
const PAGES_PER_STEP: i32 = 1_000;
/// How long to wait for another process.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// The files that belong to a database file.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];

/// The progress of a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyProgress {
    /// Pages were copied.
    Copied {
        /// The pages copied so far.
        pages: usize,
        /// All pages.
        of: usize,
    },
    /// The copy is being checked.
    Checking,
}

/// Copies the database file `from` to a new file, and checks it. An incomplete copy is removed.
pub(in crate::store) fn copy(from: &Path, to: &Path, progress: &dyn Fn(CopyProgress)) -> Result<(), Error> {
    remove(to)?;
    file::create(to)?;
    let outcome = copy_pages(from, to, progress).and_then(|()| {
        progress(CopyProgress::Checking);
        check(to, from)?;
        sync(to)
    });
    outcome.inspect_err(|_| {
        // Only the first error is reported.
        let _ = remove(to);
    })
}

fn copy_pages(from: &Path, to: &Path, progress: &dyn Fn(CopyProgress)) -> Result<(), Error> {
    let cannot_read = |error: rusqlite::Error| failure(from, "cannot be copied", &error);
    let cannot_write = |error: rusqlite::Error| failure(to, "cannot be written", &error);
    let source = open(from)?;
    // The copy is of the state at this moment, whatever is written meanwhile.
    source.execute_batch("BEGIN; SELECT count(*) FROM sqlite_master").map_err(cannot_read)?;
    let mut target = open(to)?;
    {
        let backup = Backup::new(&source, &mut target).map_err(cannot_write)?;
        loop {
            let step = backup.step(PAGES_PER_STEP).map_err(cannot_read)?;
            let (all, left) = (backup.progress().pagecount, backup.progress().remaining);
            let [of, left] = [all, left].map(|pages| usize::try_from(pages).unwrap_or_default());
            progress(CopyProgress::Copied { pages: of.saturating_sub(left), of });
            match step {
                StepResult::Done => break,
                StepResult::More => {}
                _ => return Err(Error::busy("the file to copy is locked")),
            }
        }
    }
    // One file alone is a whole database: the copy needs no write-ahead log.
    let mode = target.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get::<_, String>(0));
    mode.map(drop).map_err(cannot_write)
}

/// Checks every page, index and reference of a copy. `original` is the file that is damaged if the copy is.
fn check(path: &Path, original: &Path) -> Result<(), Error> {
    let connection = open(path)?;
    let cannot_read = |error: rusqlite::Error| failure(original, "cannot be checked", &error);
    let found = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get::<_, String>(0));
    let found = found.map_err(cannot_read)?;
    if found != "ok" {
        // The first lines only name the database.
        return Err(damaged(original, found.lines().last().unwrap_or_default()));
    }
    let mut lost = connection.prepare("PRAGMA foreign_key_check").map_err(cannot_read)?;
    let lost = lost.query_map([], |row| row.get::<_, String>(0)).and_then(|mut rows| rows.next().transpose());
    match lost.map_err(cannot_read)? {
        Some(table) => Err(damaged(original, &format!("a row of {table} refers to one that is missing"))),
        None => Ok(()),
    }
}

fn damaged(path: &Path, reason: &str) -> Error {
    Error::Copy { path: path.display().to_string(), reason: format!("is damaged ({reason})") }
}

/// Fails if another process writes to the file. A damaged file is no reason to fail, because it is about to be replaced. Afterwards
/// the write-ahead log of an undamaged file, if nobody else uses it, is part of the file.
pub(in crate::store) fn check_unused(path: &Path) -> Result<(), Error> {
    let begun = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .and_then(|connection| connection.execute_batch("BEGIN IMMEDIATE; ROLLBACK"));
    match begun {
        Err(error) if is_busy(&error) => Err(Error::busy("another process writes to the file")),
        _ => Ok(()),
    }
}

/// Puts `new` in the place of `path`, and what was there under the name `kept`. Logs of the old file must not be applied to the new one.
pub(in crate::store) fn replace(path: &Path, new: &Path, kept: &Path) -> Result<(), Error> {
    COMPANIONS.iter().try_for_each(|suffix| remove(&beside(path, suffix)))?;
    if path.exists() {
        std::fs::rename(path, kept).map_err(|error| cannot_replace(path, &error))?;
    }
    rename(new, path)
}

/// Gives a file its final name, so that it survives a loss of power.
pub(in crate::store) fn rename(from: &Path, to: &Path) -> Result<(), Error> {
    std::fs::rename(from, to).map_err(|error| cannot_replace(to, &error))?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Not every system can open a folder.
    File::open(folder).map_or(Ok(()), |folder| folder.sync_all()).map_err(|error| cannot_replace(to, &error))
}

/// Writes a copy to the disk. Nothing of this process has it open.
pub(in crate::store) fn sync(path: &Path) -> Result<(), Error> {
    File::options()
        .write(true)
        .open(path)
        .and_then(|file| file.sync_all())
        .map_err(|error| cannot_replace(path, &error))
}

/// Removes a file and those that belong to it, if they exist.
pub(in crate::store) fn remove(path: &Path) -> Result<(), Error> {
    let companions = COMPANIONS.iter().map(|suffix| beside(path, suffix));
    for path in companions.chain([path.to_owned()]) {
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(cannot_replace(&path, &error)),
            _ => {}
        }
    }
    Ok(())
}

fn cannot_replace(path: &Path, error: &io::Error) -> Error {
    Error::Copy { path: path.display().to_string(), reason: format!("cannot be written: {error}") }
}

fn open(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection =
        Connection::open_with_flags(path, flags).map_err(|error| failure(path, "cannot be opened", &error))?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(|error| failure(path, "cannot be opened", &error))?;
    Ok(connection)
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

fn failure(path: &Path, what: &str, error: &rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        _ if is_busy(error) => Error::busy("another process locks the file"),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => damaged(path, "SQLite cannot read it"),
        Some(ErrorCode::DiskFull) => {
            Error::Copy { path: path.display().to_string(), reason: format!("{what}: the disk is full") }
        }
        _ => Error::Copy { path: path.display().to_string(), reason: format!("{what}: {error}") },
    }
}
