//! A replica beside a busy one on the same shard.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use northstar_kernel::Shard;
use northstar_testkit::Postgres;
use northstar_testkit::contract::stores::OnPostgres;
use northstar_testkit::contract::{Store as _, given};
use tokio::task::JoinSet;

/// The busy one always has the next commit ready before the other has seen the last.
#[tokio::test(flavor = "multi_thread")]
async fn a_replica_beside_a_busy_one_gets_its_turn() {
    let store = OnPostgres::on(Postgres::shared().unwrap()).await;
    let (busy, other) = (store.log(), store.log());
    let scopes = given::neighbours("busy", Shard(0), 2);
    let done = Arc::new(AtomicBool::new(false));
    let mut callers = JoinSet::new();
    for number in 0..64 {
        let (tenant, done) = (busy.tenant(&scopes[0]), Arc::clone(&done));
        callers.spawn(async move {
            while !done.load(Ordering::Relaxed) {
                tenant.append(given::note(&given::stream(number), "busy")).await.unwrap();
            }
        });
    }
    let tenant = other.tenant(&scopes[1]);
    for count in 1..=300 {
        let appended = tenant.append(given::note(&given::stream(1), "other")).await.unwrap();
        assert_eq!(appended.version.0, count);
    }
    for count in 1..=10 {
        let seen = other.lane(given::CONSUMER, Shard(0)).await.unwrap();
        let appends = vec![(scopes[1], given::note(&given::stream(2), "lane"))];
        let step = given::step(Shard(0), &seen, count, Vec::new());
        other.commit_lane(appends, step).await.unwrap();
    }
    done.store(true, Ordering::Relaxed);
    callers.join_all().await;
}
