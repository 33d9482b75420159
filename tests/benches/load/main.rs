//! Measures what the design promises, each figure beside its baseline in the same run.
//!
//! `cargo bench -p northstar-tests --bench load` measures all; `-- --only a,c` some of it; `-- --quick`
//! takes few and short samples, for a look; `-- --events 100000` rebuilds from so many. Ours and the
//! baseline take turns, and what is judged is the median of the ratios, turn by turn: a machine that
//! is slow for a while is slow for both.

mod appends;
mod bare_pipeline;
mod history;
mod idle_memory;
mod latency;
mod lone_append;
mod plain;
mod rate;
mod rebuild;
mod recording;
mod request;
mod singles;
mod unary;

use std::process::ExitCode;
use std::time::Duration;

use northstar_tests::measure::command::{self, Pace, Paces};
use northstar_tests::measure::{rebuilding, run};

const PACES: Paces = Paces {
    full: Pace { rounds: 7, sample: Duration::from_secs(3), events: 2_000_000 },
    quick: Pace { rounds: 3, sample: Duration::from_secs(1), events: 200_000 },
};

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Item {
    Appends,
    LoneAppend,
    Recording,
    Latency,
    Rebuild,
    IdleMemory,
}

impl command::Item for Item {
    const ALL: &'static [Self] = &[
        Self::Appends,
        Self::LoneAppend,
        Self::Recording,
        Self::Latency,
        Self::Rebuild,
        Self::IdleMemory,
    ];

    fn letter(self) -> &'static str {
        match self {
            Self::Appends => "a",
            Self::LoneAppend => "b",
            Self::Recording => "c",
            Self::Latency => "d",
            Self::Rebuild => "e",
            Self::IdleMemory => "f",
        }
    }
}

fn main() -> ExitCode {
    let measure = async |item, pace| match item {
        Item::Appends => appends::measure(pace).await,
        Item::LoneAppend => lone_append::measure(pace).await,
        Item::Recording => recording::measure(pace).await,
        Item::Latency => latency::measure(pace).await,
        Item::Rebuild => rebuild::measure(pace).await,
        Item::IdleMemory => idle_memory::measure(pace).await,
    };
    run::run(PACES, measure, rebuilding::child)
}
