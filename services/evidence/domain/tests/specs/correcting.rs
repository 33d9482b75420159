//! Putting evidence right.

use northstar_evidence_domain::{Command, Evidence, Facts, Item, Judgement, Refusal};
use northstar_kernel::{Decider, Refusal as _, Timestamp};

use crate::spec::{
    NOW, competency, correct, corrected, facts, given, id, item, learner, recorded, retracted,
};

#[test]
fn a_correction_stands_in_place_of_what_was_said() {
    let item = Item { judgement: Judgement::Level(2), ..item() };
    assert_eq!(given(&[recorded()], correct(item)), Ok(vec![corrected(2_000)]));
}

#[test]
fn a_correction_may_say_the_same_again_and_still_counts() {
    let events = given(&[recorded()], correct(item())).expect("it is valid");
    assert_eq!(events, [corrected(3_000)]);
    let standing = Evidence::fold([&recorded(), &events[0]]).expect("it was recorded");
    assert_eq!(standing.corrections, 1);
}

#[test]
fn a_correction_may_move_the_time_of_observation() {
    let observed_at = Timestamp::from_micros(NOW.micros() - 1);
    let events = given(&[recorded()], correct(Item { observed_at, ..item() }));
    let standing = Evidence::fold(&[vec![recorded()], events.expect("it is valid")].concat());
    assert_eq!(standing.map(|it| it.observation.observed_at), Some(observed_at));
}

#[test]
fn the_last_correction_wins() {
    let events = [recorded(), corrected(1_000), corrected(4_000)];
    let standing = Evidence::fold(&events).expect("it was recorded");
    assert_eq!((standing.observation.value.0, standing.corrections), (4_000, 2));
}

#[test]
fn what_was_never_recorded_cannot_be_corrected() {
    let refusal = given(&[], correct(item())).unwrap_err();
    assert_eq!(refusal, Refusal::EvidenceNotFound { evidence: id() });
}

#[test]
fn a_correction_keeps_learner_and_competency() {
    let other = Item { learner: learner("ben"), ..item() };
    assert_eq!(given(&[recorded()], correct(other)), Err(Refusal::LearnerMismatch));
    let other = Item { competency: competency("teamwork"), ..item() };
    assert_eq!(given(&[recorded()], correct(other)), Err(Refusal::CompetencyMismatch));
}

#[test]
fn evidence_of_somebody_who_left_can_still_be_put_right() {
    let facts = Facts { learner_known: false, ..facts() };
    let command = Command::Correct { id: id(), item: item(), facts };
    assert_eq!(given(&[recorded()], command), Ok(vec![corrected(3_000)]));
}

#[test]
fn a_correction_is_judged_like_a_first_recording() {
    let item = Item { judgement: Judgement::Level(9), ..item() };
    let refusal = given(&[recorded()], correct(item)).unwrap_err();
    assert_eq!(refusal.reason(), "UNKNOWN_LEVEL");
}

#[test]
fn withdrawn_evidence_is_not_corrected() {
    let refusal = given(&[recorded(), retracted()], correct(item())).unwrap_err();
    assert_eq!(refusal, Refusal::EvidenceRetracted { evidence: id() });
}

#[test]
fn what_happens_to_nothing_gives_nothing() {
    assert_eq!(Evidence::fold([&corrected(2_000)]), None);
    assert_eq!(Evidence::fold([&retracted()]), None);
}
