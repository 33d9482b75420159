//! What is held, and the sentence that says why.

use crate::support::{draft, evidence, method, policy, seen, seen_by};
use northstar_mastery_domain::{
    AssessorRole, Held, Observation, Observations, Policy, PolicyDraft, Scale, Standing, evaluate,
    reason,
};

fn four_rungs() -> Scale {
    Scale::new([1_000, 2_000, 3_000, 4_000])
}

fn held(policy: &Policy, seen: &[Observation]) -> Held {
    evaluate(policy, &four_rungs(), &Observations::new(seen.iter().copied()))
}

fn why(policy: &Policy, scale: &Scale, seen: &[Observation]) -> String {
    let observations = Observations::new(seen.iter().copied());
    let held = evaluate(policy, scale, &observations);
    reason(Some(policy), scale, &observations, &held)
}

#[test]
fn given_nothing_observed_then_nothing_is_held() {
    assert_eq!(held(&policy(draft()), &[]), Held::default());
}

#[test]
fn given_too_little_evidence_then_no_value_is_shown() {
    let strict = policy(PolicyDraft { minimum_observations: 3, ..draft() });
    let said = held(&strict, &[seen(1, 1, 4), seen(2, 2, 4)]);
    assert_eq!(said, Held { standing: Standing::NotEnoughEvidence, value_milli: 0, level: 0 });
}

#[test]
fn given_a_value_at_the_threshold_then_it_is_mastered() {
    let said = held(&method("latest"), &[seen(1, 1, 1), seen(2, 2, 3)]);
    assert_eq!(said, Held { standing: Standing::AtMastery, value_milli: 3_000, level: 3 });
}

#[test]
fn given_a_value_a_thousandth_short_then_it_is_not() {
    let mut short = seen(1, 1, 3);
    short.value_milli -= 1;
    let said = held(&method("latest"), &[short]);
    assert_eq!(said, Held { standing: Standing::BelowMastery, value_milli: 2_999, level: 2 });
}

#[test]
fn the_threshold_is_read_against_the_number_people_see() {
    // The mean of 2.999, 3 and 3 is 2.99966…, shown as 3.00: at mastery, as shown.
    let mut short = seen(1, 1, 3);
    short.value_milli -= 1;
    let said = held(&method("mean"), &[short, seen(2, 2, 3), seen(3, 3, 3)]);
    assert_eq!(said, Held { standing: Standing::AtMastery, value_milli: 3_000, level: 3 });
}

#[test]
fn late_evidence_takes_its_place_in_observed_time() {
    let mut observations = Observations::new([seen(1, 10, 4)]);
    observations.record(seen(2, 3, 1));
    let said = evaluate(&method("latest"), &four_rungs(), &observations);
    assert_eq!(said.value_milli, 4_000);
    // 1 · .35 + 4 · .65 = 2.95, not 4 · .35 + 1 · .65.
    assert_eq!(evaluate(&policy(draft()), &four_rungs(), &observations).value_milli, 2_950);
}

#[test]
fn a_correction_lowers_the_level_and_may_move_in_time() {
    let mut observations = Observations::new([seen(1, 1, 2), seen(2, 5, 4)]);
    observations.correct(seen(2, 5, 1));
    assert_eq!(evaluate(&method("highest"), &four_rungs(), &observations).value_milli, 2_000);
    observations.correct(Observation { value_milli: 3_000, ..seen(2, 0, 3) });
    assert_eq!(evaluate(&method("latest"), &four_rungs(), &observations).value_milli, 2_000);
    assert_eq!(observations.len(), 2);
}

#[test]
fn a_retraction_takes_the_evidence_out_and_repeats_without_harm() {
    let mut observations = Observations::new([seen(1, 1, 2), seen(2, 5, 4)]);
    assert!(observations.retract(evidence(2)));
    assert!(!observations.retract(evidence(2)));
    assert_eq!(evaluate(&method("highest"), &four_rungs(), &observations).level, 2);
    assert!(observations.retract(evidence(1)));
    assert_eq!(evaluate(&method("highest"), &four_rungs(), &observations), Held::default());
}

#[test]
fn excluded_roles_do_not_count() {
    let by_others = policy(PolicyDraft { excluded_roles: vec!["self".to_owned()], ..draft() });
    let own = seen_by(AssessorRole::Oneself, 2, 2, 4);
    assert_eq!(held(&by_others, &[seen(1, 1, 2), own]).value_milli, 2_000);
    assert_eq!(held(&by_others, &[own]).standing, Standing::NotEnoughEvidence);
    assert_eq!(held(&policy(draft()), &[own]).standing, Standing::AtMastery);
}

#[test]
fn the_reason_reads_as_a_sentence() {
    let five: Vec<_> =
        [2, 3, 3, 3, 4].into_iter().zip(1..).map(|(value, day)| seen(1, day, value)).collect();
    assert_eq!(
        why(&policy(draft()), &four_rungs(), &five),
        "Decaying average (newest 65 %) of 5 judgements, newest 2026-03-05: 3.635, \
         at or above the threshold 3.00; level 3 of 4."
    );
}

#[test]
fn the_reason_names_what_is_missing_and_what_was_left_out() {
    let strict = policy(PolicyDraft {
        minimum_observations: 2,
        excluded_roles: vec!["self".to_owned(), "peer".to_owned()],
        ..draft()
    });
    let own = seen_by(AssessorRole::Oneself, 2, 4, 4);
    assert_eq!(
        why(&strict, &four_rungs(), &[seen(1, 1, 2), own]),
        "Not enough evidence: 1 judgement of 2 needed, newest 2026-03-01. \
         Left out by the policy (peer, self): 1 judgement."
    );
    assert_eq!(
        why(&strict, &four_rungs(), &[own]),
        "Not enough evidence: 0 judgements of 2 needed. \
         Left out by the policy (peer, self): 1 judgement."
    );
}

#[test]
fn the_reason_without_a_scale_or_a_policy_claims_nothing_more() {
    assert_eq!(
        why(&method("highest"), &Scale::default(), &[seen(1, 1, 2)]),
        "Highest of 1 judgement, newest 2026-03-01: 2.00, below the threshold 3.00."
    );
    let observations = Observations::new([seen(1, 1, 2)]);
    assert_eq!(
        reason(None, &four_rungs(), &observations, &Held::default()),
        "1 judgement, but no policy is published for the framework yet."
    );
    assert_eq!(why(&method("mean"), &four_rungs(), &[]), "Nothing was observed.");
}
