//! The commands, one file each. Only `main` calls them.

pub mod backup;
pub mod check;
pub mod export;
pub mod import;
pub mod migrate;
pub mod reindex;
pub mod restore;
pub mod schema;
pub mod serve;
pub mod token;

use std::{error::Error as _, fmt};

use crate::{config::Command, store};

/// Why a command failed: one line, without messages of the driver.
#[derive(Debug)]
pub struct CommandError(String);

impl CommandError {
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// An error whose cause is only logged. The message says how to see it.
    #[must_use]
    pub fn because(message: impl fmt::Display, cause: impl fmt::Debug) -> Self {
        tracing::debug!(?cause, "{message}");
        Self(format!("{message} (use --log debug to see the cause)"))
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for CommandError {}

impl From<store::Error> for CommandError {
    fn from(error: store::Error) -> Self {
        match error.source() {
            Some(cause) => Self::because(&error, cause),
            None => Self::new(error.to_string()),
        }
    }
}

/// Runs one command to its end.
///
/// # Errors One line that says what failed, on what, and what to do.
pub fn run(command: Command) -> Result<(), CommandError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| CommandError::new(format!("cannot start: {error}")))?;
    runtime.block_on(async {
        match command {
            Command::Serve(serve) => serve::run(&serve).await,
            Command::Migrate(database) => migrate::run(&database).await,
            Command::Check(database) => check::run(&database).await,
            Command::Reindex(database) => reindex::run(&database).await,
            Command::Import(args) => import::run(&args).await,
            Command::Export(args) => export::run(&args).await,
            Command::Backup(args) => backup::run(&args),
            Command::Restore(args) => restore::run(&args).await,
            Command::Token(token) => token::run(&token).await,
            Command::Schema => schema::run(),
        }
    })
}
