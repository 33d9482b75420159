//! Several replicas of a service share its shards.
//!
//! Who has a shard is written in the store and must be renewed. It saves double work and nothing
//! more: should two replicas believe that they have the same shard, the lanes' fenced checkpoints
//! and the streams' expected sequences keep them from doing harm.

use std::collections::BTreeMap;
use std::time::Duration;

use northstar_eventlog::{Fault, Log};
use northstar_kernel::Shard;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};
use tracing::{error, info, warn};
use uuid::Uuid;

use crate::lane::chain;

/// One replica's part in the work on a log.
pub struct Ownership {
    log: Log,
    replica: Uuid,
    ttl: Duration,
}

impl Ownership {
    /// The part of `replica`, an id that is new each time a process starts. `ttl` is how long the
    /// others wait for a replica that has died, at least three milliseconds.
    pub fn new(log: Log, replica: Uuid, ttl: Duration) -> Self {
        Self { log, replica, ttl: ttl.max(Duration::from_millis(3)) }
    }

    /// Does the work: starts it for each shard that is gained, stops it for each that is lost, and
    /// starts it again should a task of it end. Returns after `stop`, with everything stopped and
    /// the shards let go.
    pub async fn run(self, start: impl Fn(Shard) -> JoinSet<()>, stop: impl Future<Output = ()>) {
        let mut shards = BTreeMap::new();
        let mut stop = std::pin::pin!(stop);
        let mut ticks = interval(self.ttl / 3);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut renewed = Instant::now();
        loop {
            tokio::select! {
                () = &mut stop => break,
                _ = ticks.tick() => {}
            }
            let asked = Instant::now();
            match self.hold().await {
                Ok(held) => {
                    renewed = asked;
                    self.change(&mut shards, &held, &start).await;
                }
                Err(fault) => {
                    let context = self.log.context();
                    warn!(context, cause = chain(&fault), "shards were not renewed");
                    if renewed.elapsed() > self.ttl {
                        self.change(&mut shards, &[], &start).await;
                    }
                }
            }
        }
        self.change(&mut shards, &[], &start).await;
        if let Err(fault) = self.log.release_shards(self.replica).await {
            warn!(context = self.log.context(), cause = chain(&fault), "shards were not let go");
        }
    }

    async fn hold(&self) -> Result<Vec<Shard>, Fault> {
        let holding = self.log.hold_shards(self.replica, self.ttl);
        let late = |_| Fault::passing("renewing shards", "the store did not answer in time");
        timeout(self.ttl / 2, holding).await.map_err(late)?
    }

    /// Brings the work from what was held to what is held.
    async fn change(
        &self,
        shards: &mut BTreeMap<Shard, JoinSet<()>>,
        held: &[Shard],
        start: &impl Fn(Shard) -> JoinSet<()>,
    ) {
        let context = self.log.context();
        let kept = |shard: &Shard, work: &mut JoinSet<()>| {
            let ended = work.try_join_next().is_some();
            if ended {
                error!(context, %shard, "work on a shard ended by itself; starting it again");
            }
            held.contains(shard) && !ended
        };
        let stopped: Vec<_> = shards.extract_if(.., |shard, work| !kept(shard, work)).collect();
        for (shard, mut work) in stopped {
            work.shutdown().await;
            info!(context, %shard, "stopped");
        }
        for shard in held {
            shards.entry(*shard).or_insert_with(|| {
                info!(context, %shard, "started");
                start(*shard)
            });
        }
    }
}

/// Looks for heads that other replicas have moved, again and again: what wakes this process's lanes
/// and relays for events that were appended elsewhere.
pub async fn watch_heads(log: Log, every: Duration) {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut failing = false;
    loop {
        ticks.tick().await;
        match log.look().await {
            Ok(()) => failing = false,
            Err(fault) => {
                if !std::mem::replace(&mut failing, true) {
                    let context = log.context();
                    warn!(context, cause = chain(&fault), "heads cannot be looked at");
                }
            }
        }
    }
}
