//! `schema.graphql`, from which clients are generated.

use std::path::Path;

#[test]
fn the_exported_schema_is_the_one_in_the_repository() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema.graphql");
    let kept = std::fs::read_to_string(file).unwrap();
    let exported = dateline::graphql::sdl();
    let differs = kept.lines().zip(exported.lines()).position(|(kept, exported)| kept != exported);
    let line = differs.unwrap_or_else(|| kept.lines().count().min(exported.lines().count()));
    assert!(
        kept == exported,
        "they differ from line {} on:\n  kept:     {:?}\n  exported: {:?}\nif that is meant: cargo run -- schema > schema.graphql, and a line in CHANGELOG.md",
        line + 1,
        kept.lines().nth(line),
        exported.lines().nth(line),
    );
}
