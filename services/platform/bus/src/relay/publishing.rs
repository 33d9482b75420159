//! Following a log and publishing it, a window at a time.

use std::convert::Infallible;
use std::time::Duration;

use async_nats::HeaderMap;
use async_nats::jetstream::context::{PublishAckFuture, PublishError, PublishErrorKind};
use async_nats::jetstream::message::PublishMessage;
use bytes::Bytes;
use futures::StreamExt as _;
use futures::future::BoxFuture;
use futures::stream::FuturesOrdered;
use northstar_eventlog::{Fault, Log, Recorded};
use northstar_kernel::Position;
use northstar_telemetry::{current_traceparent, metrics};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};
use tracing::warn;

use super::Setback;
use super::stream::ShardStream;
use crate::{broker, envelope, spans};

/// Messages sent and not yet acknowledged, at most.
const WINDOW: usize = 256;
const PAGE: u32 = 1_000;
/// How often an idle relay looks whether its stream is still there.
const CHECK: Duration = Duration::from_secs(5);
/// Says that the event at this position is to be had from the log alone.
const SEE_LOG: &str = "northstar-see-log";

type Ack = BoxFuture<'static, Result<(), PublishError>>;

pub(super) struct Publishing<'a> {
    log: &'a Log,
    stream: &'a ShardStream<'a>,
    /// The last position sent.
    sent: Position,
    window: FuturesOrdered<Ack>,
}

impl<'a> Publishing<'a> {
    pub(super) fn new(log: &'a Log, stream: &'a ShardStream<'a>, end: Position) -> Self {
        Self { log, stream, sent: end, window: FuturesOrdered::new() }
    }

    pub(super) async fn run(mut self) -> Result<Infallible, Setback> {
        let mut head = self.log.watch(self.stream.shard);
        loop {
            let known = *head.borrow_and_update();
            let events = self.log.scan(self.stream.shard, self.sent, PAGE).await?;
            for event in &events {
                self.send(event).await?;
            }
            if events.is_empty() || self.sent == known {
                self.rest(&mut head).await?;
            }
        }
    }

    /// Waits for a new head, taking acknowledgements meanwhile.
    async fn rest(&mut self, head: &mut watch::Receiver<Position>) -> Result<(), Setback> {
        let check = Instant::now() + CHECK;
        loop {
            tokio::select! {
                acknowledged = self.window.next(), if !self.window.is_empty() => {
                    self.acknowledge(acknowledged)?;
                }
                _ = head.changed() => return Ok(()),
                () = sleep_until(check) => return self.check().await,
            }
        }
    }

    /// An emptied broker is filled again even if nothing happens.
    async fn check(&mut self) -> Result<(), Setback> {
        let end = self.stream.last_sequence().await?;
        let there = self.window.is_empty() && end == Some(self.sent);
        if there { Ok(()) } else { Err(Setback::Elsewhere) }
    }

    async fn send(&mut self, event: &Recorded) -> Result<(), Setback> {
        if self.window.len() >= WINDOW {
            let acknowledged = self.window.next().await;
            self.acknowledge(acknowledged)?;
        }
        let span = spans::publishing(self.log.context(), event);
        let hop = span.in_scope(current_traceparent);
        let sending = match envelope::headers(self.log.context(), event, hop.as_deref()) {
            Ok(headers) => self.publish(event, headers, event.payload.clone()).await,
            Err(why) => {
                warn!(context = self.log.context(), position = event.position.0, %why, "see log");
                self.publish_marker(event).await
            }
        };
        let sent = match sending {
            Err(error) if error.kind() == PublishErrorKind::MaxPayloadExceeded => {
                self.publish_marker(event).await
            }
            other => other,
        };
        let ack = sent.map_err(setback)?;
        self.window.push_back(Box::pin(async move { ack.await.map(drop) }));
        self.sent = event.position;
        Ok(())
    }

    /// Keeps the place of an event that no message can carry.
    async fn publish_marker(&mut self, event: &Recorded) -> Result<PublishAckFuture, PublishError> {
        let mut headers = HeaderMap::new();
        headers.insert(SEE_LOG, event.position.0.to_string());
        self.publish(event, headers, Bytes::new()).await
    }

    async fn publish(
        &mut self,
        event: &Recorded,
        headers: HeaderMap,
        payload: Bytes,
    ) -> Result<PublishAckFuture, PublishError> {
        let message = PublishMessage::build()
            .headers(headers)
            .payload(payload)
            .expected_last_sequence(event.position.0 - 1);
        let subject = broker::subject(self.log.context(), event);
        self.stream.jetstream.send_publish(subject, message).await
    }

    fn acknowledge(&self, acknowledged: Option<Result<(), PublishError>>) -> Result<(), Setback> {
        acknowledged.unwrap_or(Ok(())).map_err(setback)?;
        metrics::published(self.log.context(), 1);
        Ok(())
    }
}

fn setback(error: PublishError) -> Setback {
    match error.kind() {
        PublishErrorKind::WrongLastSequence | PublishErrorKind::StreamNotFound => {
            Setback::Elsewhere
        }
        _ => Setback::Fault(Fault::passing("publishing", error)),
    }
}
