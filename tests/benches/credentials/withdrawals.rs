//! (c) Mastery withdrawn under load, among a hundred thousand live credentials.
//!
//! The whole cluster runs as processes of its own, over a Postgres that syncs to disk: evidence is
//! retracted by the API, mastery withdraws what rested on it, credentials revokes and publishes. The
//! time runs from the moment the withdrawal is in mastery's log to a signed list that shows it, in the
//! log of credentials and as it is fetched.

use std::time::Duration;

use northstar_tests::cluster::Cluster;
use northstar_tests::measure::command::Pace as Options;
use northstar_tests::measure::figure::{Bar, Figure, quantile};
use northstar_tests::program::Program;
use northstar_tests::schedule::Schedule;
use northstar_tests::withdrawal::{Delay, Pace, School, Size};
use tokio::task::block_in_place;

const LEARNERS: u64 = 1_000;
/// Withdrawals of one round, their pace, and the further credentials that each step earns.
const STEPS: u64 = 400;
const GAP: Duration = Duration::from_millis(40);
const LOAD: u64 = 4;
/// Rounds in which processes are killed.
const DEADLY: u64 = 2;
const PATIENCE: Duration = Duration::from_secs(1_800);
const BAR: Bar = Bar::AtMost(2_000.0);
/// Memory as a server of its own has it.
const SETTINGS: [(&str, &str); 2] = [("shared_buffers", "512MB"), ("max_wal_size", "8GB")];

pub(crate) async fn measure(options: Options) -> anyhow::Result<Vec<Figure>> {
    let program = Program::at(env!("CARGO_BIN_EXE_northstar-under-test"));
    let rounds = options.rounds.div_ceil(2) as u64;
    let competencies = options.events.div_ceil(LEARNERS);
    let steps = STEPS.min(options.events / 2 / (rounds + DEADLY));
    let size =
        Size { learners: LEARNERS, competencies, steps: steps * (rounds + DEADLY), load: LOAD };
    let pace = Pace { gap: GAP, steps };
    let cluster = block_in_place(|| Cluster::start_with(&program, &SETTINGS));
    let mut school = School::fill(&cluster, size, PATIENCE).await?;
    let mut figures = [
        Figure::new("withdrawn to signed list, median", "ms", Bar::None),
        Figure::new("  … p99", "ms", BAR),
        Figure::new("withdrawn to fetched list, median", "ms", Bar::None),
        Figure::new("  … p99", "ms", BAR),
        Figure::new("rounds of kills that lost or doubled nothing", "rounds", Bar::None),
        Figure::new("credentials at first, from evidence to document", "/s", Bar::None),
    ];
    figures[5].add_alone(school.issued_per_second());
    for round in 0..rounds {
        let delays = quietly(&mut school, pace, round).await?;
        let of = |what: fn(&Delay) -> f64| delays.iter().map(what).collect::<Vec<_>>();
        let (signed, fetched) = (of(|delay| delay.signed), of(|delay| delay.fetched));
        let measured =
            [&signed, &signed, &fetched, &fetched].into_iter().zip([0.5, 0.99].repeat(2));
        for (figure, (delays, share)) in figures.iter_mut().zip(measured) {
            figure.add_alone(quantile(delays, share));
        }
    }
    for seed in 0..DEADLY {
        let (done, _) = Schedule::draw(seed).during_async(&cluster, school.withdraw(pace)).await;
        done?;
        school.settle(PATIENCE).await?;
    }
    figures[4].add_alone(DEADLY as f64);
    Ok(figures.into())
}

/// A round in which nothing dies.
async fn quietly(school: &mut School<'_>, pace: Pace, round: u64) -> anyhow::Result<Vec<Delay>> {
    let watch = school.watch();
    school.withdraw(pace).await?;
    school.settle(PATIENCE).await?;
    let seen = watch.ended().await?;
    school.delays(round * pace.steps..(round + 1) * pace.steps, &seen)
}
