//! Events as JetStream brings them.

use std::time::Duration;

use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, pull};
use async_nats::jetstream::{self, Message};
use futures::{FutureExt as _, StreamExt as _};
use northstar_eventlog::{Fault, Recorded};
use northstar_kernel::{Position, Shard};

use crate::{broker, envelope};

/// Events in one batch, at most.
const BATCH: usize = 1_000;
/// What the server may send ahead of us, so that a slow consumer's memory is bounded.
const AHEAD_MESSAGES: usize = 1_000;
const AHEAD_BYTES: usize = 4 << 20;
const HEARTBEAT: Duration = Duration::from_secs(5);
/// When the server forgets a consumer that nobody asks for.
const FORGET_AFTER: Duration = Duration::from_secs(30);

/// A running consumer of one shard's stream.
pub(super) struct Live {
    context: &'static str,
    shard: Shard,
    messages: pull::Stream,
}

/// What a wait for messages came to.
pub(super) struct Batch {
    /// Events that follow without a hole; maybe none.
    pub(super) events: Vec<Recorded>,
    /// Whether what came next did not follow, so that it must be had from the log.
    pub(super) broken: bool,
}

impl Live {
    /// Opens a consumer for what comes after a position, or `None` if the stream starts later.
    ///
    /// It is ephemeral and acknowledges nothing: where it stands is known by the lane's checkpoint.
    pub(super) async fn open(
        jetstream: &jetstream::Context,
        context: &'static str,
        shard: Shard,
        after: Position,
    ) -> Result<Option<Self>, Fault> {
        let stream = jetstream
            .get_stream(broker::stream_name(context, shard))
            .await
            .map_err(|error| Fault::passing("looking for a stream", error))?;
        if stream.cached_info().state.first_sequence > after.next().0 {
            return Ok(None);
        }
        let config = pull::Config {
            deliver_policy: DeliverPolicy::ByStartSequence { start_sequence: after.next().0 },
            ack_policy: AckPolicy::None,
            inactive_threshold: FORGET_AFTER,
            memory_storage: true,
            num_replicas: 1,
            ..pull::Config::default()
        };
        let consumer = stream
            .create_consumer(config)
            .await
            .map_err(|error| Fault::passing("creating a consumer", error))?;
        let messages = consumer
            .stream()
            .max_messages_per_batch(AHEAD_MESSAGES)
            .max_bytes_per_batch(AHEAD_BYTES)
            .heartbeat(HEARTBEAT)
            .messages()
            .await
            .map_err(|error| Fault::passing("asking for messages", error))?;
        Ok(Some(Self { context, shard, messages }))
    }

    /// Waits for a message and takes whatever else is there.
    pub(super) async fn next(&mut self, after: Position) -> Batch {
        let mut batch = Batch { events: Vec::new(), broken: false };
        let mut expected = after.next();
        let mut next = self.messages.next().await;
        loop {
            match next.and_then(Result::ok).and_then(|message| self.event(message)) {
                // What we have already; the server starts earlier if the stream is behind us.
                Some(event) if event.position < expected => {}
                Some(event) if event.position == expected => {
                    expected = expected.next();
                    batch.events.push(event);
                }
                // A hole, a message that is no event of this shard, or the end of the consumer.
                _ => {
                    batch.broken = true;
                    return batch;
                }
            }
            if batch.events.len() >= BATCH {
                return batch;
            }
            next = match self.messages.next().now_or_never() {
                Some(message) => message,
                None => return batch,
            };
        }
    }

    fn event(&self, message: Message) -> Option<Recorded> {
        let message = message.message;
        let event = envelope::event(self.context, &message.headers?, message.payload).ok()?;
        (event.shard == self.shard).then_some(event)
    }
}
