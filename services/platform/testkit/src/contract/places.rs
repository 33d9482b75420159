//! Positions count a shard, sequences a tenant: 1, 2, 3 … without holes.

use northstar_eventlog::Appended;
use northstar_kernel::{ExpectedVersion, Position, Sequence, Shard, Version};
use tokio::task::JoinSet;

use super::{Store, given};

fn at(position: u64, sequence: u64, version: u64) -> Appended {
    Appended {
        position: Position(position),
        sequence: Sequence(sequence),
        version: Version(version),
        repeated: false,
    }
}

/// Tenants that share a shard share its positions and have their own sequences and streams.
pub async fn positions_and_sequences_are_dense(store: &impl Store) {
    let log = store.log();
    let tenants = given::neighbours("dense", Shard(0), 2);
    let elsewhere = given::neighbours("dense", Shard(1), 1)[0];
    let (a, b) = (log.tenant(&tenants[0]), log.tenant(&tenants[1]));
    let note = |text| given::note(&given::stream(1), text);
    assert_eq!(a.append(note("1")).await.unwrap(), at(1, 1, 1));
    assert_eq!(b.append(note("2")).await.unwrap(), at(2, 1, 1));
    let two = given::append(&given::stream(2), ExpectedVersion::NoStream, &["3", "4"]);
    assert_eq!(a.append(two).await.unwrap(), at(4, 3, 2), "the last of two events");
    assert_eq!(b.append(note("5")).await.unwrap(), at(5, 2, 2));
    assert_eq!(log.tenant(&elsewhere).append(note("6")).await.unwrap(), at(1, 1, 1));

    let scanned = log.scan(Shard(0), Position::START, 100).await.unwrap();
    let places: Vec<_> =
        scanned.iter().map(|event| (event.position.0, event.sequence.0, event.version.0)).collect();
    assert_eq!(places, [(1, 1, 1), (2, 1, 1), (3, 2, 1), (4, 3, 2), (5, 2, 2)]);
    assert!(scanned.iter().all(|event| event.shard == Shard(0)));
}

/// A log that starts over an old store counts on.
pub async fn places_go_on_where_another_log_left_off(store: &impl Store) {
    let scope = given::scope("goes-on");
    let note = |text| given::note(&given::stream(1), text);
    store.log().tenant(&scope).append(note("1")).await.unwrap();
    let appended = store.log().tenant(&scope).append(note("2")).await.unwrap();
    assert_eq!(appended, at(2, 2, 2));
}

/// Two replicas that write by turns never take the same place, and leave no hole.
pub async fn two_logs_share_a_shard(store: &impl Store) {
    let logs = [store.log(), store.log()];
    let scope = given::scope("two-logs");
    for turn in 1..=6 {
        let log = &logs[turn % 2];
        let note = given::note(&given::stream(turn as u128 % 3), "x");
        let appended = log.tenant(&scope).append(note).await.unwrap();
        let turn = turn as u64;
        assert_eq!((appended.position.0, appended.sequence.0), (turn, turn));
    }
}

/// However many ask at once, everybody has places of their own.
pub async fn many_callers_share_a_shard(store: &impl Store) {
    let log = store.log();
    let mut callers = JoinSet::new();
    for (number, scope) in given::neighbours("many", Shard(1), 4).into_iter().enumerate() {
        for caller in 0..16 {
            let tenant = log.tenant(&scope);
            let note = given::note(&given::stream(caller % 5), "x");
            callers.spawn(async move { (number, tenant.append(note).await.unwrap()) });
        }
    }
    let appended = callers.join_all().await;
    let mut positions: Vec<_> = appended.iter().map(|(_, at)| at.position.0).collect();
    positions.sort_unstable();
    assert!(positions.into_iter().eq(1..=64));
    for tenant in 0..4 {
        let of_tenant = appended.iter().filter(|(number, _)| *number == tenant);
        let mut sequences: Vec<_> = of_tenant.map(|(_, at)| at.sequence.0).collect();
        sequences.sort_unstable();
        assert!(sequences.into_iter().eq(1..=16));
    }
}

/// An append may be larger than what is gathered for one commit.
pub async fn a_large_append_is_one(store: &impl Store) {
    let log = store.log();
    let scope = given::scope("large");
    let texts = vec!["x"; 5_000];
    let append = given::append(&given::stream(1), ExpectedVersion::NoStream, &texts);
    let append = given::asked(append, "large", "large");
    assert_eq!(log.tenant(&scope).append(append.clone()).await.unwrap(), at(5_000, 5_000, 5_000));
    let repeated = store.log().tenant(&scope).append(append).await.unwrap();
    assert_eq!(repeated, Appended { repeated: true, ..at(5_000, 5_000, 5_000) });
}
