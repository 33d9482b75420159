//! What a derivation promises for any evidence under any policy at any time.

use crate::lives::{DAY, fold, instants, lives_and_arrivals, observation, policies};
use crate::support::four_rungs;
use northstar_kernel::Timestamp;
use northstar_mastery_domain::{
    LeftOut, Observations, Policy, PolicyDraft, Standing, derivation_json, evaluate, explain,
    next_change, sentence, settle,
};
use proptest::prelude::*;

proptest! {
    #[test]
    fn whatever_order_it_arrived_in_the_derivation_is_the_same(
        (lives, arrivals) in lives_and_arrivals(),
        policy in policies(),
        at in instants(),
    ) {
        let mut in_turn = arrivals.clone();
        in_turn.sort_unstable();
        let derived = [arrivals, in_turn]
            .map(|arrivals| explain(&policy, &four_rungs(), &fold(&lives, &arrivals), at));
        prop_assert_eq!(derivation_json(&derived[0]), derivation_json(&derived[1]));
        prop_assert_eq!(&derived[0], &derived[1]);
    }

    #[test]
    fn a_derivation_says_what_is_held_and_accounts_for_everything(
        (lives, arrivals) in lives_and_arrivals(),
        policy in policies(),
        at in instants(),
    ) {
        let observations = fold(&lives, &arrivals);
        let derivation = explain(&policy, &four_rungs(), &observations, at);
        let held = evaluate(&policy, &four_rungs(), &observations, at);
        prop_assert_eq!(derivation.held, held);
        prop_assert!(!sentence(&derivation).is_empty());
        let accounted = derivation.used.len() + derivation.left_out.len();
        prop_assert_eq!(accounted, observations.len());
        for seen in &derivation.used {
            prop_assert_eq!(LeftOut::why(&policy, seen, at), None);
        }
        let rounded = derivation.worked().map(|worked| worked.value.milli());
        let has_value = held.standing >= Standing::BelowMastery;
        prop_assert_eq!(rounded, has_value.then_some(held.value_milli));
    }

    #[test]
    fn under_a_monotone_policy_the_best_beginning_is_held(
        (lives, arrivals) in lives_and_arrivals(),
        policy in policies(),
        at in instants(),
    ) {
        let observations = fold(&lives, &arrivals);
        let plain = Policy::new(&PolicyDraft { monotone: false, ..(&policy).into() });
        let kept = Policy::new(&PolicyDraft { monotone: true, ..(&policy).into() });
        let (plain, kept) = (plain.expect("valid"), kept.expect("valid"));
        let used = explain(&kept, &four_rungs(), &observations, at).used;
        let best = (1..=used.len())
            .map(|length| {
                let beginning = Observations::new(used[..length].iter().cloned());
                evaluate(&plain, &four_rungs(), &beginning, at)
            })
            .map(|held| (held.standing, held.value_milli, held.level))
            .max();
        let held = evaluate(&kept, &four_rungs(), &observations, at);
        if let Some(best) = best {
            prop_assert_eq!((held.standing, held.value_milli, held.level), best);
        }
    }

    #[test]
    fn between_two_changes_time_changes_nothing(
        (lives, arrivals) in lives_and_arrivals(),
        policy in policies(),
        at in instants(),
    ) {
        let observations = fold(&lives, &arrivals);
        let used = |at| explain(&policy, &four_rungs(), &observations, at).used;
        let next = next_change(&policy, &observations, at);
        let until = next.unwrap_or(Timestamp::from_micros(i64::MAX)).micros() - 1;
        prop_assert_eq!(used(Timestamp::from_micros(until)), used(at));
        if let Some(next) = next {
            prop_assert_ne!(used(next), used(at));
        }
    }

    #[test]
    fn a_judgement_added_when_it_has_expired_changes_nothing(
        (lives, arrivals) in lives_and_arrivals(),
        policy in policies(),
        old in observation(99),
        beyond in 0_i64..3,
    ) {
        prop_assume!(policy.expires_after_days() > 0);
        let lifetime = i64::from(policy.expires_after_days());
        let at = Timestamp::from_micros(old.observed_at.micros() + (lifetime + beyond) * DAY);
        let mut observations = fold(&lives, &arrivals);
        let before = explain(&policy, &four_rungs(), &observations, at);
        observations.record(old);
        let after = explain(&policy, &four_rungs(), &observations, at);
        prop_assert_eq!(&before.used, &after.used);
        let as_if_seen = |held: Standing| held.max(Standing::NotEnoughEvidence);
        prop_assert_eq!(as_if_seen(before.held.standing), after.held.standing);
        prop_assert_eq!(before.held.value_milli, after.held.value_milli);
    }

    #[test]
    fn one_more_looks_ahead_from_what_is_held(
        (lives, arrivals) in lives_and_arrivals(),
        policy in policies(),
        at in instants(),
    ) {
        let observations = fold(&lives, &arrivals);
        let confidence = settle(&policy, &four_rungs(), &observations, at);
        prop_assert_eq!(confidence.now, evaluate(&policy, &four_rungs(), &observations, at));
        prop_assert_eq!(confidence.outlooks.len(), 4);
        prop_assert!(!(confidence.is_fragile() && confidence.settles_at().is_some()));
        prop_assert!(!confidence.to_string().is_empty());
    }
}
