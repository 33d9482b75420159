//! Measures what is promised of credentials: how fast they are signed, verified, bundled and withdrawn.
//!
//! `cargo bench -p northstar-tests --bench credentials` measures all; `-- --only a,c` some of it;
//! `-- --quick` takes few samples and a small region, for a look; `-- --events 100000` has so many live
//! credentials. The JavaScript signer needs Node.js, and once `npm ci` in `tests/javascript`. Rates
//! are by the second of processor time of one core, for both: a busy machine hardly changes them.
//!
//! - a: small and rich badges signed by `eddsa-rdfc-2022` on one core, beside the JavaScript signer
//!   (20 times its rate); the same badges verified, and as tokens.
//! - b: a status list of 131,072 places with 1 % set, built and signed; records of 200 and 500 rich
//!   badges, put together and signed.
//! - c: with a hundred thousand live credentials, from mastery withdrawn to the published, signed bit:
//!   99 of 100 (2 s); then the same while processes are killed, and what must have come of it.

mod badges;
mod cpu;
mod javascript;
mod lists;
mod records;
mod signing;
mod withdrawals;

use std::process::ExitCode;
use std::time::Duration;

use northstar_tests::measure::command::{self, Pace, Paces};
use northstar_tests::measure::run;

const PACES: Paces = Paces {
    full: Pace { rounds: 5, sample: Duration::from_secs(2), events: 100_000 },
    quick: Pace { rounds: 2, sample: Duration::from_millis(500), events: 2_000 },
};

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Item {
    Signing,
    Bundles,
    Withdrawals,
}

impl command::Item for Item {
    const ALL: &'static [Self] = &[Self::Signing, Self::Bundles, Self::Withdrawals];

    fn letter(self) -> &'static str {
        match self {
            Self::Signing => "a",
            Self::Bundles => "b",
            Self::Withdrawals => "c",
        }
    }
}

fn main() -> ExitCode {
    let measure = async |item, pace: Pace| match item {
        Item::Signing => signing::measure(pace),
        Item::Bundles => {
            let mut figures = lists::measure(pace)?;
            figures.extend(records::measure(pace)?);
            Ok(figures)
        }
        Item::Withdrawals => withdrawals::measure(pace).await,
    };
    run::run(PACES, measure, async |_| anyhow::bail!("no sample here has a process of its own"))
}
