//! What was believed on a day can be told again, from what stands and what once stood.

use northstar_kernel::Timestamp;
use northstar_mastery_domain::{Observation, Observations, Past};
use proptest::prelude::*;

use crate::lives::{Step, lives_and_arrivals};
use crate::support::{evidence, march, seen};

/// What stands and what once stood, as a keeper of both has them.
#[derive(Default)]
struct Kept {
    standing: Observations,
    past: Past,
}

impl Kept {
    /// One step, recorded at `at`.
    fn take(&mut self, step: &Step, at: Timestamp) {
        let about = match step {
            Step::Record(seen) | Step::Correct(seen) => seen.evidence,
            Step::Validate(evidence) | Step::Retract(evidence) => *evidence,
        };
        if let Some(before) = self.standing.get(about) {
            self.past.supersede(before, at);
        }
        recorded(step, at).apply(&mut self.standing);
    }

    /// Values that were believed at `known`, by the number of the evidence they belong to.
    fn values(&self, known: Timestamp) -> Vec<i64> {
        self.past.known(&self.standing, known).iter().map(|seen| seen.value_milli).collect()
    }
}

/// The step as it is when it is recorded at `at`.
fn recorded(step: &Step, at: Timestamp) -> Step {
    let dated = |seen: &Observation| Observation { recorded_at: at, ..seen.clone() };
    match step {
        Step::Record(seen) => Step::Record(dated(seen)),
        Step::Correct(seen) => Step::Correct(dated(seen)),
        other => other.clone(),
    }
}

/// Given a judgement of 2 March that was recorded on the 10th.
fn given_a_late_judgement() -> Kept {
    let mut kept = Kept::default();
    kept.take(&Step::Record(seen(1, 2, 1)), march(10));
    kept
}

#[test]
fn what_was_recorded_late_was_not_believed_before() {
    let kept = given_a_late_judgement();
    assert_eq!([9, 10, 11].map(|day| kept.values(march(day))), [vec![], vec![1_000], vec![1_000]]);
}

#[test]
fn before_a_correction_the_first_version_is_believed() {
    let mut kept = given_a_late_judgement();
    kept.take(&Step::Correct(seen(1, 3, 4)), march(12));
    assert_eq!([11, 12].map(|day| kept.values(march(day))), [[1_000], [4_000]]);
    let before = kept.past.known(&kept.standing, march(11));
    assert_eq!(before.iter().map(|seen| seen.observed_at).collect::<Vec<_>>(), [march(2)]);
}

#[test]
fn before_a_sign_off_it_is_not_signed_off() {
    let mut kept = given_a_late_judgement();
    kept.take(&Step::Validate(evidence(1)), march(12));
    let signed =
        |day| kept.past.known(&kept.standing, march(day)).iter().all(|seen| seen.validated);
    assert_eq!([11, 12].map(signed), [false, true]);
}

#[test]
fn before_a_retraction_it_stands_though_nothing_does_now() {
    let mut kept = given_a_late_judgement();
    kept.take(&Step::Retract(evidence(1)), march(12));
    assert!(kept.standing.is_empty());
    assert_eq!([9, 11, 12].map(|day| kept.values(march(day))), [vec![], vec![1_000], vec![]]);
}

#[test]
fn two_steps_of_one_instant_are_known_together() {
    let mut kept = given_a_late_judgement();
    kept.take(&Step::Correct(seen(1, 2, 4)), march(10));
    assert!(kept.past.is_empty(), "the first version was never believed");
    assert_eq!([9, 10].map(|day| kept.values(march(day))), [vec![], vec![4_000]]);
}

#[test]
fn a_clock_that_was_set_back_lets_nothing_be_believed_before_it_was_recorded() {
    let mut kept = given_a_late_judgement();
    kept.take(&Step::Correct(seen(1, 2, 4)), march(5));
    assert_eq!([5, 9, 10].map(|day| kept.values(march(day))), [vec![], vec![], vec![4_000]]);
}

#[test]
fn where_nothing_was_corrected_nothing_is_copied() {
    let kept = given_a_late_judgement();
    let known = kept.past.known(&kept.standing, march(10));
    assert!(matches!(known, std::borrow::Cow::Borrowed(_)));
}

proptest! {
    /// Whoever was there on that day, and went through what was recorded until then, believed this.
    #[test]
    fn what_was_known_is_what_a_fold_until_then_gives(
        (lives, arrivals) in lives_and_arrivals(),
        gaps in prop::collection::vec(0_i64..3, 60),
    ) {
        let mut next = vec![0; lives.len()];
        let mut now = 0;
        let mut dated = Vec::new();
        for (life, gap) in arrivals.iter().zip(gaps) {
            now += gap;
            dated.push((&lives[*life][next[*life]], Timestamp::from_micros(now)));
            next[*life] += 1;
        }
        let mut kept = Kept::default();
        dated.iter().for_each(|(step, at)| kept.take(step, *at));
        for known in (-1..=now + 1).map(Timestamp::from_micros) {
            let mut then = Observations::default();
            let until = dated.iter().filter(|(_, at)| *at <= known);
            until.for_each(|(step, at)| recorded(step, *at).apply(&mut then));
            prop_assert_eq!(&*kept.past.known(&kept.standing, known), &then);
        }
    }
}
