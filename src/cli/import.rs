//! `dateline import`: imports JSON Lines, all or none.
//!
//! `serve --demo` uses [`import`] as well.

mod lines;

use std::{
    borrow::Cow,
    fmt,
    io::{IsTerminal, Read},
    panic::resume_unwind,
    path::{Path, PathBuf},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};
use tracing::info;

use super::CommandError;
use crate::{
    config::Import,
    domain::write::{self, Author, Phase, WriteCounts, WriteError},
    store::{self, Connection},
};

pub use lines::Source;
use lines::{ParsedLines, messages, read_all};

/// The maximum number of problems that are printed.
const MAX_PROBLEMS_SHOWN: usize = 100;

/// How long an import waits for another process that writes to the same SQLite file.
const LOCK_TIMEOUT: Duration = Duration::from_mins(1);

/// The progress of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportProgress {
    /// Lines were parsed: some of all bytes.
    Read {
        /// The bytes read so far.
        bytes: usize,
        /// All bytes.
        of: usize,
    },
    /// The write path is in this phase.
    Write(Phase),
}

/// Why nothing was imported.
#[derive(Debug)]
pub enum ImportError {
    /// Lines have problems: `file:line: field: message`, in order.
    Problems(Vec<String>),
    /// A database error.
    Store(store::Error),
}

impl fmt::Display for ImportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Problems(problems) => {
                let count = problems.len();
                let s = if count == 1 { "" } else { "s" };
                write!(formatter, "{count} problem{s} found; nothing was imported")
            }
            Self::Store(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for ImportError {}

/// Imports texts into a migrated database, all or none.
///
/// # Errors
///
/// With every problem of every line, or with a database error.
pub async fn import(
    connection: &Connection,
    sources: &[Source<'_>],
    author: Author<'_>,
    progress: &(dyn Fn(ImportProgress) + Send + Sync),
) -> Result<WriteCounts, ImportError> {
    let names: Vec<_> = sources.iter().map(|source| source.name.clone()).collect();
    write_all(
        connection,
        &names,
        read_all(sources, &|bytes, of| progress(ImportProgress::Read { bytes, of })),
        author,
        progress,
    )
    .await
}

/// Imports the parsed lines of texts with these names.
async fn write_all(
    connection: &Connection,
    names: &[Cow<'_, str>],
    read: ParsedLines,
    author: Author<'_>,
    progress: &(dyn Fn(ImportProgress) + Send + Sync),
) -> Result<WriteCounts, ImportError> {
    if !read.incomplete.is_empty() {
        // The problems of other lines may follow from this one.
        return Err(ImportError::Problems(messages(names, read.incomplete)));
    }
    let outcome = write::write(connection, read.batch, author, &|phase| {
        progress(ImportProgress::Write(phase));
    })
    .await;
    let mut problems = read.problems;
    match outcome {
        Ok(outcome) => return Ok(outcome),
        Err(WriteError::Store(error) | WriteError::Unconfirmed(error)) => return Err(ImportError::Store(error)),
        Err(WriteError::Problems(input_problems)) => {
            problems.extend(
                input_problems
                    .into_iter()
                    .map(|input_problem| (read.places[input_problem.index], input_problem.problem)),
            );
        }
    }
    Err(ImportError::Problems(messages(names, problems)))
}

/// Runs the command.
///
/// # Errors
///
/// With a summary of the problems, after each was printed to standard error.
pub async fn run(args: &Import) -> Result<(), CommandError> {
    let (actor, summary) = write::signature(&args.actor, args.summary.as_deref()).map_err(|problems| {
        let messages: Vec<_> = problems.iter().map(|problem| format!("--{problem}")).collect();
        CommandError::new(messages.join("; "))
    })?;
    let sources = sources(&args.paths)?;
    let url = args.database.url().to_owned();
    // The database is opened and migrated while the lines are parsed.
    let opening = tokio::spawn(async move {
        let connection = Connection::open_for_import(&url, LOCK_TIMEOUT).await?;
        store::migrate::migrate(&connection).await?;
        Ok::<_, store::Error>(connection)
    });
    let author = Author { actor: &actor, summary: summary.as_deref() };
    let display = Display::new();
    let show = |step| display.show(step);
    let reading = read_all(&sources, &|bytes, of| display.show(ImportProgress::Read { bytes, of }));
    // The texts are dropped here, because they may be large.
    let names: Vec<_> = sources.into_iter().map(|source| source.name).collect();
    let opened = opening.await.unwrap_or_else(|error| resume_unwind(error.into_panic()));
    let connection = opened.inspect_err(|_| display.finish())?;
    let outcome = tokio::select! {
        outcome = write_all(&connection, &names, reading, author, &show) => outcome,
        _ = tokio::signal::ctrl_c() => {
            display.finish();
            return Err(CommandError::new("interrupted; nothing was imported"));
        }
    };
    display.finish();
    match outcome {
        Ok(outcome) => {
            connection.close().await?;
            eprintln!("{}", in_words(outcome));
            Ok(())
        }
        Err(refusal) => {
            if let ImportError::Problems(problems) = &refusal {
                for problem in problems.iter().take(MAX_PROBLEMS_SHOWN) {
                    eprintln!("{problem}");
                }
                if let Some(more) = problems.len().checked_sub(MAX_PROBLEMS_SHOWN + 1) {
                    eprintln!("... and {} more", more + 1);
                }
            }
            Err(match refusal {
                ImportError::Store(error) => error.into(),
                ImportError::Problems(_) => CommandError::new(refusal.to_string()),
            })
        }
    }
}

fn in_words(counts: WriteCounts) -> String {
    let WriteCounts { created, updated, unchanged, revisions } = counts;
    let history = if revisions > 0 { format!(", {revisions} lines of history") } else { String::new() };
    format!("imported: {created} new, {updated} changed, {unchanged} unchanged{history}")
}

/// Reads the files of all paths.
fn sources(paths: &[PathBuf]) -> Result<Vec<Source<'static>>, CommandError> {
    let mut sources = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            let mut bytes = Vec::new();
            std::io::stdin().read_to_end(&mut bytes).map_err(|error| cannot_read("standard input", &error))?;
            sources.push(source("standard input".to_owned(), bytes)?);
            continue;
        }
        let name = path.display().to_string();
        let metadata = std::fs::metadata(path).map_err(|error| cannot_read(&name, &error))?;
        let files = if metadata.is_dir() { files_in(path)? } else { vec![path.clone()] };
        for file in files {
            let name = file.display().to_string();
            let bytes = std::fs::read(&file).map_err(|error| cannot_read(&name, &error))?;
            sources.push(source(name, bytes)?);
        }
    }
    Ok(sources)
}

fn files_in(folder: &Path) -> Result<Vec<PathBuf>, CommandError> {
    let name = folder.display().to_string();
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| cannot_read(&name, &error))? {
        let path = entry.map_err(|error| cannot_read(&name, &error))?.path();
        if path.extension().is_some_and(|extension| extension == "jsonl") {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(CommandError::new(format!("{name} contains no *.jsonl files")));
    }
    files.sort();
    Ok(files)
}

fn source(name: String, bytes: Vec<u8>) -> Result<Source<'static>, CommandError> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source { name: name.into(), text: text.into() }),
        Err(error) => {
            let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = good.split(|byte| *byte == b'\n').count();
            Err(CommandError::new(format!("{name}:{line}: is not UTF-8")))
        }
    }
}

fn cannot_read(name: &str, error: &std::io::Error) -> CommandError {
    CommandError::new(format!("{name} cannot be read: {error}"))
}

/// Shows the progress of an import: a bar on a terminal, log lines otherwise.
pub(super) struct Display {
    bar: Option<ProgressBar>,
}

impl Display {
    pub(super) fn new() -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(0);
            if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {percent}%") {
                bar.set_style(style);
            }
            bar.set_message("reading");
            bar.enable_steady_tick(Duration::from_millis(100));
            bar
        });
        Self { bar }
    }

    pub(super) fn show(&self, step: ImportProgress) {
        match (step, &self.bar) {
            (ImportProgress::Read { bytes, of }, Some(bar)) => {
                bar.set_length(of as u64);
                bar.set_position(bytes as u64);
            }
            (ImportProgress::Read { bytes, of }, None) if bytes == of => info!(bytes, "read"),
            (ImportProgress::Read { .. }, None) => {}
            (ImportProgress::Write(phase), Some(bar)) => {
                if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
                    bar.set_style(style);
                }
                bar.set_message(word(phase));
            }
            (ImportProgress::Write(phase), None) => info!("{}", word(phase)),
        }
    }

    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn word(phase: Phase) -> &'static str {
    match phase {
        Phase::Resolving => "resolving references",
        Phase::Comparing => "comparing with stored records",
        Phase::Writing => "writing records",
        Phase::Deriving => "updating derived tables",
        Phase::Recording => "writing history",
        Phase::Indexing => "building indexes",
        Phase::Committing => "committing",
    }
}
