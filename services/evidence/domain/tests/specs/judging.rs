//! From a level or a score to a value on the scale.

use std::sync::Arc;

use northstar_evidence_domain::{
    Command, Competency, Event, Facts, Item, Judgement, Milli, Refusal, Scale,
};
use northstar_kernel::Refusal as _;

use crate::spec::{criterion, facts, facts_with, framework, given, id, item};

fn judged(judgement: Judgement, facts: Facts) -> Result<(i64, Option<i64>), Refusal> {
    let with_criterion = facts.criterion.is_some().then(|| criterion("c"));
    let item = Item { judgement, criterion: with_criterion, ..item() };
    let events = given(&[], Command::Record { id: id(), item, facts })?;
    let [Event::Recorded { observation, .. }] = events.as_slice() else {
        panic!("recording records: {events:?}");
    };
    Ok((observation.value.0, observation.value_max.map(|max| max.0)))
}

fn score(milli: i64) -> Judgement {
    Judgement::Score { value: Milli(milli), max: None }
}

fn unscaled() -> Facts {
    let competency = Competency { framework: framework("ns"), scale: Scale::default() };
    Facts { competency: Some(Arc::new(competency)), ..facts() }
}

#[test]
fn a_level_counts_as_its_rung_says() {
    assert_eq!(judged(Judgement::Level(1), facts()), Ok((1_000, None)));
    assert_eq!(judged(Judgement::Level(4), facts()), Ok((4_000, None)));
}

#[test]
fn an_unknown_level_is_refused_with_the_levels_there_are() {
    for level in [0, 5, u32::MAX] {
        let refusal = judged(Judgement::Level(level), facts()).unwrap_err();
        assert_eq!((refusal.reason(), refusal.field()), ("UNKNOWN_LEVEL", "item.level"));
        let levels = "1 Beginning, 2 Developing, 3 Proficient, 4 Advanced";
        assert!(refusal.to_string().ends_with(levels), "{refusal}");
        assert!(!refusal.retryable());
    }
}

#[test]
fn a_score_between_rungs_is_kept_exactly() {
    assert_eq!(judged(score(2_125), facts()), Ok((2_125, None)));
}

#[test]
fn a_score_stays_on_the_scale() {
    assert!(judged(score(1_000), facts()).is_ok());
    assert!(judged(score(4_000), facts()).is_ok());
    for outside in [999, 4_001, -1_000, i64::MAX] {
        let refusal = judged(score(outside), facts()).unwrap_err();
        assert_eq!(refusal.reason(), "SCORE_OUT_OF_SCALE");
        assert!(refusal.to_string().ends_with("from 1 to 4"), "{refusal}");
    }
}

#[test]
fn a_criterion_with_rungs_of_its_own_is_judged_by_them() {
    let facts = facts_with(Some("resilience"), "ns", &[0, 10_000]);
    assert_eq!(judged(Judgement::Level(2), facts.clone()), Ok((10_000, None)));
    assert_eq!(judged(Judgement::Level(3), facts).unwrap_err().reason(), "UNKNOWN_LEVEL");
}

#[test]
fn a_criterion_without_rungs_is_judged_by_its_competencys() {
    let facts = facts_with(Some("resilience"), "ns", &[]);
    assert_eq!(judged(Judgement::Level(3), facts), Ok((3_000, None)));
}

#[test]
fn a_criterion_must_judge_this_competency() {
    let elsewhere = facts_with(Some("teamwork"), "ns", &[1_000]);
    let refusal = judged(Judgement::Level(1), elsewhere).unwrap_err();
    assert_eq!(refusal, Refusal::UnknownCriterion { criterion: criterion("c") });
}

#[test]
fn an_open_criterion_judges_its_own_framework_only() {
    assert!(judged(Judgement::Level(1), facts_with(None, "ns", &[1_000])).is_ok());
    let foreign = judged(Judgement::Level(1), facts_with(None, "ccss", &[1_000])).unwrap_err();
    assert_eq!(foreign.reason(), "UNKNOWN_CRITERION");
}

#[test]
fn a_named_criterion_that_is_not_published_is_refused() {
    let item = Item { criterion: Some(criterion("gone")), ..item() };
    let refusal = given(&[], Command::Record { id: id(), item, facts: facts() }).unwrap_err();
    assert_eq!(refusal.reason(), "UNKNOWN_CRITERION");
}

#[test]
fn where_the_framework_gives_no_scale_a_score_brings_its_top() {
    let with_top = |value, max| Judgement::Score { value: Milli(value), max: Some(Milli(max)) };
    assert_eq!(judged(with_top(85_000, 100_000), unscaled()), Ok((85_000, Some(100_000))));
    assert_eq!(judged(with_top(0, 100_000), unscaled()), Ok((0, Some(100_000))));
    for outside in [-1, 100_001] {
        let refusal = judged(with_top(outside, 100_000), unscaled()).unwrap_err();
        assert_eq!(refusal.reason(), "SCORE_OUT_OF_SCALE");
    }
    for judgement in [score(1_000), with_top(0, 0), with_top(0, -5)] {
        assert_eq!(judged(judgement, unscaled()), Err(Refusal::ScaleMissing));
    }
}

#[test]
fn a_level_needs_a_scale() {
    let refusal = judged(Judgement::Level(1), unscaled()).unwrap_err();
    assert!(refusal.to_string().ends_with("none, give a score"), "{refusal}");
}

#[test]
fn a_score_on_another_scale_is_not_taken_for_one_on_this() {
    let out_of = |max| Judgement::Score { value: Milli(3_000), max: Some(Milli(max)) };
    assert_eq!(judged(out_of(4_000), facts()), Ok((3_000, None)));
    let refusal = judged(out_of(100_000), facts()).unwrap_err();
    assert_eq!((refusal.reason(), refusal.field()), ("SCALE_MISMATCH", "item.score_max"));
    assert!(refusal.to_string().contains("out of 100"), "{refusal}");
}
