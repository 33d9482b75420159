//! What the passing of time does.

use crate::support::{LATER, daily, draft_of, four_rungs, march, method, policy, seen, seen_by};
use northstar_kernel::Timestamp;
use northstar_mastery_domain::{
    AssessorRole, Observation, Observations, Policy, PolicyDraft, Standing, evaluate, next_change,
};

fn ten_days() -> PolicyDraft {
    PolicyDraft { expires_after_days: 10, ..draft_of("mean") }
}

fn value(policy: &Policy, observations: &Observations, at: Timestamp) -> Option<i64> {
    let held = evaluate(policy, &four_rungs(), observations, at);
    (held.standing >= Standing::BelowMastery).then_some(held.value_milli)
}

fn just_before(at: Timestamp) -> Timestamp {
    Timestamp::from_micros(at.micros() - 1)
}

#[test]
fn what_is_observed_later_is_not_there_yet() {
    let observations = daily(&[2, 4]);
    let standing = evaluate(&method("mean"), &four_rungs(), &observations, march(0)).standing;
    assert_eq!(standing, Standing::NotObserved);
    let mean = |at| value(&method("mean"), &observations, at);
    assert_eq!(mean(just_before(march(2))), Some(2_000));
    assert_eq!([mean(march(2)), mean(LATER)], [Some(3_000), Some(3_000)]);
}

#[test]
fn a_judgement_counts_until_the_instant_it_expires() {
    let observations = daily(&[2, 4]);
    let mean = |at| value(&policy(ten_days()), &observations, at);
    assert_eq!(mean(just_before(march(11))), Some(3_000));
    assert_eq!(mean(march(11)), Some(4_000));
    assert_eq!(mean(march(12)), None);
    let standing = evaluate(&policy(ten_days()), &four_rungs(), &observations, LATER).standing;
    assert_eq!(standing, Standing::NotEnoughEvidence);
}

#[test]
fn expiry_is_counted_from_observing_also_in_the_order_of_recording() {
    let recorded = PolicyDraft { order: "recorded".to_owned(), ..ten_days() };
    let late = Observation { recorded_at: march(9), ..seen(1, 1, 2) };
    let observations = Observations::new([late]);
    assert_eq!(value(&policy(recorded), &observations, march(11)), None);
}

#[test]
fn what_expired_takes_the_highest_with_it() {
    let kept = policy(PolicyDraft { monotone: true, ..ten_days() });
    let observations = daily(&[4, 2]);
    assert_eq!(value(&kept, &observations, march(2)), Some(4_000));
    assert_eq!(value(&kept, &observations, march(11)), Some(2_000));
}

#[test]
fn the_next_change_is_known_in_advance() {
    let observations = daily(&[2, 4]);
    let next = |at| next_change(&policy(ten_days()), &observations, at);
    assert_eq!(next(march(2)), Some(march(11)));
    assert_eq!(next(just_before(march(11))), Some(march(11)));
    assert_eq!(next(march(11)), Some(march(12)));
    assert_eq!(next(march(12)), None);
}

#[test]
fn what_lies_ahead_is_a_change_too() {
    let observations = daily(&[2, 4]);
    assert_eq!(next_change(&method("mean"), &observations, march(1)), Some(march(2)));
    assert_eq!(next_change(&method("mean"), &observations, march(2)), None);
}

#[test]
fn what_never_counts_changes_nothing() {
    let strict = policy(PolicyDraft { excluded_roles: vec!["self".to_owned()], ..ten_days() });
    let own = Observations::new([seen_by(AssessorRole::Oneself, 1, 1, 4)]);
    assert_eq!(next_change(&strict, &own, march(1)), None);
    let signed = policy(PolicyDraft { validated_only: true, ..ten_days() });
    assert_eq!(next_change(&signed, &daily(&[2, 4]), march(1)), None);
}

#[test]
fn at_the_end_of_time_nothing_overflows() {
    let last = Observation { observed_at: LATER, ..seen(1, 1, 3) };
    let observations = Observations::new([last]);
    assert_eq!(value(&policy(ten_days()), &observations, LATER), Some(3_000));
    assert_eq!(next_change(&policy(ten_days()), &observations, march(1)), Some(LATER));
}
