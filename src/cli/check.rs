//! `dateline check`: checks the file, the records and all that follows from them.

use std::io::IsTerminal as _;

use indicatif::{ProgressBar, ProgressStyle};
use tracing::info;

use super::CommandError;
use crate::{
    config::Database,
    domain::check::{CheckProgress, Remedy, check},
    store::{self, Connection},
};

/// Runs the command. It prints one line for each thing that is wrong.
///
/// # Errors
/// Where something is wrong, or where the database cannot be read.
pub async fn run(database: &Database) -> Result<(), CommandError> {
    let connection = Connection::open_existing(database.url()).await?;
    store::migrate::check(&connection).await?;
    let name = connection.name().to_owned();
    let display = Display::new();
    let checked = check(&connection, &|progress| display.show(progress)).await;
    display.finish();
    let report = checked?;
    connection.close().await?;
    for finding in &report.findings {
        println!("{}", finding.message);
    }
    let advice = match report.findings.iter().map(|finding| finding.remedy).min() {
        None => {
            eprintln!("{name} is in order: {} records were checked", report.records);
            return Ok(());
        }
        Some(Remedy::Restore) => {
            "stop the server and restore the last backup (`dateline restore`); keep the damaged database, to see what was written since"
        }
        Some(Remedy::Import) => {
            "export it with `dateline export --history`, and import that into a new database, which computes everything again"
        }
        Some(Remedy::Reindex) => "build the search index again with `dateline reindex`",
    };
    let count = report.findings.len();
    let things = if count == 1 { "thing is" } else { "things are" };
    Err(CommandError::new(format!("{count} {things} wrong with {name}: {advice}")))
}

/// Shows the progress: a bar on a terminal, log lines otherwise.
struct Display {
    bar: Option<ProgressBar>,
}

impl Display {
    fn new() -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(0);
            if let Ok(style) = ProgressStyle::with_template("checking {msg} {wide_bar} {pos}/{len}") {
                bar.set_style(style);
            }
            bar
        });
        Self { bar }
    }

    fn show(&self, progress: CheckProgress) {
        let (what, position) = match progress {
            CheckProgress::File => ("the file", None),
            CheckProgress::Rules => ("the rules of records", None),
            CheckProgress::Records { done, of } => ("the records", Some((done as u64, of as u64))),
        };
        match (&self.bar, position) {
            (Some(bar), position) => {
                bar.set_message(what);
                if let Some((done, of)) = position {
                    bar.set_length(of);
                    bar.set_position(done);
                }
            }
            (None, None | Some((0, _))) => info!("checking {what}"),
            (None, Some(_)) => {}
        }
    }

    fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
