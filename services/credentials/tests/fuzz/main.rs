//! Everything that a verifier reads, changed at random: credentials with proofs inside, tokens, baked
//! images, issuers' documents and status lists. It is looked at, soon, without a panic; and whatever
//! verifies then says what was signed.
//!
//! `NORTHSTAR_THOROUGH=1` tries a million.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod mutation;
mod world;

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use northstar_credentials::standard::baking::unbake;
use northstar_credentials::standard::published::Published;
use northstar_credentials_proof::verifier::{Name, Outcome, Report, Terms, verify};
use northstar_testkit::thorough;

use mutation::Random;
use world::World;

/// Longer than anything takes, on the busiest machine.
const HANG: Duration = Duration::from_secs(30);

/// In how many reports which check failed; `None`: verified. What could not be read at all, an image
/// or a list, has no report.
type Outcomes = BTreeMap<Option<Name>, u64>;

#[test]
fn whatever_is_changed_nothing_hangs_panics_or_passes_for_what_was_signed() {
    let world = World::new();
    let tries: u64 = if thorough() { 1_000_000 } else { 6_000 };
    let workers = thread::available_parallelism().map_or(1, |count| count.get() as u64);
    let outcomes: Vec<Outcomes> = thread::scope(|scope| {
        let share = |worker| (worker..tries).step_by(workers as usize);
        let world = &world;
        let running: Vec<_> =
            (0..workers).map(|worker| scope.spawn(move || tried(world, share(worker)))).collect();
        running.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    let mut all = Outcomes::new();
    for (first, count) in outcomes.into_iter().flatten() {
        *all.entry(first).or_default() += count;
    }
    eprintln!("{all:?}");
    // The changes reach behind the form, and every check sees some.
    let names = [Name::Form, Name::Arithmetic, Name::KeyOwner, Name::Schema];
    for name in names.into_iter().chain([Name::Status, Name::Time, Name::Endorsements]) {
        assert!(
            all.get(&Some(name)).is_some_and(|count| *count > tries / 1_000),
            "{name:?}: {all:?}"
        );
    }
    assert!(all[&None] > tries / 100, "too few were left as they were: {all:?}");
}

fn tried(world: &World, seeds: impl Iterator<Item = u64>) -> Outcomes {
    let mut outcomes = Outcomes::new();
    for seed in seeds {
        let begin = Instant::now();
        if let Some(report) = try_one(world, seed) {
            let failed = report.checks.iter().filter(|check| check.outcome == Outcome::Failed);
            let failed = failed.map(|check| Some(check.name));
            let verified = report.verified.then_some(None);
            failed.chain(verified).for_each(|name| *outcomes.entry(name).or_default() += 1);
        }
        assert!(begin.elapsed() < HANG, "seed {seed} took {:?}", begin.elapsed());
    }
    outcomes
}

fn try_one(world: &World, seed: u64) -> Option<Report> {
    let mut random = Random(seed);
    match seed % 8 {
        0..=4 => {
            let text = match seed % 8 {
                0..=2 => mutation::bytes(&world.documents, &mut random),
                3 => mutation::values(&world.documents, &mut random),
                _ => mutation::token(&world.tokens, &mut random),
            };
            let report = look(&text, &world.published);
            assert_signed(world, &report, seed);
            Some(report)
        }
        5 => {
            let image = mutation::image(&world.images, &mut random);
            let report = look(unbake(&image).ok()?.as_str().as_bytes(), &world.published);
            assert_signed(world, &report, seed);
            Some(report)
        }
        6 => {
            let mut published = world.published.clone();
            let document = mutation::json(&world.issuer, &mut random);
            // One that cannot be read leaves the issuer's own in its place.
            drop(published.add_document(&document));
            if seed % 16 == 6 {
                return Some(look(world.documents[0].as_bytes(), &published));
            }
            let forged = look(world.forged.as_bytes(), &published);
            assert!(!forged.verified, "seed {seed}: {forged:?}");
            Some(forged)
        }
        _ => {
            let mut published = world.published.clone();
            published.add_list(mutation::json(&world.list, &mut random)).ok()?;
            let revoked = look(world.revoked.as_bytes(), &published);
            assert!(!revoked.verified, "seed {seed}: {revoked:?}");
            Some(revoked)
        }
    }
}

fn look(bytes: &[u8], published: &Published) -> Report {
    verify(bytes, published, &Terms::at(world::now()))
}

/// Whatever verifies says what one of the signed documents says.
fn assert_signed(world: &World, report: &Report, seed: u64) {
    if report.verified {
        let credential = report.credential.as_ref().unwrap();
        assert!(world.signed.contains(&world::said(credential)), "seed {seed}: {credential}");
    }
}
