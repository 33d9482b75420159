use std::collections::BTreeMap;
use std::sync::Arc;

use async_nats::jetstream;
use bytes::Bytes;
use northstar_bus::feed::{Feed, Feeds as _, LocalFeeds};
use northstar_bus::relay::Retention;
use northstar_bus::{ClusterFeeds, Owners, broker};
use northstar_eventlog::Recorded;
use northstar_kernel::Position;
use tokio::task::block_in_place;
use tokio::time::timeout;

use crate::owner::Owner;
use crate::stand::{PATIENCE, SHARD, Stand, append_one};

/// Takes from the feed up to a position, and demands that it is the log, word by word.
async fn take_to(stand: &Stand, feed: &mut dyn Feed, after: u64, to: u64) {
    let mut events: Vec<Recorded> = Vec::new();
    while events.last().is_none_or(|last| last.position.0 < to) {
        let next = timeout(PATIENCE, feed.next()).await.expect("the feed goes on");
        match next {
            Ok(more) => events.extend(more),
            Err(fault) => assert!(fault.retryable(), "{fault:?}"),
        }
    }
    let logged = stand.log.scan(SHARD, Position(after), (to - after) as u32).await.unwrap();
    assert_eq!(events, logged);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_broker_alone_is_enough_when_all_is_well() {
    let stand = Stand::new().await;
    let owner = Owner::of(&stand.log).await;
    let relay = stand.relay();
    stand.append(1_500).await;
    stand.published(1_500).await;
    let mut feed = owner.feeds(&stand).open("evidence", SHARD, Position(200)).unwrap();
    take_to(&stand, feed.as_mut(), 200, 1_500).await;
    stand.append(10).await;
    take_to(&stand, feed.as_mut(), 1_500, 1_510).await;
    assert_eq!(owner.read(), 0);
    relay.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_broker_no_longer_has_comes_from_the_owner() {
    let stand = Stand::new().await;
    let owner = Owner::of(&stand.log).await;
    stand.append(2_300).await;
    let relay = stand.relay_keeping(Retention { refill: 50, ..Retention::default() });
    stand.published(2_300).await;
    let mut feed = owner.feeds(&stand).open("evidence", SHARD, Position::START).unwrap();
    take_to(&stand, feed.as_mut(), 0, 2_300).await;
    assert_eq!(owner.read(), 2_300);
    relay.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hole_in_the_stream_is_healed() {
    let stand = Stand::new().await;
    let owner = Owner::of(&stand.log).await;
    let relay = stand.relay();
    stand.append(20).await;
    stand.published(20).await;
    let mut feed = owner.feeds(&stand).open("evidence", SHARD, Position::START).unwrap();
    take_to(&stand, feed.as_mut(), 0, 20).await;
    relay.abort();
    stand.append(30).await;
    let client = async_nats::connect(stand.nats.url()).await.unwrap();
    let name = broker::stream_name("evidence", SHARD);
    jetstream::new(client).delete_stream(name).await.unwrap();
    let relay = stand.relay_keeping(Retention { refill: 5, ..Retention::default() });
    stand.published(50).await;
    take_to(&stand, feed.as_mut(), 20, 50).await;
    assert!(owner.read() >= 25, "positions 21 to 45 are in the log alone");
    stand.append(5).await;
    take_to(&stand, feed.as_mut(), 50, 55).await;
    relay.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_message_can_carry_is_read_from_the_log() {
    let stand = Stand::new().await;
    let owner = Owner::of(&stand.log).await;
    let relay = stand.relay();
    stand.append(3).await;
    append_one(&stand.log, "tab\there", Bytes::new()).await;
    append_one(&stand.log, "teacher-7", Bytes::from(vec![7; 3 << 20])).await;
    stand.append(3).await;
    stand.published(8).await;
    let mut feed = owner.feeds(&stand).open("evidence", SHARD, Position::START).unwrap();
    take_to(&stand, feed.as_mut(), 0, 8).await;
    relay.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_relay_only_slows() {
    let stand = Stand::new().await;
    let owner = Owner::of(&stand.log).await;
    let relay = stand.relay();
    stand.append(5).await;
    stand.published(5).await;
    let mut feed = owner.feeds(&stand).open("evidence", SHARD, Position::START).unwrap();
    take_to(&stand, feed.as_mut(), 0, 5).await;
    relay.abort();
    stand.append(5).await;
    take_to(&stand, feed.as_mut(), 5, 10).await;
    let relay = stand.relay();
    stand.append(5).await;
    take_to(&stand, feed.as_mut(), 10, 15).await;
    relay.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_broker_the_owner_is_enough() {
    let stand = Stand::new().await;
    let owner = Owner::of(&stand.log).await;
    block_in_place(|| stand.nats.kill9());
    stand.append(40).await;
    let mut feed = owner.feeds(&stand).open("evidence", SHARD, Position(10)).unwrap();
    take_to(&stand, feed.as_mut(), 10, 40).await;
    stand.append(1).await;
    take_to(&stand, feed.as_mut(), 40, 41).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_that_refuses_is_a_fault_that_may_pass() {
    let stand = Stand::new().await;
    let owner = Owner::of(&stand.log).await;
    block_in_place(|| stand.nats.kill9());
    stand.append(1).await;
    let mut feed =
        owner.feeds_with(&stand, "bad").open("evidence", SHARD, Position::START).unwrap();
    let fault = timeout(PATIENCE, feed.next()).await.unwrap().unwrap_err();
    assert!(fault.retryable());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_own_log_needs_neither() {
    let stand = Stand::new().await;
    block_in_place(|| stand.nats.kill9());
    let nobody = Owners::new(&BTreeMap::new(), Arc::new(String::new)).unwrap();
    let local = LocalFeeds::new([stand.log.clone()]);
    let feeds = ClusterFeeds::new(local, stand.broker.clone(), nobody);
    stand.append(3).await;
    let mut feed = feeds.open("evidence", SHARD, Position::START).unwrap();
    take_to(&stand, feed.as_mut(), 0, 3).await;
    assert!(feeds.open("mastery", SHARD, Position::START).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_makes_no_sense_is_refused() {
    let addresses = BTreeMap::from([("evidence".to_owned(), "not an address".to_owned())]);
    let fault = Owners::new(&addresses, Arc::new(String::new)).err().unwrap();
    assert!(!fault.retryable());
}
