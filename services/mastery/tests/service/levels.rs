//! Levels move with every relevant event, at its true place in observed time, both ways.

use northstar_wire::mastery::v1 as wire;
use northstar_wire::mastery::v1::Standing;

use crate::region::{
    Region, Seen, competency, evidence_id, framework, held, latest, learner, on, policy, seen,
};

/// A region with one competency on a scale of four and the policy "latest, 3 is mastery".
async fn ready() -> Region {
    let region = Region::new().await;
    region.publish_competency("NS.INT.1", &[1, 2, 3, 4]).await;
    region.publish_policy(latest()).await;
    region
}

/// Levels before and after each change, oldest change first.
async fn moves(region: &Region) -> Vec<(u32, u32)> {
    region.settled().await;
    let level = |mastery| held(mastery).1;
    let changes = region.changes().await;
    changes.iter().map(|c| (level(c.before.as_ref()), level(c.after.as_ref()))).collect()
}

#[tokio::test]
async fn evidence_becomes_a_level_with_its_reason() {
    let region = ready().await;
    region.record("ana", "NS.INT.1", seen(1, 2, 3)).await;
    region.settled().await;
    let profile = region.profile("ana").await;
    let entry = profile.first().expect("one competency");
    assert_eq!(entry.competency_id, competency("NS.INT.1").to_string());
    assert_eq!(entry.competency_code, "NS.INT.1");
    assert_eq!(entry.framework_id, framework().to_string());
    assert_eq!(held(entry.mastery.as_ref()), (3_000, 3));
    assert_eq!(entry.evidence_ids, [evidence_id(1).to_string()]);
    assert_eq!(entry.latest_observed_at.map(|at| at.seconds), Some(on(2).parts().0));
    assert_eq!(
        entry.reason,
        "Latest of 1 judgement, newest 2026-03-02: 3.00, at or above the threshold 3.00; \
         level 3 of 4."
    );
    assert_eq!(entry.policy_hash.len(), 64);
}

#[tokio::test]
async fn the_event_names_evidence_policy_and_both_levels() {
    let region = ready().await;
    region.record("ana", "NS.INT.1", seen(1, 2, 2)).await;
    region.record("ana", "NS.INT.1", seen(2, 3, 3)).await;
    region.settled().await;
    let changes = region.changes().await;
    let change = changes.last().expect("two changes");
    assert_eq!(change.learner_id, learner("ana").to_string());
    assert_eq!(change.competency_id, competency("NS.INT.1").to_string());
    assert_eq!(change.framework_id, framework().to_string());
    assert_eq!(change.evidence_ids, [1, 2].map(|number| evidence_id(number).to_string()));
    assert_eq!(change.cause_evidence_id, evidence_id(2).to_string());
    let standing =
        |mastery: &Option<_>| mastery.as_ref().map(northstar_wire::mastery::v1::Mastery::standing);
    assert_eq!(standing(&change.before), Some(Standing::BelowMastery));
    assert_eq!(standing(&change.after), Some(Standing::AtMastery));
    let profile = region.profile("ana").await;
    assert_eq!(profile.first().map(|entry| &entry.policy_hash), Some(&change.policy_hash));
}

#[tokio::test]
async fn the_event_goes_on_with_the_journey_of_its_evidence() {
    let region = ready().await;
    region.record("ana", "NS.INT.1", seen(1, 2, 3)).await;
    region.settled().await;
    let (cause, feed) = (region.evidence_feed().await, region.feed().await);
    let (cause, change) = (cause.last().expect("evidence"), feed.last().expect("a change"));
    assert_eq!(change.causation_id, Some(cause.id.uuid()));
    assert_eq!(change.correlation_id, cause.correlation_id);
    assert_eq!(change.traceparent, cause.traceparent);
    assert_eq!(change.observed_at, on(2));
    assert_eq!(&*change.actor, "reactor:mastery.levels");
    assert!(change.stream.starts_with("mastery-"));
}

#[tokio::test]
async fn late_evidence_counts_where_it_belongs() {
    let region = ready().await;
    region.record("ana", "NS.INT.1", seen(1, 10, 3)).await;
    // Observed before: the latest value is still the one of the tenth.
    region.record("ana", "NS.INT.1", seen(2, 5, 1)).await;
    // Recorded last and observed last: down it goes.
    region.record("ana", "NS.INT.1", seen(3, 11, 2)).await;
    assert_eq!(moves(&region).await, [(0, 3), (3, 2)]);
    let profile = region.profile("ana").await;
    let order = [2, 1, 3].map(|number| evidence_id(number).to_string());
    assert_eq!(profile.first().map(|entry| &entry.evidence_ids[..]), Some(&order[..]));
}

#[tokio::test]
async fn a_correction_moves_the_level_down_and_up() {
    let region = ready().await;
    region.record("ana", "NS.INT.1", seen(1, 2, 3)).await;
    region.correct("ana", "NS.INT.1", seen(1, 2, 1)).await;
    region.correct("ana", "NS.INT.1", seen(1, 2, 4)).await;
    assert_eq!(moves(&region).await, [(0, 3), (3, 1), (1, 4)]);
}

#[tokio::test]
async fn a_correction_of_the_day_changes_the_order() {
    let region = ready().await;
    region.record("ana", "NS.INT.1", seen(1, 2, 2)).await;
    region.record("ana", "NS.INT.1", seen(2, 5, 4)).await;
    region.correct("ana", "NS.INT.1", seen(2, 1, 4)).await;
    assert_eq!(moves(&region).await, [(0, 2), (2, 4), (4, 2)]);
}

#[tokio::test]
async fn a_retraction_takes_the_level_away_and_the_document_with_it() {
    let region = ready().await;
    region.record("ana", "NS.INT.1", seen(1, 2, 2)).await;
    region.record("ana", "NS.INT.1", seen(2, 3, 4)).await;
    region.retract("ana", "NS.INT.1", 2).await;
    region.retract("ana", "NS.INT.1", 1).await;
    assert_eq!(moves(&region).await, [(0, 2), (2, 4), (4, 2), (2, 0)]);
    let changes = region.changes().await;
    let last = changes.last().and_then(|change| change.after.as_ref());
    assert_eq!(last.map(|held| held.standing()), Some(Standing::Unspecified));
    assert!(region.profile("ana").await.is_empty());
    assert!(region.documents().await.iter().all(|(noun, ..)| *noun != "level"));
}

#[tokio::test]
async fn evidence_that_changes_nothing_says_nothing() {
    let region = ready().await;
    region.record("ana", "NS.INT.1", seen(1, 2, 3)).await;
    region.record("ana", "NS.INT.1", seen(2, 3, 3)).await;
    assert_eq!(moves(&region).await, [(0, 3)]);
}

#[tokio::test]
async fn self_ratings_do_not_count_where_the_policy_leaves_them_out() {
    let region = Region::new().await;
    region.publish_competency("NS.INT.1", &[1, 2, 3, 4]).await;
    let rule = policy(r#""name":"latest""#, r#","excluded_roles":["self"]"#);
    region.publish_policy(rule).await;
    region.record("ana", "NS.INT.1", seen(1, 2, 2)).await;
    region.record("ana", "NS.INT.1", Seen { role: "self", ..seen(2, 3, 4) }).await;
    assert_eq!(moves(&region).await, [(0, 2)]);
    let profile = region.profile("ana").await;
    let reason = profile.first().map(|entry| entry.reason.clone()).unwrap_or_default();
    assert!(reason.ends_with("Left out by the policy (self): 1 judgement."), "{reason}");
}

#[tokio::test]
async fn where_a_second_person_must_sign_only_what_was_signed_counts() {
    let region = Region::new().await;
    region.publish_competency("NS.INT.1", &[1, 2, 3, 4]).await;
    region.publish_policy(policy(r#""name":"latest""#, r#","validated_only":true"#)).await;
    region.record("ana", "NS.INT.1", seen(1, 2, 2)).await;
    region.record("ana", "NS.INT.1", seen(2, 3, 3)).await;
    region.validate("ana", "NS.INT.1", 1).await;
    region.validate("ana", "NS.INT.1", 2).await;
    // What is said anew must be signed anew.
    region.correct("ana", "NS.INT.1", seen(2, 3, 4)).await;
    assert_eq!(moves(&region).await, [(0, 0), (0, 2), (2, 3), (3, 2)]);
    let profile = region.profile("ana").await;
    let entry = profile.first().expect("one competency");
    assert!(entry.reason.ends_with("Not signed off yet: 1 judgement."), "{}", entry.reason);
    assert_eq!(entry.mastery.map(|held| held.provisional), Some(false));
}

#[tokio::test]
async fn what_nobody_signed_is_provisional_until_somebody_does() {
    let region = ready().await;
    region.record("ana", "NS.INT.1", seen(1, 2, 3)).await;
    region.validate("ana", "NS.INT.1", 1).await;
    assert_eq!(moves(&region).await, [(0, 3), (3, 3)]);
    let changes = region.changes().await;
    let provisional = |change: &wire::MasteryChanged| change.after.map(|held| held.provisional);
    assert_eq!(changes.iter().map(provisional).collect::<Vec<_>>(), [Some(true), Some(false)]);
    assert_eq!(changes[1].cause_evidence_id, evidence_id(1).to_string());
}

#[tokio::test]
async fn a_profile_lists_competencies_by_code() {
    let region = ready().await;
    for (number, code) in [(1, "NS.PRB.3"), (2, "NS.ADP.1"), (3, "NS.INT.1")] {
        region.publish_competency(code, &[1, 2, 3, 4]).await;
        region.record("ana", code, seen(number, 2, 2)).await;
    }
    region.settled().await;
    let profile = region.profile("ana").await;
    let codes: Vec<_> = profile.iter().map(|entry| entry.competency_code.as_str()).collect();
    assert_eq!(codes, ["NS.ADP.1", "NS.INT.1", "NS.PRB.3"]);
}

#[tokio::test]
async fn evidence_that_makes_no_sense_holds_up_nobody_else() {
    let region = ready().await;
    region.record("ana", "NS.INT.1", seen(1, 2, 2)).await;
    region.garble(9).await;
    region.record("ana", "NS.INT.1", seen(2, 3, 3)).await;
    assert_eq!(moves(&region).await, [(0, 2), (2, 3)]);
}
