//! The layers of the program, read from its sources: http -> graphql -> domain -> store -> entity.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Each part of `src`, and the parts that it may import.
const LAYERS: &[(&str, &[&str])] = &[
    ("cli", &["config", "demo", "telemetry", "http", "graphql", "domain", "store", "text", "date"]),
    ("config", &["cli", "http", "graphql", "text", "date"]),
    ("telemetry", &["cli", "config"]),
    ("http", &["graphql", "text", "date"]),
    ("graphql", &["domain", "store", "text", "date", "sphere"]),
    ("domain", &["store", "text", "date", "sphere"]),
    ("store", &["text", "date"]),
    ("demo", &[]),
    ("date", &[]),
    ("sphere", &[]),
    ("text", &[]),
];

/// Crates that only these parts of `src` may name.
const CRATES: &[(&str, &[&str])] = &[
    ("rusqlite::", &["store/sqlite"]),
    ("tokio_postgres::", &["store/postgres"]),
    ("sea_orm::", &["store"]),
    ("entity::", &["store", "domain", "graphql"]),
    ("async_graphql::", &["graphql", "http"]),
    ("axum::", &["http", "config"]),
    ("clap::", &["cli", "config", "main"]),
];

#[test]
fn a_lower_layer_never_imports_a_higher_one() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let layer = path.split(['/', '.']).next().unwrap_or_default();
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == layer) else { continue };
        for (other, _) in LAYERS.iter().filter(|(other, _)| *other != layer && !allowed.contains(other)) {
            if text.contains(&format!("crate::{other}::")) || text.contains(&format!("\n    {other}::")) {
                wrong.push(format!("src/{path} imports {other}"));
            }
        }
    }
    assert_eq!(wrong, [""; 0], "see \"Layers\" in ARCHITECTURE.md");
}

#[test]
fn some_crates_are_named_by_one_layer_only() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        for (name, parts) in CRATES {
            let may_name =
                parts.iter().any(|part| path.strip_prefix(part).is_some_and(|rest| rest.starts_with(['/', '.'])));
            if !may_name && text.lines().any(|line| line.trim_start().starts_with(&format!("use {name}"))) {
                wrong.push(format!("src/{path} uses {name}"));
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn every_module_says_what_it_is_for() {
    let silent: Vec<String> =
        sources().into_iter().filter(|(_, text)| !text.starts_with("//! ")).map(|(path, _)| path).collect();
    assert_eq!(silent, [""; 0]);
}

#[test]
fn every_file_of_tests_is_a_module() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration");
    let main = fs::read_to_string(folder.join("main.rs")).unwrap();
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path().file_stem().unwrap().to_owned());
    let missing: Vec<_> = names
        .map(|name| name.into_string().unwrap())
        .filter(|name| name != "main" && !main.lines().any(|line| line == format!("mod {name};")))
        .collect();
    assert_eq!(missing, [""; 0]);
}

/// All sources in `src`, with their paths in it.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut files: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    assert!(files.len() > 100, "the sources are found");
    let read = |file: PathBuf| {
        let path = file.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
        (path, fs::read_to_string(&file).unwrap())
    };
    files.into_iter().map(read).collect()
}
