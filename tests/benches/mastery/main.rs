//! Measures what is promised of mastery: how fast it is worked out, rebuilt, tried, corrected, shown.
//!
//! `cargo bench -p northstar-tests --bench mastery` measures all; `-- --only a,c` some of it;
//! `-- --quick` takes few samples of a small region, for a look; `-- --events 100000` has a region of
//! so many events. Where there is a baseline, ours and it take turns, and what is judged is the median
//! of the ratios; where there is none, our own figure is held to the bar.
//!
//! - a: events decoded, folded and evaluated one by one on one core (500 thousand a second), and beside
//!   it those that are decoded and added up alone; then one evaluation by each method, of few
//!   judgements and of thousands.
//! - b: a region of ten million events rebuilt from Postgres, beside the reading and decoding of the
//!   same rows (0.6), and its peak memory (500 MB).
//! - c: a dry run of another policy over that region (60 s).
//! - d: a judgement of eight years ago corrected, to the event at whoever follows: 99 of 100 (50 ms).
//! - e: the profile of a learner with 200 competencies (3 ms).
//!
//! The region is made after the sample of the demo: so many judgements of a learner in a competency,
//! so many competencies a year, spread over it; so many raters, kinds and rungs.

mod correction;
mod dry_run;
mod folding;
mod history;
mod methods;
mod policy;
mod profile;
mod school;
mod shape;

use std::process::ExitCode;
use std::time::Duration;

use northstar_tests::measure::command::{self, Pace, Paces};
use northstar_tests::measure::rebuilding::{self, Bars};
use northstar_tests::measure::run;

use history::Region;

const PACES: Paces = Paces {
    full: Pace { rounds: 5, sample: Duration::from_secs(2), events: 10_000_000 },
    quick: Pace { rounds: 2, sample: Duration::from_secs(1), events: 500_000 },
};

/// What a rebuild is held to.
const REBUILD: Bars = Bars { share: 0.6, megabytes: 500.0 };

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Item {
    Evaluation,
    Rebuild,
    DryRun,
    Correction,
    Profile,
}

impl command::Item for Item {
    const ALL: &'static [Self] =
        &[Self::Evaluation, Self::Rebuild, Self::DryRun, Self::Correction, Self::Profile];

    fn letter(self) -> &'static str {
        match self {
            Self::Evaluation => "a",
            Self::Rebuild => "b",
            Self::DryRun => "c",
            Self::Correction => "d",
            Self::Profile => "e",
        }
    }
}

fn main() -> ExitCode {
    // What is rebuilt is tried afterwards: it takes minutes to write.
    let mut region = None;
    let measure = async |item, pace: Pace| match item {
        Item::Evaluation => {
            let mut figures = folding::measure(pace)?;
            figures.extend(methods::measure(pace)?);
            Ok(figures)
        }
        Item::Rebuild => {
            let written = Region::write(pace.events).await?;
            let logs = &region.insert(written).logs;
            rebuilding::measure(logs, pace.rounds.div_ceil(2), REBUILD).await
        }
        Item::DryRun => dry_run::measure(&mut region, pace).await,
        Item::Correction => correction::measure(pace).await,
        Item::Profile => profile::measure(pace).await,
    };
    run::run(PACES, measure, rebuilding::child)
}
