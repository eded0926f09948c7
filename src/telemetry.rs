//! Sets up the log, before anything else runs. The log never contains bodies, variables or tokens.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::{
    cli::CommandError,
    config::{Log, LogFormat},
};

/// Sends the program's log, and its panics, to standard error.
///
/// # Errors
/// Where the filter is not one.
pub fn start(log: &Log) -> Result<(), CommandError> {
    let filter = EnvFilter::try_new(&log.filter).map_err(|error| {
        CommandError::new(format!(
            "`{}` is not a log filter ({error}); use for example `info` or `info,sqlx=debug`",
            log.filter
        ))
    })?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match log.format {
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(true).with_span_list(false).init(),
        LogFormat::Text => lines.with_ansi(std::io::stderr().is_terminal()).with_target(false).init(),
    }
    // A panic becomes one line of the log, in place of the default text.
    std::panic::set_hook(Box::new(|panic| {
        let at = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(at, cause = panic.payload_as_str().unwrap_or("(no text)"), "panic");
    }));
    Ok(())
}
