//! The least that evidence must go through to be heard of elsewhere: append, publish, receive.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use async_nats::jetstream::consumer::{AckPolicy, pull};
use async_nats::jetstream::{self, stream};
use bytes::Bytes;
use futures::StreamExt as _;
use northstar_eventlog::TenantLog;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::rate::next_number;
use northstar_tests::measure::sample::append;

const SUBJECT: &str = "bare.evidence";
const NAME: &str = "BARE";
/// How long a message may take before it counts as lost.
const PATIENCE: Duration = Duration::from_secs(10);

/// A log, a stream, and one who listens.
pub(crate) struct BarePipeline {
    log: TenantLog,
    jetstream: jetstream::Context,
    messages: pull::Stream,
}

impl BarePipeline {
    pub(crate) async fn open(log: TenantLog, nats: &str) -> anyhow::Result<Self> {
        let jetstream = jetstream::new(async_nats::connect(nats).await?);
        let subjects = vec![SUBJECT.to_owned()];
        let config = stream::Config { name: NAME.to_owned(), subjects, ..Default::default() };
        let stream = jetstream.create_stream(config).await?;
        let config = pull::Config {
            ack_policy: AckPolicy::None,
            memory_storage: true,
            ..pull::Config::default()
        };
        let messages = stream.create_consumer(config).await?.messages().await?;
        Ok(Self { log, jetstream, messages })
    }

    /// Elapsed times from the append's begin to the receipt, of `count` items that begin one `gap`
    /// after the other.
    pub(crate) async fn run(
        &mut self,
        count: usize,
        gap: Duration,
    ) -> anyhow::Result<Vec<Duration>> {
        let mut sending = JoinSet::new();
        sending.spawn(pace(self.log.clone(), self.jetstream.clone(), count, gap));
        let mut received = HashMap::new();
        while received.len() < count {
            let message = timeout(PATIENCE, self.messages.next()).await?;
            let message = message.ok_or_else(|| anyhow::anyhow!("the consumer ended"))??;
            let number = u64::from_be_bytes(message.payload[..8].try_into()?);
            received.insert(number, Instant::now());
        }
        let mut elapsed = Vec::new();
        for (number, began) in
            sending.join_next().await.transpose()?.transpose()?.unwrap_or_default()
        {
            let received = received.get(&number).copied().unwrap_or(began);
            elapsed.push(received.duration_since(began));
        }
        Ok(elapsed)
    }
}

/// Begins an item at each tick, whatever becomes of those before; tells when each began.
async fn pace(
    log: TenantLog,
    jetstream: jetstream::Context,
    count: usize,
    gap: Duration,
) -> anyhow::Result<Vec<(u64, Instant)>> {
    let mut ticks = interval(gap);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut running = JoinSet::new();
    let mut began = Vec::new();
    for _ in 0..count {
        ticks.tick().await;
        let number = next_number();
        began.push((number, Instant::now()));
        running.spawn(one(log.clone(), jetstream.clone(), number));
    }
    while let Some(finished) = running.join_next().await {
        finished??;
    }
    Ok(began)
}

/// The message is the event behind the item's number.
async fn one(log: TenantLog, jetstream: jetstream::Context, number: u64) -> anyhow::Result<()> {
    let append = append(number);
    let mut message = number.to_be_bytes().to_vec();
    message.extend(append.events.iter().flat_map(|event| event.payload.iter()));
    log.append(append).await?;
    jetstream.publish(SUBJECT, Bytes::from(message)).await?.await?;
    Ok(())
}
