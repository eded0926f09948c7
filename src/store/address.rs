//! Addresses of databases.

use std::path::Path;

use super::Error;

/// The file of a SQLite address.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SqliteFile {
    /// Its path, as the drivers take it.
    pub(super) path: String,
    /// Whether the address says that the file exists (`?mode=rw`).
    pub(super) must_exist: bool,
}

/// The address of a SQLite file.
pub(super) fn sqlite_address(file: &Path) -> String {
    format!("sqlite://{}", file.display().to_string().replace('%', "%25").replace('?', "%3F"))
}

/// The file of a SQLite address; nothing for another kind of address. The forms are those of sqlx: `%20` stands for a space, and
/// `?` begins options.
pub(super) fn sqlite_file(address: &str) -> Result<Option<SqliteFile>, Error> {
    let Some(rest) = address.strip_prefix("sqlite:") else {
        return Ok(None);
    };
    let wrong = |what: &str| Err(Error::Address(format!("{address:?} {what}")));
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (file, options) = rest.split_once('?').unwrap_or((rest, ""));
    if file.is_empty() || file == ":memory:" {
        return wrong("names no file: use sqlite://dateline.db or sqlite:///var/lib/dateline.db");
    }
    // A % that begins no escape stands for itself.
    let Ok(path) = percent_encoding::percent_decode_str(file).decode_utf8() else {
        return wrong("is not valid: the bytes behind % are not UTF-8; write %25 for the character %");
    };
    if path.contains('\0') {
        return wrong("is not valid: %00 cannot be part of the name of a file");
    }
    let mut must_exist = false;
    for option in options.split('&').filter(|option| !option.is_empty()) {
        match option {
            "mode=rwc" => must_exist = false,
            "mode=rw" => must_exist = true,
            "mode=ro" => {
                return wrong(
                    "has the option mode=ro, but every command must be able to write to the database: leave it out. To let clients \
                     only read, give them no token of an editor",
                );
            }
            "mode=memory" => {
                return wrong("has the option mode=memory, but records must outlive the process: name a file");
            }
            other => {
                return wrong(&format!(
                    "has the option {other:?}; the only options are mode=rwc and mode=rw. Write %3F for a ? in the name of the file"
                ));
            }
        }
    }
    // SQLite takes a path that begins with file: for an address of its own.
    let path = if path.starts_with("file:") { format!("./{path}") } else { path.into_owned() };
    Ok(Some(SqliteFile { path, must_exist }))
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
    let Some((scheme, rest)) = address.split_once("://").filter(|(scheme, _)| *scheme != "sqlite") else {
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
        assert_eq!(without_password("sqlite://a/b:c@d.db"), "sqlite://a/b:c@d.db", "these are characters of the file");
    }

    #[test]
    fn a_sqlite_address_names_a_file() {
        for (address, path) in [
            ("sqlite://a.db", "a.db"),
            ("sqlite:a.db", "a.db"),
            ("sqlite:///var/a.db", "/var/a.db"),
            ("sqlite://a.db?mode=rwc", "a.db"),
            ("sqlite://my records.db", "my records.db"),
            ("sqlite://my%20records.db", "my records.db"),
            ("sqlite://100%.db", "100%.db"),
            ("sqlite://100%25.db", "100%.db"),
            ("sqlite://a#b.db", "a#b.db"),
            ("sqlite://a%3Fb%23c.db", "a?b#c.db"),
            ("sqlite://أخبار é.db", "أخبار é.db"),
            ("sqlite://%C3%A9.db", "é.db"),
            ("sqlite://a+b.db", "a+b.db"),
            ("sqlite://file:a.db", "./file:a.db"),
        ] {
            let expected = SqliteFile { path: path.to_owned(), must_exist: false };
            assert_eq!(sqlite_file(address).unwrap(), Some(expected), "{address}");
        }
        assert!(sqlite_file("sqlite://a.db?mode=rw").unwrap().unwrap().must_exist);
        assert_eq!(sqlite_file("postgres://h/n").unwrap(), None);
    }

    #[test]
    fn a_sqlite_address_that_cannot_be_served_says_why() {
        for (bad, reason) in [
            ("sqlite://", "names no file"),
            ("sqlite://?mode=rwc", "names no file"),
            ("sqlite::memory:", "names no file"),
            ("sqlite://a.db?mode=ro", "must be able to write"),
            ("sqlite://a.db?mode=memory", "must outlive"),
            ("sqlite://a.db?cache=shared", "\"cache=shared\""),
            ("sqlite://a.db?mode=rwc&immutable=1", "\"immutable=1\""),
            ("sqlite://%FF.db", "UTF-8"),
            ("sqlite://a%00.db", "%00"),
        ] {
            let message = sqlite_file(bad).unwrap_err().to_string();
            assert!(message.contains(reason) && message.contains(bad), "{bad}: {message}");
        }
    }
}
