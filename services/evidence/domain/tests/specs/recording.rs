//! Recording evidence for the first time.

use northstar_evidence_domain::{Assessor, AssessorRole, Command, Facts, Item, Refusal, RequestId};
use northstar_kernel::{Kind, Refusal as _, Timestamp};

use crate::spec::{
    NOW, competency, facts, given, id, item, learner, observation, record, recorded,
};

#[test]
fn evidence_is_recorded_as_it_was_stated() {
    assert_eq!(given(&[], record(item())), Ok(vec![recorded()]));
}

#[test]
fn a_learner_must_be_in_the_roster() {
    let facts = Facts { learner_known: false, ..facts() };
    let refusal = given(&[], Command::Record { id: id(), item: item(), facts }).unwrap_err();
    assert_eq!(refusal, Refusal::UnknownLearner { learner: learner("ana") });
    assert_eq!(refusal.kind(), Kind::NotFound);
    assert!(refusal.to_string().contains(&learner("ana").to_string()), "{refusal}");
    assert!(refusal.retryable(), "the roster may be on its way");
}

#[test]
fn a_competency_must_be_published() {
    let facts = Facts { competency: None, ..facts() };
    let refusal = given(&[], Command::Record { id: id(), item: item(), facts }).unwrap_err();
    assert_eq!(refusal, Refusal::UnknownCompetency { competency: competency("resilience") });
}

#[test]
fn evidence_recorded_once_is_not_recorded_again() {
    let refusal = given(&[recorded()], record(item())).unwrap_err();
    assert_eq!(refusal.reason(), "EVIDENCE_EXISTS");
    assert_eq!(refusal.kind(), Kind::AlreadyExists);
}

#[test]
fn what_has_not_happened_yet_is_refused_beyond_a_minute_of_clock_skew() {
    let at = |micros: i64| {
        let observed_at = Timestamp::from_micros(NOW.micros() + micros);
        given(&[], record(Item { observed_at, ..item() }))
    };
    assert!(at(Facts::CLOCK_SKEW_MICROS).is_ok());
    let refusal = at(Facts::CLOCK_SKEW_MICROS + 1).unwrap_err();
    assert_eq!(refusal.reason(), "OBSERVED_IN_FUTURE");
    assert_eq!(refusal.field(), "item.observed_at");
}

#[test]
fn long_ago_is_welcome() {
    let observed_at = Timestamp::from_micros(-1);
    let events = given(&[], record(Item { observed_at, ..item() })).expect("late is not wrong");
    assert_eq!(events.len(), 1);
}

#[test]
fn somebody_must_have_judged() {
    let refusal = Assessor::of(learner("ana"), "", AssessorRole::Employer).unwrap_err();
    assert_eq!((refusal.reason(), refusal.field()), ("FIELD_INVALID", "item.assessor_id"));
}

#[test]
fn in_the_role_self_the_assessor_is_the_learner() {
    let own = learner("ana").to_string();
    let role = AssessorRole::Themselves;
    assert_eq!(Assessor::of(learner("ana"), &own, role), Ok(Assessor { id: own.clone(), role }));
    assert_eq!(Assessor::of(learner("ana"), "", role), Ok(Assessor { id: own, role }));
    let other = learner("ben").to_string();
    assert_eq!(Assessor::of(learner("ana"), &other, role), Err(Refusal::AssessorMismatch));
}

#[test]
fn every_role_has_one_name_and_others_are_refused_with_the_list() {
    for (role, name) in AssessorRole::NAMES {
        assert_eq!((name.parse(), role.name()), (Ok(role), name));
    }
    let refusal = "boss".parse::<AssessorRole>().unwrap_err();
    assert_eq!(refusal.reason(), "UNKNOWN_ASSESSOR_ROLE");
    assert!(refusal.to_string().contains("teacher, employer, self, peer, validator, tool"));
}

#[test]
fn texts_have_bounds_in_characters_not_bytes() {
    assert_eq!(Item::check_note(&"é".repeat(4_000)), Ok(()));
    let refusal = Item::check_note(&"é".repeat(4_001)).unwrap_err();
    assert_eq!(refusal, Refusal::NoteTooLong { count: 4_001 });
    assert_eq!(Item::check_kind(&"é".repeat(100)), Ok(()));
    assert!(Item::check_kind(&"é".repeat(101)).is_err());
    assert!(Item::check_kind("class\u{0}room").is_err());
}

#[test]
fn a_request_has_an_id_that_can_be_repeated() {
    assert_eq!(RequestId::new(String::new()), Err(Refusal::RequestIdMissing));
    assert!(RequestId::new("x".repeat(201)).is_err());
    assert!(RequestId::new("a\nb".to_owned()).is_err());
    assert_eq!(RequestId::new("EV1".to_owned()).map(|id| id.to_string()), Ok("EV1".to_owned()));
}

#[test]
fn the_event_keeps_what_was_observed_apart_from_when_it_was_decided() {
    let events = given(&[], record(item())).expect("it is valid");
    let northstar_evidence_domain::Event::Recorded { observation: said, .. } = &events[0] else {
        panic!("recording records: {events:?}");
    };
    assert_eq!(said.observed_at, observation().observed_at);
    assert_ne!(said.observed_at, NOW);
}
