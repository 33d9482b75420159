//! Criteria with "and" and "or".

use northstar_mastery_domain::{Criterion, Pointed, Test, Weighted};

use super::story::{
    at_mastery, below_mastery, changed, competencies, given, judged, missing, needs,
    not_enough_evidence, told, value,
};
use crate::rollup::{all, any, part, parts, tested};

const COMMUNICATION: &[&str] = &["COM", "COM.1", "COM.2", "COM.3", "COM.4"];

#[test]
fn every_part_shown_is_the_whole_shown() {
    given(competencies(COMMUNICATION))
        .and(needs("COM", all(&["COM.1", "COM.2"])))
        .when(judged("COM.1", 3))
        .and(judged("COM.2", 4))
        .then(at_mastery("COM"))
        .and(value("COM", 3_000))
        .and(told("COM", "2 of 2 needed parts are at mastery."));
}

#[test]
fn one_part_below_mastery_keeps_the_whole_below() {
    given(competencies(COMMUNICATION))
        .and(needs("COM", all(&["COM.1", "COM.2"])))
        .when(judged("COM.1", 4))
        .and(judged("COM.2", 2))
        .then(below_mastery("COM"))
        .and(told("COM", "1 of 2 needed parts is at mastery; missing: COM.2."));
}

#[test]
fn one_of_several_ways_is_enough() {
    given(competencies(COMMUNICATION))
        .and(needs("COM", any(&["COM.1", "COM.2"])))
        .when(judged("COM.1", 1))
        .then(not_enough_evidence("COM"))
        .when(judged("COM.2", 3))
        .then(at_mastery("COM"));
}

#[test]
fn speaking_and_either_writing_or_signing() {
    let either = Criterion::All(vec![part("COM.1"), any(&["COM.2", "COM.3"])]);
    given(competencies(COMMUNICATION))
        .and(needs("COM", either))
        .when(judged("COM.1", 4))
        .and(judged("COM.2", 1))
        .then(not_enough_evidence("COM"))
        .and(missing("COM", &["COM.2"]))
        .when(judged("COM.3", 3))
        .then(at_mastery("COM"))
        .and(missing("COM", &[]));
}

#[test]
fn two_groups_of_which_one_is_not_shown_are_not_the_whole() {
    let both = Criterion::All(vec![any(&["COM.1", "COM.2"]), any(&["COM.3", "COM.4"])]);
    given(competencies(COMMUNICATION))
        .and(needs("COM", both))
        .when(judged("COM.1", 1))
        .and(judged("COM.2", 2))
        .and(judged("COM.3", 4))
        .then(below_mastery("COM"));
}

#[test]
fn three_of_four_will_do() {
    let three = Criterion::AtLeast { k: 3, parts: parts(&COMMUNICATION[1..]) };
    given(competencies(COMMUNICATION))
        .and(needs("COM", three))
        .when(judged("COM.1", 3))
        .and(judged("COM.2", 3))
        .and(judged("COM.4", 1))
        .then(not_enough_evidence("COM"))
        .and(told("COM", "2 of 4 parts reached, 3 are needed; missing: COM.3, COM.4."))
        .when(judged("COM.3", 4))
        .then(at_mastery("COM"));
}

#[test]
fn points_do_not_replace_what_is_required() {
    let pointed = |code, points, required| Pointed { criterion: part(code), points, required };
    let points = Criterion::Points {
        needed: 6,
        parts: vec![
            pointed("COM.1", 2, true),
            pointed("COM.2", 4, false),
            pointed("COM.3", 4, false),
        ],
    };
    given(competencies(COMMUNICATION))
        .and(needs("COM", points))
        .when(judged("COM.2", 4))
        .and(judged("COM.3", 4))
        .then(not_enough_evidence("COM"))
        .and(told("COM", "8 of 6 needed points earned; missing: COM.1."))
        .when(judged("COM.1", 3))
        .then(at_mastery("COM"));
}

#[test]
fn a_part_may_be_asked_for_at_another_level_than_mastery() {
    let basics = Criterion::All(vec![part("COM.1"), tested("COM.2", Test::AtLeast(2_000))]);
    given(competencies(COMMUNICATION))
        .and(needs("COM", basics))
        .when(judged("COM.1", 3))
        .and(judged("COM.2", 2))
        .then(at_mastery("COM"))
        .and(below_mastery("COM.2"));
}

#[test]
fn a_project_weighs_more_than_a_quiz() {
    let weighted = |code, weight| Weighted { criterion: part(code), weight };
    let mean = Criterion::WeightedMean {
        mastery_milli: 3_000,
        minimum_known_percent: 60,
        parts: vec![weighted("COM.1", 3), weighted("COM.2", 1)],
    };
    given(competencies(COMMUNICATION))
        .and(needs("COM", mean))
        .when(judged("COM.2", 1))
        .then(not_enough_evidence("COM"))
        .when(judged("COM.1", 4))
        .then(value("COM", 3_250))
        .and(at_mastery("COM"));
}

#[test]
fn a_competency_may_be_part_of_two() {
    given(competencies(&["COM", "WORK", "COM.1", "COM.2", "READY"]))
        .and(needs("COM", all(&["COM.1", "COM.2"])))
        .and(needs("WORK", any(&["COM.1"])))
        .and(needs("READY", all(&["COM", "WORK"])))
        .when(judged("COM.2", 4))
        .then(changed(&["COM.2", "COM", "READY"]))
        .when(judged("COM.1", 3))
        .then(changed(&["COM.1", "COM", "WORK", "READY"]))
        .and(at_mastery("READY"));
}
