//! `dateline schema`: the schema as SDL on standard output. Needs no database.

use std::io::Write as _;

use super::CommandError;
use crate::graphql;

/// Prints the sorted, described SDL.
///
/// # Errors
/// Where standard output is closed.
pub fn run() -> Result<(), CommandError> {
    std::io::stdout()
        .write_all(graphql::sdl().as_bytes())
        .map_err(|error| CommandError::new(format!("cannot write the schema: {error}")))
}
