//! Addresses of databases.

use std::path::Path;

use super::Error;

/// The file of a SQLite address; nothing for another kind of address.
pub(super) fn sqlite_file(address: &str) -> Result<Option<&str>, Error> {
    let Some(rest) = address.strip_prefix("sqlite:") else {
        return Ok(None);
    };
    let file = rest.strip_prefix("//").unwrap_or(rest);
    if file.is_empty() || file == ":memory:" {
        Err(Error::Address(format!(
            "{address:?} names no file: use sqlite://dateline.db or sqlite:///var/lib/dateline.db"
        )))
    } else if file.contains(['?', '#', '%']) {
        Err(Error::Address(format!(
            "{address:?} contains options or one of ? # %, which the address of a SQLite file cannot have"
        )))
    } else {
        Ok(Some(file))
    }
}

/// Checks that a file can be opened. The driver only reports "unable to open database file".
pub(super) fn check_file(file: &str, creates_file: bool) -> Result<(), Error> {
    let unreadable = |reason: &str| Error::Unreadable { path: file.to_owned(), reason: reason.to_owned() };
    let path = Path::new(file);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => return Err(unreadable("it is a folder")),
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            if folder.is_some_and(|folder| !folder.exists()) {
                return Err(unreadable("its folder does not exist"));
            }
            return if creates_file { Ok(()) } else { Err(unreadable("it does not exist")) };
        }
        Err(error) => return Err(unreadable(&error.to_string())),
    }
    let mut beginning = [0; 16];
    let read = std::fs::File::open(path)
        .and_then(|mut file| {
            let mut read = 0;
            while read < beginning.len() {
                match std::io::Read::read(&mut file, &mut beginning[read..])? {
                    0 => break,
                    count => read += count,
                }
            }
            Ok(read)
        })
        .map_err(|error| unreadable(&error.to_string()))?;
    if read > 0 && &beginning[..] != b"SQLite format 3\0" {
        return Err(Error::NotADatabase { path: file.to_owned() });
    }
    Ok(())
}

/// The address without the password, for messages and logs.
#[must_use]
pub fn without_password(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else {
        return address.to_owned();
    };
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let authority = match authority.rsplit_once('@') {
        Some((user, host)) => match user.split_once(':') {
            Some((user, _)) => format!("{user}@{host}"),
            None => authority.to_owned(),
        },
        None => authority.to_owned(),
    };
    let path = path.split('?').next().unwrap_or_default();
    format!("{scheme}://{authority}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        assert_eq!(
            without_password("postgres://me:secret@db:5432/news?sslmode=require&password=x"),
            "postgres://me@db:5432/news"
        );
        assert_eq!(without_password("sqlite://a/b.db"), "sqlite://a/b.db");
    }

    #[test]
    fn a_sqlite_address_names_a_plain_file() {
        assert_eq!(sqlite_file("sqlite://a.db").unwrap(), Some("a.db"));
        assert_eq!(sqlite_file("sqlite:///var/a.db").unwrap(), Some("/var/a.db"));
        assert_eq!(sqlite_file("postgres://h/n").unwrap(), None);
        for bad in ["sqlite://", "sqlite::memory:", "sqlite://a.db?mode=ro"] {
            assert!(sqlite_file(bad).is_err(), "{bad}");
        }
    }
}
