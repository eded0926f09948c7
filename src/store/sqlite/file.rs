//! The file of a database: its creation, whether it is still the one that was opened, and the lock of the process that serves it.

use std::{
    ffi::OsString,
    fs::{File, Metadata, OpenOptions, TryLockError},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::store::Error;

/// The path of a file that belongs to a database file: its name with a suffix.
pub(in crate::store) fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(suffix);
    name.into()
}

/// Creates an empty file that only its owner may read, unless it exists. SQLite gives the same mode to the files that belong to it.
pub(super) fn create(path: &Path) -> Result<(), Error> {
    match private(OpenOptions::new().write(true).create_new(true)).open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(cannot_create(path, &error)),
    }
}

fn cannot_create(path: &Path, error: &io::Error) -> Error {
    let path = path.display().to_string();
    let reason = match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "it or its folder cannot be written to".to_owned()
        }
        io::ErrorKind::NotFound => "its folder does not exist".to_owned(),
        _ => error.to_string(),
    };
    Error::Unreadable { path, reason }
}

/// These options, and a mode for the owner alone if the file is created.
#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// A database file that is open. Cheap to clone.
#[derive(Debug, Clone)]
pub(in crate::store) struct OpenFile(Arc<FileIdentity>);

#[derive(Debug)]
struct FileIdentity {
    path: PathBuf,
    identity: Identity,
    /// The write-ahead log, which exists as long as a connection is open.
    log: Option<PathBuf>,
}

/// What tells a file from another one with the same name.
#[cfg(unix)]
type Identity = (u64, u64);
#[cfg(not(unix))]
type Identity = ();

#[cfg(unix)]
fn identity(metadata: &Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt as _;
    (metadata.dev(), metadata.ino())
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> Identity {}

impl OpenFile {
    /// A file that a connection is about to open. It is not opened here, because closing it would drop the locks of SQLite.
    pub(super) fn find(path: &Path) -> Result<Self, Error> {
        let metadata = std::fs::metadata(path).map_err(|error| cannot_create(path, &error))?;
        Ok(Self(Arc::new(FileIdentity { path: path.to_owned(), identity: identity(&metadata), log: None })))
    }

    /// The same file after a connection has opened it.
    pub(super) fn opened(self) -> Result<Self, Error> {
        self.check()?;
        let FileIdentity { path, identity, .. } = &*self.0;
        let log = Some(beside(path, "-wal")).filter(|log| log.exists());
        Ok(Self(Arc::new(FileIdentity { path: path.clone(), identity: *identity, log })))
    }

    /// Checks that the file was not deleted or replaced. Otherwise what is written to it is lost.
    pub(in crate::store) fn check(&self) -> Result<(), Error> {
        let FileIdentity { path, identity: opened, log } = &*self.0;
        let is_same = std::fs::metadata(path).is_ok_and(|found| identity(&found) == *opened);
        if is_same && log.as_ref().is_none_or(|log| log.exists()) {
            return Ok(());
        }
        let lost = log.as_ref().filter(|_| is_same).unwrap_or(path);
        Err(Error::Replaced { path: lost.display().to_string() })
    }
}

/// The lock of the one process that serves a database file. It ends with the process, or when it is dropped.
#[derive(Debug)]
pub struct FileLock(#[expect(dead_code, reason = "the lock lasts as long as the file is open")] File);

impl FileLock {
    /// Takes the lock. It is on a file of its own: closing the database file, as a lock on it would do at its end, drops the locks of
    /// SQLite.
    pub(in crate::store) fn take(database: &str) -> Result<Self, Error> {
        let path = beside(&resolved(Path::new(database)), ".lock");
        let mut options = OpenOptions::new();
        let file = private(options.read(true).write(true).create(true).truncate(false)).open(&path);
        let mut file = file.map_err(|error| cannot_create(&path, &error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut process = String::new();
                // The number is only for the message.
                let _ = file.read_to_string(&mut process);
                return Err(Error::InUse { path: database.to_owned(), process: process.trim().to_owned() });
            }
            Err(TryLockError::Error(error)) => return Err(cannot_create(&path, &error)),
        }
        let _ = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
        Ok(Self(file))
    }
}

/// Waits for the lock on the folder of a database file, by which processes migrate one after the other. Nothing where the system does not
/// lock folders.
pub(in crate::store) async fn lock_folder(database: String) -> Option<File> {
    let lock = move || {
        let path = resolved(Path::new(&database));
        let folder = File::open(path.parent()?).ok()?;
        folder.lock().ok().map(|()| folder)
    };
    tokio::task::spawn_blocking(lock).await.ok().flatten()
}

/// The path without symbolic links, so that a file has one lock under all its names.
fn resolved(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let in_folder = || Some(folder.canonicalize().ok()?.join(path.file_name()?));
    path.canonicalize().ok().or_else(in_folder).unwrap_or_else(|| path.to_owned())
}
