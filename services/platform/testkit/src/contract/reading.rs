//! Reading on from where one was, and waking when there is more.

use std::time::Duration;

use northstar_eventlog::{Recorded, TenantLog};
use northstar_kernel::{Position, Sequence, Shard};
use tokio::time::timeout;

use super::{Store, given};

/// Longer than any wake takes; only a lost one waits so long.
const PATIENCE: Duration = Duration::from_secs(30);

async fn write(tenant: &TenantLog, stream: u128, texts: &[&str]) {
    for text in texts {
        tenant.append(given::note(&given::stream(stream), text)).await.unwrap();
    }
}

fn texts(events: &[Recorded]) -> Vec<&str> {
    events.iter().map(|event| std::str::from_utf8(&event.payload).unwrap()).collect()
}

/// A stream is all of its events and nobody else's.
pub async fn streams_come_whole(store: &impl Store) {
    let tenant = store.log().tenant(&given::scope("streams"));
    write(&tenant, 1, &["1", "2"]).await;
    write(&tenant, 11, &["x"]).await;
    write(&tenant, 1, &["3"]).await;
    assert_eq!(texts(&tenant.stream(&given::stream(1)).await.unwrap()), ["1", "2", "3"]);
    assert_eq!(tenant.stream(&given::stream(2)).await.unwrap(), []);
}

/// Many streams in one read: each whole and in order, those that there are, each once, and nobody
/// else's.
pub async fn streams_are_read_together(store: &impl Store) {
    let log = store.log();
    let (ours, theirs) = (given::scope("beside"), given::scope("aside"));
    let (tenant, other) = (log.tenant(&ours), log.tenant(&theirs));
    write(&tenant, 2, &["a"]).await;
    write(&tenant, 1, &["1", "2"]).await;
    write(&tenant, 2, &["b"]).await;
    write(&tenant, 11, &["x"]).await;
    write(&tenant, 1, &["3"]).await;
    write(&other, 1, &["theirs"]).await;
    write(&other, 4, &["theirs"]).await;
    let read = async |numbers: &[u128]| {
        let asked = numbers.iter().map(|number| given::stream(*number)).collect();
        let found = tenant.streams(&asked).await.unwrap();
        found.into_iter().map(|(name, events)| (name, texts(&events).join(" "))).collect::<Vec<_>>()
    };
    let named = |number, texts: &str| (given::stream(number).to_string(), texts.to_owned());
    assert_eq!(read(&[2, 1, 3, 4]).await, [named(1, "1 2 3"), named(2, "a b")]);
    assert_eq!(read(&[3]).await, []);
    assert_eq!(read(&[]).await, []);
    let alone = tenant.stream(&given::stream(1)).await.unwrap();
    let together = tenant.streams(&[given::stream(1)].into()).await.unwrap();
    assert_eq!(together.into_values().collect::<Vec<_>>(), [alone]);
    let many: Vec<u128> = (100..1_400).collect();
    for number in many.iter().step_by(100) {
        write(&tenant, *number, &["one of many"]).await;
    }
    assert_eq!(read(&many).await.len(), 13);
}

/// A tenant's feed, page after page, is its events in the order of their sequences.
pub async fn feeds_come_in_pages(store: &impl Store) {
    let log = store.log();
    let tenants = given::neighbours("feeds", Shard(0), 2);
    let (a, b) = (log.tenant(&tenants[0]), log.tenant(&tenants[1]));
    for text in ["1", "2", "3", "4", "5"] {
        write(&a, 1, &[text]).await;
        write(&b, 1, &["x"]).await;
    }
    assert_eq!(a.sequence().await.unwrap(), Sequence(5));
    assert_eq!(texts(&a.feed(Sequence::START, 2).await.unwrap()), ["1", "2"]);
    assert_eq!(texts(&a.feed(Sequence(2), 2).await.unwrap()), ["3", "4"]);
    assert_eq!(texts(&a.feed(Sequence(4), 2).await.unwrap()), ["5"]);
    assert_eq!(a.feed(Sequence(5), 2).await.unwrap(), []);
    assert_eq!(a.feed(Sequence::START, 0).await.unwrap(), []);
}

/// A shard's scan, page after page, is the events of all its tenants in the order of positions.
pub async fn scans_come_in_pages(store: &impl Store) {
    let log = store.log();
    for scope in given::neighbours("scans", Shard(1), 2) {
        write(&log.tenant(&scope), 1, &["1", "2", "3"]).await;
    }
    let mut after = Position::START;
    let mut seen = Vec::new();
    loop {
        let page = log.scan(Shard(1), after, 4).await.unwrap();
        let Some(last) = page.last() else { break };
        after = last.position;
        seen.extend(page);
    }
    assert!(seen.iter().map(|event| event.position.0).eq(1..=6));
    assert_eq!(texts(&seen), ["1", "2", "3", "1", "2", "3"]);
    assert_eq!(log.scan(Shard(0), Position::START, 4).await.unwrap(), []);
}

/// A place that no log will ever reach has nothing after it.
pub async fn the_end_of_numbers_is_the_end_of_the_log(store: &impl Store) {
    let log = store.log();
    let scope = given::scope("far");
    write(&log.tenant(&scope), 1, &["1", "2"]).await;
    for far in [u64::MAX, i64::MAX as u64, i64::MAX as u64 + 1] {
        assert_eq!(log.tenant(&scope).feed(Sequence(far), u32::MAX).await.unwrap(), []);
        let scanned = log.scan(given::shard(&scope), Position(far), u32::MAX).await.unwrap();
        assert_eq!(scanned, []);
    }
}

/// The store tells the newest position of a shard and which tenants live there.
pub async fn heads_are_known(store: &impl Store) {
    let log = store.log();
    assert_eq!(log.head(Shard(0)).await.unwrap(), Position::START);
    assert_eq!(log.tenants(Shard(0)).await.unwrap(), []);
    let mut tenants = given::neighbours("heads", Shard(0), 3);
    for scope in &tenants {
        write(&log.tenant(scope), 1, &["1", "2"]).await;
    }
    let other = store.log();
    assert_eq!(other.head(Shard(0)).await.unwrap(), Position(6));
    assert_eq!(other.head(Shard(1)).await.unwrap(), Position::START);
    assert_eq!(other.tenant(&tenants[0]).position().await.unwrap(), Position(6));
    assert_eq!(other.tenant(&tenants[0]).sequence().await.unwrap(), Sequence(2));
    tenants.sort_unstable_by_key(|scope| scope.tenant());
    let expected: Vec<_> = tenants.iter().map(|scope| scope.tenant()).collect();
    assert_eq!(other.tenants(Shard(0)).await.unwrap(), expected);
    assert_eq!(other.tenants(Shard(1)).await.unwrap(), []);
}

/// Whoever watches a shard is woken by an append and finds it in the log.
pub async fn a_new_head_wakes(store: &impl Store) {
    let log = store.log();
    let scope = given::scope("wakes");
    let mut head = log.tenant(&scope).head();
    let mut elsewhere = log.watch(Shard(1 - given::shard(&scope).0));
    let watching = tokio::spawn(async move {
        timeout(PATIENCE, head.wait_for(|head| *head >= Position(2))).await.unwrap().unwrap();
    });
    write(&log.tenant(&scope), 1, &["1", "2"]).await;
    watching.await.unwrap();
    let seen = log.scan(given::shard(&scope), Position::START, 10).await.unwrap();
    assert_eq!(texts(&seen), ["1", "2"]);
    assert!(!elsewhere.has_changed().unwrap(), "another shard's head has not moved");
    assert_eq!(*elsewhere.borrow_and_update(), Position::START);
}

/// What another replica has written wakes after a look at the store, and heads never go back.
pub async fn a_look_wakes_for_other_logs(store: &impl Store) {
    let (writing, watching) = (store.log(), store.log());
    let scope = given::scope("looks");
    let shard = given::shard(&scope);
    write(&writing.tenant(&scope), 1, &["1", "2"]).await;
    let mut head = watching.watch(shard);
    assert_eq!(*head.borrow_and_update(), Position::START);
    watching.look().await.unwrap();
    assert!(head.has_changed().unwrap());
    assert_eq!(*head.borrow_and_update(), Position(2));
    watching.announce(shard, Position(1));
    watching.look().await.unwrap();
    assert!(!head.has_changed().unwrap());
    assert_eq!(*head.borrow(), Position(2));
}
