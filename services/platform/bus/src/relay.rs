//! Publishes a log to JetStream.
//!
//! A message is accepted only if the stream's last sequence is the event's position less one, so
//! that the stream's sequence *is* the position: the broker refuses a repeat and a hole, two relays
//! cannot harm each other, and whatever goes wrong, the relay asks where the stream ends and goes on
//! from there. What the broker has lost is filled in again from the log.

mod publishing;
mod stream;

use std::time::Duration;

use northstar_eventlog::{Fault, Log};
use northstar_kernel::Shard;
use tokio::time::sleep;
use tracing::{debug, error, info, warn};

use crate::broker::Broker;
use crate::lane::chain;

use publishing::Publishing;
use stream::ShardStream;

/// Pause after a failure that may pass by itself.
const PAUSE: Duration = Duration::from_millis(300);
/// Pause after a failure that somebody has to look at.
const LONG_PAUSE: Duration = Duration::from_secs(30);

/// What the broker keeps; the log has the rest.
#[derive(Debug, Clone, Copy)]
pub struct Retention {
    /// Messages a stream holds, at most; the oldest go first.
    pub messages: u32,
    /// Newest events that a stream is filled with when it is made.
    pub refill: u32,
    /// Copies of each stream in a cluster of brokers, 1 to 5.
    pub replicas: u8,
}

impl Default for Retention {
    fn default() -> Self {
        Self { messages: 100_000, refill: 10_000, replicas: 1 }
    }
}

/// Publishes a context's log, a shard at a time. Cheap to clone.
#[derive(Clone)]
pub struct Relay {
    log: Log,
    broker: Broker,
    retention: Retention,
}

/// Why the publishing stopped.
enum Setback {
    /// The broker refused a repeat or a hole, or the stream is gone: look where it ends.
    Elsewhere,
    /// The log or the broker failed.
    Fault(Fault),
}

impl From<Fault> for Setback {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Relay {
    /// A relay of `log` to `broker`.
    pub fn new(log: Log, broker: Broker, retention: Retention) -> Self {
        Self { log, broker, retention }
    }

    /// Publishes a shard's events for as long as it is not dropped. Whatever goes wrong, it starts
    /// over from the end of the stream.
    pub async fn run(self, shard: Shard) {
        let stream = ShardStream::new(&self.broker, &self.log, shard, self.retention);
        let mut failures = 0_u32;
        loop {
            match self.publish(&stream, &mut failures).await {
                Setback::Elsewhere => {
                    debug!(context = self.log.context(), %shard, "looking where the stream ends");
                    sleep(short_pause()).await;
                }
                Setback::Fault(fault) => {
                    failures += 1;
                    self.report(shard, &fault, failures);
                    sleep(if fault.retryable() { PAUSE } else { LONG_PAUSE }).await;
                }
            }
        }
    }

    /// Publishes until something goes wrong.
    async fn publish(&self, stream: &ShardStream<'_>, failures: &mut u32) -> Setback {
        let end = match stream.end().await {
            Ok(end) => end,
            Err(fault) => return fault.into(),
        };
        if std::mem::take(failures) > 0 {
            info!(context = self.log.context(), shard = %stream.shard, %end, "relay goes on");
        }
        let publishing = Publishing::new(&self.log, stream, end);
        match publishing.run().await {
            Ok(never) => match never {},
            Err(setback) => setback,
        }
    }

    /// A broker that is down is one line in the operator's log, not one a second.
    fn report(&self, shard: Shard, fault: &Fault, failures: u32) {
        let (context, cause) = (self.log.context(), chain(fault));
        if !fault.retryable() {
            error!(context, %shard, cause, "relay cannot go on");
        } else if failures == 1 {
            warn!(context, %shard, cause, "relay waits");
        } else {
            debug!(context, %shard, cause, failures, "relay waits");
        }
    }
}

/// Short enough not to be noticed, and never the same for two relays that refuse each other.
fn short_pause() -> Duration {
    Duration::from_micros(rand::random_range(100..5_000))
}
