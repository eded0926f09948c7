//! `dateline export`: writes all records as JSON Lines, which `dateline import` reads.

use std::{
    fs::File,
    io::{self, BufWriter, IsTerminal, Write},
    path::{Path, PathBuf},
};

use indicatif::{ProgressBar, ProgressStyle};
use tracing::info;

use super::CommandError;
use crate::{
    config::Export,
    domain::export::{self, Content, Progress},
    store::{self, Connection},
};

/// Why an export stopped.
#[derive(Debug)]
enum Stop {
    Store(store::Error),
    Output(io::Error),
}

impl From<store::Error> for Stop {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

/// Runs the command.
///
/// # Errors
///
/// Where the database or the file cannot be opened, read or written.
pub async fn run(args: &Export) -> Result<(), CommandError> {
    let connection = Connection::open_existing(args.database.url()).await?;
    store::migrate::check(&connection).await?;
    let content = match (args.history, args.published) {
        (true, _) => Content::RecordsAndHistory,
        (false, true) => Content::Published,
        (false, false) => Content::Records,
    };
    let progress = if let Some(path) = &args.output {
        to_file(&connection, content, path).await?
    } else {
        let stdout = BufWriter::new(io::stdout().lock());
        match write_to(&connection, content, stdout, "standard output").await? {
            Some(progress) => progress,
            None => return Ok(()),
        }
    };
    connection.close().await?;
    if content == Content::Published {
        eprintln!(
            "left out {} records that are in the bin or need one in it, and all links to them",
            progress.left_out
        );
    }
    info!(lines = progress.written, "exported");
    Ok(())
}

/// Writes to a temporary file first, so that an incomplete export never has the final name.
async fn to_file(connection: &Connection, content: Content, path: &Path) -> Result<Progress, CommandError> {
    let name = path.display().to_string();
    let cannot_write = |error: io::Error| CommandError::new(format!("{name} cannot be written: {error}"));
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(".unfinished");
    let unfinished = PathBuf::from(unfinished);
    let file = File::create(&unfinished).map_err(cannot_write)?;
    let handle = file.try_clone().map_err(cannot_write)?;
    let outcome = tokio::select! {
        outcome = write_to(connection, content, BufWriter::new(file), &name) => outcome,
        _ = tokio::signal::ctrl_c() => Err(CommandError::new("interrupted; nothing was exported")),
    };
    let finished = match outcome {
        Ok(progress) => {
            handle.sync_all().and_then(|()| std::fs::rename(&unfinished, path)).map(|()| progress).map_err(cannot_write)
        }
        Err(failure) => Err(failure),
    };
    if finished.is_err() {
        // Only the first error is reported.
        let _ = std::fs::remove_file(&unfinished);
    }
    finished?.ok_or_else(|| CommandError::new(format!("{name} cannot be written")))
}

/// Writes all lines. Returns `None` where the reader of the output closed it, which is not an error.
async fn write_to(
    connection: &Connection,
    content: Content,
    mut output: impl Write,
    name: &str,
) -> Result<Option<Progress>, CommandError> {
    let bar = (io::stderr().is_terminal() && !(name == "standard output" && io::stdout().is_terminal())).then(|| {
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("exporting {wide_bar} {pos}/{len}") {
            bar.set_style(style);
        }
        bar
    });
    let outcome = export::export::<Stop>(connection, content, |line, progress| {
        if let Some(bar) = &bar
            && progress.written % 100 == 0
        {
            bar.set_length(progress.records as u64);
            bar.set_position(progress.written as u64);
        }
        output.write_all(line.as_bytes()).and_then(|()| output.write_all(b"\n")).map_err(Stop::Output)
    })
    .await
    .and_then(|progress| output.flush().map(|()| progress).map_err(Stop::Output));
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    match outcome {
        Ok(progress) => Ok(Some(progress)),
        Err(Stop::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(None),
        Err(Stop::Output(error)) => Err(CommandError::new(format!("{name} cannot be written: {error}"))),
        Err(Stop::Store(error)) => Err(error.into()),
    }
}
