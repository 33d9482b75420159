//! A policy for more levels than are read in one go.

use std::collections::BTreeSet;

use futures::future::join_all;
use northstar_bus::rebuild::{Options, rebuild};
use northstar_kernel::Shard;

use crate::region::{Region, held, latest, policy, seen};

const LEARNERS: u32 = 2_500;

fn name(number: u32) -> String {
    format!("learner-{number}")
}

/// Learners with two judgements each: 1, then 3.
async fn crowded() -> Region {
    let region = Region::new().await;
    region.publish_competency("NS.INT.1", &[1, 2, 3, 4]).await;
    region.publish_policy(latest()).await;
    for (day, points) in [(2, 1), (3, 3)] {
        let number = |learner| u32::try_from(day).expect("small") * 10_000 + learner;
        let names: Vec<_> = (0..LEARNERS).map(|learner| (name(learner), number(learner))).collect();
        let records = names
            .iter()
            .map(|(name, number)| region.record(name, "NS.INT.1", seen(*number, day, points)));
        join_all(records).await;
    }
    region.settled().await;
    region
}

/// How often it was said that more levels follow.
async fn pauses(region: &Region) -> usize {
    let feed = region.feed().await;
    feed.iter().filter(|event| event.event_type == "levels_read_anew").count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_level_is_read_anew_and_told_of_once() {
    let region = crowded().await;
    let told = region.changes().await.len();
    region.publish_policy(policy(r#""name":"mean""#, "")).await;
    // Comes in between, or before or after: told of once, by either.
    region.record(&name(7), "NS.INT.1", seen(99_999, 4, 2)).await;
    region.settled().await;
    assert_eq!(pauses(&region).await, 2, "after a thousand, and after two");
    let changes = region.changes().await.split_off(told);
    let learners: BTreeSet<_> = changes.iter().map(|change| &change.learner_id).collect();
    assert_eq!((changes.len(), learners.len()), (LEARNERS as usize, LEARNERS as usize));
    assert!(changes.iter().all(|change| held(change.after.as_ref()) == (2_000, 2)));
    let documents = region.documents().await;
    rebuild(&region.lane, Shard(0), Options { workers: 2, batch_size: 700 })
        .await
        .expect("rebuilt");
    assert_eq!(region.documents().await, documents);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_takes_over_goes_on_where_it_stopped() {
    let mut region = crowded().await;
    let told = region.changes().await.len();
    region.publish_policy(policy(r#""name":"mean""#, "")).await;
    while pauses(&region).await == 0 {
        tokio::task::yield_now().await;
    }
    region.kill().await;
    let half = region.changes().await.len() - told;
    assert!((1_000..=LEARNERS as usize).contains(&half), "{half}");
    region.wake();
    region.settled().await;
    assert_eq!(region.changes().await.len() - told, LEARNERS as usize);
    let profile = region.profile(&name(0)).await;
    assert_eq!(held(profile[0].mastery.as_ref()), (2_000, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_scale_comes_to_all_levels_of_the_competency() {
    let region = crowded().await;
    let told = region.changes().await.len();
    region.publish_competency("NS.INT.1", &[0, 1, 2, 3, 4]).await;
    region.settled().await;
    assert_eq!(pauses(&region).await, 2);
    let changes = region.changes().await.split_off(told);
    assert_eq!(changes.len(), LEARNERS as usize);
    assert!(changes.iter().all(|change| held(change.after.as_ref()) == (3_000, 4)));
}
