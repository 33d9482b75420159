//! Many writers, two replicas on the same shards, readers that follow: nothing is lost, doubled or
//! put out of order, while a reader that trusts a database sequence loses events.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod busy;
mod cut;
mod followed;
mod load;
mod naive;

use northstar_testkit::contract::Store;
use northstar_testkit::contract::stores::{OnPostgres, OnSqlite};
use northstar_testkit::postgres::UNSYNCED;
use northstar_testkit::{Postgres, thorough};

/// Runs the load for each seed, over one store; what a run leaves is the ground of the next.
async fn torture(store: impl Store, seeds: u64) {
    let logs = [store.log(), store.log()];
    for seed in 0..seeds {
        let run = tokio::spawn(load::run(logs.clone(), seed));
        if let Err(failed) = run.await {
            panic!("seed {seed} of {seeds}: {failed}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_replicas_on_postgres_lose_double_and_reorder_nothing() {
    // Not synced: a commit's order, not its disk, is what is tried here.
    let server = Postgres::start_with(&UNSYNCED).unwrap();
    torture(OnPostgres::on(&server).await, if thorough() { 600 } else { 200 }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_replicas_on_sqlite_lose_double_and_reorder_nothing() {
    torture(OnSqlite::new(), if thorough() { 200 } else { 20 }).await;
}
