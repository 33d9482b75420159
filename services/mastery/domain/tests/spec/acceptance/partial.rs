//! Attempts at some parts and not at others.

use super::story::{
    at_mastery, below_mastery, competencies, given, judged, missing, needs, not_enough_evidence,
    not_observed, the_policy_is, told,
};
use crate::rollup::all;
use crate::support::draft_of;
use northstar_mastery_domain::PolicyDraft;

const READING: &[&str] = &["READ", "READ.1", "READ.2", "READ.3"];

#[test]
fn nothing_attempted_is_not_observed_and_not_below() {
    given(competencies(READING))
        .and(needs("READ", all(&READING[1..])))
        .then(not_observed("READ"))
        .and(missing("READ", &["READ.1", "READ.2", "READ.3"]));
}

#[test]
fn some_parts_shown_and_others_untried_is_neither_yes_nor_no() {
    given(competencies(READING))
        .and(needs("READ", all(&READING[1..])))
        .when(judged("READ.1", 4))
        .then(not_enough_evidence("READ"))
        .and(told("READ", "1 of 3 needed parts is at mastery; missing: READ.2, READ.3."));
}

#[test]
fn a_part_attempted_and_not_shown_is_a_no_for_now() {
    given(competencies(READING))
        .and(needs("READ", all(&READING[1..])))
        .when(judged("READ.1", 4))
        .and(judged("READ.2", 1))
        .then(below_mastery("READ"))
        .when(judged("READ.2", 3))
        .then(not_enough_evidence("READ"))
        .when(judged("READ.3", 3))
        .then(at_mastery("READ"));
}

#[test]
fn a_part_with_too_few_judgements_is_as_good_as_untried() {
    let twice = PolicyDraft { minimum_observations: 2, ..draft_of("latest") };
    given(competencies(READING))
        .and(the_policy_is(twice))
        .and(needs("READ", all(&["READ.1", "READ.2"])))
        .when(judged("READ.1", 1))
        .then(not_enough_evidence("READ.1"))
        .and(not_enough_evidence("READ"))
        .when(judged("READ.1", 1))
        .then(below_mastery("READ"));
}

#[test]
fn a_zero_is_an_attempt() {
    given(competencies(READING))
        .and(needs("READ", all(&["READ.1", "READ.2"])))
        .when(judged("READ.1", 0))
        .then(below_mastery("READ"));
}
