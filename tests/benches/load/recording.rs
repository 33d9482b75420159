//! (c) What the API costs beside what it calls.
//!
//! Evidence is recorded through a served API with tokens, answered when it is durable in Postgres.
//! The projections know the region's learners and competencies; they do not run meanwhile, neither
//! for us nor for the baseline.

use std::sync::Arc;
use std::time::Instant;

use northstar_bus::feed::LocalFeeds;
use northstar_eventlog::Log;
use northstar_wire::evidence::v1::evidence_service_client::EvidenceServiceClient;
use northstar_wire::evidence::v1::record_evidence_batch_response::Result as Outcome;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::appends::gathered;
use crate::rate::{CALLERS, next_number};
use crate::request::item;
use crate::unary::{Bare, empty_routes, unary};
use northstar_tests::measure::command::Pace;
use northstar_tests::measure::figure::{Bar, Figure};
use northstar_tests::measure::region::{self, Size};
use northstar_tests::measure::served::{Served, connect};
use northstar_tests::measure::stand::{Logs, Stand};

pub(crate) async fn measure(pace: Pace) -> anyhow::Result<Vec<Figure>> {
    let stand = Stand::start()?;
    let (log, served) = serve(&stand.database().await?).await?;
    let (bare, guarded) = (Bare::start().await?, Served::start(empty_routes()).await?);
    let mut batch = Figure::new(
        "RecordEvidenceBatch / in-process appends, 64 in flight",
        "items/s",
        Bar::AtLeast(0.5),
    );
    let mut single =
        Figure::new("RecordEvidence / an empty handler, 64 callers", "calls/s", Bar::AtLeast(0.5));
    let mut dressed = Figure::new("  … / an empty handler behind tokens", "calls/s", Bar::None);
    for round in 0..=pace.rounds {
        let streamed = streamed(&served, pace).await?;
        let gathered = gathered(&log, pace).await?;
        let recorded = unary(served.address, &served.bearer, pace).await?;
        let empty = unary(bare.address, &served.bearer, pace).await?;
        let behind_tokens = unary(guarded.address, &guarded.bearer, pace).await?;
        // In the first round caches are cold.
        if round > 0 {
            batch.add(streamed, gathered);
            single.add(recorded, empty);
            dressed.add(recorded, behind_tokens);
        }
    }
    Ok(vec![batch, single, dressed])
}

/// The evidence service over a log, once it knows the region.
async fn serve(logs: &Logs) -> anyhow::Result<(Log, Served)> {
    let (registry, evidence) = (logs.open("registry")?, logs.open("evidence")?);
    let context = northstar_evidence::build(evidence.clone());
    region::publish(&registry, Size::USUAL).await?;
    let feeds = Arc::new(LocalFeeds::new([registry.clone(), evidence.clone()]));
    let lane = region::lane(&context, &evidence, feeds)?;
    let running = tokio::spawn(lane.clone().run(region::shard()));
    region::caught_up(&lane, &registry).await?;
    running.abort();
    Ok((evidence, Served::start(context.routes).await?))
}

/// Items a second over one stream, of which so many are unanswered as there would be callers.
async fn streamed(served: &Served, pace: Pace) -> anyhow::Result<f64> {
    let channel = connect(served.address).await?;
    let mut client = EvidenceServiceClient::with_interceptor(channel, served.bearer.clone());
    let (sender, items) = mpsc::channel(CALLERS);
    for _ in 0..CALLERS {
        sender.send(item(next_number())).await?;
    }
    let mut sender = Some(sender);
    let begin = Instant::now();
    let replies = client.record_evidence_batch(ReceiverStream::new(items)).await?;
    let (mut replies, mut done) = (replies.into_inner(), 0_u64);
    while let Some(reply) = replies.message().await? {
        let accepted = matches!(reply.result, Some(Outcome::Accepted(_)));
        anyhow::ensure!(accepted, "item {} was refused: {:?}", reply.item_number, reply.result);
        done += 1;
        match &sender {
            Some(more) if begin.elapsed() < pace.sample => more.send(item(next_number())).await?,
            _ => sender = None,
        }
    }
    Ok(done as f64 / begin.elapsed().as_secs_f64())
}
