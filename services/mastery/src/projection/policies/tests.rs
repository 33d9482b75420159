use northstar_kernel::{EvidenceId, FrameworkId, TenantId};
use northstar_mastery_domain::{AssessorRole, Observation, Policy, PolicyDraft};

use super::*;

/// Policies are told apart by their thresholds.
fn published(mastery_milli: i64, effective_from: i64, retroactive: bool) -> PolicyPublished {
    named("", mastery_milli, effective_from, retroactive)
}

fn named(name: &str, mastery_milli: i64, from: i64, retroactive: bool) -> PolicyPublished {
    of(draft(name, mastery_milli), from, retroactive)
}

fn draft(name: &str, mastery_milli: i64) -> PolicyDraft {
    PolicyDraft {
        name: name.to_owned(),
        method: "latest".to_owned(),
        mastery_milli,
        ..PolicyDraft::new(FrameworkId::derive(TenantId::from_slug("a"), "f"))
    }
}

fn of(draft: PolicyDraft, from: i64, retroactive: bool) -> PolicyPublished {
    let policy = Policy::new(&draft).expect("valid");
    let (hash, scope) = (policy.hash(), Scope::Network);
    let effective_from = Timestamp::from_micros(from);
    PolicyPublished { policy, hash, scope, effective_from, retroactive }
}

fn policies(all: impl IntoIterator<Item = PolicyPublished>) -> Policies {
    let mut policies = Policies::default();
    all.into_iter().for_each(|policy| policies.publish(policy));
    policies
}

fn observed(at: i64) -> Observation {
    Observation {
        observed_at: Timestamp::from_micros(at),
        recorded_at: Timestamp::from_micros(1_000_000),
        evidence: EvidenceId::derive(TenantId::from_slug("a"), &at.to_string()),
        value_milli: 3_000,
        role: AssessorRole::Teacher,
        assessor: "".into(),
        kind: "".into(),
        validated: false,
    }
}

/// The threshold by which judgements made at these instants are read at `as_of`.
fn threshold(policies: &Policies, made: &[i64], as_of: i64) -> Option<i64> {
    let made = Observations::new(made.iter().copied().map(observed));
    let policy = policies.reading("", &made, Timestamp::from_micros(as_of));
    policy.map(|policy| policy.policy.mastery_milli())
}

const ALWAYS_WAS: i64 = i64::MIN;

#[test]
fn reads_what_it_wrote() {
    let policies = policies([
        published(2_000, ALWAYS_WAS, false),
        named("strict", 3_000, 1_772_323_200_000_000, true),
    ]);
    assert_eq!(Policies::decode(&policies.encode()), Ok(policies));
}

#[test]
fn of_policies_that_always_held_the_one_published_last_does() {
    let policies =
        policies([published(2_000, ALWAYS_WAS, false), published(3_000, ALWAYS_WAS, false)]);
    assert_eq!(threshold(&policies, &[-5], i64::MAX), Some(3_000));
    assert_eq!(threshold(&policies, &[], i64::MAX), Some(3_000));
}

#[test]
fn a_policy_from_an_instant_on_waits_for_a_judgement_made_then() {
    let policies = policies([published(2_000, ALWAYS_WAS, false), published(3_000, 10, false)]);
    let read = [&[5][..], &[5, 9], &[5, 10], &[5, 11]].map(|made| threshold(&policies, made, 100));
    assert_eq!(read, [Some(2_000), Some(2_000), Some(3_000), Some(3_000)]);
    assert_eq!(threshold(&policies, &[5, 10], 9), Some(2_000), "not made yet");
}

#[test]
fn a_retroactive_policy_reads_older_levels_too_but_not_as_of_before() {
    let policies = policies([published(2_000, ALWAYS_WAS, false), published(3_000, 10, true)]);
    let as_of = [9, 10, 100].map(|as_of| threshold(&policies, &[5], as_of));
    assert_eq!(as_of, [Some(2_000), Some(3_000), Some(3_000)]);
}

#[test]
fn before_the_first_policy_nothing_holds() {
    let policies = policies([published(3_000, 10, false)]);
    assert_eq!(threshold(&policies, &[5], 100), None);
    assert_eq!(threshold(&Policies::default(), &[5], 100), None);
}

#[test]
fn a_banked_policy_stays_with_those_who_began_under_it() {
    let banked = PolicyDraft { banked: true, ..draft("", 2_000) };
    let policies = policies([of(banked, 0, false), published(3_000, 10, true)]);
    assert_eq!(threshold(&policies, &[5, 20], 100), Some(2_000));
    assert_eq!(threshold(&policies, &[10, 20], 100), Some(3_000));
}

#[test]
fn a_retroactive_policy_of_another_name_moves_nothing() {
    let policies = policies([
        published(2_000, ALWAYS_WAS, false),
        published(3_000, 10, false),
        named("strict", 4_000, 20, true),
    ]);
    assert_eq!(threshold(&policies, &[5], 100), Some(2_000));
    assert_eq!(policies.names().into_iter().collect::<Vec<_>>(), ["", "strict"]);
}
