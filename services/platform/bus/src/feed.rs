//! Where a lane's events come from.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use northstar_eventlog::{Fault, Log, Recorded};
use northstar_kernel::{Position, Shard};
use tokio::sync::watch;

/// Events in a first step; whoever is far behind takes more at a time.
const STEP: u32 = 1_000;
const LONGEST_STEP: u32 = 8_000;
/// How long a lane trusts in being woken before it looks for itself.
const PATIENCE: Duration = Duration::from_secs(5);

/// One shard of one log, from a position on, without holes.
#[async_trait]
pub trait Feed: Send {
    /// The next events, at least one; waits for as long as there are none.
    ///
    /// # Errors
    /// When the events cannot be had now; asking again goes on from the same place.
    async fn next(&mut self) -> Result<Vec<Recorded>, Fault>;
}

/// Opens feeds.
pub trait Feeds: Send + Sync + 'static {
    /// The events of `source` in `shard` after a position.
    ///
    /// # Errors
    /// When the source is not known here.
    fn open(
        &self,
        source: &'static str,
        shard: Shard,
        after: Position,
    ) -> Result<Box<dyn Feed>, Fault>;
}

/// Feeds straight from logs of this process: the embedded footing, and a context's own log.
#[derive(Clone, Default)]
pub struct LocalFeeds {
    logs: BTreeMap<&'static str, Log>,
}

impl LocalFeeds {
    /// Feeds from these logs.
    pub fn new(logs: impl IntoIterator<Item = Log>) -> Self {
        Self { logs: logs.into_iter().map(|log| (log.context(), log)).collect() }
    }

    /// Whether the log of `source` is in this process.
    pub(crate) fn has(&self, source: &str) -> bool {
        self.logs.contains_key(source)
    }
}

impl Feeds for LocalFeeds {
    fn open(
        &self,
        source: &'static str,
        shard: Shard,
        after: Position,
    ) -> Result<Box<dyn Feed>, Fault> {
        let log = self.logs.get(source).cloned().ok_or_else(|| {
            Fault::lasting("opening a feed", format!("the {source} log is not in this process"))
        })?;
        let head = log.watch(shard);
        Ok(Box::new(LocalFeed { log, shard, after, head, step: STEP, at_end: false }))
    }
}

struct LocalFeed {
    log: Log,
    shard: Shard,
    after: Position,
    head: watch::Receiver<Position>,
    step: u32,
    /// Whether the last look found the end of the log.
    at_end: bool,
}

#[async_trait]
impl Feed for LocalFeed {
    async fn next(&mut self) -> Result<Vec<Recorded>, Fault> {
        loop {
            if self.at_end {
                // Woken or not, look again: a wake is a hint.
                let _ = tokio::time::timeout(PATIENCE, self.head.changed()).await;
            }
            // Seen before it is read: a head that moves in between wakes us.
            let head = *self.head.borrow_and_update();
            let events = self.log.scan(self.shard, self.after, self.step).await?;
            let full = events.len() == self.step as usize;
            self.step = if full { LONGEST_STEP.min(self.step * 2) } else { STEP };
            let Some(last) = events.last().map(|last| last.position) else {
                self.at_end = true;
                continue;
            };
            self.after = last;
            // What is known of the head may lag behind: then look again.
            self.at_end = last == head;
            return Ok(events);
        }
    }
}
