use bytes::Bytes;
use futures::TryStreamExt as _;
use northstar_bus::{read_log, wire};
use northstar_eventlog::{Log, Recorded};
use northstar_kernel::Position;
use northstar_wire::platform::v1::ReadLogResponse;

use crate::stand::{SHARD, append, append_one, log_in};

async fn pages(log: &Log, after: u64, limit: u64) -> Vec<ReadLogResponse> {
    let pages = read_log::pages(log.clone(), SHARD, Position(after), limit);
    pages.try_collect().await.unwrap()
}

fn events(pages: Vec<ReadLogResponse>) -> Vec<Recorded> {
    let events = pages.into_iter().flat_map(|page| page.events);
    events.map(|event| wire::from_wire(event).unwrap()).collect()
}

#[tokio::test]
async fn all_there_is_or_as_much_as_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let log = log_in(&folder);
    assert!(pages(&log, 0, 0).await.is_empty());
    append(&log, 1_205).await;
    let logged = log.scan(SHARD, Position::START, 2_000).await.unwrap();
    for (after, limit, expected) in [
        (0, 0, 0..1_205),
        (0, 1_001, 0..1_001),
        (1_200, 0, 1_200..1_205),
        (1_200, 3, 1_200..1_203),
        (1_205, 0, 1_205..1_205),
        (u64::MAX, u64::MAX, 1_205..1_205),
    ] {
        assert_eq!(events(pages(&log, after, limit).await), logged[expected], "{after} {limit}");
    }
}

#[tokio::test]
async fn no_response_is_larger_than_one_event_needs() {
    let folder = tempfile::tempdir().unwrap();
    let log = log_in(&folder);
    for kibibytes in [400, 400, 400, 3_000, 1] {
        append_one(&log, "teacher-7", Bytes::from(vec![7; kibibytes << 10])).await;
    }
    let counts: Vec<_> = pages(&log, 0, 0).await.iter().map(|page| page.events.len()).collect();
    assert_eq!(counts, [2, 1, 1, 1]);
}

#[tokio::test]
async fn what_is_appended_during_the_reading_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let log = log_in(&folder);
    append(&log, 3).await;
    let mut reading = std::pin::pin!(read_log::pages(log.clone(), SHARD, Position::START, 0));
    let first = reading.try_next().await.unwrap().unwrap();
    append(&log, 3).await;
    assert_eq!(first.events.len(), 3);
    assert_eq!(reading.try_next().await.unwrap(), None);
}
