//! Saying what a source holds now, as often as the source is read.

use northstar_evidence_domain::{
    Command, Event, Facts, Item, Judgement, Observation, Refusal, SealedNote,
};

use crate::spec::{corrected, facts, given, id, item, learner, observation, recorded, retracted};

fn restate(item: Item) -> Command {
    Command::Restate { id: id(), item, facts: facts() }
}

fn at_level(level: u32) -> Item {
    Item { judgement: Judgement::Level(level), ..item() }
}

#[test]
fn the_first_time_it_is_recorded() {
    assert_eq!(given(&[], restate(item())), Ok(vec![recorded()]));
}

#[test]
fn the_same_again_changes_nothing() {
    assert_eq!(given(&[recorded()], restate(item())), Ok(vec![]));
}

#[test]
fn something_else_corrects() {
    assert_eq!(given(&[recorded()], restate(at_level(2))), Ok(vec![corrected(2_000)]));
}

#[test]
fn back_to_the_first_value_corrects_again() {
    let history = [recorded(), corrected(2_000)];
    assert_eq!(given(&history, restate(item())), Ok(vec![corrected(3_000)]));
    assert_eq!(given(&history, restate(at_level(2))), Ok(vec![]));
}

#[test]
fn a_changed_note_corrects_and_the_same_seal_does_not() {
    let note = |text: &str| Some(SealedNote { key_id: [7; 16], sealed: text.into() });
    let noted = Item { note: note("seen twice"), ..item() };
    let events = given(&[recorded()], restate(noted.clone())).expect("it is valid");
    let observation = Observation { note: note("seen twice"), ..observation() };
    assert_eq!(events, [Event::Corrected { id: id(), observation }]);
    assert_eq!(given(&[recorded(), events[0].clone()], restate(noted)), Ok(vec![]));
}

#[test]
fn an_unknown_learner_is_refused_at_first() {
    let facts = Facts { learner_known: false, ..facts() };
    let refusal = given(&[], Command::Restate { id: id(), item: item(), facts }).unwrap_err();
    assert_eq!(refusal, Refusal::UnknownLearner { learner: learner("ana") });
}

#[test]
fn withdrawn_evidence_is_not_brought_back() {
    let refusal = given(&[recorded(), retracted()], restate(item())).unwrap_err();
    assert_eq!(refusal, Refusal::EvidenceRetracted { evidence: id() });
}
