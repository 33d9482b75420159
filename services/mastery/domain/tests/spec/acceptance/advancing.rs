//! Advancing upon mastery, with the roll-up as its ground.

use northstar_kernel::{Decider, LearnerId, PersonId, TenantId};
use northstar_mastery_domain::{
    AdvanceUponMastery, Advancement, AdvancementRefusal, Ground, Standing,
};

use super::story::{
    Story, below_mastery, competencies, corrected, given, judged, needs, overridden,
    override_confirmed_by,
};
use crate::rollup::{all, id};
use crate::support::{evidence, march};

/// "ada" wants to let the learner go on beyond "ART", by what is shown today.
fn decided(story: &Story) -> Result<Ground, AdvancementRefusal> {
    let tenant = TenantId::from_slug("front-range");
    let command = AdvanceUponMastery {
        learner: LearnerId::derive(tenant, "lee"),
        competency: id("ART"),
        decider: PersonId::derive(tenant, "ada"),
        shown: story.shown("ART", story.today(), story.today()),
        evidence: vec![evidence(1), evidence(2)],
        despite: None,
        at: march(story.today()),
    };
    let events = Advancement::decide(&Advancement::default(), command)?;
    Ok(events[0].ground)
}

fn an_artist(second_part: i64) -> Story {
    given(competencies(&["ART", "ART.1", "ART.2"]))
        .and(needs("ART", all(&["ART.1", "ART.2"])))
        .when(judged("ART.1", 4))
        .and(judged("ART.2", second_part))
}

#[test]
fn mastery_of_every_part_is_a_ground_to_advance() {
    assert_eq!(decided(&an_artist(3)), Ok(Ground::Mastery));
}

#[test]
fn a_part_that_is_missing_is_a_ground_to_stay() {
    assert_eq!(decided(&an_artist(2)), Err(AdvancementRefusal::NotMastered));
}

#[test]
fn an_override_of_the_whole_is_a_ground_and_is_named() {
    let story = an_artist(2)
        .when(overridden("ART", Standing::AtMastery, 20))
        .and(override_confirmed_by("ben", "ART"));
    assert!(matches!(decided(&story), Ok(Ground::Override(_))));
}

#[test]
fn after_a_correction_downward_the_ground_is_gone() {
    let story = an_artist(3).when(corrected("ART.2", 2)).then(below_mastery("ART"));
    assert_eq!(decided(&story), Err(AdvancementRefusal::NotMastered));
}
