//! `dateline backup`: copies the file of a running SQLite database.

use std::io::IsTerminal as _;

use indicatif::{ProgressBar, ProgressStyle};
use tracing::info;

use super::CommandError;
use crate::{
    config::Backup,
    store::backup::{CopyProgress, back_up},
};

/// Runs the command.
///
/// # Errors
/// Where the database cannot be read or is damaged, or where the file exists or cannot be written.
pub fn run(args: &Backup) -> Result<(), CommandError> {
    let display = CopyDisplay::new();
    let outcome = back_up(args.database.url(), &args.file, &|progress| display.show(progress));
    display.finish();
    outcome?;
    eprintln!("{} is a complete and checked copy of the database", args.file.display());
    Ok(())
}

/// Shows the progress of a copy: a bar on a terminal, log lines otherwise.
pub(super) struct CopyDisplay {
    bar: Option<ProgressBar>,
}

impl CopyDisplay {
    pub(super) fn new() -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(0);
            if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {percent}%") {
                bar.set_style(style);
            }
            bar.set_message("copying");
            bar
        });
        Self { bar }
    }

    pub(super) fn show(&self, progress: CopyProgress) {
        match (progress, &self.bar) {
            (CopyProgress::Copied { pages, of }, Some(bar)) => {
                bar.set_length(of as u64);
                bar.set_position(pages as u64);
            }
            (CopyProgress::Copied { pages, of }, None) if pages == of => info!(pages, "copied"),
            (CopyProgress::Copied { .. }, None) => {}
            (CopyProgress::Checking, Some(bar)) => bar.set_message("checking"),
            (CopyProgress::Checking, None) => info!("checking the copy"),
        }
    }

    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
