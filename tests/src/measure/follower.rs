//! One who follows mastery, and when each event came.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use northstar_kernel::EvidenceId;
use northstar_wire::mastery::v1::follow_mastery_events_response::Item;
use northstar_wire::mastery::v1::mastery_event::Event;
use northstar_wire::mastery::v1::mastery_service_client::MasteryServiceClient;
use northstar_wire::mastery::v1::{FollowMasteryEventsRequest, FollowMasteryEventsResponse};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tonic::Streaming;

use super::served::{Served, connect};

/// How long an event may take before it counts as lost.
const PATIENCE: Duration = Duration::from_secs(10);

/// Listens until it is dropped.
pub struct Follower(mpsc::UnboundedReceiver<(String, Instant)>);

impl Follower {
    /// Listens from the first event on.
    ///
    /// # Errors
    /// When the service does not let it.
    pub async fn start(mastery: &Served) -> anyhow::Result<Self> {
        let channel = connect(mastery.address).await?;
        let mut client = MasteryServiceClient::with_interceptor(channel, mastery.bearer.clone());
        let request = FollowMasteryEventsRequest { after_sequence: 0 };
        let stream = client.follow_mastery_events(request).await?.into_inner();
        let (sender, events) = mpsc::unbounded_channel();
        let _detached: JoinHandle<_> = tokio::spawn(listen(stream, sender));
        Ok(Self(events))
    }

    /// The evidence that was the cause of the next change, and the moment it was heard of.
    ///
    /// # Errors
    /// When nothing comes for ten seconds, or something that no evidence was the cause of.
    pub async fn next(&mut self) -> anyhow::Result<(EvidenceId, Instant)> {
        let (cause, at) = timeout(PATIENCE, self.0.recv()).await?.context("the stream ended")?;
        Ok((cause.parse()?, at))
    }
}

async fn listen(
    mut stream: Streaming<FollowMasteryEventsResponse>,
    sender: mpsc::UnboundedSender<(String, Instant)>,
) {
    while let Ok(Some(response)) = stream.message().await {
        let Some(Item::Event(event)) = response.item else { continue };
        if let Some(Event::MasteryChanged(changed)) = event.event
            && sender.send((changed.cause_evidence_id, Instant::now())).is_err()
        {
            return;
        }
    }
}
