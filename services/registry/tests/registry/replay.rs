//! The same facts give the same state, however they came to be known.

use std::sync::Arc;

use northstar_bus::feed::LocalFeeds;
use northstar_bus::lane::Lane;
use northstar_bus::rebuild::{Options, rebuild};

use crate::region::{Region, package, roster, tenant};

#[tokio::test]
async fn the_state_is_the_same_whatever_came_first_and_whatever_the_keys() {
    let (a, b) = (Region::with_key([1; 32]), Region::with_key([2; 32]));
    a.report_of(roster("v1p1")).await;
    a.import_package("good.json", &package("good.json")).await;
    b.import_package("wrapped.json", &package("wrapped.json")).await;
    b.report_of(roster("v1p2")).await;
    assert_eq!(a.state_hash().await, b.state_hash().await, "both versions say the same");
    b.report_of(roster("v1p2-delta")).await;
    assert_ne!(a.state_hash().await, b.state_hash().await, "one left, one has another role");
}

#[tokio::test]
async fn a_rebuild_gives_the_same_state() {
    let region = Region::new();
    region.import_package("good.json", &package("good.json")).await;
    for set in ["v1p1", "v1p2", "v1p2-delta"] {
        region.report_of(roster(set)).await;
    }
    let before = region.state_hash().await;
    let handler = Arc::clone(&region.context.handlers[0]);
    let feeds = Arc::new(LocalFeeds::new([region.log.clone()]));
    let lane = Lane { handler, log: region.log.clone(), feeds };
    let shard = region.log.shards().shard_of(tenant());
    for (workers, batch_size) in [(1, 1), (2, 3), (7, 10_000)] {
        let report = rebuild(&lane, shard, Options { workers, batch_size }).await.unwrap();
        assert_eq!((report.events, report.malformed), (region.event_types().await.len() as u64, 0));
        assert_eq!(region.state_hash().await, before, "{workers} workers, batches of {batch_size}");
    }
}
