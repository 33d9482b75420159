//! (d) From "your evidence is recorded" to whoever follows mastery.
//!
//! Every item is a first judgement of its learner in its competency, so each changes what is held.
//! Ours begins when the caller has the acknowledgement and ends when the follower has the event; on
//! the way are the relay, JetStream, mastery's lane with its durable commit, and the follower's
//! stream. The bare pipeline begins with the append, since that is its durable commit.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use northstar_kernel::EvidenceId;
use northstar_testkit::Nats;
use northstar_wire::mastery::v1::follow_mastery_events_response::Item;
use northstar_wire::mastery::v1::mastery_event::Event;
use northstar_wire::mastery::v1::mastery_service_client::MasteryServiceClient;
use northstar_wire::mastery::v1::{FollowMasteryEventsRequest, FollowMasteryEventsResponse};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, block_in_place};
use tokio::time::timeout;
use tonic::Streaming;

use crate::bare_pipeline::BarePipeline;
use crate::clock::millis;
use crate::figure::{Bar, Figure, quantile};
use crate::journey::Journey;
use crate::options::Pace;
use crate::recorder::record;
use crate::sample::scope;
use crate::served::{Served, connect};
use crate::stand::Stand;

/// 500 items a second.
const GAP: Duration = Duration::from_millis(2);
/// How long an event may take before it counts as lost.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) async fn measure(pace: Pace) -> anyhow::Result<Vec<Figure>> {
    let stand = Stand::start()?;
    let nats = block_in_place(Nats::start)?;
    let journey = Journey::start(&stand.database().await?, &nats.url()).await?;
    let bare_log = stand.database().await?.open("evidence")?.tenant(&scope());
    let mut bare = BarePipeline::open(bare_log, &nats.url()).await?;
    let mut events = follow(&journey.mastery).await?;
    let count = (pace.sample.as_millis() / GAP.as_millis()) as usize;
    let mut figures = [
        Figure::new("evidence acknowledged to mastery event, median", "ms", Bar::AtMost(3.0)),
        Figure::new("evidence acknowledged to mastery event, p99", "ms", Bar::AtMost(3.0)),
    ];
    for round in 0..=pace.rounds {
        let ours = sample(&journey.evidence, &mut events, count).await?;
        let baseline = bare.run(count, GAP).await?;
        // In the first round caches are cold.
        if round > 0 {
            for (figure, share) in figures.iter_mut().zip([0.5, 0.99]) {
                figure.add(at(&ours, share), at(&baseline, share));
            }
        }
    }
    Ok(figures.into())
}

fn at(elapsed: &[Duration], share: f64) -> f64 {
    quantile(&elapsed.iter().copied().map(millis).collect::<Vec<_>>(), share)
}

type Events = mpsc::UnboundedReceiver<(String, Instant)>;

/// Listens from now on: causes of mastery events with the moment they came.
async fn follow(mastery: &Served) -> anyhow::Result<Events> {
    let channel = connect(mastery.address).await?;
    let mut client = MasteryServiceClient::with_interceptor(channel, mastery.bearer.clone());
    let request = FollowMasteryEventsRequest { after_sequence: 0 };
    let stream = client.follow_mastery_events(request).await?.into_inner();
    let (sender, events) = mpsc::unbounded_channel();
    let _detached: JoinHandle<_> = tokio::spawn(listen(stream, sender));
    Ok(events)
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

/// Records `count` items at the pace; elapsed times from acknowledgement to event.
async fn sample(
    evidence: &Served,
    events: &mut Events,
    count: usize,
) -> anyhow::Result<Vec<Duration>> {
    let acknowledged = tokio::spawn(record(evidence.address, evidence.bearer.clone(), count, GAP));
    let mut received = HashMap::new();
    while received.len() < count {
        let (cause, at) = timeout(PATIENCE, events.recv()).await?.context("the stream ended")?;
        received.insert(cause.parse::<EvidenceId>()?, at);
    }
    let acknowledged = acknowledged.await??;
    let elapsed = acknowledged.into_iter().map(|(evidence, at)| {
        let received = received.get(&evidence).context("an item without an event")?;
        // An event may overtake the acknowledgement of what caused it.
        Ok(received.saturating_duration_since(at))
    });
    elapsed.collect()
}
