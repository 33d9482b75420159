//! What a policy may be, and what publishing one does.

use crate::support::{draft, policy};
use northstar_kernel::{Decider, Kind, Refusal};
use northstar_mastery_domain::{
    Flaw, InForce, Method, Policy, PolicyDraft, PolicyPublished, PublishPolicy,
};

fn flaws(draft: PolicyDraft) -> Vec<Flaw> {
    Policy::new(&draft).expect_err("the draft has a flaw").flaws
}

fn published(draft: PolicyDraft) -> PolicyPublished {
    let policy = policy(draft);
    PolicyPublished { hash: policy.hash(), policy }
}

#[test]
fn given_no_policy_when_one_is_published_then_it_holds() {
    let events = InForce::decide(&InForce::default(), PublishPolicy(draft())).expect("valid");
    assert_eq!(events, [published(draft())]);
    assert_eq!(InForce::fold(&events).0, Some(published(draft())));
}

#[test]
fn given_a_policy_in_force_when_it_is_published_again_then_nothing_happens() {
    let state = InForce::fold(&[published(draft())]);
    assert_eq!(InForce::decide(&state, PublishPolicy(draft())), Ok(Vec::new()));
}

#[test]
fn given_a_policy_replaced_when_it_is_published_again_then_it_holds_again() {
    let other = PolicyDraft { threshold_milli: 2_500, ..draft() };
    let state = InForce::fold(&[published(draft()), published(other)]);
    let events = InForce::decide(&state, PublishPolicy(draft())).expect("valid");
    assert_eq!(events, [published(draft())]);
}

#[test]
fn every_flaw_of_a_draft_is_named_at_once() {
    let bad = PolicyDraft {
        method: "median-ish".to_owned(),
        threshold_milli: 0,
        minimum_observations: 101,
        excluded_roles: vec!["coach".to_owned()],
        ..draft()
    };
    let refusal = Policy::new(&bad).expect_err("four flaws");
    assert_eq!((refusal.reason(), refusal.kind()), ("POLICY_INVALID", Kind::Invalid));
    let fields: Vec<_> = refusal.violations().into_iter().map(|v| v.field).collect();
    let expected = ["method", "threshold_milli", "minimum_observations", "excluded_roles"]
        .map(|field| format!("policy.{field}"));
    assert_eq!(fields, expected);
    assert!(refusal.to_string().contains("there is no role \"coach\"; there are employer, peer"));
}

#[test]
fn bounds_are_refused_on_both_sides_and_accepted_at_the_edge() {
    for weight in [0, 100] {
        let bad = PolicyDraft { newest_weight_percent: weight, ..draft() };
        assert_eq!(flaws(bad), [Flaw::WeightOutOfRange(weight)]);
    }
    for minimum in [0, 101, 257] {
        let bad = PolicyDraft { minimum_observations: minimum, ..draft() };
        assert_eq!(flaws(bad), [Flaw::MinimumOutOfRange(minimum)]);
    }
    for threshold in [i64::MIN, 0, 1_000_000_001] {
        let bad = PolicyDraft { threshold_milli: threshold, ..draft() };
        assert_eq!(flaws(bad), [Flaw::ThresholdOutOfRange(threshold)]);
    }
    for (weight, minimum, threshold) in [(1, 1, 1), (99, 100, 1_000_000_000)] {
        policy(PolicyDraft {
            newest_weight_percent: weight,
            minimum_observations: minimum,
            threshold_milli: threshold,
            ..draft()
        });
    }
}

#[test]
fn a_weight_without_a_use_is_a_mistake_and_not_ignored() {
    let bad = PolicyDraft { method: "mean".to_owned(), ..draft() };
    assert_eq!(flaws(bad), [Flaw::WeightUnused(Method::Mean)]);
    let bad = PolicyDraft { method: String::new(), ..draft() };
    assert_eq!(flaws(bad), [Flaw::MethodMissing]);
}

#[test]
fn a_policy_that_leaves_everybody_out_is_refused() {
    let all = ["teacher", "employer", "self", "peer", "validator", "tool"].map(str::to_owned);
    assert_eq!(
        flaws(PolicyDraft { excluded_roles: all.to_vec(), ..draft() }),
        [Flaw::NobodyCounts]
    );
}

#[test]
fn the_canonical_text_is_a_promise() {
    let roles = ["self", "peer", "self"].map(str::to_owned).to_vec();
    let policy = policy(PolicyDraft { excluded_roles: roles, ..draft() });
    let expected = format!(
        "northstar-policy/1\nframework={}\nmethod=decaying_average\nnewest_weight_percent=65\n\
         threshold_milli=3000\nminimum_observations=1\nexcluded_roles=peer,self\n",
        draft().framework
    );
    assert_eq!(policy.canonical(), expected);
}

#[test]
fn the_hash_depends_on_every_part_but_not_on_the_order_of_roles() {
    let two = |a: &str, b: &str| PolicyDraft {
        excluded_roles: vec![a.to_owned(), b.to_owned()],
        ..draft()
    };
    assert_eq!(policy(two("self", "peer")).hash(), policy(two("peer", "self")).hash());
    let others = [
        draft(),
        two("self", "peer"),
        PolicyDraft { newest_weight_percent: 66, ..draft() },
        PolicyDraft { method: "mean".to_owned(), newest_weight_percent: 0, ..draft() },
        PolicyDraft { method: "latest".to_owned(), newest_weight_percent: 0, ..draft() },
        PolicyDraft { threshold_milli: 3_001, ..draft() },
        PolicyDraft { minimum_observations: 2, ..draft() },
    ];
    let mut hashes: Vec<_> = others.into_iter().map(|draft| policy(draft).hash()).collect();
    let count = hashes.len();
    hashes.sort();
    hashes.dedup();
    assert_eq!(hashes.len(), count);
}
