//! The one-way rule of the house, read off the sources: http -> graphql -> domain -> store -> entity.
//!
//! A scanner of tokens is enough here: it knows comments, strings and inline modules, and sees every path that starts at
//! `crate`, `super` or the name of another crate, in imports and in expressions alike.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Each room, and the rooms that it may name besides itself. `text` and `date` are pure, so everyone may use them; `cli`,
/// `config` and `telemetry` are one floor.
const ROOMS: &[(&str, &[&str])] = &[
    ("main", &["cli", "config", "telemetry"]),
    ("cli", &["config", "demo", "telemetry", "http", "graphql", "domain", "store", "text", "date"]),
    ("telemetry", &["cli", "config"]),
    ("config", &["cli", "http", "graphql", "text", "date"]),
    ("demo", &[]),
    ("http", &["graphql", "text", "date"]),
    ("graphql", &["domain", "store", "text", "date"]),
    ("domain", &["store", "text", "date"]),
    ("store", &["text", "date"]),
    ("date", &[]),
    ("text", &[]),
];

/// Crates that belong to certain places of `src`, and to no others.
const CRATES: &[(&[&str], &[&str])] = &[
    (&["tokio_postgres", "tokio_postgres_rustls"], &["store/read/run"]),
    (&["rusqlite"], &["store/read/run", "store/beside", "store/sqlite_value"]),
    (&["sea_orm", "sea_query", "migration"], &["store"]),
    (&["entity"], &["store", "domain", "graphql"]),
    (&["async_graphql", "async_graphql_value"], &["graphql", "http"]),
    (&["axum", "hyper", "hyper_util", "http_body_util", "tower", "tower_http", "memory_serve"], &["http", "config"]),
    (&["clap"], &["config", "cli", "main"]),
    (&["indicatif"], &["cli"]),
    (&["rayon"], &["cli/import", "domain/write/share"]),
    (&["getrandom", "sha2", "subtle"], &["domain/access"]),
    (&["tracing_subscriber"], &["telemetry"]),
];

#[test]
fn a_lower_room_never_imports_a_higher_one() {
    let mut wrong = Vec::new();
    for source in sources() {
        let Some((_, allowed)) = ROOMS.iter().find(|(room, _)| *room == source.room()) else {
            if source.room() != "lib" {
                wrong.push(format!("src/{}: `{}` is no room that this test knows", source.path, source.room()));
            }
            continue;
        };
        for named in source.names() {
            let Name::Room(room, line) = &named else { continue };
            if ROOMS.iter().any(|(name, _)| name == room) && *room != source.room() && !allowed.contains(&room.as_str())
            {
                wrong.push(format!("src/{}:{line}: `{}` may not import `{room}`", source.path, source.room()));
            }
        }
    }
    assert_eq!(wrong, [""; 0], "see ARCHITECTURE.md, the one-way rule");
}

#[test]
fn each_foreign_crate_stays_in_its_room() {
    let mut wrong = Vec::new();
    for source in sources() {
        for named in source.names() {
            let Name::Crate(name, line) = &named else { continue };
            let Some((_, places)) = CRATES.iter().find(|(crates, _)| crates.contains(&name.as_str())) else { continue };
            let is_within = |place: &str| {
                source.path.strip_prefix(place).is_some_and(|rest| rest.starts_with('/') || rest == ".rs")
            };
            if !places.iter().any(|place| is_within(place)) {
                wrong.push(format!("src/{}:{line}: `{name}` belongs to {places:?}", source.path));
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn text_and_date_do_no_input_or_output() {
    const IMPURE: &[&str] = &["std::fs", "std::io", "std::net", "std::env", "std::process", "std::thread", "tokio::"];
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| ["text", "date"].contains(&source.room())) {
        let code = source.tokens().iter().map(|(token, _)| token.as_str()).collect::<String>();
        wrong.extend(
            IMPURE.iter().filter(|word| code.contains(*word)).map(|word| format!("src/{}: {word}", source.path)),
        );
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn every_module_says_what_it_is_for() {
    let silent: Vec<_> = sources().into_iter().filter(|source| !source.text.starts_with("//! ")).collect();
    assert_eq!(silent.iter().map(|source| &source.path).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn every_dependency_is_used() {
    for (manifest, folders) in [
        ("Cargo.toml", &["src", "tests"][..]),
        ("entity/Cargo.toml", &["entity/src"]),
        ("migration/Cargo.toml", &["migration/src"]),
    ] {
        let mut words = BTreeSet::new();
        for file in folders.iter().flat_map(|folder| rust_files(&root().join(folder))) {
            words.extend(Source::read(&file, &root()).tokens().into_iter().map(|(token, _)| token));
        }
        let build = root().join("build.rs");
        if manifest == "Cargo.toml" && build.exists() {
            words.extend(Source::read(&build, &root()).tokens().into_iter().map(|(token, _)| token));
        }
        let unused: Vec<_> = dependencies(&fs::read_to_string(root().join(manifest)).unwrap())
            .into_iter()
            .filter(|name| !words.contains(&name.replace('-', "_")))
            .collect();
        assert_eq!(unused, [""; 0], "{manifest}");
    }
}

/// The scanner itself: what it must see, and what it must not take for an import.
#[test]
fn an_import_is_seen_in_every_form() {
    let rooms = |path: &str, text: &str| {
        let source = Source { path: path.to_owned(), text: text.to_owned() };
        source
            .names()
            .into_iter()
            .filter_map(|name| match name {
                Name::Room(room, _) => Some(room),
                Name::Crate(..) => None,
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(rooms("store/read/plan.rs", "use crate::graphql::Schema;"), ["graphql"]);
    assert_eq!(
        rooms("store/read/plan.rs", "use crate::{date, graphql::{self, x}, text as t};"),
        ["date", "graphql", "text"]
    );
    assert_eq!(
        rooms("store/read/plan.rs", "fn f() { let x: crate::http::App = super::super::super::cli::run(); }"),
        ["http", "cli"]
    );
    assert_eq!(rooms("store/read/mod.rs", "use super::super::{domain};"), ["domain"]);
    assert_eq!(rooms("store/mod.rs", "pub use super::domain::x;"), ["domain"]);
    assert_eq!(rooms("store.rs", "mod tests { use super::super::domain; }"), ["domain"]);
    assert_eq!(rooms("main.rs", "use dateline::{cli, http};"), ["cli", "http"]);
    assert_eq!(rooms("date/parse.rs", "mod tests { use super::super::text; }"), [""; 0]);
    assert_eq!(
        rooms(
            "store/x.rs",
            "// crate::http\n/* crate::http /* */ */ const A: &str = \"crate::http\"; // \"\nconst B: &str = r#\"\"crate::cli\"\"#; fn f<'a>(c: char) { c == '\"'; }"
        ),
        [""; 0]
    );
    let source = Source {
        path: "http/mod.rs".to_owned(),
        text: "use sea_orm::Value; use x::rusqlite; use axum as web;".to_owned(),
    };
    assert_eq!(
        source.names(),
        [Name::Crate("sea_orm".to_owned(), 1), Name::Crate("x".to_owned(), 1), Name::Crate("axum".to_owned(), 1)]
    );
}

#[derive(Debug, PartialEq)]
enum Name {
    /// A module at the root of this crate, and the line that names it.
    Room(String, usize),
    /// Anything that starts a path otherwise: another crate, or a name in scope.
    Crate(String, usize),
}

struct Source {
    /// Relative to `src`, with `/`.
    path: String,
    text: String,
}

impl Source {
    fn read(file: &Path, base: &Path) -> Self {
        let path = file.strip_prefix(base).unwrap().components().map(|part| part.as_os_str().to_str().unwrap());
        Self { path: path.collect::<Vec<_>>().join("/"), text: fs::read_to_string(file).unwrap() }
    }

    fn room(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or_default();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// How many modules stand between the root of the crate and the inside of this file.
    fn depth(&self) -> usize {
        match self.path.as_str() {
            "lib.rs" | "main.rs" => 0,
            path => path.split('/').count() - usize::from(path.ends_with("/mod.rs")),
        }
    }

    /// Where each path in the source starts.
    fn names(&self) -> Vec<Name> {
        let tokens = self.tokens();
        let token = |at: usize| tokens.get(at).map_or("", |(token, _)| token.as_str());
        let mut names = Vec::new();
        // The braces that are open, and whether each is that of an inline module.
        let mut open = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            let line = tokens[at].1;
            match token(at) {
                "{" => open.push(at >= 2 && token(at - 2) == "mod"),
                "}" => drop(open.pop()),
                word if at > 0 && token(at - 1) == "use" && is_word(word) && token(at + 1) != "::" => {
                    names.push(Name::Crate(word.to_owned(), line));
                }
                word if token(at + 1) == "::" && is_word(word) && (at == 0 || token(at - 1) != "::") => {
                    let mut depth = self.depth() + open.iter().filter(|module| **module).count();
                    let at_root = match word {
                        "crate" | "dateline" => true,
                        "super" => {
                            depth = depth.saturating_sub(1);
                            while token(at + 2) == "super" && token(at + 3) == "::" {
                                at += 2;
                                depth = depth.saturating_sub(1);
                            }
                            depth == 0
                        }
                        "self" | "Self" => false,
                        _ => {
                            names.push(Name::Crate(word.to_owned(), line));
                            false
                        }
                    };
                    if at_root && token(at + 2) == "{" {
                        let mut inner = 0_usize;
                        for (place, (token_here, line)) in tokens.iter().enumerate().skip(at + 2) {
                            match token_here.as_str() {
                                "{" => inner += 1,
                                "}" if inner == 1 => break,
                                "}" => inner -= 1,
                                word if inner == 1 && ["{", ","].contains(&token(place - 1)) => {
                                    names.push(Name::Room(word.to_owned(), *line));
                                }
                                _ => {}
                            }
                        }
                    } else if at_root {
                        names.push(Name::Room(token(at + 2).to_owned(), line));
                    }
                }
                _ => {}
            }
            at += 1;
        }
        names
    }

    /// Words, `::` and single signs with their lines; comments, strings and character literals left out.
    fn tokens(&self) -> Vec<(String, usize)> {
        let mut tokens = Vec::new();
        let mut rest = self.text.as_str();
        let mut line = 1;
        while let Some(first) = rest.chars().next() {
            let length = if rest.starts_with("//") {
                rest.find('\n').unwrap_or(rest.len())
            } else if rest.starts_with("/*") {
                comment_length(rest)
            } else if let Some(length) = string_length(rest) {
                length
            } else if is_word(&rest[..first.len_utf8()]) {
                let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
                tokens.push((rest[..length].to_owned(), line));
                length
            } else if rest.starts_with("::") {
                tokens.push(("::".to_owned(), line));
                2
            } else {
                if !first.is_whitespace() {
                    tokens.push((first.to_string(), line));
                }
                first.len_utf8()
            };
            line += rest[..length].matches('\n').count();
            rest = &rest[length..];
        }
        tokens
    }
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// A block comment, with those inside it.
fn comment_length(rest: &str) -> usize {
    let (mut at, mut depth) = (0, 0_usize);
    while at < rest.len() {
        match rest.as_bytes()[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// The length of the string or character literal that starts here, if one does.
fn string_length(rest: &str) -> Option<usize> {
    let body = rest.trim_start_matches(['b', 'c']);
    let prefix = rest.len() - body.len();
    if prefix > 1 {
        return None;
    }
    if let Some(raw) = body.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let inside = raw[hashes..].strip_prefix('"')?;
        let end = format!("\"{}", "#".repeat(hashes));
        return Some(prefix + 2 + hashes + inside.find(&end)? + end.len());
    }
    let quote = body.chars().next().filter(|c| ['"', '\''].contains(c))?;
    let mut escaped = false;
    for (at, c) in body.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return Some(prefix + at + 1),
            // A lifetime, not a character.
            _ if quote == '\'' && at > 1 && !body.starts_with("'\\") => return None,
            _ => {}
        }
    }
    None
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<Source> {
    let base = root().join("src");
    let sources: Vec<_> = rust_files(&base).iter().map(|file| Source::read(file, &base)).collect();
    assert!(sources.len() > 10, "the sources stand beside the tests");
    sources
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The names under every table of dependencies of a manifest.
fn dependencies(manifest: &str) -> Vec<String> {
    let mut within = false;
    let mut names = Vec::new();
    for line in manifest.lines() {
        if let Some(table) = line.strip_prefix('[') {
            within = table.ends_with("dependencies]") && !table.starts_with("workspace");
        } else if within && line.starts_with(|c: char| c.is_ascii_alphabetic()) {
            names.push(line.split(['.', ' ', '=']).next().unwrap_or_default().to_owned());
        }
    }
    names
}
