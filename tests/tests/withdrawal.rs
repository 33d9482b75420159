//! Mastery withdrawn while everything dies: each credential that rested on it ends once, its bit is
//! published, and none ends that other evidence still carries.
//!
//! `NORTHSTAR_THOROUGH=1` has a larger school and more schedules; `NORTHSTAR_SEED=17` runs that one.
//! The benchmark `credentials` does the same with a hundred thousand credentials.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::env;
use std::time::Duration;

use northstar_testkit::thorough;
use northstar_tests::cluster::Cluster;
use northstar_tests::program::Program;
use northstar_tests::schedule::Schedule;
use northstar_tests::withdrawal::{Pace, School, Size};

const PATIENCE: Duration = Duration::from_secs(180);

fn seeds() -> Vec<u64> {
    match env::var("NORTHSTAR_SEED") {
        Ok(seed) => vec![seed.parse().unwrap()],
        Err(_) if thorough() => (0..5).collect(),
        Err(_) => vec![0],
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_withdrawn_ends_once_whatever_dies() {
    let program = Program::at(env!("CARGO_BIN_EXE_northstar-under-test"));
    let (learners, competencies, steps) = if thorough() { (50, 20, 120) } else { (20, 6, 50) };
    let size = Size { learners, competencies, steps, load: 2 };
    // Kills begin within nine seconds, and so do the steps.
    let pace = Pace { gap: Duration::from_secs(9) / u32::try_from(steps).unwrap(), steps };
    for seed in seeds() {
        let schedule = Schedule::draw(seed);
        eprintln!("{schedule}");
        let cluster = tokio::task::block_in_place(|| Cluster::start(&program));
        let mut school = School::fill(&cluster, size, PATIENCE).await.unwrap();
        let (done, early) = schedule.during_async(&cluster, school.withdraw(pace)).await;
        done.unwrap_or_else(|error| panic!("{schedule}\n{error:?}"));
        assert!(early > 0, "all was done before anything died");
        let settled = school.settle(PATIENCE).await;
        settled.unwrap_or_else(|error| panic!("{schedule}\n{error:?}"));
    }
}
