//! Signing evidence off as a second person.

use northstar_evidence_domain::{Assessor, AssessorRole, Event, Evidence, Observation, Refusal};
use northstar_kernel::{Decider, Kind, PersonId, Refusal as _, TenantId};

use crate::spec::{
    corrected, given, id, learner, observation, recorded, retracted, validate, validated,
};

#[test]
fn a_second_person_signs_evidence_off_once() {
    assert_eq!(given(&[recorded()], validate("t2")), Ok(vec![validated("t2")]));
    assert_eq!(given(&[recorded(), validated("t2")], validate("t3")), Ok(vec![]));
    let standing = Evidence::fold(&[recorded(), validated("t2")]).expect("it was recorded");
    assert_eq!(standing.validator.as_deref(), Some("t2"));
}

#[test]
fn what_is_corrected_must_be_signed_anew() {
    let history = [recorded(), validated("t2"), corrected(1_000)];
    assert_eq!(Evidence::fold(&history).and_then(|standing| standing.validator), None);
    assert_eq!(given(&history, validate("t2")), Ok(vec![validated("t2")]));
}

#[test]
fn nobody_signs_off_what_they_judged_themselves() {
    let refusal = given(&[recorded()], validate("t1")).unwrap_err();
    assert_eq!(refusal, Refusal::OwnJudgement);
    assert_eq!((refusal.reason(), refusal.kind()), ("OWN_JUDGEMENT", Kind::Forbidden));
    // The same teacher, by the roster's UUID.
    let t1 = PersonId::derive(TenantId::from_slug("front-range"), "t1").to_string();
    let assessor = Assessor::of(learner("ana"), &t1, AssessorRole::Teacher).expect("valid");
    let by_uuid =
        Event::Recorded { id: id(), observation: Observation { assessor, ..observation() } };
    assert_eq!(given(&[by_uuid], validate("t1")), Err(Refusal::OwnJudgement));
}

#[test]
fn what_is_not_there_or_was_withdrawn_cannot_be_signed_off() {
    assert_eq!(given(&[], validate("t2")), Err(Refusal::EvidenceNotFound { evidence: id() }));
    let withdrawn = given(&[recorded(), retracted()], validate("t2"));
    assert_eq!(withdrawn, Err(Refusal::EvidenceRetracted { evidence: id() }));
}
