//! Measures what the design promises, each figure beside its baseline in the same run.
//!
//! `cargo bench -p northstar-tests` measures all; `-- --only a,c` some of it; `-- --quick` takes few
//! and short samples, for a look. Ours and the baseline take turns, and what is judged is the median
//! of the ratios, turn by turn: a machine that is slow for a while is slow for both.
#![expect(clippy::print_stdout, reason = "the table of figures is what this is for")]

mod appends;
mod bare_pipeline;
mod clock;
mod figure;
mod history;
mod idle_memory;
mod journey;
mod latency;
mod lone_append;
mod options;
mod plain;
mod rate;
mod rebuild;
mod recorder;
mod recording;
mod region;
mod request;
mod sample;
mod served;
mod singles;
mod stand;
mod unary;

use std::process::ExitCode;

use anyhow::Context as _;

use figure::Figure;
use options::{Command, Item, Options};

fn main() -> ExitCode {
    match Command::read(std::env::args().skip(1)) {
        Ok(Command::Nothing) => ExitCode::SUCCESS,
        Ok(Command::Child(task)) => ended(in_runtime(rebuild::child(task))),
        Ok(Command::Measure(options)) => ended(in_runtime(measure(options))),
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::from(2)
        }
    }
}

fn in_runtime<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    runtime.enable_all().build().context("starting the runtime")?.block_on(work)
}

fn ended(outcome: anyhow::Result<bool>) -> ExitCode {
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Measures and prints; true if every bar is cleared.
async fn measure(options: Options) -> anyhow::Result<bool> {
    println!("{}", Figure::HEADER);
    let mut all_hold = true;
    for item in options.items {
        let pace = options.pace;
        let figures = match item {
            Item::Appends => appends::measure(pace).await,
            Item::LoneAppend => lone_append::measure(pace).await,
            Item::Recording => recording::measure(pace).await,
            Item::Latency => latency::measure(pace).await,
            Item::Rebuild => rebuild::measure(pace).await,
            Item::IdleMemory => idle_memory::measure(pace).await,
        };
        for figure in figures.with_context(|| format!("measuring {}", item.letter()))? {
            println!("{} {figure}", item.letter());
            all_hold &= figure.holds();
        }
    }
    Ok(all_hold)
}
