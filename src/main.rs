//! The `dateline` command: parses the command line and calls the library.

use std::process::ExitCode;

use dateline::{cli, config::Cli, telemetry};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let Cli { log, command } = Cli::read();
    match telemetry::start(&log).and_then(|()| cli::run(command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("dateline: {failure}");
            ExitCode::FAILURE
        }
    }
}
