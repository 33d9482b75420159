//! Readers by the rule *next = last + 1*, and what their findings must be.

use std::collections::BTreeMap;
use std::time::Duration;

use northstar_eventlog::{Log, Recorded, TenantLog};
use northstar_kernel::{Position, Sequence, Shard, TenantId, TenantScope};
use tokio::sync::watch;
use tokio::time::sleep;

use crate::load::Acknowledged;

/// Events at a time, so that readers are often in the middle.
const PAGE: u32 = 17;
const PAUSE: Duration = Duration::from_millis(20);

/// What somebody saw of a shard after a position.
pub(crate) struct Followed {
    pub(crate) shard: Shard,
    pub(crate) start: Position,
    pub(crate) events: Vec<Recorded>,
}

/// Follows a shard until the writers have finished and nothing is left to read.
pub(crate) async fn shard(
    log: Log,
    shard: Shard,
    start: Position,
    mut finished: watch::Receiver<bool>,
) -> Followed {
    let mut head = log.watch(shard);
    let mut events: Vec<Recorded> = Vec::new();
    let mut last = start;
    loop {
        let ending = *finished.borrow();
        let page = log.scan(shard, last, PAGE).await.unwrap();
        for event in page.iter() {
            assert_eq!(event.position, last.next(), "shard {shard}: a hole or a repeat");
            last = event.position;
        }
        if page.is_empty() && ending {
            return Followed { shard, start, events };
        }
        if page.is_empty() {
            pause(&mut head, &mut finished).await;
        }
        events.extend(page);
    }
}

/// Follows a tenant's feed in the same way.
pub(crate) async fn feed(tenant: TenantLog, mut finished: watch::Receiver<bool>) -> Vec<Recorded> {
    let mut head = tenant.head();
    let mut events: Vec<Recorded> = Vec::new();
    loop {
        let ending = *finished.borrow();
        let last = events.last().map_or(Sequence::START, |event| event.sequence);
        let page = tenant.feed(last, PAGE).await.unwrap();
        let expected = (last.0 + 1)..=(last.0 + page.len() as u64);
        assert!(page.iter().map(|event| event.sequence.0).eq(expected), "a hole in the feed");
        if page.is_empty() && ending {
            return events;
        }
        if page.is_empty() {
            pause(&mut head, &mut finished).await;
        }
        events.extend(page);
    }
}

/// Until this replica has written, or the other one may have, or all have finished.
async fn pause(head: &mut watch::Receiver<Position>, finished: &mut watch::Receiver<bool>) {
    tokio::select! {
        moved = head.changed() => moved.unwrap(),
        ended = finished.changed() => drop(ended),
        () = sleep(PAUSE) => {}
    }
}

/// Compares what readers saw and writers were told with what the log holds.
pub(crate) fn check(truth: &[Followed], followed: &[Followed], acknowledged: &[Acknowledged]) {
    for seen in followed {
        let whole = truth.iter().find(|whole| whole.shard == seen.shard).unwrap();
        assert_eq!(seen.events, whole.events, "shard {}: a reader saw something else", seen.shard);
    }
    let events: usize = truth.iter().map(|shard| shard.events.len()).sum();
    let told: usize = acknowledged.iter().map(|one| one.texts.len()).sum();
    assert_eq!(events, told, "events in the log, and events that writers were told of");
    for shard in truth {
        check_places(shard);
    }
    let by_position: BTreeMap<(Shard, Position), &Recorded> = truth
        .iter()
        .flat_map(|shard| &shard.events)
        .map(|event| ((event.shard, event.position), event))
        .collect();
    for one in acknowledged {
        check_acknowledged(one, &by_position);
    }
}

/// Positions, sequences and versions count from 1 without holes, in the order of the log.
fn check_places(shard: &Followed) {
    let mut position = shard.start;
    let mut sequences: BTreeMap<TenantId, u64> = BTreeMap::new();
    let mut versions: BTreeMap<(TenantId, &str), u64> = BTreeMap::new();
    for event in &shard.events {
        assert_eq!(event.position, position.next());
        position = event.position;
        let sequence = sequences.entry(event.tenant).or_default();
        assert_eq!(event.sequence.0, *sequence + 1, "tenant {}", event.tenant);
        *sequence += 1;
        let version = versions.entry((event.tenant, &event.stream)).or_default();
        assert_eq!(event.version.0, *version + 1, "stream {}", event.stream);
        *version += 1;
    }
}

/// The append's events stand where its writer was told, together and in order. That the counts are
/// equal makes it "exactly once".
fn check_acknowledged(one: &Acknowledged, log: &BTreeMap<(Shard, Position), &Recorded>) {
    let shard = northstar_testkit::contract::given::shard(&one.scope);
    let count = one.texts.len() as u64;
    for (index, text) in (1..=count).zip(&one.texts) {
        let back = count - index;
        let event = log[&(shard, Position(one.last.position.0 - back))];
        assert_eq!(event.payload, text.as_bytes());
        assert_eq!((event.tenant, &*event.stream), (one.scope.tenant(), one.stream.as_str()));
        assert_eq!(event.sequence.0, one.last.sequence.0 - back);
        assert_eq!(event.version.0, one.last.version.0 - back);
    }
}

/// The feed is the tenant's part of its shard, in the same order.
pub(crate) fn check_feed(truth: &[Followed], scope: &TenantScope, fed: &[Recorded]) {
    let events = truth.iter().flat_map(|shard| &shard.events);
    let own: Vec<_> = events.filter(|event| event.tenant == scope.tenant()).collect();
    assert!(own.into_iter().eq(fed), "the feed is not the tenant's part of the shard");
}
