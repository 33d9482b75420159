//! Competencies that are archived while learners work on them.

use northstar_mastery_domain::{Criterion, Standing};

use super::story::{
    at_mastery, believed_on, below_mastery, changed, competencies, given, it_is_march, judged,
    missing, needs, not_enough_evidence, not_observed, retired, told,
};
use crate::rollup::{all, any, part, parts};

const MATHS: &[&str] = &["MATH", "MATH.1", "MATH.2", "MATH.3"];

#[test]
fn an_archived_part_that_was_never_tried_does_not_hold_anybody_back() {
    given(competencies(MATHS))
        .and(needs("MATH", all(&["MATH.1", "MATH.2"])))
        .and(judged("MATH.1", 4))
        .and(not_enough_evidence("MATH"))
        .when(retired("MATH.2"))
        .then(at_mastery("MATH"))
        .and(changed(&["MATH"]))
        .and(missing("MATH", &[]));
}

#[test]
fn an_archived_part_that_was_failed_does_not_count_either() {
    given(competencies(MATHS))
        .and(needs("MATH", all(&["MATH.1", "MATH.2"])))
        .and(judged("MATH.1", 4))
        .and(judged("MATH.2", 1))
        .and(below_mastery("MATH"))
        .when(retired("MATH.2"))
        .then(at_mastery("MATH"))
        .and(below_mastery("MATH.2"));
}

#[test]
fn a_way_that_was_archived_is_no_way_any_more() {
    given(competencies(MATHS))
        .and(needs("MATH", any(&["MATH.1", "MATH.2"])))
        .and(judged("MATH.1", 4))
        .and(judged("MATH.2", 1))
        .and(at_mastery("MATH"))
        .when(retired("MATH.1"))
        .then(below_mastery("MATH"));
}

#[test]
fn a_group_of_archived_parts_drops_out_of_its_criteria() {
    let tree = Criterion::All(vec![part("MATH.1"), any(&["MATH.2", "MATH.3"])]);
    given(competencies(MATHS))
        .and(needs("MATH", tree))
        .and(judged("MATH.1", 3))
        .when(retired("MATH.2"))
        .then(not_enough_evidence("MATH"))
        .when(retired("MATH.3"))
        .then(at_mastery("MATH"));
}

#[test]
fn with_every_part_archived_nothing_is_said() {
    given(competencies(MATHS))
        .and(needs("MATH", all(&["MATH.1"])))
        .and(judged("MATH.1", 4))
        .when(retired("MATH.1"))
        .then(not_observed("MATH"))
        .and(told("MATH", "Every part is retired, so the rule says nothing."));
}

#[test]
fn archiving_does_not_lower_the_bar_in_silence() {
    let two = Criterion::AtLeast { k: 2, parts: parts(&["MATH.1", "MATH.2"]) };
    given(competencies(MATHS))
        .and(needs("MATH", two))
        .and(judged("MATH.1", 4))
        .when(retired("MATH.2"))
        .then(not_enough_evidence("MATH"))
        .and(told(
            "MATH",
            "2 parts are needed and only 1 still count, so the rule must be changed.",
        ));
}

#[test]
fn what_was_believed_before_the_archiving_can_still_be_asked_for() {
    given(competencies(MATHS))
        .and(needs("MATH", all(&["MATH.1", "MATH.2"])))
        .and(judged("MATH.1", 4))
        .when(it_is_march(9))
        .and(retired("MATH.2"))
        .then(at_mastery("MATH"))
        .and(believed_on(8, "MATH", Standing::NotEnoughEvidence));
}
