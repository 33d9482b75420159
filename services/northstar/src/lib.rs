//! The `northstar` command: every service and every tool, one word per role.
//!
//! A library only so that other crates' tests can build and start the very same program.

mod cli;
mod client;
mod command;
mod config;
mod dev;
mod evaluate;
mod output;
mod serve;
mod storage;
mod wallet;

use std::process::ExitCode;

use clap::Parser as _;

/// Does what the process's arguments ask for. The code is 0 for success, 2 for a misspelt command, a
/// policy to evaluate by that is not valid, or a drain that was cut short, 3 for an import of which
/// some was refused, and 1 for whatever else went wrong.
pub fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&anyhow::Error::from(error).context("starting the runtime")),
    };
    match runtime.block_on(command::run(cli)) {
        Ok(code) => code,
        Err(error) => fail(&error),
    }
}

/// Every cause on a line of its own: the last one usually says what to do.
fn fail(error: &anyhow::Error) -> ExitCode {
    output::complain(&format!("error: {error}"));
    for cause in error.chain().skip(1) {
        output::complain(&format!("  because: {cause}"));
    }
    ExitCode::FAILURE
}
