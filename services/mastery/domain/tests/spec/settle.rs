//! How sure it is.

use crate::support::{daily, draft, draft_of, four_rungs, march, method, number, policy, seen};
use northstar_mastery_domain::{
    Confidence, Observation, Observations, Policy, PolicyDraft, Scale, Standing, evaluate, settle,
};

fn after(policy: &Policy, values: &[i64]) -> Confidence {
    settle(policy, &four_rungs(), &daily(values), march(20))
}

#[test]
fn one_more_at_a_rung_would_settle_it() {
    // 2 · .35 + 3 · .65 = 2.65; 2 · .35 + 4 · .65 = 3.3
    let confidence = after(&policy(draft()), &[2]);
    let values: Vec<_> = confidence.outlooks.iter().map(|o| o.held.value_milli).collect();
    assert_eq!(values, [1_350, 2_000, 2_650, 3_300]);
    assert_eq!((confidence.settles_at(), confidence.is_fragile()), (Some(4), false));
    assert_eq!(confidence.to_string(), "One more observation at level 4 would settle it.");
}

#[test]
fn one_more_at_the_lowest_rung_would_lose_it() {
    let confidence = after(&method("latest"), &[3]);
    assert_eq!((confidence.settles_at(), confidence.is_fragile()), (None, true));
    assert_eq!(confidence.to_string(), "One more observation at level 1 would lose it.");
}

#[test]
fn what_one_more_cannot_change_is_said_too() {
    let far = after(&method("mean"), &[1, 1, 1, 1, 1]);
    assert_eq!(far.to_string(), "No single observation would settle it.");
    let safe = after(&method("highest"), &[4]);
    assert_eq!((safe.is_fragile(), safe.settles_at()), (false, None));
    assert_eq!(safe.to_string(), "No single observation would lose it.");
    let unknown = settle(&method("mean"), &Scale::default(), &daily(&[4]), march(20));
    assert!(unknown.outlooks.is_empty() && !unknown.is_fragile());
    assert!(unknown.to_string().starts_with("Without levels"));
}

#[test]
fn one_more_is_what_it_would_be_if_it_came() {
    for values in [&[][..], &[2], &[4, 1, 3], &[3, 3, 3, 2]] {
        for policy in [policy(draft()), method("mean"), method("median"), method("linear_trend")] {
            let confidence = after(&policy, values);
            for outlook in confidence.outlooks {
                let mut observations = daily(values);
                observations.record(seen(99, 20, outlook.value_milli / 1_000));
                let came = evaluate(&policy, &four_rungs(), &observations, march(20));
                assert_eq!(outlook.held, came, "{values:?}, rung {}", outlook.rung);
            }
        }
    }
}

#[test]
fn one_more_brings_the_assessor_kind_and_sign_off_that_are_missing() {
    let strict = policy(PolicyDraft {
        minimum_assessors: 2,
        minimum_kinds: 2,
        validated_only: true,
        ..draft_of("latest")
    });
    let signed = Observation { validated: true, ..seen(1, 1, 3) };
    let confidence = settle(&strict, &four_rungs(), &Observations::new([signed]), march(20));
    assert_eq!(confidence.now.standing, Standing::NotEnoughEvidence);
    assert_eq!(confidence.settles_at(), Some(3));
    let more = PolicyDraft { minimum_observations: 3, ..draft() };
    assert_eq!(after(&policy(more), &[3]).settles_at(), None);
}

#[test]
fn one_more_is_of_the_newest_kind() {
    // Two in a row right: exercises alone would make it proficient.
    let mut parameters = number("right_at_milli", 3_000);
    let mixed = northstar_mastery_domain::Parameter::Names(vec!["classroom".to_owned()]);
    parameters.insert("mixed_kinds".to_owned(), mixed);
    let khan = PolicyDraft { parameters, mastery_milli: 4_000, ..draft_of("khan") };
    let confidence = after(&policy(khan), &[4, 4]);
    assert_eq!((confidence.now.value_milli, confidence.settles_at()), (3_000, Some(3)));
}
