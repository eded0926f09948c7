//! Puts the playground's bundle into the program: its files as they were built and committed, compressed in release builds.

use std::{env, error::Error, fs, path::Path};

const BUNDLE: &str = "playground/dist";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={BUNDLE}");
    let out = env::var("OUT_DIR")?;
    let out = Path::new(&out);
    let bundle = fs::canonicalize(BUNDLE)?;
    // In place of `memory_serve::load_directory`, which tells of each file in a warning and leaves debug builds with paths.
    let assets = memory_serve::assets_to_code(BUNDLE, &bundle, out, true, |_| ());
    fs::write(out.join("memory_serve_assets.rs"), format!("&[(\"playground\", {assets})]"))?;
    Ok(())
}
