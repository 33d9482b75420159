//! Whatever dies while evidence comes in: nothing that was acknowledged is lost, nothing counts twice,
//! and everybody ends where they would have ended without a fault.
//!
//! `NORTHSTAR_THOROUGH=1` runs more schedules; `NORTHSTAR_SEED=17` runs that one alone.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    any::Any,
    env,
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
};

use northstar_testkit::thorough;
use northstar_tests::{
    cluster::Cluster,
    demo::{self, Counted, State},
    embedded::Embedded,
    feed,
    program::Program,
    schedule::Schedule,
};

const SEEDS: Range<u64> = 0..3;
const THOROUGH_SEEDS: Range<u64> = 0..20;

fn program() -> Program {
    Program::at(env!("CARGO_BIN_EXE_northstar-under-test"))
}

fn seeds() -> Range<u64> {
    match env::var("NORTHSTAR_SEED") {
        Ok(seed) => {
            let seed = seed.parse().unwrap();
            seed..seed + 1
        }
        Err(_) if thorough() => THOROUGH_SEEDS,
        Err(_) => SEEDS,
    }
}

#[test]
fn killed_at_any_moment_everything_counts_exactly_once() {
    let expected = Embedded::expected(&program());
    for seed in seeds() {
        let schedule = Schedule::draw(seed);
        eprintln!("{schedule}");
        // What went wrong is said again after the logs of all that ran, where a reader finds it.
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| survive(&schedule, &expected))) {
            panic!("{schedule}\nat seed {seed}: {}", cause(panic.as_ref()));
        }
    }
}

/// What a panic said.
fn cause(panic: &(dyn Any + Send)) -> &str {
    let formatted = panic.downcast_ref::<String>().map(String::as_str);
    formatted.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic without words")
}

fn survive(schedule: &Schedule, (report, state): &(Vec<Counted>, State)) {
    let cluster = Cluster::start(&program());
    let throughout = cluster.follow(schedule.spared);
    let resumed = cluster.follow(schedule.victim);
    let (printed, early) = schedule.during(&cluster, || cluster.import_demo());
    eprintln!("{early} of these before the import was over");
    assert!(early > 0, "the import was over before anything died");

    // Each row was answered, none was refused, and each left one trace in the log and in the state.
    let rows = |report: &[Counted]| -> Vec<(String, u64)> {
        report.iter().map(|one| (one.what.clone(), one.rows())).collect()
    };
    let imported = demo::report(&printed);
    assert_eq!(rows(&imported), rows(report));
    assert!(imported.iter().all(|one| one.refused == 0), "{imported:?}");
    assert_eq!(&demo::state(&program(), cluster.clients()), state);

    // Whoever followed mastery saw all of it, each event once, cut off meanwhile or not.
    let events = feed::until_now(&program(), cluster.clients().admin, 0);
    feed::check(&events);
    assert!(throughout.events(events.len()) == events, "the subscriber at the spared replica");
    assert!(resumed.events(events.len()) == events, "the subscriber at the killed replica");
    assert_eq!(throughout.resumed(), 0);
    assert!(resumed.resumed() > 0, "it was never cut off");
}
