//! Three logs feed what is held, and no order between them may be relied on.

use std::collections::BTreeMap;

use northstar_bus::rebuild::{Options, rebuild, rebuild_in_portions};
use northstar_kernel::Shard;

use northstar_wire::mastery::v1::PublishPolicyRequest;

use crate::region::{Region, held, instant, latest, on, policy, seen};
use crate::rules::{all, any, part, precedes, rollup, withdrawn};

fn decaying() -> String {
    let method = r#""name":"decaying_average","newest_weight_percent":65"#;
    policy(method, r#","minimum_observations":2"#)
}

/// Beside the main policy, by sign-off and with an expiry.
fn trial(method: &str) -> String {
    let rest = r#","name":"trial","validated_only":true,"expires_after_days":5"#;
    policy(&format!(r#""name":"{method}""#), rest)
}

/// One of the three logs moves on by everything it has to say.
async fn say(region: &Region, log: &str) {
    match log {
        "registry" => {
            region.publish_competency("NS.INT.1", &[1, 2, 3, 4]).await;
            region.publish_competency("NS.ADP.1", &[]).await;
            region.publish_competency("NS.ADP.1", &[1, 3]).await;
            region.publish_competency("NS.OLD.1", &[1, 2, 3, 4]).await;
            region.publish_competency("NS", &[1, 2, 3, 4]).await;
            region.publish_competency("READY", &[]).await;
            region.registered("competency_withdrawn", &withdrawn("NS.OLD.1")).await;
            region.registered("association_published", &precedes("NS.INT.1", "NS.ADP.1")).await;
        }
        "policies" => {
            region.publish_policy(latest()).await;
            region.publish_policy(decaying()).await;
            // Of one beside them, two: the second from a day on.
            region.publish_policy(trial("mean")).await;
            let request = PublishPolicyRequest {
                document: trial("highest"),
                effective_from: Some(instant(on(4))),
                ..Default::default()
            };
            region.admin().publish_policy(request).await.expect("a valid policy");
            // Rules take the place of rules.
            region.rollups_published(rollup(&[("NS.INT.1", any(&["NS.ADP.1"]))])).await;
            let whole = all(&["NS.INT.1", "NS.ADP.1", "NS.OLD.1"]);
            let ready = r#"{"kind":"points","needed":2,"parts":[{"points":2,"part":"#.to_owned();
            let ready = ready + &part("NS") + r#"},{"points":1,"part":{"kind":"own"}}]}"#;
            region.rollups_published(rollup(&[("READY", ready), ("NS", whole)])).await;
        }
        _ => {
            for (number, learner, code, day, points) in [
                (1, "ana", "NS.INT.1", 4, 3),
                (2, "ana", "NS.INT.1", 2, 1),
                (3, "ana", "NS.ADP.1", 2, 4),
                (4, "ben", "NS.INT.1", 3, 2),
                (5, "ben", "NS.INT.1", 3, 4),
                (6, "ben", "NS.ADP.1", 1, 2),
                (7, "ana", "NS.INT.1", 9, 4),
                (8, "ben", "NS", 5, 1),
                (9, "ana", "NS.OLD.1", 5, 1),
                (10, "eve", "NS.OLD.1", 5, 4),
            ] {
                region.record(learner, code, seen(number, day, points)).await;
            }
            region.validate("ana", "NS.INT.1", 1).await;
            region.correct("ana", "NS.INT.1", seen(1, 1, 2)).await;
            region.validate("ben", "NS.INT.1", 5).await;
            region.retract("ben", "NS.ADP.1", 6).await;
        }
    }
}

#[tokio::test]
async fn documents_are_the_same_however_the_logs_interleave() {
    let orders = [
        ["registry", "policies", "evidence"],
        ["registry", "evidence", "policies"],
        ["policies", "registry", "evidence"],
        ["policies", "evidence", "registry"],
        ["evidence", "registry", "policies"],
        ["evidence", "policies", "registry"],
    ];
    let mut all = Vec::new();
    for order in orders {
        let region = Region::new().await;
        for log in order {
            say(&region, log).await;
            region.settled().await;
        }
        all.push(region.documents().await);
    }
    assert!(all.iter().all(|documents| *documents == all[0]));
    // Six levels have evidence that stands; in three more there is what a rule says.
    let mut nouns = BTreeMap::new();
    all[0].iter().for_each(|(noun, ..)| *nouns.entry(*noun).or_insert(0) += 1);
    let expected = [("competency", 5), ("level", 9), ("policy", 1), ("rollup", 1)];
    for (noun, count) in expected {
        assert_eq!(nouns.get(noun), Some(&count), "{noun} in {nouns:?}");
    }
}

#[tokio::test]
async fn what_was_said_early_is_evaluated_when_the_rest_arrives() {
    let region = Region::new().await;
    say(&region, "evidence").await;
    region.settled().await;
    assert!(region.profile("ana").await.is_empty(), "the competencies are not known yet");
    say(&region, "policies").await;
    say(&region, "registry").await;
    region.settled().await;
    let profile = region.profile("ana").await;
    let judged = ["NS.ADP.1", "NS.INT.1"];
    let main = profile
        .iter()
        .filter(|entry| entry.policy_name.is_empty() && judged.contains(&&*entry.competency_code));
    let levels: Vec<_> = main.map(|entry| held(entry.mastery.as_ref())).collect();
    // One judgement in ADP is not enough; in INT it is 2, 1, 4: (2 · .35 + .65) · .35 + 2.6 = 3.0725.
    assert_eq!(levels, [(0, 0), (3_073, 3)]);
}

#[tokio::test]
async fn a_rebuild_comes_to_the_same_documents_and_says_nothing() {
    let region = Region::new().await;
    for log in ["registry", "policies", "evidence"] {
        say(&region, log).await;
    }
    region.settled().await;
    let (documents, feed) = (region.documents().await, region.feed().await);
    let events = 8 + feed.len() as u64 + 14;
    for (workers, batch_size) in [(1, 1), (2, 100), (7, 0)] {
        let region = &region;
        let options = Options { workers, batch_size };
        let report = rebuild(&region.lane, Shard(0), options).await.expect("a rebuild");
        assert_eq!((report.malformed, report.events), (0, events));
        assert_eq!(region.documents().await, documents, "{workers} workers, {batch_size} a batch");
        assert_eq!(region.feed().await, feed);
    }
    // The same with learners laid aside until others are done.
    for (workers, batch_size, at_once) in [(1, 0, 1), (2, 0, 3), (3, 2, 10)] {
        let options = Options { workers, batch_size };
        let rebuilt = rebuild_in_portions(&region.lane, Shard(0), options, at_once).await;
        let report = rebuilt.expect("a rebuild in portions");
        assert_eq!((report.malformed, report.events), (0, events));
        assert_eq!(region.documents().await, documents, "{workers} workers, {at_once} at once");
        assert_eq!(region.feed().await, feed);
    }
}

#[tokio::test]
async fn a_lane_that_starts_late_catches_up_with_the_same_result() {
    let live = Region::new().await;
    let mut late = Region::asleep();
    for log in ["registry", "policies", "evidence"] {
        say(&live, log).await;
        live.settled().await;
        say(&late, log).await;
    }
    late.wake();
    late.settled().await;
    assert_eq!(late.documents().await, live.documents().await);
}

/// Evidence on two learners in turn, late as often as not.
async fn one_of_many(region: &Region, number: u32) {
    let points = i64::from(number * 7 % 4) + 1;
    let name = if number.is_multiple_of(2) { "ana" } else { "ben" };
    region.record(name, "NS.INT.1", seen(number, i64::from(number * 5 % 28), points)).await;
}

#[tokio::test]
async fn a_lane_that_is_killed_again_and_again_tells_each_change_once() {
    let mut region = Region::new().await;
    say(&region, "registry").await;
    say(&region, "policies").await;
    region.settled().await;
    for number in 1..61 {
        one_of_many(&region, number).await;
        match number % 5 {
            0 => region.wake(),
            3 => region.kill().await,
            _ => tokio::task::yield_now().await,
        }
    }
    region.kill().await;
    region.wake();
    region.settled().await;
    let undisturbed = Region::new().await;
    say(&undisturbed, "registry").await;
    say(&undisturbed, "policies").await;
    undisturbed.settled().await;
    for number in 1..61 {
        one_of_many(&undisturbed, number).await;
    }
    undisturbed.settled().await;
    assert_eq!(region.documents().await, undisturbed.documents().await);
    assert_eq!(region.changes().await, undisturbed.changes().await);
}
