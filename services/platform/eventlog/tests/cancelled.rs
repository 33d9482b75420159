//! Callers that stop waiting, in the middle of whatever the store does for them, spoil nothing for
//! those who come after.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::time::Duration;

use northstar_eventlog::{LaneError, Log};
use northstar_kernel::{ExpectedVersion, Position, Sequence, Shard, TenantScope};
use northstar_testkit::contract::stores::OnPostgres;
use northstar_testkit::contract::{Store, given};
use northstar_testkit::postgres::UNSYNCED;
use northstar_testkit::{Postgres, thorough};
use rand::RngExt as _;
use tokio::task::JoinSet;
use tokio::time::timeout;
use uuid::Uuid;

const CALLERS: u32 = 12;
/// Longer than most calls take, and shorter than some.
const LONGEST_WAIT: u64 = 3_000;

fn scope(number: u32) -> TenantScope {
    given::scope(&format!("tenant-{number}"))
}

async fn append(log: &Log, scope: &TenantScope) {
    let stream = given::stream(rand::random());
    let append = given::append(&stream, ExpectedVersion::NoStream, &["noted"]);
    log.tenant(scope).append(append).await.unwrap();
}

async fn step(log: &Log, shard: Shard) {
    let seen = log.lane(given::CONSUMER, shard).await.unwrap();
    let step = given::step(shard, &seen, seen.commits + 1, Vec::new());
    let stepped = log.commit_lane(Vec::new(), step).await;
    // Another caller may have been faster.
    assert!(matches!(stepped, Ok(()) | Err(LaneError::Fenced)), "{stepped:?}");
}

/// One call of each kind: those that read, that hold a replica's shards, that write.
async fn call(log: &Log, kind: u32, scope: &TenantScope) {
    let (tenant, shard) = (log.tenant(scope), Shard(0));
    match kind % 8 {
        0 => append(log, scope).await,
        1 => drop(tenant.feed(Sequence(0), 50).await.unwrap()),
        2 => drop(log.scan(shard, Position(0), 50).await.unwrap()),
        3 => drop(log.tenants(shard).await.unwrap()),
        4 => log.look().await.unwrap(),
        5 => step(log, shard).await,
        6 => {
            log.put_documents(7, vec![given::put(scope, &kind.to_be_bytes(), "new")]).await.unwrap()
        }
        _ => drop(log.hold_shards(Uuid::from_u128(1), Duration::from_secs(60)).await.unwrap()),
    }
}

/// How many appends were acknowledged.
async fn impatient(log: Log, number: u32, calls: u32) -> u64 {
    let (scope, mut acknowledged) = (scope(number), 0);
    for kind in 0..calls {
        let wait = Duration::from_micros(rand::rng().random_range(0..LONGEST_WAIT));
        let answered = timeout(wait, call(&log, kind, &scope)).await.is_ok();
        acknowledged += u64::from(answered && kind % 8 == 0);
    }
    acknowledged
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_nobody_waits_for_spoils_no_other() {
    let server = Postgres::start_with(&UNSYNCED).unwrap();
    let log = OnPostgres::on(&server).await.log();
    let calls = if thorough() { 3_000 } else { 300 };
    let callers: JoinSet<u64> =
        (0..CALLERS).map(|number| impatient(log.clone(), number, calls)).collect();
    let acknowledged: u64 = callers.join_all().await.into_iter().sum();
    for kind in 0..80 {
        call(&log, kind, &scope(kind % CALLERS)).await;
    }
    let mut kept = 0;
    for number in 0..CALLERS {
        kept += log.tenant(&scope(number)).sequence().await.unwrap().0;
    }
    assert!(kept >= acknowledged, "{acknowledged} appends were acknowledged, {kept} are there");
}
