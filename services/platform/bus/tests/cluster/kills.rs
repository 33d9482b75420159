//! Random ends of broker and relay, by seed.

use std::time::Duration;

use northstar_bus::feed::Feeds as _;
use northstar_bus::relay::Retention;
use northstar_kernel::Position;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio::task::{JoinHandle, block_in_place};
use tokio::time::{sleep, timeout};

use crate::owner::Owner;
use crate::stand::{PATIENCE, SHARD, Stand};

const STEPS: u32 = 12;

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_brings_each_position_once_whatever_dies() {
    let seeds = if northstar_testkit::thorough() { 0..40 } else { 0..2 };
    for seed in seeds {
        run(seed).await;
    }
}

async fn run(seed: u64) {
    let mut chance = StdRng::seed_from_u64(seed);
    let stand = Stand::new().await;
    let owner = Owner::of(&stand.log).await;
    let taking = take(&stand, &owner);
    let mut relay = Some(relay(&stand));
    let mut total = 0;
    for _ in 0..STEPS {
        let burst = chance.random_range(1..120);
        stand.append(burst).await;
        total += burst;
        match chance.random_range(0..5) {
            0 => block_in_place(|| stand.nats.kill9()),
            1 => block_in_place(|| stand.nats.delete_store()).unwrap(),
            2 => drop(relay.take().inspect(JoinHandle::abort)),
            _ => block_in_place(|| stand.nats.restart()).unwrap(),
        }
        if relay.is_none() && chance.random_bool(0.7) {
            relay = Some(self::relay(&stand));
        }
        sleep(Duration::from_millis(chance.random_range(0..400))).await;
    }
    stand.append(1).await;
    let taken = timeout(PATIENCE, taking(total + 1)).await;
    let taken = taken.unwrap_or_else(|_| panic!("seed {seed}: the feed stands still"));
    assert_eq!(taken, (1..=total + 1).collect::<Vec<_>>(), "seed {seed}");
    relay.inspect(JoinHandle::abort);
}

fn relay(stand: &Stand) -> JoinHandle<()> {
    stand.relay_keeping(Retention { refill: 60, ..Retention::default() })
}

/// Takes positions from a feed all the while; ask for the sum of them.
fn take(stand: &Stand, owner: &Owner) -> impl AsyncFnOnce(u64) -> Vec<u64> + use<> {
    let mut feed = owner.feeds(stand).open("evidence", SHARD, Position::START).unwrap();
    let (sender, mut taken) = tokio::sync::mpsc::unbounded_channel();
    let taking = tokio::spawn(async move {
        loop {
            match feed.next().await {
                Ok(events) => {
                    for event in events {
                        let _ = sender.send(event.position.0);
                    }
                }
                Err(_) => sleep(Duration::from_millis(50)).await,
            }
        }
    });
    async move |last| {
        let mut positions = Vec::new();
        while positions.last() != Some(&last) {
            positions.extend(taken.recv().await);
        }
        taking.abort();
        positions
    }
}
