//! What a policy may be.

use crate::support::{draft, draft_of, policy};
use northstar_kernel::{Kind, Refusal};
use northstar_mastery_domain::{Flaw, MethodFlaw, Parameter, Policy, PolicyDraft};

fn flaws(draft: PolicyDraft) -> Vec<Flaw> {
    Policy::new(&draft).expect_err("the draft has a flaw").flaws
}

#[test]
fn every_flaw_of_a_draft_is_named_at_once() {
    let bad = PolicyDraft {
        engine: 2,
        name: "Honours".to_owned(),
        method: "median-ish".to_owned(),
        order: "graded".to_owned(),
        round_to_milli: 25,
        mastery_milli: 0,
        exceeds_milli: -1,
        minimum_observations: 101,
        minimum_assessors: 0,
        minimum_kinds: -1,
        excluded_roles: vec!["coach".to_owned()],
        expires_after_days: -1,
        ..draft()
    };
    let refusal = Policy::new(&bad).expect_err("many flaws");
    assert_eq!((refusal.reason(), refusal.kind()), ("POLICY_INVALID", Kind::Invalid));
    let fields: Vec<_> = refusal.violations().into_iter().map(|v| v.field).collect();
    let expected = [
        "engine",
        "name",
        "method",
        "order",
        "round_to_milli",
        "mastery_milli",
        "exceeds_milli",
        "minimum_observations",
        "minimum_assessors",
        "minimum_kinds",
        "excluded_roles",
        "expires_after_days",
    ]
    .map(|field| format!("policy.{field}"));
    assert_eq!(fields, expected);
    let said = refusal.to_string();
    assert!(said.contains("there is no role \"coach\"; there are employer, peer"), "{said}");
    assert!(said.contains("there is no order \"graded\"; there are observed, recorded"), "{said}");
    assert!(said.contains("one of 1, 10, 100, 500, 1000 thousandths, not 25"), "{said}");
}

#[test]
fn bounds_are_refused_outside_and_accepted_at_the_edge() {
    for minimum in [i64::MIN, 0, 101, 257, i64::MAX] {
        let bad = PolicyDraft { minimum_observations: minimum, ..draft() };
        assert_eq!(flaws(bad), [Flaw::MinimumOutOfRange(minimum)]);
        let bad = PolicyDraft { minimum_assessors: minimum, ..draft() };
        assert_eq!(flaws(bad), [Flaw::AssessorsOutOfRange(minimum)]);
        let bad = PolicyDraft { minimum_kinds: minimum, ..draft() };
        assert_eq!(flaws(bad), [Flaw::KindsOutOfRange(minimum)]);
    }
    for mastery in [i64::MIN, 0, 1_000_000_001] {
        let bad = PolicyDraft { mastery_milli: mastery, ..draft() };
        assert_eq!(flaws(bad), [Flaw::MasteryOutOfRange(mastery)]);
    }
    for exceeds in [i64::MIN, 1, 3_000, 1_000_000_001] {
        let bad = PolicyDraft { exceeds_milli: exceeds, ..draft() };
        assert_eq!(flaws(bad), [Flaw::ExceedsOutOfRange { exceeds, mastery: 3_000 }]);
    }
    for days in [-1, 36_501, i64::MAX] {
        let bad = PolicyDraft { expires_after_days: days, ..draft() };
        assert_eq!(flaws(bad), [Flaw::ExpiryOutOfRange(days)]);
    }
    for (minimum, mastery, exceeds, days) in
        [(1, 1, 2, 0), (100, 999_999_999, 1_000_000_000, 36_500), (1, 1_000_000_000, 0, 1)]
    {
        policy(PolicyDraft {
            minimum_observations: minimum,
            minimum_assessors: minimum,
            minimum_kinds: minimum,
            mastery_milli: mastery,
            exceeds_milli: exceeds,
            expires_after_days: days,
            ..draft()
        });
    }
}

#[test]
fn a_name_is_short_and_plain() {
    for name in ["", "honours", "2026-pilot", &"x".repeat(40)] {
        assert_eq!(policy(PolicyDraft { name: name.to_owned(), ..draft() }).name(), name);
    }
    for name in ["Honours", "a b", "é", "a_b", &"x".repeat(41)] {
        let bad = PolicyDraft { name: name.to_owned(), ..draft() };
        assert_eq!(flaws(bad), [Flaw::NameInvalid(name.to_owned())]);
    }
}

#[test]
fn what_is_wrong_with_the_method_is_said_of_the_method() {
    let bad = PolicyDraft { method: "mean".to_owned(), ..draft() };
    let unused = MethodFlaw::Unused("newest_weight_percent".to_owned());
    assert_eq!(flaws(bad), [Flaw::Method(unused)]);
    assert_eq!(flaws(draft_of("")), [Flaw::Method(MethodFlaw::MethodMissing)]);
    let bad = draft_of("decaying_average");
    assert_eq!(flaws(bad), [Flaw::Method(MethodFlaw::Missing("newest_weight_percent"))]);
}

#[test]
fn a_threshold_that_the_method_never_reaches_is_refused() {
    let parameters = [("per_mark_milli", 0), ("cap_milli", 9_000)]
        .map(|(name, value)| (name.to_owned(), Parameter::Number(value)));
    let points = |mastery_milli, exceeds_milli| PolicyDraft {
        parameters: parameters.clone().into(),
        mastery_milli,
        exceeds_milli,
        ..draft_of("points")
    };
    policy(points(8_000, 9_000));
    let out_of_reach = Flaw::MasteryOutOfReach { mastery: 9_001, top: 9_000 };
    assert_eq!(flaws(points(9_001, 0)), [out_of_reach]);
    let out_of_reach = Flaw::ExceedsOutOfReach { exceeds: 9_001, top: 9_000 };
    assert_eq!(
        out_of_reach.to_string(),
        "the method gives at most 9000 thousandths, which never reaches 9001"
    );
    assert_eq!(flaws(points(9_000, 9_001)), [out_of_reach]);
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
fn a_draft_without_method_and_threshold_says_that_both_are_missing() {
    let fields: Vec<_> =
        flaws(PolicyDraft::new(draft().framework)).iter().map(Flaw::field).collect();
    assert_eq!(fields, ["policy.method", "policy.mastery_milli"]);
}
