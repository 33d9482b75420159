//! What others leave out: history, rules that reach back, corrections downward, and no lock.

use northstar_mastery_domain::{Criterion, PolicyDraft, Standing};

use super::story::{
    Sentence, at_mastery, believed_on, below_mastery, changed, competencies, corrected, given,
    it_is_march, judged, judged_late, needs, not_enough_evidence, on_day, retracted, the_policy_is,
    value,
};
use crate::rollup::{all, any};
use crate::support::draft_of;

const HISTORY: &[&str] = &["HIST", "HIST.1", "HIST.2"];

#[test]
fn a_corrected_judgement_lowers_the_part_and_the_whole() {
    given(competencies(HISTORY))
        .and(needs("HIST", all(&["HIST.1", "HIST.2"])))
        .and(judged("HIST.1", 4))
        .and(judged("HIST.2", 4))
        .and(at_mastery("HIST"))
        .when(corrected("HIST.2", 2))
        .then(below_mastery("HIST.2"))
        .and(below_mastery("HIST"))
        .and(value("HIST", 2_000))
        .and(changed(&["HIST.2", "HIST"]));
}

#[test]
fn a_judgement_taken_back_leaves_the_part_untried() {
    given(competencies(HISTORY))
        .and(needs("HIST", all(&["HIST.1", "HIST.2"])))
        .and(judged("HIST.1", 4))
        .and(judged("HIST.2", 4))
        .when(retracted("HIST.2"))
        .then(not_enough_evidence("HIST"));
}

#[test]
fn a_correction_below_what_decides_changes_nothing_above() {
    given(competencies(HISTORY))
        .and(needs("HIST", any(&["HIST.1", "HIST.2"])))
        .and(judged("HIST.1", 4))
        .and(judged("HIST.2", 2))
        .when(corrected("HIST.2", 1))
        .then(changed(&["HIST.2"]));
}

#[test]
fn what_was_true_and_what_was_believed_are_two_questions() {
    given(competencies(HISTORY))
        .and(needs("HIST", all(&["HIST.1", "HIST.2"])))
        .and(judged("HIST.1", 4))
        .and(judged("HIST.2", 4))
        .when(it_is_march(10))
        .and(corrected("HIST.2", 1))
        .then(below_mastery("HIST"))
        .and(on_day(5, "HIST", Standing::BelowMastery))
        .and(believed_on(5, "HIST", Standing::AtMastery));
}

#[test]
fn late_evidence_counts_from_the_day_it_was_seen() {
    given(competencies(HISTORY))
        .and(needs("HIST", all(&["HIST.1", "HIST.2"])))
        .and(judged("HIST.1", 4))
        .when(it_is_march(20))
        .and(judged_late("HIST.2", 3, 8))
        .then(at_mastery("HIST"))
        .and(on_day(8, "HIST", Standing::AtMastery))
        .and(on_day(7, "HIST", Standing::NotEnoughEvidence))
        .and(believed_on(19, "HIST", Standing::NotEnoughEvidence));
}

#[test]
fn late_evidence_older_than_what_decides_changes_nothing() {
    given(competencies(HISTORY))
        .and(needs("HIST", all(&["HIST.1", "HIST.2"])))
        .and(it_is_march(10))
        .and(judged("HIST.1", 4))
        .and(judged("HIST.2", 4))
        .when(judged_late("HIST.2", 1, 2))
        .then(changed(&[]));
}

#[test]
fn a_new_rule_reaches_back_and_the_old_answer_stays_to_be_asked_for() {
    given(competencies(HISTORY))
        .and(needs("HIST", any(&["HIST.1", "HIST.2"])))
        .and(judged("HIST.1", 4))
        .and(judged("HIST.2", 2))
        .and(at_mastery("HIST"))
        .when(it_is_march(15))
        .and(needs("HIST", all(&["HIST.1", "HIST.2"])))
        .then(below_mastery("HIST"))
        .and(changed(&["HIST"]))
        .and(on_day(5, "HIST", Standing::BelowMastery))
        .and(believed_on(5, "HIST", Standing::AtMastery));
}

#[test]
fn a_new_policy_reaches_through_every_rule_above() {
    let milder = PolicyDraft { mastery_milli: 2_000, ..draft_of("latest") };
    given(competencies(HISTORY))
        .and(needs("HIST", all(&["HIST.1", "HIST.2"])))
        .and(judged("HIST.1", 4))
        .and(judged("HIST.2", 2))
        .and(below_mastery("HIST"))
        .when(the_policy_is(milder))
        .then(at_mastery("HIST"))
        .and(changed(&["HIST.2", "HIST"]));
}

#[test]
fn two_teachers_at_once_need_no_lock_for_whoever_comes_first_the_result_is_the_same() {
    let minimum = || Criterion::Minimum {
        mastery_milli: 3_000,
        parts: crate::rollup::parts(&["HIST.1", "HIST.2"]),
    };
    let outcome = |first: Sentence, second: Sentence| {
        let story = given(competencies(HISTORY))
            .and(needs("HIST", minimum()))
            .and(it_is_march(5))
            .when(first)
            .and(second);
        HISTORY.iter().map(|code| story.shown(code, 5, story.today())).collect::<Vec<_>>()
    };
    let (one, other) = (|| judged_late("HIST.1", 4, 3), || judged_late("HIST.1", 2, 4));
    assert_eq!(outcome(one(), other()), outcome(other(), one()));
    let elsewhere = || judged("HIST.2", 3);
    assert_eq!(outcome(one(), elsewhere()), outcome(elsewhere(), one()));
}
