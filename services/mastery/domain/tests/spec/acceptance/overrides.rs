//! Overrides, and what cascades through them.

use northstar_mastery_domain::{OverrideRefusal, Standing};

use super::story::{
    at_mastery, believed_on, below_mastery, changed, competencies, corrected, given, it_is_march,
    judged, missing, needs, not_enough_evidence, on_day, overridden, override_confirmed_by,
    override_taken_back, refused, the_rule_says, told,
};
use crate::rollup::all;

const SCIENCE: &[&str] = &["READY", "SCI", "SCI.1", "SCI.2"];

/// A framework of three storeys, in which one part is missing.
fn a_learner_who_lacks_one_part() -> super::story::Story {
    given(competencies(SCIENCE))
        .and(needs("SCI", all(&["SCI.1", "SCI.2"])))
        .and(needs("READY", all(&["SCI"])))
        .and(judged("SCI.1", 4))
        .and(judged("SCI.2", 2))
        .and(below_mastery("READY"))
}

#[test]
fn an_override_waits_for_the_second_signer_and_then_cascades() {
    a_learner_who_lacks_one_part()
        .when(overridden("SCI", Standing::AtMastery, 20))
        .then(below_mastery("SCI"))
        .when(override_confirmed_by("ben", "SCI"))
        .then(at_mastery("SCI"))
        .and(at_mastery("READY"))
        .and(changed(&["SCI", "READY"]));
}

#[test]
fn nobody_else_can_confirm_it() {
    a_learner_who_lacks_one_part()
        .when(overridden("SCI", Standing::AtMastery, 20))
        .and(override_confirmed_by("ada", "SCI"))
        .then(refused(OverrideRefusal::NotTheSecondSigner))
        .and(below_mastery("SCI"));
}

#[test]
fn an_override_survives_recomputation_and_shows_what_the_rule_would_have_said() {
    a_learner_who_lacks_one_part()
        .and(overridden("SCI", Standing::AtMastery, 20))
        .and(override_confirmed_by("ben", "SCI"))
        .when(corrected("SCI.1", 1))
        .then(at_mastery("SCI"))
        .and(at_mastery("READY"))
        .and(the_rule_says("SCI", Standing::BelowMastery))
        .and(told(
            "SCI",
            "By override: at mastery. The rule alone says: \
             0 of 2 needed parts are at mastery; missing: SCI.1, SCI.2.",
        ));
}

#[test]
fn an_override_of_a_part_is_read_by_the_rule_above() {
    a_learner_who_lacks_one_part()
        .when(overridden("SCI.2", Standing::AtMastery, 20))
        .and(override_confirmed_by("ben", "SCI.2"))
        .then(at_mastery("SCI"))
        .and(the_rule_says("SCI.2", Standing::BelowMastery))
        .and(the_rule_says("SCI", Standing::AtMastery));
}

#[test]
fn an_override_may_set_a_result_aside() {
    a_learner_who_lacks_one_part()
        .and(judged("SCI.2", 3))
        .and(at_mastery("READY"))
        .when(overridden("SCI", Standing::NotEnoughEvidence, 20))
        .and(override_confirmed_by("ben", "SCI"))
        .then(not_enough_evidence("READY"))
        .and(missing("READY", &["SCI"]));
}

#[test]
fn an_override_ends_by_itself() {
    a_learner_who_lacks_one_part()
        .and(overridden("SCI", Standing::AtMastery, 20))
        .and(override_confirmed_by("ben", "SCI"))
        .when(it_is_march(20))
        .then(below_mastery("READY"))
        .and(on_day(19, "READY", Standing::AtMastery));
}

#[test]
fn an_override_that_is_taken_back_lets_the_cascade_fall() {
    a_learner_who_lacks_one_part()
        .and(overridden("SCI", Standing::AtMastery, 20))
        .and(override_confirmed_by("ben", "SCI"))
        .when(it_is_march(5))
        .and(override_taken_back("SCI"))
        .then(below_mastery("SCI"))
        .and(below_mastery("READY"))
        .and(on_day(4, "READY", Standing::AtMastery))
        .and(believed_on(4, "READY", Standing::AtMastery));
}
