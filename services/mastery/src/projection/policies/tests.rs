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
    let micros = (0..).map(Timestamp::from_micros);
    all.into_iter().zip(micros).for_each(|(policy, at)| policies.publish(policy, at));
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
fn when_a_policy_was_recorded_is_not_state() {
    let early = policies([published(2_000, ALWAYS_WAS, false)]);
    let mut late = Policies::default();
    late.publish(published(2_000, ALWAYS_WAS, false), Timestamp::from_micros(77));
    assert_eq!(early.encode().state, late.encode().state);
    assert_ne!(early.encode().extra, late.encode().extra);
}

#[test]
fn known_are_those_that_were_recorded_by_then_with_their_names() {
    let policies = policies([published(2_000, 0, false), named("strict", 3_000, 0, false)]);
    let known = [-1, 0, 1].map(|at| policies.known(Timestamp::from_micros(at)));
    let names = known.each_ref().map(|known| known.names().collect::<Vec<_>>());
    assert_eq!(names, [vec![], vec![""], vec!["", "strict"]]);
    assert_eq!([threshold(&known[0], &[5], 9), threshold(&known[1], &[5], 9)], [None, Some(2_000)]);
}

#[test]
fn of_policies_kept_before_their_times_were_the_later_ones_have_theirs() {
    let policies = policies([published(2_000, 0, false), published(3_000, 0, false)]);
    let mut document = policies.encode();
    document.extra = Extra { recorded_micros: vec![50] }.encode_to_vec();
    let read = Policies::decode(&document).expect("well formed");
    let thresholds = [49, 50].map(|at| threshold(&read.known(Timestamp::from_micros(at)), &[5], 9));
    assert_eq!(thresholds, [Some(2_000), Some(3_000)]);
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
    assert_eq!(policies.names().collect::<Vec<_>>(), ["", "strict"]);
}
