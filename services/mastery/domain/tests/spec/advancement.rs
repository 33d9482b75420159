//! Who decides that a learner moves on, and on what ground.

use northstar_kernel::{
    Decider, Kind, LearnerId, OverrideId, PersonId, ReasonId, Refusal, TenantId,
};
use northstar_mastery_domain::{
    AdvanceUponMastery, Advancement, AdvancementRefusal, Finding, Ground, LearnerAdvanced, Shown,
};

use crate::rollup::{id, valued};
use crate::support::{evidence, march};

fn tenant() -> TenantId {
    TenantId::from_slug("front-range")
}

fn by_rule(finding: Finding) -> Shown {
    Shown { held: finding, by_rule: finding, by_override: None }
}

fn person(name: &str) -> PersonId {
    PersonId::derive(tenant(), name)
}

/// "ada" lets "lee" advance at mastery, on two pieces of evidence.
fn command() -> AdvanceUponMastery {
    AdvanceUponMastery {
        learner: LearnerId::from(person("lee")),
        competency: id("COM"),
        decider: person("ada"),
        shown: by_rule(valued(3_500)),
        evidence: vec![evidence(2), evidence(1), evidence(2)],
        despite: None,
        at: march(5),
    }
}

fn decide(command: AdvanceUponMastery) -> Result<Vec<LearnerAdvanced>, AdvancementRefusal> {
    Advancement::decide(&Advancement::default(), command)
}

fn advanced(command: AdvanceUponMastery) -> LearnerAdvanced {
    decide(command).expect("accepted").remove(0)
}

#[test]
fn given_mastery_when_somebody_decides_then_the_event_names_them_and_the_evidence() {
    let event = advanced(command());
    assert_eq!((event.decider, event.ground), (person("ada"), Ground::Mastery));
    assert_eq!((event.held, event.at), (valued(3_500), march(5)));
    let mut both = vec![evidence(1), evidence(2)];
    both.sort();
    assert_eq!(event.evidence, both);
}

#[test]
fn without_mastery_and_without_an_override_it_is_refused_unless_a_reason_is_stated() {
    let below = AdvanceUponMastery { shown: by_rule(valued(2_500)), ..command() };
    let refusal = decide(below.clone()).expect_err("not mastered");
    assert_eq!(refusal, AdvancementRefusal::NotMastered);
    assert_eq!(
        (refusal.kind(), refusal.reason()),
        (Kind::Precondition, "ADVANCEMENT_NOT_MASTERED")
    );
    let reason = ReasonId::derive(tenant(), "moves to another district");
    let event = advanced(AdvanceUponMastery { despite: Some(reason), ..below });
    assert_eq!((event.ground, event.held), (Ground::Stated(reason), valued(2_500)));
}

#[test]
fn an_override_is_a_ground_and_can_take_one_away() {
    let by = OverrideId::derive(tenant(), "1");
    let overridden = |held, by_rule| Shown { held, by_rule, by_override: Some(by) };
    let raised = overridden(valued(3_000), valued(2_000));
    let event = advanced(AdvanceUponMastery { shown: raised, evidence: Vec::new(), ..command() });
    assert_eq!(event.ground, Ground::Override(by));
    let lowered = overridden(valued(2_000), valued(3_000));
    let refusal = decide(AdvanceUponMastery { shown: lowered, ..command() });
    assert_eq!(refusal, Err(AdvancementRefusal::NotMastered));
}

#[test]
fn mastery_without_evidence_is_no_ground() {
    let refusal = decide(AdvanceUponMastery { evidence: Vec::new(), ..command() });
    assert_eq!(refusal, Err(AdvancementRefusal::EvidenceMissing));
}

#[test]
fn learners_do_not_decide_for_themselves() {
    let refusal = decide(AdvanceUponMastery { decider: person("lee"), ..command() });
    assert_eq!(refusal, Err(AdvancementRefusal::OwnRecord));
}

#[test]
fn the_first_decision_stays() {
    let state = Advancement::fold(&[advanced(command())]);
    let again = AdvanceUponMastery { shown: by_rule(valued(1_000)), at: march(9), ..command() };
    assert_eq!(Advancement::decide(&state, again), Ok(Vec::new()));
}
