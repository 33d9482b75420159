//! Withdrawing evidence.

use northstar_evidence_domain::{Evidence, Refusal, RetractionReason};
use northstar_kernel::{Decider, Kind, Refusal as _};

use crate::spec::{corrected, given, id, recorded, retract, retracted};

#[test]
fn a_retraction_names_learner_competency_and_reason() {
    assert_eq!(given(&[recorded()], retract()), Ok(vec![retracted()]));
    assert_eq!(given(&[recorded(), corrected(1_000)], retract()), Ok(vec![retracted()]));
}

#[test]
fn what_was_never_recorded_cannot_be_withdrawn() {
    assert_eq!(given(&[], retract()), Err(Refusal::EvidenceNotFound { evidence: id() }));
}

#[test]
fn evidence_is_withdrawn_once_and_for_good() {
    let refusal = given(&[recorded(), retracted()], retract()).unwrap_err();
    assert_eq!((refusal.reason(), refusal.kind()), ("EVIDENCE_RETRACTED", Kind::Precondition));
    assert_eq!(refusal.violations(), []);
}

#[test]
fn withdrawn_evidence_keeps_what_it_said() {
    let standing = Evidence::fold(&[recorded(), corrected(2_000), retracted()]);
    let standing = standing.expect("it was recorded");
    assert!(standing.retracted);
    assert_eq!((standing.observation.value.0, standing.corrections), (2_000, 1));
}

#[test]
fn every_reason_has_one_name_and_others_are_refused_with_the_list() {
    for (reason, name) in RetractionReason::NAMES {
        assert_eq!((name.parse(), reason.name()), (Ok(reason), name));
    }
    let refusal = "typo".parse::<RetractionReason>().unwrap_err();
    assert_eq!((refusal.reason(), refusal.field()), ("UNKNOWN_RETRACTION_REASON", "reason"));
    assert!(refusal.to_string().contains("mistaken_learner, duplicate, invalid, other"));
}
