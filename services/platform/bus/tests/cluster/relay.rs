use std::time::Duration;

use async_nats::jetstream::{self, message::StreamMessage};
use bytes::Bytes;
use northstar_bus::broker;
use northstar_bus::relay::Retention;
use tokio::task::block_in_place;
use tokio::time::sleep;

use crate::stand::{SHARD, Stand, append_one};

#[tokio::test(flavor = "multi_thread")]
async fn every_event_is_published_at_its_position() {
    let stand = Stand::new().await;
    stand.append(700).await;
    let relay = stand.relay();
    stand.published(700).await;
    stand.append(40).await;
    stand.published(740).await;
    stand.assert_same_from(1).await;
    relay.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_relays_cannot_harm_each_other() {
    let stand = Stand::new().await;
    let relays = [stand.relay(), stand.relay()];
    for burst in [1, 300, 2, 150, 47] {
        stand.append(burst).await;
    }
    stand.published(500).await;
    stand.assert_same_from(1).await;
    relays.into_iter().for_each(|relay| relay.abort());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emptied_broker_is_filled_again_from_a_recent_position() {
    let stand = Stand::new().await;
    let relay = stand.relay_keeping(Retention { refill: 100, ..Retention::default() });
    stand.append(90).await;
    stand.published(90).await;
    stand.append(210).await;
    stand.published(300).await;
    block_in_place(|| {
        stand.nats.delete_store().unwrap();
        stand.nats.restart().unwrap();
    });
    stand.published(300).await;
    stand.assert_same_from(201).await;
    stand.append(5).await;
    stand.published(305).await;
    stand.assert_same_from(201).await;
    relay.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_deleted_under_its_feet_is_made_again() {
    let stand = Stand::new().await;
    let relay = stand.relay_keeping(Retention { refill: 10, ..Retention::default() });
    stand.append(30).await;
    stand.published(30).await;
    let client = async_nats::connect(stand.nats.url()).await.unwrap();
    let name = broker::stream_name("evidence", SHARD);
    jetstream::new(client).delete_stream(name).await.unwrap();
    stand.append(3).await;
    stand.published(33).await;
    // It begins ten before the head that the relay saw when it noticed.
    let first = stand.stream().await.unwrap().cached_info().state.first_sequence;
    assert!((21..=24).contains(&first), "{first}");
    stand.assert_same_from(first).await;
    relay.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_newest_messages_are_kept() {
    let stand = Stand::new().await;
    let first = stand.relay();
    stand.append(50).await;
    stand.published(50).await;
    first.abort();
    let second = stand.relay_keeping(Retention { messages: 20, ..Retention::default() });
    stand.append(10).await;
    stand.published(60).await;
    stand.assert_same_from(41).await;
    second.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_message_can_carry_keeps_its_place() {
    let stand = Stand::new().await;
    let relay = stand.relay();
    stand.append(1).await;
    append_one(&stand.log, "forged\r\nce-id: 1", Bytes::new()).await;
    append_one(&stand.log, "teacher-7", Bytes::from(vec![7; 2 << 20])).await;
    stand.append(1).await;
    stand.published(4).await;
    let places: Vec<_> = stand.messages().await.iter().map(see_log).collect();
    assert_eq!(places, [None, Some("2".to_owned()), Some("3".to_owned()), None]);
    relay.abort();
}

fn see_log(message: &StreamMessage) -> Option<String> {
    message.headers.get("northstar-see-log").map(ToString::to_string)
}

/// Whoever else has written into our stream: nothing of ours is mixed into it.
#[tokio::test(flavor = "multi_thread")]
async fn a_stream_of_another_deployment_is_left_alone() {
    let (theirs, ours) = (Stand::new().await, Stand::new().await);
    let relay = theirs.relay();
    theirs.append(20).await;
    theirs.published(20).await;
    relay.abort();
    for head in [10, 30] {
        ours.append(head - ours.log.head(SHARD).await.unwrap().0).await;
        let relay = northstar_bus::Relay::new(
            ours.log.clone(),
            theirs.broker.clone(),
            Retention::default(),
        );
        let relay = tokio::spawn(relay.run(SHARD));
        sleep(Duration::from_millis(500)).await;
        theirs.published(20).await;
        theirs.assert_same_from(1).await;
        relay.abort();
    }
}
