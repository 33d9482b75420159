//! A benchmark from its command line to its exit code.
#![expect(clippy::print_stdout, reason = "the table of figures is what this is for")]

use std::process::ExitCode;

use anyhow::Context as _;

use super::command::{Command, Item, Options, Pace, Paces};
use super::figure::Figure;

/// Measures what this process was asked to, and prints the figures: success if every bar is cleared.
/// `child` is what a process does that was started for one sample.
pub fn run<I: Item>(
    paces: Paces,
    measure: impl AsyncFnMut(I, Pace) -> anyhow::Result<Vec<Figure>>,
    child: impl AsyncFnOnce(Vec<String>) -> anyhow::Result<()>,
) -> ExitCode {
    match Command::read(std::env::args().skip(1), paces) {
        Ok(Command::Nothing) => ExitCode::SUCCESS,
        Ok(Command::Child(told)) => ended(in_runtime(async { child(told).await.map(|()| true) })),
        Ok(Command::Measure(options)) => ended(in_runtime(table(options, measure))),
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
async fn table<I: Item>(
    options: Options<I>,
    mut measure: impl AsyncFnMut(I, Pace) -> anyhow::Result<Vec<Figure>>,
) -> anyhow::Result<bool> {
    println!("{}", Figure::HEADER);
    let mut all_hold = true;
    for item in options.items {
        let figures = measure(item, options.pace).await;
        for figure in figures.with_context(|| format!("measuring {}", item.letter()))? {
            println!("{} {figure}", item.letter());
            all_hold &= figure.holds();
        }
    }
    Ok(all_hold)
}
