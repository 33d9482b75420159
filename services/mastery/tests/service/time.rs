//! What comes with time comes as an event: once, however many replicas look at the clock.

use northstar_bus::rebuild::{Options, rebuild};
use northstar_kernel::{Shard, Timestamp};
use northstar_wire::mastery::v1 as wire;
use northstar_wire::mastery::v1::Standing;

use crate::region::{Region, competency, instant, latest, learner, on, policy, seen};

/// The latest value counts, for five days.
fn fading() -> String {
    policy(r#""name":"latest""#, r#","expires_after_days":5"#)
}

/// "ana" is at mastery by what was seen on the 2nd, which expires on the 7th.
async fn ready() -> Region {
    let region = Region::new().await;
    region.publish_competency("NS.INT.1", &[1, 2, 3, 4]).await;
    region.publish_policy(fading()).await;
    region.record("ana", "NS.INT.1", seen(1, 2, 3)).await;
    region.settled().await;
    region
}

/// Standing before and after each change, oldest change first.
async fn moves(region: &Region) -> Vec<(Standing, Standing)> {
    let standing = |held: &Option<wire::Mastery>| held.expect("always given").standing();
    let changes = region.changes().await;
    changes.iter().map(|change| (standing(&change.before), standing(&change.after))).collect()
}

/// How many events of that type the tenant's log has.
async fn count(region: &Region, event_type: &str) -> usize {
    region.feed().await.iter().filter(|event| event.event_type == event_type).count()
}

const UP: (Standing, Standing) = (Standing::Unspecified, Standing::AtMastery);
const DOWN: (Standing, Standing) = (Standing::AtMastery, Standing::NotEnoughEvidence);

fn just_before(day: i64) -> Timestamp {
    Timestamp::from_micros(on(day).micros() - 1)
}

#[tokio::test]
async fn when_evidence_expires_it_is_told_as_of_that_instant() {
    let region = ready().await;
    region.pass(just_before(7)).await;
    assert_eq!((moves(&region).await, count(&region, "level_due").await), (vec![UP], 0));
    region.pass(on(9)).await;
    assert_eq!(moves(&region).await, [UP, DOWN]);
    let feed = region.feed().await;
    let [.., due, changed] = feed.as_slice() else { panic!("{} events", feed.len()) };
    assert_eq!((&*due.event_type, due.observed_at), ("level_due", on(7)));
    assert_eq!((&*changed.event_type, changed.observed_at), ("mastery_changed", on(7)));
    assert_eq!(changed.causation_id, Some(due.id.uuid()));
    assert_eq!(&*due.actor, "clock:mastery.due");
    let change = region.changes().await.pop().expect("two");
    assert!(change.evidence_ids.is_empty() && change.cause_evidence_id.is_empty());
}

#[tokio::test]
async fn what_is_due_waits_until_it_is_handled() {
    let mut region = ready().await;
    region.kill().await;
    let [clock, _] = region.clocks();
    let log = region.tenant_log();
    let waiting = async |at| clock.task.waiting(&log, at).await.expect("the log answers");
    assert_eq!((waiting(just_before(7)).await, waiting(on(7)).await), (0, 1));
    clock.until(Shard(0), on(8)).await.expect("the log takes it");
    assert_eq!(waiting(on(8)).await, 1, "told, and not handled");
    region.wake();
    region.settled().await;
    assert_eq!(waiting(on(8)).await, 0);
}

#[tokio::test]
async fn two_replicas_tell_it_once() {
    let region = ready().await;
    let [one, other] = region.clocks();
    for _ in 0..3 {
        let (a, b) = tokio::join!(one.until(Shard(0), on(8)), other.until(Shard(0), on(8)));
        a.and(b).expect("the log takes it");
    }
    region.pass(on(8)).await;
    assert_eq!((moves(&region).await, count(&region, "level_due").await), (vec![UP, DOWN], 1));
}

#[tokio::test]
async fn a_lane_that_is_killed_meanwhile_tells_it_once() {
    let mut region = ready().await;
    region.kill().await;
    let [clock, _] = region.clocks();
    for _ in 0..3 {
        // Nobody has taken it off the list, so it is looked at again.
        assert_eq!(clock.until(Shard(0), on(8)).await.expect("the log takes it"), 1);
        region.wake();
        region.kill().await;
    }
    region.wake();
    region.pass(on(8)).await;
    assert_eq!((moves(&region).await, count(&region, "level_due").await), (vec![UP, DOWN], 1));
}

#[tokio::test]
async fn it_is_visible_in_advance() {
    let region = ready().await;
    let request = wire::GetDerivationRequest {
        learner_id: learner("ana").to_string(),
        competency_id: competency("NS.INT.1").to_string(),
        as_of: Some(instant(on(3))),
        ..Default::default()
    };
    let found = region.admin().get_derivation(request).await.expect("a derivation").into_inner();
    assert_eq!(found.next_change_at, Some(instant(on(7))));
}

#[tokio::test]
async fn newer_evidence_puts_it_off_and_late_evidence_does_not_turn_time_back() {
    let region = ready().await;
    region.record("ana", "NS.INT.1", seen(2, 6, 3)).await;
    region.pass(on(8)).await;
    assert_eq!(moves(&region).await.len(), 1, "the judgement of the 6th stands");
    region.pass(on(11)).await;
    assert_eq!(moves(&region).await, [UP, DOWN]);
    // What was seen on the 1st is recorded only now: it has expired already.
    region.record("ana", "NS.INT.1", seen(3, 1, 4)).await;
    region.pass(on(12)).await;
    assert_eq!(moves(&region).await, [UP, DOWN]);
    region.record("ana", "NS.INT.1", seen(4, 10, 3)).await;
    region.settled().await;
    assert_eq!(moves(&region).await.last(), Some(&(DOWN.1, UP.1)));
}

#[tokio::test]
async fn a_policy_without_expiry_takes_it_off_the_list() {
    let region = ready().await;
    region.publish_policy(latest()).await;
    region.pass(on(20)).await;
    assert_eq!((moves(&region).await, count(&region, "level_due").await), (vec![UP], 0));
}

#[tokio::test]
async fn a_rebuild_comes_to_the_same_also_where_all_evidence_is_gone() {
    let region = ready().await;
    region.record("ben", "NS.INT.1", seen(2, 3, 4)).await;
    region.record("cyd", "NS.INT.1", seen(3, 12, 4)).await;
    region.pass(on(10)).await;
    region.retract("ana", "NS.INT.1", 1).await;
    region.settled().await;
    let (documents, feed) = (region.documents().await, region.feed().await);
    for (workers, batch_size) in [(1, 1), (3, 2), (7, 0)] {
        let options = Options { workers, batch_size };
        rebuild(&region.lane, Shard(0), options).await.expect("a rebuild");
        assert_eq!(region.documents().await, documents, "{workers} workers, {batch_size} a batch");
        assert_eq!(region.feed().await, feed);
    }
    // The clock goes on from where it was.
    region.record("ana", "NS.INT.1", seen(4, 1, 4)).await;
    region.pass(on(17)).await;
    assert_eq!(moves(&region).await.last(), Some(&DOWN), "only what is held of cyd was left");
}
