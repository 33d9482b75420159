//! Feeds on the cluster footing: JetStream for speed, the owner's log for certainty.
//!
//! The broker is a hint. Whatever it brings is delivered only if it follows what was delivered
//! before; at a hole, at its end, or when it is silent, the owner is asked through `ReadLog`.

mod live;

use std::time::Duration;

use async_nats::jetstream;
use async_trait::async_trait;
use northstar_eventlog::{Fault, Recorded};
use northstar_kernel::{Position, Shard};
use tokio::time::{sleep, timeout};
use tracing::debug;

use crate::broker::Broker;
use crate::feed::{Feed, Feeds, LocalFeeds};
use crate::owner::{Owners, Reading};

use live::Live;

/// How long the broker may be silent before the owner is asked whether there is more.
const PATIENCE: Duration = Duration::from_secs(3);
/// The same, once the owner knew of more than the broker brought, or while there is no broker.
const IMPATIENCE: Duration = Duration::from_millis(250);
/// Events asked for when the broker is silent.
const ASKED: u64 = 1_000;

/// The context's own log from this process, the others' from the broker and their owners.
#[derive(Clone)]
pub struct ClusterFeeds {
    local: LocalFeeds,
    broker: Broker,
    jetstream: jetstream::Context,
    owners: Owners,
}

impl ClusterFeeds {
    /// Feeds from logs in this process and, for all others, from the broker and the owners.
    pub fn new(local: LocalFeeds, broker: Broker, owners: Owners) -> Self {
        Self { local, jetstream: broker.jetstream(), broker, owners }
    }
}

impl Feeds for ClusterFeeds {
    fn open(
        &self,
        source: &'static str,
        shard: Shard,
        after: Position,
    ) -> Result<Box<dyn Feed>, Fault> {
        if self.local.has(source) {
            return self.local.open(source, shard, after);
        }
        if !self.owners.knows(source) {
            let why = format!("no address is known for the owner of the {source} log");
            return Err(Fault::lasting("opening a feed", why));
        }
        let (feeds, from) = (self.clone(), From::Nowhere);
        Ok(Box::new(ClusterFeed { feeds, source, shard, after, from, patience: PATIENCE }))
    }
}

/// Where the next events come from.
enum From {
    /// Not decided.
    Nowhere,
    /// The broker had a hole: the owner is to be asked.
    Hole,
    /// The owner, up to what it had when it was asked.
    Owner(Box<Reading>),
    /// The broker.
    Broker(Box<Live>),
}

struct ClusterFeed {
    feeds: ClusterFeeds,
    source: &'static str,
    shard: Shard,
    after: Position,
    from: From,
    patience: Duration,
}

#[async_trait]
impl Feed for ClusterFeed {
    async fn next(&mut self) -> Result<Vec<Recorded>, Fault> {
        loop {
            let events = match self.step().await {
                Ok(events) => events,
                Err(fault) => {
                    self.from = From::Nowhere;
                    return Err(fault);
                }
            };
            if let Some(last) = events.last() {
                self.after = last.position;
                return Ok(events);
            }
        }
    }
}

impl ClusterFeed {
    /// One wait at the present place; maybe nothing came of it but another place.
    async fn step(&mut self) -> Result<Vec<Recorded>, Fault> {
        match &mut self.from {
            From::Nowhere => {
                self.from = self.choose().await?;
                Ok(Vec::new())
            }
            From::Hole => {
                debug!(source = self.source, shard = %self.shard, "healing from the log");
                self.from = self.owner().await?;
                Ok(Vec::new())
            }
            From::Owner(reading) => match reading.next(self.after).await? {
                Some(events) => Ok(events),
                None => {
                    self.caught_up().await;
                    Ok(Vec::new())
                }
            },
            From::Broker(live) => match timeout(self.patience, live.next(self.after)).await {
                Ok(batch) => {
                    self.patience = PATIENCE;
                    if batch.broken {
                        self.from = From::Hole;
                    }
                    Ok(batch.events)
                }
                Err(_) => Ok(self.ask().await),
            },
        }
    }

    /// The broker if it has what comes next, else the owner.
    async fn choose(&self) -> Result<From, Fault> {
        match self.live().await {
            Some(live) => Ok(live),
            None => self.owner().await,
        }
    }

    async fn live(&self) -> Option<From> {
        if !self.feeds.broker.is_connected() {
            return None;
        }
        let opened = Live::open(&self.feeds.jetstream, self.source, self.shard, self.after).await;
        match opened {
            Ok(live) => live.map(|live| From::Broker(Box::new(live))),
            Err(fault) => {
                debug!(source = self.source, shard = %self.shard, cause = ?fault, "no broker");
                None
            }
        }
    }

    async fn owner(&self) -> Result<From, Fault> {
        self.feeds
            .owners
            .read(self.source, self.shard, self.after, 0)
            .await
            .map(|reading| From::Owner(Box::new(reading)))
    }

    /// The owner has nothing more: back to the broker, or a little later to the owner.
    async fn caught_up(&mut self) {
        self.from = match self.live().await {
            Some(live) => live,
            None => {
                sleep(IMPATIENCE).await;
                From::Nowhere
            }
        };
    }

    /// The broker is silent: does the owner know of more? If so, the relay is slow or dead. The
    /// consumer stays: what it brings late is known by its position.
    async fn ask(&mut self) -> Vec<Recorded> {
        let asked = async {
            let owners = &self.feeds.owners;
            let mut reading = owners.read(self.source, self.shard, self.after, ASKED).await?;
            reading.next(self.after).await
        };
        let events = match asked.await {
            Ok(events) => events.unwrap_or_default(),
            Err(fault) => {
                debug!(source = self.source, shard = %self.shard, cause = ?fault, "no owner");
                Vec::new()
            }
        };
        self.patience = if events.is_empty() { PATIENCE } else { IMPATIENCE };
        events
    }
}
